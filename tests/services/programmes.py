"""Small rounds with all the rules of a programme, and their best programme by trying every one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

import numpy as np
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from appraisal.services.exploring import Exploration, explore
from appraisal.services.programme_material import Material
from appraisal.services.programme_risk import Histogram, tail_loss
from forms.programme import ProgrammeRules, read_programme
from forms.what_if import WhatIf
from tests.services.portfolios import MILLION, portfolio

FIRST = 2027
RATE = 0.05
NAMES = ("A", "B", "C", "D")
GROUPS = {"North": frozenset({"A", "B"}), "South": frozenset({"C", "D"})}


@dataclass(frozen=True)
class City:
    """Projects of one round: what each is worth, calls for by year from its own, and may lose."""

    values: Mapping[str, float]
    calls: Mapping[str, Mapping[int, float]]
    """In millions by calendar year."""
    losses: Mapping[str, Histogram | None]
    budget: float
    caps: Mapping[int, float]
    approved: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    texts: Mapping[str, str] | None = None

    @property
    def costs(self) -> dict[str, float]:
        return {name: sum(self.calls[name].values()) for name in self.values}

    @property
    def explored(self) -> Exploration:
        scores = {name: [float(50 + at)] for at, name in enumerate(self.values)}
        made = portfolio(scores, self.costs, self.budget, weights=(1.0,), approved=self.approved)
        caps = {(year, ""): Decimal(repr(cap)) for year, cap in self.caps.items()}
        return explore(made, WhatIf(caps=caps, must=self.must), self._calls())

    def _calls(self) -> dict[str, dict[tuple[int, str], float]]:
        return {
            name: {(year, ""): amount * MILLION for year, amount in years.items()} for name, years in self.calls.items()
        }

    @property
    def material(self) -> Material:
        explored = self.explored
        held = explored.portfolio.round
        assert held is not None
        rows = tuple(sorted(explored.portfolio.everyone, key=lambda row: row.reference))
        return Material(
            held=held,
            rows=rows,
            values=np.array([self.values[row.reference] for row in rows]),
            losses=tuple(self.losses[row.reference] for row in rows),
            calls=self._calls(),
            rates=(RATE,) * len(rows),
        )

    @property
    def rules(self) -> ProgrammeRules:
        material = self.material
        arguments = MultiDict(self.texts or {})
        return read_programme(arguments, list(self.values), GROUPS, material.years, material.committed)

    def best(self, *, cautious: bool = True) -> float | None:
        """The most that any programme is worth that keeps all rules; None where none does.

        cautious: with the rule for the chance of a loss; otherwise only what may lose unknown sums is left out.
        """
        rules = self.rules
        own = self.material.years
        choices = [
            (None, *rules.years_of(name, own[name], committed=name in self.approved)) if name in own else (None, 0)
            for name in self.values
        ]
        worth = (
            self._worth(dict(zip(self.values, years, strict=True)), rules, cautious=cautious)
            for years in product(*choices)
        )
        return max((value for value in worth if value is not None), default=None)

    def _worth(self, starts: Mapping[str, int | None], rules: ProgrammeRules, *, cautious: bool) -> float | None:
        """Of a programme, each rule from its definition; None where it breaks one."""
        taken = {name: year for name, year in starts.items() if year is not None}
        shifts = {name: year - self.material.years[name] if year else 0 for name, year in taken.items()}
        factors = {name: (1 + RATE) ** -shift for name, shift in shifts.items()}
        kept = (
            {*self.approved, *self.must} <= set(taken)
            and all(self._follows(taken, later, rules) for later in taken)
            and all(len(taken.keys() & set(group)) <= 1 for group in rules.exclusive)
            and all(one not in taken or taken.keys() & set(needed) for one, needed in rules.requires)
            and self._paid(shifts, rules)
            and (rules.risk is None or self._safe(factors, rules.risk / 100, cautious=cautious))
        )
        return sum(self.values[name] * factors[name] for name in taken) if kept else None

    def _paid(self, shifts: Mapping[str, int], rules: ProgrammeRules) -> bool:
        spent = sum(self.costs[name] for name in shifts)
        called = {
            year: sum(self.calls[name].get(year - shift, 0.0) for name, shift in shifts.items()) for year in self.caps
        }
        shares = [
            (sum(self.costs[name] for name in shifts if name in GROUPS[part.whose]), part.per_cent / 100 * spent)
            for part in rules.least
        ]
        return (
            spent <= self.budget + 1e-9
            and all(called[year] <= cap + 1e-9 for year, cap in self.caps.items())
            and all(got >= least - 1e-9 for got, least in shares)
        )

    def _follows(self, taken: Mapping[str, int], later: str, rules: ProgrammeRules) -> bool:
        return all(
            phase.earlier in taken and taken[phase.earlier] + phase.years <= taken[later]
            for phase in rules.phases
            if phase.later == later
        )

    def _safe(self, factors: Mapping[str, float], part: float, *, cautious: bool) -> bool:
        total = 0.0
        for name, factor in factors.items():
            found = self.losses[name]
            if found is None:
                if name not in self.approved:
                    return False
                continue
            total += tail_loss(found, part) * factor
        return not cautious or total <= 1e-9


def spread(middle: float, width: float) -> Histogram:
    """Draws between middle - width and middle + width, more of them in the middle."""
    return np.linspace(middle - width, middle + width, 5), np.array([1.0, 4.0, 4.0, 1.0])


@st.composite
def cities(draw: st.DrawFn) -> City:
    names = NAMES[: draw(st.integers(1, 4))]
    whole = st.integers(0, 6).map(float)
    calls = {
        name: {year: amount for year in range(FIRST + draw(st.integers(0, 1)), FIRST + 4) if (amount := draw(whole))}
        for name in names
    }
    values = {name: float(draw(st.integers(-4, 20))) for name in names}
    texts = {
        "later": str(draw(st.integers(0, 2))),
        "start": draw(st.sampled_from(["", "A 2027 to 2029", "B 2028", "A 2026 to 2027\nB 2027-2029"])),
        "phases": draw(st.sampled_from(["", "A then B", "B then after 2 years A", "A then B then C"])),
        "one": draw(st.sampled_from(["", "A, B", "B C"])),
        "needs": draw(st.sampled_from(["", "A needs B", "C needs A or B"])),
        "least": draw(st.sampled_from(["", "30% for North", "50% for South\n20% for North"])),
        "risk": draw(st.sampled_from(["", "5", "20"])),
    }
    return City(
        values=values,
        calls=calls,
        losses={
            name: None if draw(st.integers(0, 9)) == 0 else spread(values[name], float(draw(st.integers(0, 25))))
            for name in names
        },
        budget=float(draw(st.integers(0, 40))),
        caps={year: float(draw(st.integers(0, 12))) for year in (FIRST, FIRST + 1) if draw(st.booleans())},
        approved=names[:1] if draw(st.integers(0, 3)) == 0 else (),
        must=names[-1:] if draw(st.integers(0, 3)) == 0 else (),
        texts=texts,
    )
