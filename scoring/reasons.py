"""Why a figure does not exist: every reason code of a result, in words (METHOD 1)."""

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no-cash-flows": "no cash flow is given",
        "no-sign-change": "the flows never change sign",
        "no-root-in-range": "no rate fits",
        "multiple-roots": "several rates fit",
        "not-reached": "not within the years given",
        "overflow": "larger than can be computed with",
        "no-investment": "nothing is ever paid out",
        "one-period": "there is no year after the first",
        "no-output": "no yearly output is given",
        "no-capex": "there is no capital cost",
        "no-costs": "there are no costs",
        "no-benefits": "there are no benefits",
        "no-shares": "no line is split over income groups",
        "no-net-benefit": "society gains nothing over all",
        "no-financing": "no financing is given",
        "no-debt": "there is no debt",
        "no-debt-service": "no debt service falls due",
        "no-capital": "neither equity nor debt is paid in",
        "no-public-money": "no public money is asked",
        "no-exchange-rate": "there is no exchange rate to the programme's currency",
        "no-obsolescence": "no yearly risk of obsolescence is given",
        "never-stranded": "no draw is stranded",
        "nothing-to-learn": "no driver that waiting tells of is uncertain",
        "no-such-driver": "phase 1 has no driver of that name",
        "never-used": "no draw uses it",
        "not-stated": "the project says nothing of it",
        "in-the-draws": "stated as a driver: it is in the draws and in the yearly call",
        "no-impact-stated": "no impact is stated",
        "no-shortfall": "even the worst draws gain",
        "no-variance": "nothing varies",
        "no-effect": "it moves nothing",
        "zero-base": "the planned value is zero",
        "one-replicate": "a single run of draws shows no error",
        "unanswered": "not answered",
        "earlier-engine": "the run was computed before there was this figure",
    }
)
