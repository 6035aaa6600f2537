"""Frameworks in the browser: read by everyone, written by administrators, nothing lost on the way (journey 8)."""

import io
import json
import random
import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Answer, AppraisalRun, FrameworkDraft, FrameworkVersion, Role, Round, Submission
from appraisal.policy import OPERATOR
from appraisal.services import appraising, frameworks, registration, rounds
from appraisal.services.frameworks import framework_from
from scoring.frameworks import Framework, load_framework
from tests import factories
from tests.web.people import signed_in_as, token
from tests.web.test_hostile_posts import BAD

INDICATOR = {
    "id": "NE11",
    "title": "Ratio <b>",
    "question": "How much for how much?",
    "scale": "computed",
    "computed": "figure:benefit-cost-ratio",
    "points": "0 = 0\n1 = 2\n2 = 4",
    **{f"level_{level}": f"Level {level} in words." for level in range(5)},
    "evidence": "Cash flows",
    "standard": "None",
    "status": "default",
    "passes_at": "2",
    "gate_for": "always",
    "waits_for": "",
    "waits_least": "0",
    "waits_most": "4",
}


class Writer:
    """An administrator with a draft of the built-in framework's next version."""

    def __init__(self, client: FlaskClient, sessions: sessionmaker[Session]) -> None:
        self.client, self.sessions = client, sessions
        with sessions.begin() as session:
            self.parent = frameworks.published_built_in(session, OPERATOR).id
        made = self.send(f"/frameworks/versions/{self.parent}/clone", {"title": "Ours", "kind": "next"})
        self.id = UUID(made.headers["Location"].rsplit("/", 1)[1])
        self.path = f"/frameworks/drafts/{self.id}"

    def send(self, path: str, data: dict[str, Any], form: str | None = None) -> TestResponse:
        page = self.client.get(form or path).text
        hidden = dict(re.findall(r'<input[^>]*name="(version|draft|expected)"[^>]*value="([^"]*)"', page))
        return self.client.post(path, data={**hidden, "csrf_token": token(self.client, form or path), **data})

    @property
    def row(self) -> FrameworkDraft:
        with self.sessions() as session:
            return session.get_one(FrameworkDraft, self.id)

    @property
    def framework(self) -> Framework:
        return framework_from(self.row.document)

    def values(self, path: str) -> dict[str, Any]:
        """What the form at the path holds, as a browser would send it back."""
        page = self.client.get(path).text
        values: dict[str, Any] = {}
        for tag in re.findall(r"<input[^>]*>", page):
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and ("checked" in tag or ("radio" not in tag and "checkbox" not in tag)):
                values[name[1]] = _plain(value[1] if value else "")
        for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
            values[name] = _plain(text.lstrip("\r\n"))
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
            chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]*selected', options)
            values[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]  # type: ignore[index]
        return values


def _plain(text: str) -> str:
    for code, mark in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(code, mark)
    return text


@pytest.fixture
def writer(app: Flask, sessions: sessionmaker[Session]) -> Writer:
    return Writer(signed_in_as(app, sessions, Role.ADMIN)[0], sessions)


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
        assert said in _plain(response.text), (field, value)
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


def test_percentages_must_sum_and_the_effective_weights_are_printed(writer: Writer) -> None:
    path = f"{writer.path}/weights/criteria/direct"
    names = [item.id for item in writer.framework.criteria]
    wrong = writer.send(
        path, dict(zip([f"n-{name}" for name in names], ("40", "30", "20", "5"), strict=True)) | {"save": "1"}
    )
    assert wrong.status_code == 422
    assert "The weights sum to 95, not to 100: 5 missing." in wrong.text
    assert 'value="40"' in wrong.text
    negative = writer.send(path, {f"n-{name}": "-1" for name in names} | {"save": "1"})
    assert "cannot be less than 0" in negative.text
    empty = writer.send(path, {f"n-{name}": "" for name in names} | {"save": "1"})
    assert "Enter a number for Bankability." in empty.text
    right = dict(zip([f"n-{name}" for name in names], ("40", "30", "20", "10"), strict=True))
    shown = writer.send(path, {**right, "show": "1"})
    assert shown.status_code == 200
    assert re.search(r"BK1 · .*?<td class=\"num small\">4</td>", shown.text, re.DOTALL)  # 40% of a tenth
    assert writer.row.version == 1  # nothing is stored by showing
    assert writer.send(path, {**right, "save": "1"}).status_code == 302
    assert [item.weight for item in writer.framework.criteria] == [0.4, 0.3, 0.2, 0.1]


