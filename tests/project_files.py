"""Hypothesis strategies for project files as the format allows them."""

import unicodedata
from dataclasses import replace
from decimal import Decimal
from functools import partial

from hypothesis import strategies as st

from scoring import project_file as pf
from scoring.limits import MAX_AMOUNT, MAX_RATE, MIN_RATE
from scoring.project_options import AbandonOption, DelayOption, Option, OptionView

texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12)
names = texts.map(lambda text: f"N{text}").filter(partial(unicodedata.is_normalized, "NFC"))
proses = st.lists(names, max_size=3).map("\n".join)
amounts = st.lists(
    st.decimals(min_value=-MAX_AMOUNT, max_value=MAX_AMOUNT, places=6) | st.integers(-999, 999).map(Decimal), max_size=5
).map(tuple)
paid_in = st.lists(st.decimals(min_value=0, max_value=MAX_AMOUNT, places=6), max_size=5).map(tuple)
shares = st.floats(0, 1)
rates = st.floats(MIN_RATE, MAX_RATE)
factors = st.floats(0, 1000)
numbers = st.floats(-1e15, 1e15)
magnitudes = st.floats(0, 1e15)


def optional(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


@st.composite
def schedules(draw: st.DrawFn) -> pf.Schedule:
    starts = draw(st.lists(st.integers(1, 400), unique=True, max_size=3).map(sorted))
    return tuple((start, draw(rates)) for start in (0, *starts))


@st.composite
def distributions(draw: st.DrawFn) -> pf.Distribution:
    low, mode, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return draw(
        st.sampled_from(
            [
                pf.Distribution(family=pf.Family.PERT, low=low, mode=mode, high=high, maximum=draw(numbers)),
                pf.Distribution(family=pf.Family.NORMAL, mean=mode, sd=draw(factors)),
                pf.Distribution(family=pf.Family.LOGNORMAL, p50=mode, p90=high),
                pf.Distribution(family=pf.Family.DISCRETE, values=(low, high), probabilities=(0.25, 0.75)),
                pf.Distribution(family=pf.Family.BETA, alpha=2.0, beta=0.5, minimum=low, maximum=high),
            ]
        )
    )


@st.composite
def lines(draw: st.DrawFn) -> pf.CashFlowLine:
    kind = draw(st.sampled_from(pf.FlowKind))
    tonnes = draw(amounts) if kind is pf.FlowKind.EXTERNALITY else ()
    share = draw(st.floats(0, 0.5))
    return pf.CashFlowLine(
        name=draw(names),
        kind=kind,
        amounts=() if tonnes else draw(amounts),
        tonnes=tonnes,
        line_class=draw(optional(names)),  # type: ignore[arg-type]
        conversion_factor=draw(optional(factors)),  # type: ignore[arg-type]
        economic=draw(optional(st.sampled_from(pf.EconomicRole))) if kind is pf.FlowKind.REVENUE else None,  # type: ignore[arg-type]
        shares=draw(st.sampled_from([{}, {"q1": share}, {"q1": share, "q2": share}])),
    )


tranches = st.builds(
    pf.DebtTranche,
    name=names,
    amounts=paid_in,
    rate=rates,
    grace=st.integers(0, 5),
    tenor=st.integers(6, 40),
    repayment=st.sampled_from(pf.Repayment),
    target_dscr=st.floats(0.5, 5),
    upfront_fee=shares,
    interest_during_construction=st.sampled_from(pf.ConstructionInterest),
)
events = st.builds(
    pf.RiskEvent,
    name=names,
    category=st.sampled_from(pf.RiskCategory),
    probability=shares,
    per=st.sampled_from(["life", "year"]),
    cost=st.none() | distributions(),
    delay=st.none() | distributions(),
    revenue_factor=factors,
    years=st.integers(1, 9),
    mitigation=st.none()
    | st.builds(
        pf.Mitigation, measure=st.just("") | names, cost=magnitudes, probability_factor=shares, impact_factor=shares
    ),
)
stated_biases = st.builds(
    pf.StatedBias,
    mix=st.lists(st.builds(pf.TypeShare, type=names, share=shares), max_size=2, unique_by=lambda part: part.type).map(
        tuple
    ),
    mitigations=st.lists(
        st.builds(
            pf.BiasMitigation,
            factor=names,
            applies_to=st.sampled_from(pf.BiasTarget),
            contribution=st.floats(0, 0.5),
            mitigated=shares,
            evidence=st.none() | st.sampled_from(pf.EvidenceGrade),
            reason=proses,
        ),
        max_size=2,
    ).map(tuple),
    bounds=st.sampled_from([(), (pf.BiasBounds(applies_to=pf.BiasTarget.BENEFITS, upper=0.25, source="own"),)]),
)
answers = st.builds(
    pf.Answer, reason=proses, source=proses, evidence=st.none() | st.sampled_from(pf.EvidenceGrade)
).flatmap(
    lambda answer: st.sampled_from(
        [
            answer,
            pf.Answer(level=3, evidence=answer.evidence, reason=answer.reason),
            pf.Answer(value=0.72, source=answer.source),
            pf.Answer(unknown=True, reason=answer.reason),
        ]
    )
)


@st.composite
def drivers(draw: st.DrawFn, line_names: list[str]) -> pf.Driver:
    known = draw(st.booleans())
    return pf.Driver(
        driver=draw(st.sampled_from([name for name in pf.DriverName if name is not pf.DriverName.DELAY])),
        applies_to=tuple(draw(st.lists(st.sampled_from(line_names), unique=True, max_size=3))) if line_names else (),
        distribution=None if known else draw(distributions()),
        reference_class=draw(names) if known else None,
        unit=draw(st.none() | names),
    )


def options(first_year: int) -> st.SearchStrategy[tuple[Option, ...]]:
    views = st.sampled_from(OptionView)
    abandon = st.builds(
        AbandonOption, name=names, view=views, from_year=st.sampled_from([None, first_year]), exit_cost=magnitudes
    )
    recovered = st.tuples(abandon, amounts).map(lambda made: replace(made[0], recovery=made[1]))
    shared = st.tuples(abandon, shares).map(lambda made: replace(made[0], recovery_share=made[1]))
    delay = st.builds(
        DelayOption,
        name=names,
        view=views,
        latest_year=st.integers(first_year + 1, first_year + 9),
        waiting_cost=st.floats(0, 9),
        learns=st.just((pf.DriverName.DEMAND,)),
        known=shares,
    )
    return st.lists(abandon | recovered | shared | delay, max_size=2).map(tuple)


@st.composite
def project_files(draw: st.DrawFn) -> pf.ProjectFile:
    cash_lines = tuple(draw(st.lists(lines(), max_size=4)))
    granted = any(line.kind is pf.FlowKind.GRANT for line in cash_lines)
    financing = st.builds(
        pf.Financing,
        equity=paid_in,
        grants=st.just(()) if granted else paid_in,
        gearing_cap=st.none() | shares,
        debt=st.lists(tranches, max_size=2).map(tuple),
    )
    first_year = draw(st.integers(1900, 2150))
    uncertainty = st.builds(
        pf.Uncertainty,
        drivers=st.lists(drivers(sorted({line.name for line in cash_lines})), max_size=3).map(tuple),
        correlations=st.sampled_from(
            [(), (pf.Correlation(first=pf.DriverName.CAPEX, second=pf.DriverName.DELAY, value=-0.25),)]
        ),
        events=st.lists(events, max_size=2).map(tuple),
        obsolescence=st.none() | st.builds(pf.Obsolescence, hazard=shares, salvage=magnitudes),
        options=options(first_year),
        optimism_bias=st.none() | stated_biases,
    )
    return pf.ProjectFile(
        reference=draw(names),
        title=draw(names),
        summary=draw(proses),
        city=draw(st.just("") | names),
        country=draw(st.sampled_from(["", "KOR"])),
        location=draw(st.none() | st.builds(pf.Location, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))),
        stage=draw(st.sampled_from(pf.Stage)),
        action_areas=tuple(draw(st.lists(st.sampled_from(pf.ActionArea), unique=True, max_size=3))),
        objectives=tuple(draw(st.lists(st.sampled_from(pf.Objective), unique=True, max_size=3))),
        partners=tuple(draw(st.lists(st.builds(pf.Partner, name=names, role=names, sector=names), max_size=2))),
        currency="KRW",
        unit=draw(st.sampled_from([1, 1000, 1_000_000])),
        prices=draw(
            st.builds(
                pf.Prices,
                basis=st.sampled_from(pf.PriceBasis),
                base_year=st.none() | st.integers(1900, 2200),
                inflation=st.none() | rates,
            )
        ),
        timing=draw(st.sampled_from(pf.Timing)),
        rates=draw(
            st.builds(
                pf.Rates,
                financial=st.none() | rates | schedules(),
                social=st.none() | rates | schedules(),
                finance=st.none() | rates,
                reinvestment=st.none() | rates,
                hurdles=st.lists(rates, max_size=3).map(tuple),
            )
        ),
        cash_flows=pf.CashFlows(first_year=first_year, lines=cash_lines),
        output=draw(st.none() | st.builds(pf.Output, unit=names, amounts=paid_in)),
        financing=draw(st.none() | financing),
        uncertainty=draw(st.none() | uncertainty),
        safeguards=draw(
            st.builds(
                pf.Safeguards,
                personal_data=st.none() | st.booleans(),
                impact_triggers=st.sampled_from([None, (), (pf.ImpactTrigger.PROFILING,)]),
                public_space_analytics=st.none() | st.booleans(),
                essential_service=st.none() | st.booleans(),
            )
        ),
        answers=draw(st.dictionaries(st.sampled_from(["BK3", "DS1", "IN2", "NE3"]), answers)),
        explanations=draw(st.dictionaries(names, names, max_size=2)),
    )
