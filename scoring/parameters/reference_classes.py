"""The reference classes of PARAMETERS as frozen dataclasses; percentages of the file become fractions."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scoring.parameters.own_record import OwnRecord

_FILE = Path(__file__).with_name("reference_classes.toml")


class Status(StrEnum):
    """How a number is known."""

    PUBLISHED = "published"
    SECONDARY = "secondary"
    DEFAULT = "default"


class Shape(StrEnum):
    BODY_AND_TAIL = "body-and-tail"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    status: Status
    date: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A single number with where it comes from."""

    value: float
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """Overruns from `threshold` belong to the tail; the tail ends at `cap`, tested at `second_cap`."""

    threshold: float
    cap: float
    second_cap: float
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOverrun:
    """Mean overrun of all, share at the tail's threshold or more, mean overrun of those."""

    key: str
    title: str
    shape: Shape
    mean: float
    share: float
    tail_mean: float
    provenance: Provenance

    @property
    def body_mean(self) -> float:
        return (self.mean - self.share * self.tail_mean) / (1.0 - self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRecord:
    """How use compared with its forecast; which fields are filled depends on what was published."""

    key: str
    title: str
    overestimate_share: float | None
    """Share of forecasts that were too high."""
    mean_overestimate: float | None
    off_by: tuple[tuple[float, float], ...]
    """(distance from the forecast, share of forecasts further off)."""
    fit: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    upper: float
    lower: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimismBias:
    """Uplift bounds; None where the guidance gives none."""

    key: str
    title: str
    duration: Bounds | None
    capex: Bounds | None
    opex: Bounds | None
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class LineClass:
    """What the class of a line stands for: keys of a cost row, an optimism bias row and a demand row."""

    cost: str
    bias: str
    demand: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    key: str
    version: int
    tail: Tail
    cost_overruns: Mapping[str, CostOverrun]
    demand: Mapping[str, DemandRecord]
    optimism_bias: Mapping[str, OptimismBias]
    correlation: Sourced
    delay_overhead: Sourced
    """A year of delay costs this share of the planned construction cost of a year."""
    line_classes: Mapping[str, LineClass]
    unknown_class: LineClass
    class_provenance: Provenance
    unknown_provenance: Provenance
    own: OwnRecord | None = None
    """The city's own completed projects; where there are enough of a class they replace the library's."""

    @property
    def name(self) -> str:
        library = f"{self.key}@{self.version}"
        return library if self.own is None else f"{library}+{self.own.name}"

    @property
    def asset_classes(self) -> Mapping[str, str]:
        """Title by key of every class that a capital cost can belong to."""
        keys = dict.fromkeys(each.cost for each in (*self.line_classes.values(), self.unknown_class))
        rows: dict[str, CostOverrun | OptimismBias] = {**self.optimism_bias, **self.cost_overruns}
        return {key: rows[key].title for key in keys}

    def class_of(self, line_class: str | None) -> LineClass:
        """What a line's class stands for; a class that is not listed counts as unknown."""
        return self.line_classes.get(line_class or "", self.unknown_class)


@lru_cache(maxsize=1)
def load_parameters() -> Parameters:
    """The built-in parameter set, read once."""
    return parse(_FILE.read_text(encoding="utf-8"))


def parse(text: str) -> Parameters:
    """Parameters from TOML text. Raises KeyError or ValueError where a row is not complete or names no other."""
    data = tomllib.loads(text)
    bias_provenance = _provenance(data["optimism_bias_source"])
    parameters = Parameters(
        key=data["key"],
        version=data["version"],
        tail=_tail(data["tail"]),
        cost_overruns=_by_key(_cost_overrun(row) for row in data["cost_overrun"]),
        demand=_by_key(_demand(row) for row in data["demand"]),
        optimism_bias=_by_key(_optimism_bias(row, bias_provenance) for row in data["optimism_bias"]),
        correlation=_sourced(data["correlation"]),
        delay_overhead=_sourced(data["delay_overhead"]),
        line_classes=MappingProxyType({name: _line_class(row) for name, row in data["line_classes"].items()}),
        unknown_class=_line_class(data["unknown_class"]),
        class_provenance=_provenance(data["line_classes_source"]),
        unknown_provenance=_provenance(data["unknown_class"]),
    )
    _require_known_rows(parameters)
    return parameters


def _require_known_rows(parameters: Parameters) -> None:
    for line_class in (*parameters.line_classes.values(), parameters.unknown_class):
        costed = line_class.cost in parameters.cost_overruns or line_class.cost in parameters.optimism_bias
        used = line_class.demand is None or line_class.demand in parameters.demand
        if not (costed and used and line_class.bias in parameters.optimism_bias):
            raise ValueError(f"A line class names a row that does not exist: {line_class}")


def _by_key(rows: Any) -> Mapping[str, Any]:
    return MappingProxyType({row.key: row for row in rows})


def _provenance(row: Mapping[str, Any]) -> Provenance:
    return Provenance(status=Status(row["status"]), date=row["date"], source=row["source"])


def _sourced(row: Mapping[str, Any]) -> Sourced:
    return Sourced(value=float(row["value"]), provenance=_provenance(row))


def _tail(row: Mapping[str, Any]) -> Tail:
    return Tail(
        threshold=row["threshold"] / 100,
        cap=row["cap"] / 100,
        second_cap=row["second_cap"] / 100,
        provenance=_provenance(row),
    )


def _cost_overrun(row: Mapping[str, Any]) -> CostOverrun:
    return CostOverrun(
        key=row["key"],
        title=row["title"],
        shape=Shape(row["shape"]),
        mean=row["mean"] / 100,
        share=row["share"] / 100,
        tail_mean=row["tail_mean"] / 100,
        provenance=_provenance(row),
    )


def _demand(row: Mapping[str, Any]) -> DemandRecord:
    return DemandRecord(
        key=row["key"],
        title=row["title"],
        overestimate_share=row["overestimate_share"] / 100 if "overestimate_share" in row else None,
        mean_overestimate=row["mean_overestimate"] / 100 if "mean_overestimate" in row else None,
        off_by=tuple((distance / 100, share / 100) for distance, share in row.get("off_by", ())),
        fit=row["fit"],
        provenance=_provenance(row),
    )


def _optimism_bias(row: Mapping[str, Any], provenance: Provenance) -> OptimismBias:
    return OptimismBias(
        key=row["key"],
        title=row["title"],
        duration=_bounds(row.get("duration")),
        capex=_bounds(row.get("capex")),
        opex=_bounds(row.get("opex")),
        provenance=provenance,
    )


def _bounds(row: Mapping[str, Any] | None) -> Bounds | None:
    return None if row is None else Bounds(upper=row["upper"] / 100, lower=row["lower"] / 100)


def _line_class(row: Mapping[str, Any]) -> LineClass:
    return LineClass(cost=row["cost"], bias=row["bias"], demand=row.get("demand"))
