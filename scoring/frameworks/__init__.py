"""The built-in appraisal frameworks as data, and the dataclasses every framework is read into."""

from scoring.frameworks.framework import Criterion, Economics, ExchangeRate, Framework, Gate, Indicator, ScaleKind

__all__ = ["Criterion", "Economics", "ExchangeRate", "Framework", "Gate", "Indicator", "ScaleKind"]
