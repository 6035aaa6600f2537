"""The built-in appraisal frameworks as data, and the dataclasses every framework is read into."""

from scoring.frameworks.framework import Criterion, Economics, ExchangeRate, Framework, Gate, Indicator, ScaleKind
from scoring.frameworks.loading import load_framework, read_framework, to_document

__all__ = [
    "Criterion",
    "Economics",
    "ExchangeRate",
    "Framework",
    "Gate",
    "Indicator",
    "ScaleKind",
    "load_framework",
    "read_framework",
    "to_document",
]
