"""What to think of when listing risks: a question a category, in the order in which they are asked.

The first come from the brief that the criteria follow: the networks, the rules on data, the people and the many parties
of a smart-city project. The others are asked by fiscal-risk reviews besides (PARAMETERS).
"""

from collections.abc import Mapping
from types import MappingProxyType

from scoring.project_file import RiskCategory

_C = RiskCategory
PROMPTS: Mapping[RiskCategory, str] = MappingProxyType(
    {
        _C.NETWORK_NOT_READY: "a network or power supply that is not there, or too weak, when the service opens?",
        _C.CYBER_INCIDENT: "an attack or a failure that stops the service or lets data out?",
        _C.DATA_PROTECTION_CHANGE: "stricter rules on personal data that ask for other consent, storage or equipment?",
        _C.MULTI_PARTY_COORDINATION: "several offices, firms and levels of government that must agree, and do so late?",
        _C.COMMUNITY_OPPOSITION: "residents or businesses who were not asked, object to it, or are left out by it?",
        _C.DEMAND: "fewer people who use it, or pay for it, than planned?",
        _C.TECHNOLOGY_OBSOLESCENCE: "equipment that is outdated or no longer supported before it is paid off?",
        _C.CONSTRUCTION: "ground, pipes, permits or a contractor that make building it dearer or longer?",
        _C.EXCHANGE_RATE: "equipment or loans in a currency that becomes dearer?",
        _C.OPERATION: "hidden costs of running it: licences, repairs, trained people who are hard to find?",
        _C.FINANCE: "a grant, budget or loan that comes late, is smaller, or costs more?",
        _C.GOVERNANCE: "people who decide or run it and leave, unclear duties, a tender that is challenged?",
        _C.CHANGE_IN_LAW: "new laws or standards that ask for other work?",
        _C.FORCE_MAJEURE: "flood, storm, earthquake or an epidemic?",
        _C.ADVERSE_GOVERNMENT_ACTION: "a permit, tariff or right that another authority takes back?",
        _C.REBALANCING: "a partner who may ask for more because the contract promises a certain balance?",
        _C.RENEGOTIATION: "a partner who bid low and will want to change the contract?",
        _C.TERMINATION: "a contract that ends early, with a payment that falls due?",
    }
)
