"""The parts of a draft: who may change them, what is refused at its field (journey 8)."""

import json
import random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from scoring.frameworks import load_framework
from tests.web.frameworks.writing import INDICATOR, Writer, plain
from tests.web.people import signed_in_as, token
from tests.web.test_hostile_posts import BAD


def test_everyone_reads_and_only_administrators_write(
    app: Flask, sessions: sessionmaker[Session], writer: Writer
) -> None:
    reader, _ = signed_in_as(app, sessions, Role.PLANNER)
    page = reader.get("/frameworks").text
    assert "Smart-city brief 2021" in page
    assert "Ours" not in page  # drafts are for those who write them
    assert "Take into use" not in page
    assert reader.get(f"/frameworks/versions/{writer.parent}").status_code == 200
    exported = reader.get(f"/frameworks/versions/{writer.parent}/framework.json")
    assert json.loads(exported.text)["key"] == "smart-city-brief-2021"
    for path in (
        "",
        "/whole",
        "/weights",
        "/weights/criteria/direct",
        "/trial",
        "/publish",
        "/criteria",
        "/indicators/BK1",
    ):
        assert reader.get(f"{writer.path}{path}").status_code == 403, path
    sent = {"csrf_token": token(reader, "/sign-in"), "version": "1"}
    for path in (
        f"{writer.path}/publish",
        f"{writer.path}/discard",
        f"{writer.path}/parts/BK1/remove",
        f"{writer.path}/whole",
    ):
        assert reader.post(path, data=sent).status_code == 403, path
    for path in ("retire", "reinstate", "clone"):
        assert reader.post(f"/frameworks/versions/{writer.parent}/{path}", data=sent).status_code == 403, path
    assert reader.post("/frameworks/built-in/smart-city-brief-2021", data=sent).status_code == 403
    assert reader.get("/frameworks/import").status_code == 403
    assert reader.get("/frameworks/rounds").status_code == 403
    assert writer.row.version == 1


def test_a_copy_is_made_once_and_is_listed(writer: Writer) -> None:
    form = writer.values(f"/frameworks/versions/{writer.parent}/clone")
    sent = {**form, "title": "A new one", "kind": "new"}
    first = writer.client.post(f"/frameworks/versions/{writer.parent}/clone", data=sent).headers["Location"]
    assert writer.client.post(f"/frameworks/versions/{writer.parent}/clone", data=sent).headers["Location"] == first
    page = writer.client.get("/frameworks").text
    assert "Drafts" in page
    assert page.count("A new one") == 1
    assert "a-new-one" in page
    assert "in use" in writer.client.get(f"/frameworks/versions/{writer.parent}").text


def test_every_part_of_an_indicator_is_edited(writer: Writer) -> None:
    path = f"{writer.path}/indicators/NE3"
    sent = {
        **writer.values(path),
        "title": "Readiness of the ground",
        "level_4": "All of it is there, twice over.",
        "passages": "A, H",
        "passes_at": "3",
        "gate_for": "essential-service",
        "lifts_when": "It is there.",
        "waits_for": "DS4",
        "waits_least": "1",
        "waits_most": "3",
    }
    assert writer.client.post(path, data=sent).status_code == 302
    changed = next(item for item in writer.framework.indicators if item.id == "NE3")
    assert (changed.title, changed.levels[4], changed.passages) == (
        "Readiness of the ground",
        "All of it is there, twice over.",
        ("A", "H"),
    )
    assert changed.gate is not None
    assert (changed.gate.passes_at, changed.gate.applies_when) == (3, "essential-service")
    assert changed.applies_when is not None
    assert (changed.applies_when.indicator, changed.applies_when.least, changed.applies_when.most) == ("DS4", 1, 3)
    assert writer.row.version == 2


def test_saving_a_part_as_it_is_changes_nothing(writer: Writer) -> None:
    before = writer.framework
    for path in (
        "whole",
        "criteria/needs",
        *(f"indicators/{name}" for name in ("BK2", "BK7", "DS1", "IN2", "NE1", "NE3")),
    ):
        response = writer.client.post(f"{writer.path}/{path}", data=writer.values(f"{writer.path}/{path}"))
        assert response.status_code == 302, path
    assert writer.framework == before


REFUSALS = (
    ("level_2", "", "Describe level 2."),
    ("level_0", "\u202ex", "U+202E"),
    ("passages", "A, 9", "The framework has no passage 9."),
    ("points", "1 = 0", "Enter two thresholds or more."),
    ("points", "2 = 0\n1 = 4", "The numbers of a scale must rise."),
    ("points", "1 = 0\n2 = 9", "Levels lie between 0 and 4."),
    ("points", "one = 0\n2 = 4", "is not “number = level”"),
    ("computed", "", "Choose the rule or the figure"),
    ("id", "NE1", "NE1 is used already."),
    ("id", "no id", "letters, digits and hyphens"),
    ("waits_for", "ZZ", "Not a valid choice"),
    ("gate", "y", "Say what lifts the gate."),
)


