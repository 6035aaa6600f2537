"""Weights of a draft: as percentages, as swings, compared in pairs; what does not add up is refused at its place."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import FrameworkVersion
from tests.web.frameworks.writing import Writer


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
