"""The economic settings of a draft: shown in per cent and lines, stored as the framework keeps them."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from appraisal.services.framework_drafts import Draft
from appraisal.web.frameworks.drafts import opened, outcome_of, page
from forms.frameworks.economics import PER_CENT, EconomicsForm
from scoring.frameworks import Economics, Framework

RATES = (
    "financial_rate",
    "social_rate",
    "social_rate_concessional",
    "finance_rate",
    "reinvestment_rate",
    "risk_free_rate",
    "equity_premium",
    "country_premium",
)
NUMBERS = (
    "standard_conversion_factor",
    "shadow_exchange_rate",
    "shadow_wage_factor",
    "welfare_epsilon",
    "aversion",
    "beta",
    "target_dscr",
)
ALONE = ("income_groups", "carbon_path", "programme_budget")
"""Fields whose own rules can be broken as well."""


def economics(draft_id: UUID) -> ResponseReturnValue:
    shown = opened(draft_id)
    values = _values(shown)
    form = EconomicsForm(data=values)
    outcome = outcome_of(
        shown,
        form,
        lambda: EconomicsForm(formdata=None, data=values),
        lambda framework: replace(framework, economics=_from(form, framework)),
        part="economics",
        fields={f"economics.{name}": name for name in (*RATES, *NUMBERS, *ALONE)},
    )
    if outcome.saved:
        return redirect(url_for(".economics", draft_id=draft_id))
    return page("economics.html", shown, "economics", outcome.status, form=form, outcome=outcome)


def _values(shown: Draft) -> dict[str, str]:
    held = shown.framework.economics
    prices = ((path, year, price) for path, row in held.carbon_prices.items() for year, price in row.items())
    return {
        "version": str(shown.version),
        **{name: per_cent(getattr(held, name)) for name in RATES},
        **{name: plain(getattr(held, name)) for name in NUMBERS},
        "hurdles": "\n".join(map(per_cent, held.hurdles)),
        "income_groups": "\n".join(f"{name} = {plain(income)}" for name, income in held.income_groups.items()),
        "carbon_prices": "\n".join(f"{path} {year} = {plain(price)}" for path, year, price in prices),
        "carbon_path": held.carbon_path,
        "carbon_currency": held.carbon_currency,
        "carbon_price_year": "" if held.carbon_price_year is None else str(held.carbon_price_year),
        "programme_budget": "" if held.programme_budget is None else plain(held.programme_budget),
    }


def _from(form: EconomicsForm, framework: Framework) -> Economics:
    budget, year = form.programme_budget.number, form.carbon_price_year.number
    return replace(
        framework.economics,
        **{name: form[name].fraction for name in RATES},
        **{name: float(form[name].number) for name in NUMBERS},
        hurdles=form.hurdles.fractions,
        income_groups=form.income_groups.incomes,
        carbon_prices=form.carbon_prices.prices,
        carbon_path=form.carbon_path.data or "",
        carbon_currency=form.carbon_currency.data or "",
        carbon_price_year=None if year is None else int(year),
        programme_budget=None if budget is None else float(budget),
    )


def per_cent(rate: float) -> str:
    return plain(Decimal(repr(rate)) * PER_CENT)


def plain(number: float | Decimal) -> str:
    """All its digits, and no exponent."""
    text = format(number if isinstance(number, Decimal) else Decimal(repr(number)), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
