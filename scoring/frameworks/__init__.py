"""The built-in appraisal frameworks as data, and the dataclasses every framework is read into."""

from scoring.frameworks.aggregation import Aggregation, Method
from scoring.frameworks.framework import (
    Comparison,
    Condition,
    Criterion,
    Economics,
    ExchangeRate,
    Framework,
    Gate,
    Indicator,
    Place,
    ScaleKind,
    Standing,
    WeighingMethod,
    Weighting,
)
from scoring.frameworks.loading import load_framework, read_framework, to_document

__all__ = [
    "Aggregation",
    "Comparison",
    "Condition",
    "Criterion",
    "Economics",
    "ExchangeRate",
    "Framework",
    "Gate",
    "Indicator",
    "Method",
    "Place",
    "ScaleKind",
    "Standing",
    "WeighingMethod",
    "Weighting",
    "load_framework",
    "read_framework",
    "to_document",
]
