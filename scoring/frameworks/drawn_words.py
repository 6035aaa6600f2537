"""What ranks and ranges are drawn over, in words for people: said here and nowhere else (METHOD 9, 10, ADR 20)."""

from scoring.parameters.evidence_grades import load_evidence_widths
from scoring.vocabulary import GRADE_WORDS

OVER = "weights, unknown answers, evidence and simulated returns"
"""After “draws of” or “over”."""
MEANING = (
    "Drawn anew many times: the weights around those in force; every unknown answer, anywhere on its scale; every "
    "answer, as far off as its evidence leaves open; and what the tool computes, by one of the project’s simulated "
    "futures."
)
KEPT = "No score and no gate moves by it."


def evidence_meaning() -> str:
    """How far each grade leaves an answer open, in two sentences."""
    widths = load_evidence_widths()
    claim, *others = (f"{widths.half_width(grade):g} on {name} ({grade})" for grade, name in GRADE_WORDS.items())
    first = claim.replace(" on ", " levels of the scale on ", 1)
    return f"An answer may be off by up to {first}, {', '.join(others)}; the farther, the rarer. {KEPT}"


def without_draws(projects: int) -> str:
    """What is said of projects whose stored run draws nothing beside the unknown; empty where there is none."""
    if not projects:
        return ""
    who = "1 project was" if projects == 1 else f"{projects:,} projects were"
    return (
        f"{who} appraised before evidence and returns were drawn: of {'it' if projects == 1 else 'them'} only unknown "
        "answers are, until appraised again."
    )
