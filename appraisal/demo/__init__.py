"""Haneul, a fictional city, and its example projects."""

from collections.abc import Iterator
from importlib.resources import files


def example_project() -> str:
    """A filled project to look around in: smart street lighting."""
    return (files("appraisal.demo") / "example.json").read_text("utf-8")


def demo_projects() -> Iterator[str]:
    """The project files' texts, in the order of their references."""
    folder = files("appraisal.demo") / "projects"
    for entry in sorted(folder.iterdir(), key=lambda file: file.name):
        if entry.name.endswith(".json"):
            yield entry.read_text("utf-8")