def test_swings_give_weights_in_proportion(writer: Writer) -> None:
    path = f"{writer.path}/weights/criteria/swing"
    names = [f"n-{item.id}" for item in writer.framework.criteria]
    assert "Give at least one swing some points." in writer.send(path, dict.fromkeys(names, "0") | {"save": "1"}).text
    assert writer.send(path, dict(zip(names, ("100", "50", "50", "0"), strict=True)) | {"save": "1"}).status_code == 302
    assert [item.weight for item in writer.framework.criteria] == [0.5, 0.25, 0.25, 0]
    assert 'value="100"' in writer.client.get(path).text


def test_pairs_must_be_complete_and_the_costly_one_is_offered(writer: Writer) -> None:
    path = f"{writer.path}/weights/criteria/ahp"
    names = [item.id for item in writer.framework.criteria]
    cells = {f"c-{first}--{second}": "" for at, first in enumerate(names) for second in names[at + 1 :]}
    open_cell = writer.send(path, {**dict.fromkeys(cells, "1"), "c-safeguards--needs": "", "save": "1"})
    assert open_cell.status_code == 422
    assert 'href="#c-safeguards--needs' in open_cell.text
    assert "Compare Data safeguards with Infrastructure need." in open_cell.text
    contrary = dict.fromkeys(cells, "1") | {
        "c-bankability--safeguards": "9",
        "c-safeguards--inclusiveness": "9",
        "c-bankability--inclusiveness": "1/9",
    }
    shown = writer.send(path, {**contrary, "show": "1"})
    assert "contradict each other" in shown.text
    assert "One comparison costs most." in shown.text
    offer = re.search(r'name="take" value="([^"]+)"', shown.text)
    assert offer is not None
    taken = writer.send(path, {**contrary, "take": offer[1]})
    ratios = [float(re.search(r"Consistency ratio (\d\.\d\d)", page.text)[1]) for page in (shown, taken)]  # type: ignore[index]
    assert ratios[1] < ratios[0]
    assert writer.row.version == 1  # an offer is never put in by itself
    assert writer.send(path, {**contrary, "save": "1"}).status_code == 302  # and never forced
    stored = writer.framework
    assert stored.weighting is not None
    assert len(stored.weighting.comparisons) == 6
    assert sum(item.weight for item in stored.criteria) == pytest.approx(1)


def test_more_than_eight_are_not_compared_in_pairs(writer: Writer) -> None:
    page = writer.client.get(f"{writer.path}/weights/bankability/ahp").text
    assert "10 things are too many to compare" in page
    assert writer.client.get(f"{writer.path}/weights/bankability/guess").status_code == 404
    assert writer.client.get(f"{writer.path}/weights/nowhere/direct").status_code == 404


def test_a_weight_outside_its_published_range_is_refused_at_its_field(
    sessions: sessionmaker[Session], writer: Writer
) -> None:
    writer.send("/frameworks/built-in/korea-preliminary-feasibility-2019", {}, form="/frameworks")
    with sessions() as session:
        korean = session.scalars(select(FrameworkVersion).where(FrameworkVersion.key.startswith("korea"))).one()
    made = writer.send(f"/frameworks/versions/{korean.id}/clone", {"title": "K", "kind": "next"}).headers["Location"]
    page = writer.client.get(f"/frameworks/versions/{korean.id}").text
    assert "Everywhere else" in page
    assert "The capital area" in page
    path = f"{made}/weights/criteria/direct"
    sent = {"n-economic": "50", "n-policy": "25", "n-regional-balance": "25", "save": "1"}
    response = writer.send(path, sent)
    assert response.status_code == 422
    assert 'href="#n-economic' in response.text
    place = f"{made}/weights/place:capital-area/direct"
    assert (
        writer.send(place, {**sent, "n-economic": "70", "n-policy": "30", "n-regional-balance": "0"}).status_code == 302
    )


