"""What a refused file would be refused for after reading: all of it is told at once."""

from appraisal.reading.problems import Problem, Unreadable
from scoring.frameworks import Framework
from scoring.input_problems import input_problems
from scoring.parameters import Parameters


def with_input_problems(refused: Unreadable, framework: Framework, parameters: Parameters) -> Unreadable:
    """The refusal with what the appraisal finds wrong in the parts of the file that could be read."""
    sound = refused.sound
    if sound is None:
        return refused
    found = input_problems(sound.project, framework, parameters)
    further = [Problem(sound.path_in_file(problem.path), problem.message) for problem in found]
    return Unreadable([*refused.problems, *further])
