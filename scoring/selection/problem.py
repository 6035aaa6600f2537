"""What a programme is chosen from, under which rules (METHOD 11): plain frozen data, checked once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class MinimumShare:
    """Of what the programme spends (all budgets together) or of its value, a group of alternatives gets at least this.

    A programme that spends nothing meets every share. With `of="value"` the share is of the sum of the chosen values.
    """

    group: tuple[int, ...]
    share: float
    """A fraction, 0 to 1."""
    of: Literal["money", "value"] = "money"
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Alternatives, budgets and rules; build it with `problem_of`, which checks.

    An alternative is one way to do one project: one start year, one size. A later phase is a project of its own that
    requires the earlier one.
    """

    values: FloatArray
    """(n,), what each alternative adds to the objective."""
    costs: FloatArray
    """(n, m), 0 or more, what each takes from each budget."""
    budgets: FloatArray
    """(m,), one a year and source of funds, 0 or more; infinity where there is no limit."""
    projects: IntArray
    """(n,), 0 and up without holes: which project an alternative belongs to. At most one of a project is chosen."""
    exclusive: tuple[tuple[int, ...], ...] = ()
    """Of each group at most one is chosen."""
    requires: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """(b, any of): b is chosen only with at least one of these."""
    must: tuple[tuple[int, ...], ...] = ()
    """Of each group at least one is chosen."""
    must_not: tuple[int, ...] = ()
    """Never chosen: a failed gate, or pinned out."""
    minimum_shares: tuple[MinimumShare, ...] = ()
    risk: FloatArray | None = None
    """(n,), each alternative's loss in bad futures (CVaR of the loss); negative where even those bring a gain."""
    risk_cap: float | None = None
    names: tuple[str, ...] = ()
    budget_names: tuple[str, ...] = ()
    money: FloatArray | None = None
    """(n,), what each costs in all, where budgets overlap (a year's cap inside the total); None is the sum."""

    @property
    def spend(self) -> FloatArray:
        """(n,), what each costs in all: minimum shares of the money are shares of this."""
        return self.costs.sum(axis=1) if self.money is None else self.money

    def name(self, alternative: int) -> str:
        return self.names[alternative] if self.names else f"alternative {alternative}"

    def budget_name(self, budget: int) -> str:
        return self.budget_names[budget] if self.budget_names else f"budget {budget}"


