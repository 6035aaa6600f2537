"""What a line can be: every choice comes back as the choice it was, also for lines no choice names."""

from decimal import Decimal

import pytest

from forms.registration.cash_flow_lines import LINE_KINDS, guessed_key, key_of, kind_choices, line_kind, shown_amounts
from scoring.project_file import CashFlowLine, FlowKind


@pytest.mark.parametrize("key", LINE_KINDS)
def test_a_choice_comes_back(key: str) -> None:
    kind = line_kind(key)
    figures = (Decimal(5), Decimal(0))
    line = CashFlowLine(
        name="x",
        kind=kind.kind,
        line_class=kind.line_class,
        economic=kind.economic,
        amounts=() if kind.tonnes else figures,
        tonnes=tuple(amount * kind.tonnes for amount in figures) if kind.tonnes else (),
    )
    assert key_of(line) == key
    assert shown_amounts(line) == figures, "people see what they typed"


def test_a_class_no_choice_names_is_kept() -> None:
    line = CashFlowLine(name="x", kind=FlowKind.CAPEX, line_class="tunnel", amounts=(Decimal(1),))
    key = key_of(line)
    assert kind_choices(line)[key] == "Capital cost: class tunnel"
    assert line_kind(key).line_class == "tunnel"


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(KeyError):
        line_kind("gold")


@pytest.mark.parametrize("kind", FlowKind)
def test_every_guess_is_a_choice(kind: FlowKind) -> None:
    assert line_kind(guessed_key(kind)).kind is kind
    assert guessed_key(None) == ""
