"""What a project file is refused for: every problem at its path."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.reading.project_file import Unreadable, read_project
from tests.examples import examples
from tests.reading.full_project import FULL

Change = Callable[[dict[str, Any]], object]


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(Unreadable) as refused:
        read_project(text)
    return [str(problem) for problem in refused.value.problems]


def problems_after(change: Change) -> list[str]:
    document = json.loads(json.dumps(FULL))
    change(document)
    return problems(json.dumps(document))


def line(number: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda document: document["cash_flows"]["lines"][number]


def loan(document: dict[str, Any]) -> dict[str, Any]:
    return document["financing"]["debt"][0]


def option(number: int, **changes: object) -> Change:
    return lambda document: document["uncertainty"]["options"][number].update(changes)


OPTION_CASES: list[tuple[Change, list[str]]] = [
    (
        option(0, kind="expand"),
        ['uncertainty.options[0].kind: must be one of abandon, delay, stage, not "expand"'],
    ),
    (lambda d: d["uncertainty"]["options"][0].pop("kind"), ["uncertainty.options[0].kind: is missing"]),
    (lambda d: d["uncertainty"]["options"].append(3), ["uncertainty.options[3]: must be an object { … }, not 3"]),
    (option(0, threshold=1), ["uncertainty.options[0].threshold: is not a key of the format"]),
    (
        option(0, view="social"),
        ['uncertainty.options[0].view: must be one of financial, economic, not "social"'],
    ),
    (option(0, from_year=2025), ["uncertainty.options[0].from_year: must be from 2026 to 2030, not 2025"]),
    (option(0, recovery=[0.1234567]), ["uncertainty.options[0].recovery[0]: has 7 decimals, more than 6: 0.1234567"]),
    (
        option(0, recovery_share=0.4),
        ["uncertainty.options[0].recovery_share: must not be given beside recovery: state what is received in one way"],
    ),
    (option(1, latest_year=2026), ["uncertainty.options[1].latest_year: must be from 2027 to 2056, not 2026"]),
    (option(1, latest_year=2057), ["uncertainty.options[1].latest_year: must be from 2027 to 2056, not 2057"]),
    (option(1, waiting_cost=-1), ["uncertainty.options[1].waiting_cost: must be at least 0, not -1"]),
    (option(1, known=1.1), ["uncertainty.options[1].known: must be at most 1, not 1.1"]),
    (option(1, learns=[]), ["uncertainty.options[1].learns: has 0 entries, fewer than 1"]),
    (lambda d: d["uncertainty"]["options"][2].pop("threshold"), ["uncertainty.options[2].threshold: is missing"]),
    (
        option(2, phase_2=["Residual"]),
        ['uncertainty.options[2].phase_2[0]: "Residual" is not the name of a line; did you mean Residual value?'],
    ),
    (
        lambda d: (
            d["uncertainty"]["options"][2].update(phase_2=[row["name"] for row in d["cash_flows"]["lines"]])
            or d["uncertainty"]["options"][2].update(decision_year=2025)
        ),
        [
            "uncertainty.options[2].phase_2: names every line: nothing is left for phase 1",
            "uncertainty.options[2].decision_year: must be from 2026 to 2029, not 2025",
        ],
    ),
    (
        option(2, phase_2=["Operation"]),
        ['uncertainty.options[2].decision_year: must be before any amount of phase 2, and "Operation" has one by 2028'],
    ),
]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda d: line(2)(d).update(amout=line(2)(d).pop("amounts")),
            [
                "cash_flows.lines[2].amout: is not a key of the format; did you mean amounts?",
                "cash_flows.lines[2]: must have exactly one of amounts and tonnes, not neither",
            ],
        ),
        (lambda d: d.update(zzz=1), ["zzz: is not a key of the format"]),
        (lambda d: d.pop("title"), ["title: is missing"]),
        (lambda d: d.update(title=" "), ["title: must not be blank"]),
        (lambda d: d.update(title="x" * 201), ["title: has 201 characters, more than 200"]),
        (lambda d: d.update(schema="other"), ['schema: must be "appraisal-project/1", not "other"']),
        (
            lambda d: d.update(currency="rupee"),
            ['currency: must be a currency code of ISO 4217, such as EUR, INR or USD, not "rupee"'],
        ),
        (
            lambda d: d.update(currency="ZZZ"),
            ['currency: must be a currency code of ISO 4217, such as EUR, INR or USD, not "ZZZ"'],
        ),
        (
            lambda d: d.update(currency="usd"),
            ['currency: must be a currency code of ISO 4217, such as EUR, INR or USD, not "usd"; did you mean USD?'],
        ),
        (lambda d: d.update(country="in"), ['country: must be a code of three capital letters, not "in"']),
        (
            lambda d: line(0)(d).update(conversion_factor=-2),
            ["cash_flows.lines[0].conversion_factor: must be at least 0, not -2"],
        ),
        (lambda d: d["output"].update(amounts=[-5]), ["output.amounts[0]: must be at least 0, not -5"]),
        (lambda d: d["financing"].update(equity=[-5]), ["financing.equity[0]: must be at least 0, not -5"]),
        (lambda d: loan(d).update(amounts=[-5]), ["financing.debt[0].amounts[0]: must be at least 0, not -5"]),
        (
            lambda d: d["uncertainty"]["events"][0].update(mitigation={"cost": -5}),
            ["uncertainty.events[0].mitigation.cost: must be at least 0, not -5"],
        ),
        (
            lambda d: d["uncertainty"].update(obsolescence={"hazard": 0.1, "salvage": -5}),
            ["uncertainty.obsolescence.salvage: must be at least 0, not -5"],
        ),
        (lambda d: d.update(unit=7), ["unit: must be one of 1, 1000, 1000000, not 7"]),
        (lambda d: d.update(timing="midd"), ['timing: must be one of end, mid, not "midd"; did you mean mid?']),
        (lambda d: d["prices"].update(base_year=2026.5), ["prices.base_year: must be a whole number, not 2026.5"]),
        (lambda d: d["location"].update(latitude=91), ["location.latitude: must be at most 90, not 91"]),
        (lambda d: d.update(action_areas=["mobility"] * 2), ['action_areas: names "mobility" twice']),
        (lambda d: d["rates"].update(financial=-1), ["rates.financial: must be at least -0.99, not -1"]),
        (lambda d: d["rates"].update(social=[[1, 0.03]]), ["rates.social: must begin at period 0, not 1"]),
        (
            lambda d: d["rates"].update(social=[[0, 0.03], [0, 0.02]]),
            ["rates.social: must name its periods in ascending order: 0 comes after 0"],
        ),
        (lambda d: d["rates"].update(social=[]), ["rates.social: has 0 entries, fewer than 1"]),
        (
            lambda d: line(0)(d).update(amounts=[1, "80", None]),
            [
                'cash_flows.lines[0].amounts[1]: must be a number, not "80"',
                "cash_flows.lines[0].amounts[2]: must be a number, not null",
            ],
        ),
        (
            lambda d: line(0)(d).update(amounts=[1e308]),
            ["cash_flows.lines[0].amounts[0]: must be at most 1,000,000,000,000,000, not 1E+308"],
        ),
        (
            lambda d: line(0)(d).update(amounts=[0.1234567]),
            ["cash_flows.lines[0].amounts[0]: has 7 decimals, more than 6: 0.1234567"],
        ),
        (
            lambda d: line(0)(d).update(amounts=[0] * 481),
            ["cash_flows.lines[0].amounts: has 481 entries, more than 480"],
        ),
        (
            lambda d: line(4)(d).update(amounts=[1]),
            ["cash_flows.lines[4]: must have exactly one of amounts and tonnes, not both"],
        ),
        (
            lambda d: line(4)(d).update(kind="benefit"),
            ["cash_flows.lines[4].tonnes: belong to a line of kind externality, not benefit"],
        ),
        (
            lambda d: line(0)(d).update(economic="benefit"),
            ["cash_flows.lines[0].economic: belongs to a line of kind revenue, not capex"],
        ),
        (
            lambda d: line(3)(d).update(shares={"q1": 0.9, "q2": 0.2}),
            ["cash_flows.lines[3].shares: add up to 1.1, more than 1"],
        ),
        (
            lambda d: d["cash_flows"].update(first_year=2201) or d["uncertainty"].pop("options"),
            ["cash_flows.first_year: must be at most 2200, not 2201"],
        ),
        (
            lambda d: line(2)(d).update(kind="grant", economic=None) or line(2)(d).pop("economic"),
            ["cash_flows.lines: give grants that financing.grants gives as well: state them in one place"],
        ),
        (
            lambda d: loan(d).update(grace=15),
            ["financing.debt[0].grace: must be shorter than the tenor of 15, not 15"],
        ),
        (
            lambda d: loan(d).update(repayment="sculpted") or loan(d).pop("target_dscr"),
            ["financing.debt[0].target_dscr: is missing: a sculpted loan needs it"],
        ),
        (
            lambda d: d["uncertainty"]["drivers"][0].update(reference_class="it"),
            ["uncertainty.drivers[0]: must have exactly one of family and reference_class, not both"],
        ),
        (
            lambda d: d["uncertainty"]["drivers"][0].update(applies_to=["Sensor"]),
            ['uncertainty.drivers[0].applies_to[0]: "Sensor" is not the name of a line; did you mean Sensors?'],
        ),
        (
            lambda d: d["uncertainty"]["drivers"][0].update(mode=2),
            ["uncertainty.drivers[0].mode: must not be more than high, which is 1.6, but is 2"],
        ),
        (
            lambda d: d["uncertainty"]["drivers"][0].pop("mode"),
            ["uncertainty.drivers[0].family: pert needs low, mode, high or p10, p50, p90"],
        ),
        (lambda d: d["uncertainty"]["drivers"][2].update(low=1), ["uncertainty.drivers[2].low: needs a family"]),
        (
            lambda d: d["uncertainty"]["drivers"][1].update(unit="months"),
            ['uncertainty.drivers[1].unit: of a delay must be "years", not "months"'],
        ),
        (
            lambda d: d["uncertainty"]["drivers"][0].update(family="discrete", values=[1, 2], probabilities=[0.5, 0.4]),
            ["uncertainty.drivers[0].probabilities: must add up to 1, not to 0.9"],
        ),
        (
            lambda d: d["uncertainty"].update(correlations=[["capex", "delay", 1.4]]),
            ["uncertainty.correlations[0][2]: must be at most 1, not 1.4"],
        ),
        (
            lambda d: d["uncertainty"].update(correlations=[["capex", "capex", 0.4]]),
            ["uncertainty.correlations[0]: names capex twice"],
        ),
        (
            lambda d: d["uncertainty"].update(correlations=[["capex", "delay", 0.4], ["delay", "capex", 0.3]]),
            ["uncertainty.correlations[1]: states delay and capex a second time"],
        ),
        (
            lambda d: d["uncertainty"]["events"][0].update(probability=1.03),
            ["uncertainty.events[0].probability: must be at most 1, not 1.03"],
        ),
        *OPTION_CASES,
        (
            lambda d: d["uncertainty"].update(
                optimism_bias={
                    "mix": [{"type": "a", "share": 0.5}, {"type": "a", "share": 0.5}],
                    "mitigations": [
                        {"factor": "x", "applies_to": "capex", "contribution": 0.7, "mitigated": 1},
                        {"factor": "y", "applies_to": "capex", "contribution": 0.6, "mitigated": 1},
                    ],
                    "bounds": [
                        {"applies_to": "opex", "upper": 0.1, "lower": 0.2},
                        {"applies_to": "benefits", "upper": 0.6},
                    ],
                }
            ),
            [
                "uncertainty.optimism_bias.mitigations: contribute 1.3 to the optimism bias of capex, "
                "where 1 is all of it",
                "uncertainty.optimism_bias.mix[1].type: names a a second time",
                "uncertainty.optimism_bias.bounds[0].lower: is 0.2, and must not be more than the upper bound, 0.1",
                "uncertainty.optimism_bias.bounds[1].upper: of benefits is 0.6, and must be at most 0.5",
            ],
        ),
        (lambda d: d.update(answers=None), ["answers: must be an object { … }, not null"]),
        (lambda d: d["answers"]["DS1"].update(level=5), ["answers.DS1.level: must be at most 4, not 5"]),
        (
            lambda d: d["answers"]["DS1"].update(value=1),
            ["answers.DS1: must state one of level, value and unknown, not level and value"],
        ),
        (lambda d: d.update(title="a\u202eb"), ["title: holds the character U+202E, which cannot be stored"]),
        (lambda d: d.update(title="a\nb"), ["title: holds the character U+000A, which cannot be stored"]),
        (lambda d: d.update(title="a\x00b"), ["title: holds the character U+0000, which cannot be stored"]),
        (lambda d: d.update(title="a\ud800b"), ["title: holds the character U+D800, which cannot be stored"]),
        (
            lambda d: d["answers"].update({"a\x01": {}}),
            ['answers["a\\u0001"]: holds the character U+0001, which cannot be stored'],
        ),
    ],
)  # fmt: skip
@pytest.mark.asvs("2.2.3")
def test_a_problem_is_named_at_its_path(change: Change, expected: list[str]) -> None:
    assert problems_after(change) == expected


def test_every_problem_is_listed_at_once() -> None:
    def change(document: dict[str, Any]) -> None:
        document["title"] = ""
        line(3)(document)["shares"] = {"q1": 2}
        document["answers"]["DS1"]["value"] = 1
        document["uncertainty"]["drivers"][1]["p50"] = 5

    assert [said.split(":")[0] for said in problems_after(change)] == [
        "title",
        "cash_flows.lines[3].shares.q1",
        "uncertainty.drivers[1].p50",
        "answers.DS1",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("{} {}", "is not JSON: extra data"),
        ("[]", "must be an object { … }, not a list"),
        ("null", "must be an object { … }, not null"),
        (b"\xff\xfe", "is not UTF-8"),
        ('{"a": NaN}', "NaN is not a number that JSON has"),
        ('{"a": -Infinity}', "-Infinity is not a number"),
        ('{"a": 1, "a": 2}', 'the key "a" stands twice'),
        ('{"e\\u0301": 1, "é": 2}', 'the key "\\u00e9" stands twice'),
        ("[" * 100_000, "is nested deeper than 32 levels"),
        ('{"a":' * 40 + "1" + "}" * 40, "is nested deeper than 32 levels"),
        (f'{{"a": {"9" * 5000}}}', "more digits than can be read"),
        ('{"a": 1e99999999999999999999}', "more digits than can be read"),
        (" " * 5_000_001, "is longer than 5,000,000 characters"),
        ("{" + ",".join(f'"k{i}":1' for i in range(3000)) + "}", "an object of more than 2,000 keys"),
        ('{"hurdles": [' + "1," * 20_000 + "1]}", "hurdles: has more than 10,000 entries"),
        ('"' + "\\" * 100_001, "is not JSON"),
    ],
    ids=range(18),
)
def test_what_is_no_document_is_refused_in_one_sentence(text: str | bytes, said: str) -> None:
    (problem,) = problems(text)
    assert said in problem


def test_problems_are_at_most_a_hundred() -> None:
    assert len(problems_after(lambda d: line(0)(d).update(amounts=["x"] * 480))) == 100


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(sorted(FULL)), inner, max_size=4)
    ),
)


@settings(max_examples=examples(150), deadline=None)
@given(st.text() | st.binary() | json_values.map(json.dumps))
def test_any_text_is_read_or_refused_with_problems(text: str | bytes) -> None:
    assert problems(text)


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(sorted(FULL)), json_values)
@pytest.mark.asvs("1.5.2", "2.2.1")
def test_any_value_in_any_place_is_read_or_refused_and_nothing_else(key: str, value: object) -> None:
    with suppress(Unreadable):
        read_project(json.dumps(FULL | {key: value}))