def problem_of(
    values: npt.ArrayLike,
    costs: npt.ArrayLike,
    budgets: npt.ArrayLike,
    *,
    projects: Sequence[int] | IntArray | None = None,
    exclusive: Iterable[Sequence[int]] = (),
    requires: Iterable[tuple[int, int | Sequence[int]]] = (),
    must: Iterable[int | Sequence[int]] = (),
    must_not: Iterable[int] = (),
    minimum_shares: Iterable[MinimumShare | tuple[Sequence[int], float]] = (),
    risk: npt.ArrayLike | None = None,
    risk_cap: float | None = None,
    names: Sequence[str] = (),
    budget_names: Sequence[str] = (),
    money: npt.ArrayLike | None = None,
) -> Problem:
    """A checked problem of n alternatives and m budgets (METHOD 11).

    values: (n,); costs: (n, m), 0 or more; budgets: (m,), 0 or more, in the costs' money. projects: (n,), any labels;
    left out, each alternative is a project. requires: (b, a) or (b, any of several). must: an alternative, or several
    of which one will do. minimum_shares: MinimumShare, or (group, share of the money spent). risk: (n,), with risk_cap,
    in the same unit: the sum over the chosen must not exceed the cap. CVaR is subadditive (Rockafellar & Uryasev 2000),
    so this also caps the programme's CVaR, whatever the dependence; a cap of 0 on the CVaR 95 of the loss holds
    P(programme loss) to 5%. money: (n,), 0 or more, what each costs in all where budgets overlap, as a year's cap does
    inside the total; left out, the sum of its costs.

    Raises ValueError, with what is wrong, where shapes do not fit, a number is NaN or out of its range, or a rule names
    an alternative that is not there.
    """
    worth, spend, limits = (np.array(part, dtype=np.float64) for part in (values, costs, budgets))
    if worth.ndim != 1 or limits.ndim != 1 or spend.shape != (len(worth), len(limits)):
        raise ValueError(
            f"values (n,), costs (n, m) and budgets (m,) must fit, not {worth.shape}, {spend.shape}, {limits.shape}"
        )
    if not np.isfinite(worth).all():
        raise ValueError("values must be finite")
    if not (np.isfinite(spend) & (spend >= 0)).all():
        raise ValueError("costs must be finite and 0 or more")
    if not (limits >= 0).all():
        raise ValueError("budgets must be 0 or more")
    count = len(worth)
    pinned = tuple(_group(group, count, "must") for group in must)
    if not all(pinned):
        raise ValueError("must needs at least one alternative in each group")
    losses = None if risk is None else np.array(risk, dtype=np.float64)
    _check_risk(losses, risk_cap, count)
    whole = None if money is None else np.array(money, dtype=np.float64)
    if whole is not None and (whole.shape != worth.shape or not (np.isfinite(whole) & (whole >= 0)).all()):
        raise ValueError("money must have one finite number of 0 or more for each alternative")
    for array in (part for part in (worth, spend, limits, losses, whole) if part is not None):
        array.setflags(write=False)
    return Problem(
        values=worth,
        costs=spend,
        budgets=limits,
        projects=_projects(projects, count),
        exclusive=tuple(_group(group, count, "exclusive") for group in exclusive),
        requires=tuple(_requirement(chosen, needed, count) for chosen, needed in requires),
        must=pinned,
        must_not=tuple(_one(alternative, count, "must_not") for alternative in must_not),
        minimum_shares=tuple(_share(given, count) for given in minimum_shares),
        risk=losses,
        risk_cap=None if risk_cap is None else float(risk_cap),
        names=_named(names, count, "names"),
        budget_names=_named(budget_names, len(limits), "budget_names"),
        money=whole,
    )


def _one(alternative: int, count: int, rule: str) -> int:
    if not 0 <= alternative < count or alternative != int(alternative):
        raise ValueError(f"{rule} must name alternatives from 0 to {count - 1}, not {alternative}")
    return int(alternative)


def _group(given: int | Sequence[int], count: int, rule: str) -> tuple[int, ...]:
    members = given if isinstance(given, Iterable) else [given]
    return tuple(dict.fromkeys(_one(member, count, rule) for member in members))


def _requirement(chosen: int, needed: int | Sequence[int], count: int) -> tuple[int, tuple[int, ...]]:
    dependant, group = _one(chosen, count, "requires"), _group(needed, count, "requires")
    if dependant in group:
        raise ValueError(f"requires must not name an alternative as its own condition: {dependant}")
    return dependant, group


def _share(given: MinimumShare | tuple[Sequence[int], float], count: int) -> MinimumShare:
    share = given if isinstance(given, MinimumShare) else MinimumShare(tuple(given[0]), float(given[1]))
    if not 0 <= share.share <= 1:
        raise ValueError(f"a minimum share must be from 0 to 1, not {share.share}")
    return MinimumShare(_group(share.group, count, "minimum_shares"), float(share.share), share.of, share.name)


def _projects(given: Sequence[int] | IntArray | None, count: int) -> IntArray:
    labels = np.arange(count) if given is None else np.asarray(given)
    if labels.shape != (count,):
        raise ValueError("projects must have one label for each alternative")
    numbers = np.unique(labels, return_inverse=True)[1].astype(np.int64).reshape(count)
    numbers.setflags(write=False)
    return numbers


def _check_risk(risk: FloatArray | None, cap: float | None, count: int) -> None:
    if (risk is None) != (cap is None):
        raise ValueError("risk and risk_cap are needed together")
    if risk is not None and (risk.shape != (count,) or not np.isfinite(risk).all()):
        raise ValueError("risk must have one finite number for each alternative")
    if cap is not None and not cap > -np.inf:
        raise ValueError("risk_cap must be a number")


def _named(names: Sequence[str], count: int, what: str) -> tuple[str, ...]:
    if names and len(names) != count:
        raise ValueError(f"{what} must be {count} or none")
    return tuple(names)
