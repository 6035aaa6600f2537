"""The economic settings of a draft in the browser: in per cent and lines, each mistake at its field."""

from scoring.frameworks.changes import ChangeKind, kind_of_change
from tests.web.frameworks.writing import Writer, plain

REFUSALS = (
    ("social_rate", "", "Enter a number for Social discount rate, %."),
    ("social_rate", "nine", "“nine”"),
    ("social_rate", "9%", "is a percentage: enter the plain number"),
    ("social_rate", "-100", "The number cannot be less than -99."),
    ("financial_rate", "2000", "The number cannot be more than 1000."),
    ("hurdles", "3.5\nabout 4", "“about 4” is not a rate in per cent"),
    ("hurdles", "3.5\n1001", "1001 is not between -99% and 1000%."),
    ("standard_conversion_factor", "0", "Must be above 0 and at most 1000."),
    ("shadow_exchange_rate", "1.2", "Corrects a second time what the conversion factor corrects already"),
    ("aversion", "-1", "The number cannot be less than 0."),
    ("programme_budget", "0", "Must be above 0."),
    ("income_groups", "", "Enter at least one group with its income."),
    ("income_groups", "q1 = 0.5\nq1 = 0.6", "one that has a line already"),
    ("income_groups", "q1 = 0", "“q1 = 0”: an income is above 0."),
    ("income_groups", "q1 0.5", "“q1 0.5” is not “group = income”"),
    ("carbon_prices", "central = 75", "is not “path year = price”"),
    ("carbon_prices", "central 2030 = 75\ncentral 2030 = 80", "has its price already"),
    ("carbon_prices", "central 2030 = -1", "“central 2030 = -1”: a price is 0 or more."),
    ("carbon_path", "none such", "There are no prices for none such."),
    ("carbon_price_year", "20.5", "“20.5” is not a year."),
    ("target_dscr", "", "Enter a number for Debt cover asked for."),
)


def test_every_setting_is_changed_and_counts_again(writer: Writer) -> None:
    path = f"{writer.path}/economics"
    before = writer.framework
    sent = {
        **writer.values(path),
        "social_rate": "7.5",
        "hurdles": "3\n12.25",
        "income_groups": "poor = 0.4\nothers = 1.2",
        "carbon_prices": "central 2030 = 75\ncentral 2040 = 90.5",
        "programme_budget": "1,000,000,000",
        "carbon_price_year": "2024",
        "aversion": "1.5",
    }
    assert writer.client.post(path, data=sent).status_code == 302
    held = writer.framework.economics
    assert (held.social_rate, held.hurdles, held.aversion) == (0.075, (0.03, 0.1225), 1.5)
    assert held.income_groups == {"poor": 0.4, "others": 1.2}
    assert held.carbon_prices == {"central": {2030: 75.0, 2040: 90.5}}
    assert (held.programme_budget, held.carbon_price_year) == (1e9, 2024)
    assert kind_of_change(before, writer.framework).kind is ChangeKind.WEIGHTS
    assert writer.client.post(path, data={**writer.values(path), "programme_budget": ""}).status_code == 302
    assert writer.framework.economics.programme_budget is None
    assert "7.5" in writer.client.get(path).text


def test_each_mistake_is_said_at_its_field_and_nothing_typed_is_lost(writer: Writer) -> None:
    path = f"{writer.path}/economics"
    values = writer.values(path)
    for field, text, said in REFUSALS:
        response = writer.client.post(path, data={**values, "beta": "0.85", field: text})
        assert response.status_code == 422, (field, text)
        assert said in plain(response.text), (field, text)
        assert f'href="#{field}' in response.text, (field, text)
        assert 'value="0.85"' in response.text
    assert writer.row.version == 1


def test_somebody_else_s_change_is_shown(writer: Writer) -> None:
    path = f"{writer.path}/economics"
    old = writer.values(path)
    assert writer.client.post(path, data={**old, "beta": "1.1"}).status_code == 302
    late = writer.client.post(path, data={**old, "beta": "1.2"})
    assert late.status_code == 409
    assert "1.1" in late.text
    assert writer.framework.economics.beta == 1.1
