"""What "what changed" is told against: the record, the scenario that was saved last, or any other."""

from collections.abc import Sequence

from appraisal import policy
from appraisal.policy import Action
from appraisal.services import scenarios
from appraisal.services.scenarios import Kept, Parameters
from appraisal.web.identity import current_actor, sessions

LAST = "last"


def baselines() -> tuple[Kept, ...]:
    """The scenarios that whoever looks may compare with, the newest first."""
    if not policy.allows(current_actor(), Action.READ_SCENARIOS):
        return ()
    with sessions()() as database:
        return scenarios.scenarios_of_round(database, current_actor())[1]


def baseline_of(asked: Sequence[str]) -> tuple[str, str, Parameters]:
    """The key as the address says it, the scenario's name, and what it explores; all empty for the record."""
    key = next((text for text in asked if text), "")
    kept = baselines() if key else ()
    for item in kept:
        if key in (LAST, str(item.id)):
            return key, item.name, item.parameters
    return "", "", ()
