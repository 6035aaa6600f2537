"""What every step of editing a framework in the browser keeps to."""

from dataclasses import replace

import pytest

from appraisal.canonical import canonical_json
from scoring.frameworks import to_document
from scoring.frameworks.loading import load_framework
from tests.web.frameworks.writing import Writer


@pytest.mark.parametrize("step", ["economics", "references"])
@pytest.mark.parametrize("key", ["smart-city-brief-2021", "korea-preliminary-feasibility-2019"])
def test_saving_it_as_it_is_changes_nothing(writer: Writer, key: str, step: str) -> None:
    with writer.sessions.begin() as session:
        row = session.get_one(type(writer.row), writer.id)
        row.document = canonical_json(to_document(replace(load_framework(key), key=row.key)))
    before = writer.framework
    path = f"{writer.path}/{step}"
    assert writer.client.post(path, data=writer.values(path)).status_code == 302
    assert writer.framework == before
