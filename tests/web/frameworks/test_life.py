"""A framework imported, tried, published, retired (journey 8, F1, F5 and F6)."""

import io
import json
import re

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import FrameworkVersion, Round
from appraisal.services.frameworks import framework_from
from tests.web.frameworks.writing import Writer, appraised, opened
from tests.web.people import token


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
    assert "version 4" in page
    assert "A least total, since the council asks for one." in page
    assert writer.client.get(writer.path).status_code == 404
    with sessions() as session:
        row = session.scalars(select(FrameworkVersion).where(FrameworkVersion.version == 4)).one()
        assert (row.key, row.parent, framework_from(row.document).minimum) == (
            "smart-city-brief-2021",
            "smart-city-brief-2021@3",
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


def test_a_draft_is_tried_on_what_is_appraised(writer: Writer, sessions: sessionmaker[Session]) -> None:
    path = f"{writer.path}/trial"
    assert "No project is appraised yet" in writer.client.get(f"{path}?run=1").text
    appraised(sessions)
    assert "Who moves" not in writer.client.get(path).text  # nothing is computed unasked
    page = writer.client.get(f"{path}?run=1").text
    assert re.search(r'among these alone. The <a href="/portfolio">ranked list</a> of the open round', page)
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