def test_a_file_is_imported_or_refused_with_every_path(writer: Writer) -> None:
    text = writer.client.get(f"{writer.path}/framework.json").text
    made = writer.send("/frameworks/import", {"text": text})
    assert made.status_code == 302
    assert writer.client.get(made.headers["Location"]).status_code == 200
    broken = json.loads(text)
    broken["criteria"][0]["indicators"][2]["levels"][1] = ""
    broken["criteria"][1]["weight"] = 0.5
    broken["colour"] = "<script>"
    refused = writer.send("/frameworks/import", {"text": json.dumps(broken)})
    assert refused.status_code == 422
    for said in ("criteria[0].indicators[2].levels[1]: needs its text.", "colour: is not a key", "must sum to 1"):
        assert said in refused.text
    assert "&lt;script&gt;" in refused.text  # what was pasted is still there
    for junk in ("{", "[]", "null", '{"key": 1e999}', "\x00", "{}"):
        assert writer.send("/frameworks/import", {"text": junk}).status_code == 422, junk
    assert writer.send("/frameworks/import", {"text": ""}).status_code == 422
    sent = {**writer.values("/frameworks/import"), "file": (io.BytesIO(text.encode()), "f.json")}
    assert writer.client.post("/frameworks/import", data=sent, content_type="multipart/form-data").status_code == 302


def test_publishing_locks_and_says_what_it_means(writer: Writer, sessions: sessionmaker[Session]) -> None:
    path = f"{writer.path}/publish"
    assert "Only words differ" in writer.client.get(path).text
    assert writer.send(path, {"note": ""}).status_code == 422
    writer.send(f"{writer.path}/whole", {**writer.values(f"{writer.path}/whole"), "minimum": "40"})
    assert "Weights or thresholds differ" in writer.client.get(path).text
    assert (
        writer.client.post(path, data={**writer.values(path), "version": "1", "note": "Kept note"}).status_code == 409
    )
    published = writer.send(path, {"note": "A least total, since the council asks for one."})
    assert published.status_code == 302
    page = writer.client.get(published.headers["Location"]).text
    assert "version 3" in page
    assert "A least total, since the council asks for one." in page
    assert writer.client.get(writer.path).status_code == 404
    with sessions() as session:
        row = session.scalars(select(FrameworkVersion).where(FrameworkVersion.version == 3)).one()
        assert (row.key, row.parent, framework_from(row.document).minimum) == (
            "smart-city-brief-2021",
            "smart-city-brief-2021@2",
            40,
        )


def test_an_incomplete_or_unchanged_draft_is_not_published(writer: Writer) -> None:
    path = f"{writer.path}/whole"
    writer.client.post(path, data={**writer.values(path), "title": "Smart-city brief 2021"})
    assert "Nothing differs" in writer.client.get(f"{writer.path}/publish").text
    data = {"csrf_token": token(writer.client, writer.path), "version": "2", "note": "x"}
    assert writer.client.post(f"{writer.path}/publish", data=data).status_code == 422
    writer.send(f"{writer.path}/criteria", {"id": "fifth", "title": "Fifth", "question": "Why?"})
    assert "Something is missing" in writer.client.get(f"{writer.path}/publish").text
    assert writer.client.post(f"{writer.path}/publish", data={**data, "version": "3"}).status_code == 422
    assert writer.send(f"{writer.path}/discard", {}, form=f"{writer.path}/publish").status_code == 302
    assert writer.client.get(writer.path).status_code == 404


def opened(sessions: sessionmaker[Session], framework: str = "") -> Round:
    with sessions() as session:
        return rounds.open_round(
            session,
            OPERATOR,
            name="Round 2027",
            place="Haneul",
            budget=Decimal(250_000),
            currency="AUD",
            unit=1000,
            price_year=2022,
            framework=framework,
        )


def appraised(sessions: sessionmaker[Session]) -> None:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Planners"))
    with sessions() as session:
        project = registration.register_project(session, planner, factories.published_project())
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=200)


def test_what_a_round_uses_is_not_retired(writer: Writer, sessions: sessionmaker[Session]) -> None:
    held = opened(sessions)
    version = f"/frameworks/versions/{writer.parent}"
    assert "1 round" in writer.client.get("/frameworks").text
    assert "cannot be retired while Round 2027 uses it" in writer.client.get(version).text
    refused = writer.send(f"{version}/retire", {}, form="/frameworks")
    assert refused.status_code == 422
    assert "in use by Round 2027" in refused.text
    with sessions.begin() as session:
        session.delete(session.get_one(Round, held.id))
    assert writer.send(f"{version}/retire", {}, form="/frameworks").status_code == 302
    page = writer.client.get("/frameworks").text
    assert "Retired" in page
    assert writer.send(f"{version}/reinstate", {}, form="/frameworks").status_code == 302