def test_an_indicator_that_cannot_be_is_refused_at_its_field(writer: Writer) -> None:
    for field, value, said in REFUSALS:
        response = writer.send(f"{writer.path}/criteria/needs/indicators", {**INDICATOR, field: value})
        assert response.status_code == 422, (field, value)
        assert said in plain(response.text), (field, value)
        place = "lifts_when" if field == "gate" else field
        assert f'href="#{place}' in response.text, (field, value)
        assert "Level 1 in words." in response.text  # nothing typed is lost
    assert writer.row.version == 1


def test_an_indicator_and_a_criterion_are_added_and_taken_out(writer: Writer) -> None:
    assert (
        writer.send(f"{writer.path}/criteria", {"id": "fifth", "title": "Fifth", "question": "Why?"}).status_code == 302
    )
    assert "Before it can be published: Fifth has no indicator yet." in writer.client.get(writer.path).text
    assert writer.send(f"{writer.path}/criteria/fifth/indicators", INDICATOR).status_code == 302
    added = writer.framework.criteria[4].indicators[0]
    assert (added.figure, added.points, added.weight) == ("benefit-cost-ratio", ((0, 0), (1, 2), (2, 4)), 1)
    assert "Ratio &lt;b&gt;" in writer.client.get(writer.path).text
    for name in ("BK1", "fifth"):
        response = writer.send(f"{writer.path}/parts/{name}/remove", {}, form=writer.path)
        assert response.status_code == 302, name
    left = writer.framework
    assert [item.id for item in left.criteria] == [item.id for item in load_framework().criteria]
    assert sum(item.weight for item in left.criteria[0].indicators) == pytest.approx(1)
    assert [item.weight for item in left.criteria[0].indicators] == pytest.approx([1 / 9] * 9)
    assert writer.send(f"{writer.path}/parts/BK2/later", {}, form=writer.path).status_code == 302
    assert [item.id for item in writer.framework.criteria[0].indicators][:2] == ["BK3", "BK2"]
    assert writer.client.get(f"{writer.path}/indicators/BK1").status_code == 404


def test_a_circle_of_questions_is_refused_at_its_field(writer: Writer) -> None:
    for name, other, status in (("NE4", "NE5", 302), ("NE5", "NE4", 422)):
        path = f"{writer.path}/indicators/{name}"
        response = writer.client.post(path, data={**writer.values(path), "waits_for": other})
        assert response.status_code == status
    assert 'href="#waits_for' in response.text
    assert "Makes a circle: NE5 waits for NE4 waits for NE5." in response.text


def test_two_people_do_not_overwrite_each_other(writer: Writer) -> None:
    path = f"{writer.path}/criteria/needs"
    old = writer.values(path)
    writer.client.post(path, data={**old, "title": "First"})
    late = writer.client.post(path, data={**old, "title": "Second"})
    assert late.status_code == 409
    assert "Someone changed this draft" in late.text
    assert "First" in late.text
    assert "Second" in late.text
    assert writer.framework.criteria[3].title == "First"
    assert writer.client.post(path, data={**old, "title": "Second", "version": "2"}).status_code == 302


def test_no_text_in_any_field_is_a_fault(writer: Writer) -> None:
    chance = random.Random("frameworks")  # noqa: S311 -- repeatable
    forms = {
        "whole": ("title", "summary", "minimum", "passages", "version"),
        "criteria": ("id", "title", "minimum", "version"),
        "criteria/needs/indicators": (
            "id",
            "points",
            "least",
            "scale",
            "computed",
            "passages",
            "waits_for",
            "passes_at",
        ),
        "weights/criteria/direct": ("n-needs", "n-nowhere", "version"),
        "weights/criteria/ahp": ("c-safeguards--needs", "take"),
        "thresholds/NE1": ("points", "version"),
        "publish": ("note", "version"),
    }
    for path, fields in forms.items():
        data: dict[str, Any] = dict(INDICATOR) if "indicators" in path else {}
        for field in fields:
            for text in chance.sample(BAD, 2):
                step = chance.choice(("show", "save"))
                response = writer.send(f"{writer.path}/{path}", {**data, field: text, step: "1"}, form=writer.path)
                assert response.status_code < 500, (path, field, text)
    for text in BAD:
        assert writer.send("/frameworks/import", {"text": text}).status_code < 500, text
