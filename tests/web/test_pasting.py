"""What a new table of cash flows leaves of the options that were stated with the former one."""

from dataclasses import replace

from appraisal.web.register.pasting import StoredFlows
from scoring.project_file import CashFlows, ProjectFile, Uncertainty
from scoring.project_options import AbandonOption, DelayOption, StageOption
from tests.scoring.risk.factories import line, project

STATED = Uncertainty(
    options=(
        AbandonOption(name="Sell", from_year=2028),
        DelayOption(name="Wait", latest_year=2028),
        StageOption(name="Second", phase_2=("Second corridor",), decision_year=2027, threshold=1.0),
    )
)
FILE = project(
    line("capex", [5]), line("benefit", [0, 4, 4]), line("capex", [0, 0, 3], "Second corridor"), uncertainty=STATED
)


def left(flows: CashFlows, file: ProjectFile = FILE) -> list[str]:
    made = StoredFlows(flows, "").within(file)
    return [option.name for option in made.uncertainty.options] if made.uncertainty else []


def test_options_that_still_fit_stay() -> None:
    assert left(FILE.cash_flows) == ["Sell", "Wait", "Second"]


def test_options_of_lines_and_years_that_are_gone_go_with_them() -> None:
    first_two = replace(FILE.cash_flows, lines=FILE.cash_flows.lines[:2])
    assert left(first_two) == ["Sell", "Wait"]
    later = replace(first_two, first_year=2029)
    assert left(later) == []
    assert left(first_two, replace(FILE, uncertainty=None)) == []
