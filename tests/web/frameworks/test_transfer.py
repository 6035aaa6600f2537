"""An indicator that moves to another criterion in the browser: its weights are shown before it is saved."""

import re

import pytest

from scoring.frameworks.changes import ChangeKind, kind_of_change
from tests.web.frameworks.writing import INDICATOR, Writer, plain


def test_the_weights_are_shown_and_then_saved(writer: Writer) -> None:
    path = f"{writer.path}/indicators/NE4/criterion"
    before = writer.framework
    assert f"{path}" in writer.client.get(writer.path).text
    shown = writer.send(path, {"to": "safeguards", "weight": "20", "show": "1"})
    assert shown.status_code == 200
    assert "NE4 would stand under Data safeguards" in shown.text
    row = re.search(r"NE4 · .*?</tr>", shown.text, re.DOTALL)
    assert row is not None
    weights = re.findall(r'data-label="(?:Now|Then), %">([\d.]+)<', row[0])
    now, then = (criterion.weight for criterion in (before.criteria[3], before.criteria[1]))
    own = next(item.weight for item in before.criteria[3].indicators if item.id == "NE4")
    assert [float(text) for text in weights] == pytest.approx([100 * now * own, 100 * then * 0.2], abs=0.06)
    assert writer.row.version == 1  # nothing is stored by showing
    moved = writer.send(path, {"to": "safeguards", "weight": "20", "save": "1"})
    assert moved.headers["Location"].endswith("#safeguards")
    after = writer.framework
    assert [item.weight for item in after.criteria] == [item.weight for item in before.criteria]
    there = after.criteria[1].indicators[-1]
    assert (there.id, there.criterion, there.weight) == ("NE4", "safeguards", 0.2)
    assert kind_of_change(before, after).kind is ChangeKind.WEIGHTS  # no score falls away


def test_a_move_that_cannot_be_is_refused_at_its_field(writer: Writer) -> None:
    path = f"{writer.path}/indicators/NE4/criterion"
    for sent, said, place in (
        ({"to": ""}, "Choose the criterion it moves to.", "to"),
        ({"to": "nowhere"}, "Not a valid choice", "to"),
        ({"to": "safeguards", "weight": "101"}, "The number cannot be more than 100.", "weight"),
        ({"to": "safeguards", "weight": "some"}, "“some”", "weight"),
    ):
        refused = writer.send(path, {"weight": "12", **sent, "save": "1"})
        assert refused.status_code == 422, sent
        assert said in plain(refused.text), sent
        assert f'href="#{place}' in refused.text, sent
    assert writer.row.version == 1
    assert writer.client.get(f"{writer.path}/indicators/ZZ/criterion").status_code == 404


def test_the_last_of_a_criterion_stays_where_its_weight_is(writer: Writer) -> None:
    writer.send(f"{writer.path}/criteria", {"id": "fifth", "title": "Fifth", "question": "Why?"})
    writer.send(f"{writer.path}/criteria/fifth/indicators", INDICATOR)
    names = [item.id for item in writer.framework.criteria]
    given = dict(zip([f"n-{name}" for name in names], ("30", "30", "20", "10", "10"), strict=True))
    assert writer.send(f"{writer.path}/weights/criteria/direct", {**given, "save": "1"}).status_code == 302
    path = f"{writer.path}/indicators/NE11/criterion"
    refused = writer.send(path, {"to": "needs", "weight": "5", "save": "1"})
    assert refused.status_code == 422
    assert "NE11 carries all of the weight of Fifth: give some to another first." in refused.text
    assert 'href="#to' in refused.text
    assert 'value="5"' in refused.text


def test_a_draft_that_changed_meanwhile_is_shown_again(writer: Writer) -> None:
    path = f"{writer.path}/indicators/NE4/criterion"
    old = writer.values(path)
    page = f"{writer.path}/criteria/needs"
    writer.client.post(page, data={**writer.values(page), "title": "First"})
    late = writer.client.post(path, data={**old, "to": "safeguards", "weight": "20", "save": "1"})
    assert late.status_code == 409
    assert 'value="20"' in late.text
    assert writer.row.version == 2
