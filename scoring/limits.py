"""The limits of every input, stated once: forms show and enforce them, the project file's schema is built from them."""

from decimal import Decimal

MAX_AMOUNT = Decimal(10) ** 15
"""Largest magnitude of one amount, in the project's unit."""
MAX_AMOUNT_DECIMALS = 6
MIN_YEAR, MAX_YEAR = 1900, 2200
"""Of a first year or a price year."""
MAX_PERIODS = 480
LAST_YEAR = MAX_YEAR + MAX_PERIODS - 1
"""The last year that any cash flow can reach."""
MAX_LINES = 200
MAX_DRIVERS = 60
MAX_EVENTS = 100
MAX_TRANCHES = 20
MAX_MITIGATIONS = 100
MAX_TYPES = 20
MAX_PARTNERS = 100
MAX_HURDLES = 10
MAX_OPTIONS = 10
MAX_WAIT_YEARS = 30
"""Longest wait of an option to delay."""

MIN_RATE, MAX_RATE = -0.99, 10.0
"""Rates are fractions a year; at or below -1 nothing can be discounted."""
MAX_FACTOR = 1000.0
"""Largest driver factor, conversion factor or similar multiplier."""
MAX_DELAY_YEARS = 100.0
MAX_BENEFIT_BIAS = 0.5
"""Largest optimism bias of benefits; who expects more of them to fall away states a driver."""

MAX_NAME = 200
MAX_REFERENCE = 40
MAX_SUMMARY = 2000
MAX_REASON = 4000
MAX_SOURCE = 500

MIN_DRAWS, DEFAULT_DRAWS, MAX_DRAWS = 100, 10_000, 1_000_000
MAX_SEED = 2**63 - 1
UNITS = (1, 1_000, 1_000_000)
MIN_REASON_WORDS, MAX_REASON_WORDS = 20, 300
"""Length of the reason an appraiser gives for a score."""
MAX_DECLARATION = 2000