MOVES = {
    "wording": ({"whole": {"title": "Other words"}}, "Only words differ", True),
    "weights": ({"whole": {"minimum": "10"}}, "Weights or thresholds differ", False),
    "criteria": (
        {"criteria/needs/indicators": {**INDICATOR, "scale": "level", "computed": ""}},
        "36 indicators keep",
        False,
    ),
}


@pytest.mark.parametrize("kind", MOVES)
def test_a_round_is_moved_and_nothing_is_deleted(writer: Writer, sessions: sessionmaker[Session], kind: str) -> None:
    held = opened(sessions)
    appraised(sessions)
    before = _counted(sessions)
    edits, said, ranks_on = MOVES[kind]
    for part, values in edits.items():
        path = f"{writer.path}/{part}"
        known = writer.values(path) if part == "whole" else {}
        assert writer.send(path, {**known, **values}).status_code == 302
    if kind == "criteria":
        writer.send(f"{writer.path}/parts/NE1/remove", {}, form=writer.path)
    version = writer.send(f"{writer.path}/publish", {"note": "why"}).headers["Location"].rsplit("/", 1)[1]
    assert ">smart-city-brief-2021@2</a>" in writer.client.get("/frameworks/rounds").text
    assert f"/frameworks/rounds/{held.id}/{version}" in writer.client.get(f"/frameworks/rounds/{held.id}").text
    path = f"/frameworks/rounds/{held.id}/{version}"
    plan = writer.client.get(path).text
    assert said in plan
    if kind == "criteria":
        assert "A planner: 1 project" in plan
        assert "NE11" in plan
    stale = writer.client.post(path, data={**writer.values(path), "expected": str(UUID(int=1))})
    assert stale.status_code == 409
    assert writer.send(path, {}).status_code == 302
    assert _counted(sessions) == before
    portfolio = writer.client.get("/portfolio").text
    assert ("No project is appraised yet" not in portfolio) is ranks_on
    assert ("Appraise it" in portfolio) is not ranks_on
    assert ">smart-city-brief-2021@3</a>" in writer.client.get("/frameworks/rounds").text
    if not ranks_on:
        writer.send("/portfolio/appraise", {}, form="/portfolio")
        assert _counted(sessions)[AppraisalRun] == before[AppraisalRun] + 1
        assert "No project is appraised yet" not in writer.client.get("/portfolio").text


def _counted(sessions: sessionmaker[Session]) -> dict[type, int]:
    with sessions() as session:
        return {kind: len(session.scalars(select(kind)).all()) for kind in (Answer, AppraisalRun, Submission)}


def test_a_draft_is_tried_on_what_is_appraised(writer: Writer, sessions: sessionmaker[Session]) -> None:
    path = f"{writer.path}/trial"
    assert "No project is appraised yet" in writer.client.get(f"{path}?run=1").text
    appraised(sessions)
    assert "Who moves" not in writer.client.get(path).text  # nothing is computed unasked
    page = writer.client.get(f"{path}?run=1").text
    assert "0 of 1 projects would change places" in page
    assert "nothing was simulated" in page
    thresholds = writer.client.get(f"{writer.path}/thresholds/BK7").text
    assert "No project has a number for BK7 yet" in thresholds
    path = f"{writer.path}/thresholds/BK7"
    drawn = writer.send(path, {"points": "0 = 4\n50 = 0", "show": "1"})
    assert drawn.status_code == 200
    assert writer.row.version == 1
    assert writer.send(path, {"points": "0 = 4\n50 = 0", "save": "1"}).status_code == 302
    assert next(item.points for item in writer.framework.indicators if item.id == "BK7") == ((0, 4), (50, 0))
    assert writer.send(path, {"points": "50 = 4\n0 = 0", "save": "1"}).status_code == 422
    assert writer.client.get(f"{writer.path}/thresholds/BK1").status_code == 404


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
