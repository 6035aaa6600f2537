"""An amount said back in full and in words, so that a wrong unit is seen: KRW 12,500,000,000 = 12.5 billion, 125억."""

from decimal import Decimal

Scales = tuple[tuple[int, str], ...]
"""(size, word), the largest first; the word with the space that parts it from its figure."""
WORDS: Scales = ((10**12, " trillion"), (10**9, " billion"), (10**6, " million"), (10**3, " thousand"))
LOCAL: dict[str, Scales] = {
    "KRW": ((10**12, "조"), (10**8, "억"), (10**4, "만")),
    "JPY": ((10**12, "兆"), (10**8, "億"), (10**4, "万")),
    "TWD": ((10**12, "兆"), (10**8, "億"), (10**4, "萬")),
    "CNY": ((10**8, "亿"), (10**4, "万")),
    "INR": ((10**7, " crore"), (10**5, " lakh")),
    "VND": ((10**9, " tỷ"), (10**6, " triệu")),
    "IDR": ((10**12, " triliun"), (10**9, " miliar"), (10**6, " juta")),
    "THB": ((10**6, " ล้าน"),),
}
"""How people count the currency at home."""
_DECIMALS = Decimal("0.001")


def scales_of(currency: str) -> tuple[Scales, ...]:
    """The words to say an amount of this currency in, one reading each."""
    return (WORDS, LOCAL[currency]) if currency in LOCAL else (WORDS,)


def echo(amount: Decimal, currency: str, unit: int = 1) -> str:
    """The amount, given in `unit` units, in full and in words; "about" where three decimals do not carry it.

    Amounts below a thousand are their own words.
    """
    full = amount * unit
    said = [words for scales in scales_of(currency) if (words := _said(full, scales))]
    return f"{currency} {_plain(full)}{' = ' if said else ''}{', '.join(said)}"


def _said(full: Decimal, scales: Scales) -> str:
    for size, word in scales:
        if abs(full) >= size:
            scaled = full / size
            short = scaled.quantize(_DECIMALS)
            return f"{'' if short == scaled else 'about '}{_plain(short)}{word}"
    return ""


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")
