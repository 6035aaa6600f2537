"""What a project file states, as named facts that its answers can be held against (METHOD 9)."""

from collections.abc import Mapping

from scoring.criteria.facts import Fact, named, stated
from scoring.criteria.money_facts import money_facts
from scoring.criteria.scales import answered_level
from scoring.frameworks import Framework, ScaleKind
from scoring.project_file import ActionArea, Driver, DriverName, EvidenceGrade, ProjectFile, RiskCategory, Stage
from scoring.result import Missing

ESSENTIAL_AREAS = (ActionArea.WATER, ActionArea.ENERGY, ActionArea.HEALTH)
"""Areas of services a person cannot do without; the question on the non-digital channel names them."""
HIGH_LEVEL = 3
"""From this level on an answer needs evidence (CRITERIA)."""
USE_DRIVERS = (DriverName.DEMAND, DriverName.REVENUE)
YEARS = {"years": 1.0, "months": 1 / 12}


def level_fact(indicator: str) -> str:
    """The name of the fact that holds an indicator's level."""
    return f"level_{indicator}"


def project_facts(project: ProjectFile, framework: Framework) -> Mapping[str, Fact]:
    """Every fact by name; an indicator the framework does not have has none."""
    return {
        **money_facts(project),
        **_safeguards(project),
        **_description(project),
        **_uncertainty(project),
        **_levels(project, framework),
        **_evidence(project, framework),
    }


def _safeguards(project: ProjectFile) -> Mapping[str, Fact]:
    facts = project.safeguards
    triggers = facts.impact_triggers
    where = "safeguards.impact_triggers"
    return {
        "personal_data": stated(facts.personal_data, "safeguards.personal_data"),
        "public_space_analytics": stated(facts.public_space_analytics, "safeguards.public_space_analytics"),
        "essential_service": stated(facts.essential_service, "safeguards.essential_service"),
        "impact_triggers": (
            stated(None, where) if triggers is None else named(sorted({one.value for one in triggers}), where)
        ),
    }


def _description(project: ProjectFile) -> Mapping[str, Fact]:
    stage = list(Stage).index(project.stage)
    return {
        "stage": Fact(float(stage), ("stage",), project.stage.value),
        "partners": stated(float(len(project.partners)), "partners"),
        "essential_areas": named(
            (area.value for area in project.action_areas if area in ESSENTIAL_AREAS), "action_areas"
        ),
    }


def _uncertainty(project: ProjectFile) -> Mapping[str, Fact]:
    uncertainty = project.uncertainty
    drivers = uncertainty.drivers if uncertainty else ()
    events = uncertainty.events if uncertainty else ()
    lives = [(at, driver) for at, driver in enumerate(drivers) if driver.driver is DriverName.LIFE]
    at, life = lives[0] if lives else (0, None)
    return {
        "drivers": stated(float(len(drivers)), "uncertainty.drivers"),
        "use_drivers": stated(float(sum(driver.driver in USE_DRIVERS for driver in drivers)), "uncertainty.drivers"),
        "cyber_events": stated(
            float(sum(event.category is RiskCategory.CYBER_INCIDENT for event in events)), "uncertainty.events"
        ),
        "asset_life": stated(None if life is None else _life(life), f"uncertainty.drivers[{at}]"),
    }


def _life(driver: Driver) -> float | None:
    """The longest life that is stated in time, in years; None where it is a factor or unbounded."""
    distribution, scale = driver.distribution, YEARS.get(driver.unit or "")
    if distribution is None or scale is None:
        return None
    longest = distribution.high if distribution.high is not None else distribution.p90
    longest = longest if longest is not None else max(distribution.values, default=None)
    return None if longest is None else longest * scale


def _levels(project: ProjectFile, framework: Framework) -> Mapping[str, Fact]:
    """Levels as stated, before what their evidence can carry."""
    levels = {
        indicator.id: answered_level(indicator, project.answers.get(indicator.id)).stated
        for indicator in framework.indicators
        if indicator.scale is not ScaleKind.COMPUTED
    }
    return {
        level_fact(name): stated(None if isinstance(level, Missing) else level, f"answers.{name}")
        for name, level in levels.items()
    }


def _evidence(project: ProjectFile, framework: Framework) -> Mapping[str, Fact]:
    """Answers whose level or grade stands without what should carry it."""
    levels = {name: fact.value for name, fact in _levels(project, framework).items()}
    high = [
        name
        for name, answer in project.answers.items()
        if isinstance(level := levels.get(level_fact(name)), float)
        and level >= HIGH_LEVEL
        and answer.evidence in (None, EvidenceGrade.CLAIM)
    ]
    unsourced = [
        name
        for name, answer in project.answers.items()
        if answer.evidence not in (None, EvidenceGrade.CLAIM) and not answer.unknown and not answer.source.strip()
    ]
    claimed = {name: "level" if project.answers[name].value is None else "value" for name in high}
    return {
        "high_without_evidence": named(
            high, *(f"answers.{name}.{part}" for name in high for part in (claimed[name], "evidence"))
        ),
        "graded_without_source": named(
            unsourced, *(f"answers.{name}.{part}" for name in unsourced for part in ("evidence", "source"))
        ),
    }
