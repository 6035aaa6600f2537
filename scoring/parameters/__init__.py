"""The numbers the built-in library ships, as data with their sources (PARAMETERS)."""

from scoring.parameters.reference_classes import Parameters, load_parameters

__all__ = ["Parameters", "load_parameters"]
