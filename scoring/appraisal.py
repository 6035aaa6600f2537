"""One appraisal from end to end: project file and framework in, result out (METHOD 1-9, 12)."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from types import MappingProxyType

from scoring import ENGINE_VERSION
from scoring.criteria.assessment import assess
from scoring.errors import InputError, InputProblem
from scoring.frameworks import Framework
from scoring.input_problems import check_table, input_problems
from scoring.limits import MAX_DRAWS, MAX_SEED, MIN_DRAWS
from scoring.parameters import Parameters
from scoring.project_file import ProjectFile
from scoring.result import Result
from scoring.returns import economic_return, equity_return, financial_return, return_notes, to_arrays
from scoring.risk.risk_return import simulate
from scoring.risk.sampling import Sampler

NUMERICAL_LIBRARIES = ("numpy", "numba", "numpy-financial", "scipy")


def appraise(
    project: ProjectFile,
    framework: Framework,
    parameters: Parameters,
    *,
    seed: int,
    draws: int,
    input_sha256: str,
    sampler: Sampler = Sampler.SOBOL,
) -> Result:
    """Returns, risk and criteria of one project.

    The same arguments and engine give the same result to the last bit, whatever ran before (METHOD 12).
    Raises InputError listing everything that makes the appraisal impossible.
    """
    _check(seed, draws)
    try:
        return _appraised(
            project, framework, parameters, seed=seed, draws=draws, input_sha256=input_sha256, sampler=sampler
        )
    except InputError as first:
        # Only now is it worth looking at every stage: what is sound is not computed twice.
        raise InputError(*(input_problems(project, framework, parameters) or first.problems)) from None


def _appraised(
    project: ProjectFile,
    framework: Framework,
    parameters: Parameters,
    *,
    seed: int,
    draws: int,
    input_sha256: str,
    sampler: Sampler,
) -> Result:
    check_table(project)
    flows = to_arrays(project, framework)
    financial = financial_return(flows, project, framework)
    equity = equity_return(flows, project, framework)
    economic = economic_return(flows, project, framework)
    risk, sensitivity, risk_notes = simulate(
        project, framework, parameters, flows, seed=seed, draws=draws, sampler=sampler
    )
    criteria, criteria_notes = assess(project, framework, financial, equity, economic, risk)
    return Result(
        engine=ENGINE_VERSION,
        seed=seed,
        draws=draws,
        sampler=sampler.value,
        input_sha256=input_sha256,
        framework=framework.name,
        parameters=parameters.name,
        libraries=library_versions(),
        financial=financial,
        equity=equity,
        economic=economic,
        risk=risk,
        sensitivity=sensitivity,
        criteria=criteria,
        problems=(*return_notes(flows, project, framework), *risk_notes, *criteria_notes),
    )


@cache
def library_versions() -> Mapping[str, str]:
    """The libraries whose version could move a last bit."""
    return MappingProxyType({name: version(name) for name in NUMERICAL_LIBRARIES})


def _check(seed: int, draws: int) -> None:
    problems = []
    if not MIN_DRAWS <= draws <= MAX_DRAWS:
        problems.append(InputProblem("draws", f"{draws} is not between {MIN_DRAWS} and {MAX_DRAWS}."))
    if not 0 <= seed <= MAX_SEED:
        problems.append(InputProblem("seed", f"{seed} is not between 0 and {MAX_SEED}."))
    if problems:
        raise InputError(*problems)
