"""Haneul, a fictional city: its example projects, and one to look around in."""

from collections.abc import Iterator
from importlib.resources import files


def example_project() -> str:
    """A filled project to look around in: smart street lighting."""
    return (files("appraisal.demo") / "example.json").read_text("utf-8")


def demo_projects() -> Iterator[str]:
    """The texts of the project files that the city has submitted, in the order of their references."""
    return _texts("projects")


def demo_drafts() -> Iterator[str]:
    """The texts of those still being written."""
    return _texts("drafts")


def completed_projects() -> str:
    """The city's finished projects as a CSV table: enough water works to speak for themselves, too few roads."""
    return (files("appraisal.demo") / "completed.csv").read_text("utf-8")


def _texts(folder: str) -> Iterator[str]:
    for entry in sorted((files("appraisal.demo") / folder).iterdir(), key=lambda file: file.name):
        if entry.name.endswith(".json"):
            yield entry.read_text("utf-8")
