"""Conversion between currencies with the framework's stored exchange rates (METHOD 1)."""

from scoring.frameworks.framework import Framework


def per_unit(framework: Framework, currency: str) -> float | None:
    """Units of the framework's currency for one unit of `currency`; None where the framework has no rate."""
    if currency == framework.currency:
        return 1.0
    rates = (rate.per_unit for rate in framework.exchange_rates if rate.currency == currency)
    return next(rates, None)
