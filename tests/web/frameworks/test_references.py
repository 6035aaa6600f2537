"""Exchange rates, places and stated ranges of a draft in the browser: as lines, each mistake at its field."""

from scoring.frameworks import ExchangeRate
from scoring.frameworks.changes import ChangeKind, kind_of_change
from tests.web.frameworks.writing import Writer, plain

RATE = "AUD = 0.66 | 2023 | published | The bank's table"
REFUSALS = (
    ("exchange_rates", "AUD 0.66", "“AUD 0.66” is not “AUD = 0.66 | 2023 | published | where it stands”."),
    ("exchange_rates", "AUD = 0.66 | 2023 | published |", "is not “AUD = 0.66"),
    ("exchange_rates", "Aud = 0.66 | 2023 | published | A", "a currency is three capital letters"),
    ("exchange_rates", "AUD = 0 | 2023 | published | A", "“0” is not a rate above 0."),
    ("exchange_rates", "AUD = much | 2023 | published | A", "“much” is not a rate above 0."),
    ("exchange_rates", "AUD = 0.66 | soon | published | A", "“soon” is not a year"),
    ("exchange_rates", "AUD = 0.66 | 2023 | rumoured | A", "“rumoured” is not one of published, secondary, default."),
    ("exchange_rates", f"{RATE}\n{RATE}", "AUD has a line already."),
    ("exchange_rates", "USD = 1 | 2023 | published | A", "USD is the framework's own."),
    ("places", "south", "“south” is not “key = title: city; city”."),
    ("places", "the south = The south: Busan", "a key has letters, digits and hyphens"),
    ("places", "a = A: Busan\na = B: Ulsan", "a has a line already."),
    ("places", "a = A: Busan\nb = B: busan", "busan stands in a already."),
    ("ranges", "green = 10 to 20", "names no criterion: bankability, safeguards, inclusiveness, needs."),
    ("ranges", "south needs = 10 to 20", "names no place that stands above."),
    ("ranges", "needs = 10", "is not “criterion = 30 to 40”"),
    ("ranges", "needs = 30 to 20", "a range lies between 0 and 100, the lower number first."),
    ("ranges", "needs = 10 to 30\nneeds = 20 to 30", "needs has a range already."),
    ("ranges", "needs = 30 to 40", "The weight 0.25 is not between 0.3 and 0.4."),
)


def test_rates_and_places_are_changed_and_count_again(writer: Writer) -> None:
    path = f"{writer.path}/references"
    before = writer.framework
    sent = {
        **writer.values(path),
        "exchange_rates": f"{RATE}\nKRW = 0.00076570978 | 2023-06-30 | secondary | A | B",
        "places": "south = The south: Busan; Ulsan",
        "ranges": "needs = 20 to 30\nsouth needs = 25 to 32.5",
    }
    assert writer.client.post(path, data=sent).status_code == 302
    held = writer.framework
    assert held.exchange_rates == (
        ExchangeRate(currency="AUD", per_unit=0.66, date="2023", source="The bank's table", status="published"),
        ExchangeRate(currency="KRW", per_unit=0.00076570978, date="2023-06-30", source="A | B", status="secondary"),
    )
    (place,) = held.places
    assert (place.key, place.title, place.cities) == ("south", "The south", ("Busan", "Ulsan"))
    assert place.weights == {criterion.id: criterion.weight for criterion in before.criteria}
    assert (place.ranges, held.criteria[3].weight_range) == ({"needs": (0.25, 0.325)}, (0.2, 0.3))
    assert kind_of_change(before, held).kind is ChangeKind.WEIGHTS
    gone = {**writer.values(path), "exchange_rates": "", "places": "", "ranges": ""}
    assert writer.client.post(path, data=gone).status_code == 302
    assert (writer.framework.exchange_rates, writer.framework.places) == ((), ())


def test_each_mistake_is_said_at_its_field_and_nothing_typed_is_lost(writer: Writer) -> None:
    path = f"{writer.path}/references"
    values = writer.values(path)
    for field, text, said in REFUSALS:
        response = writer.client.post(path, data={**values, field: text})
        assert response.status_code == 422, (field, text)
        assert said in plain(response.text), (field, text)
        assert f'href="#{field}' in response.text, (field, text)
        assert text in plain(response.text).replace("\r\n", "\n"), (field, text)
    assert writer.row.version == 1


def test_somebody_else_s_change_of_them_is_shown(writer: Writer) -> None:
    path = f"{writer.path}/references"
    old = writer.values(path)
    assert writer.client.post(path, data={**old, "exchange_rates": RATE}).status_code == 302
    late = writer.client.post(path, data={**old, "exchange_rates": ""})
    assert late.status_code == 409
    assert RATE in plain(late.text)
    assert [rate.currency for rate in writer.framework.exchange_rates] == ["AUD"]
