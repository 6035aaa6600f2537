"""The returns of a stored result come back equal, so that criteria are assessed again without a simulation."""

import json

import pytest

from appraisal.canonical import canonical_json
from scoring.appraisal import appraise
from scoring.criteria.assessment import assess
from scoring.frameworks import load_framework
from scoring.parameters import load_parameters
from scoring.result_document import to_document
from scoring.result_reading import returns_of
from tests.factories import published_project

CASES = ("opal-lakes", "sports-arena", "sam-pv-debt", "zurich-tunnel")


@pytest.mark.parametrize("case", CASES)
def test_the_returns_survive_their_document(case: str) -> None:
    project, framework = published_project(case), load_framework()
    result = appraise(project, framework, load_parameters(), seed=1, draws=200, input_sha256="x")
    read = returns_of(json.loads(canonical_json(to_document(result))))
    parts = (read.financial, read.equity, read.economic, read.risk)
    assert parts == (result.financial, result.equity, result.economic, result.risk)
    assert assess(project, framework, *parts)[0] == result.criteria


def test_a_document_of_another_engine_is_refused() -> None:
    with pytest.raises(KeyError):
        returns_of({"financial": {}})
