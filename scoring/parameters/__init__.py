"""The numbers the built-in library ships, as data with their sources (PARAMETERS), and a city's own beside them."""

from scoring.parameters.own_record import CompletedProject, Measure, OwnRecord
from scoring.parameters.reference_classes import Parameters, load_parameters

__all__ = ["CompletedProject", "Measure", "OwnRecord", "Parameters", "load_parameters"]
