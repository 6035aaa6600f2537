"""Cash flows and what they return: to the investment, to equity, to society (METHOD 1-5)."""

from scoring.returns.flows import Flows, to_arrays

__all__ = ["Flows", "to_arrays"]
