"""The words and signs that stand beside figures: currencies, and the scales of several countries."""

import unicodedata
from decimal import Decimal

CURRENCY_CODES = frozenset({
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC",
    "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS",
    "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD",
    "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
    "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD",
    "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD",
    "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP",
    "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES",
    "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
})  # fmt: skip
"""Currencies in use: ISO 4217, list one (SIX, 2025), without funds, metals and test codes. ANG and BGN, withdrawn in
2025 and 2026, still stand in files."""

_ENGLISH_WORDS = frozenset({"ALL", "CUP", "MOP", "PEN", "SOS", "TOP"})
"""Codes that are words as well: they count only in capitals."""

CURRENCY_WORDS: dict[str, str | None] = {
    # Signs that several countries share name no currency.
    "$": None, "¥": None, "￥": None, "rs": None, "rs.": None, "kr": None, "kr.": None, "fr.": None, "元": None,
    "us$": "USD", "a$": "AUD", "c$": "CAD", "s$": "SGD", "hk$": "HKD", "nt$": "TWD", "nz$": "NZD", "r$": "BRL",
    "€": "EUR", "£": "GBP", "₩": "KRW", "￦": "KRW", "₹": "INR", "₫": "VND", "฿": "THB", "₱": "PHP", "₺": "TRY",
    "₽": "RUB", "₪": "ILS", "₴": "UAH", "₦": "NGN", "₸": "KZT", "₮": "MNT", "৳": "BDT", "៛": "KHR", "₭": "LAK",
    "rp": "IDR", "rp.": "IDR", "rm": "MYR", "zł": "PLN", "dollar": None, "dollars": None, "euro": "EUR", "euros": "EUR",
    "won": "KRW", "원": "KRW", "달러": "USD", "yen": "JPY", "円": "JPY", "yuan": "CNY", "rmb": "CNY", "人民币": "CNY",
    "đồng": "VND", "dong": "VND", "đ": "VND", "vnđ": "VND", "baht": "THB", "บาท": "THB", "rupiah": "IDR",
    "rupee": None, "rupees": None, "रुपये": None, "रुपया": None, "रु": None, "रु.": None, "peso": None, "pesos": None,
    "ringgit": "MYR", "franken": "CHF", "taka": "BDT",
}  # fmt: skip

SHARED_SIGNS = {
    "$": frozenset({"USD", "AUD", "CAD", "SGD", "HKD", "TWD", "NZD", "MXN", "CLP", "COP", "ARS", "BRL", "BND", "FJD"}),
    "¥": frozenset({"JPY", "CNY"}),
}
"""Signs that name no currency by themselves, and the currencies that they may mean."""

_THOUSAND, _LAKH, _MILLION, _CRORE, _BILLION = (Decimal(10) ** power for power in (3, 5, 6, 7, 9))
_TRILLION = Decimal(10) ** 12

_SCALES: dict[str, Decimal] = {
    "thousand": _THOUSAND, "thousands": _THOUSAND, "'000": _THOUSAND, "'000s": _THOUSAND, "000": _THOUSAND,
    "000s": _THOUSAND, "k": _THOUSAND, "tsd": _THOUSAND, "tsd.": _THOUSAND, "천": _THOUSAND, "千": _THOUSAND,
    "nghìn": _THOUSAND, "ngàn": _THOUSAND, "ribu": _THOUSAND, "พัน": _THOUSAND, "हज़ार": _THOUSAND, "हजार": _THOUSAND,
    "만": Decimal(10) ** 4, "万": Decimal(10) ** 4, "萬": Decimal(10) ** 4, "หมื่น": Decimal(10) ** 4,
    "lakh": _LAKH, "lakhs": _LAKH, "lac": _LAKH, "lacs": _LAKH, "लाख": _LAKH, "십만": _LAKH, "แสน": _LAKH,
    "million": _MILLION, "millions": _MILLION, "mn": _MILLION, "mln": _MILLION, "mio": _MILLION, "mio.": _MILLION,
    "mil": _MILLION, "mil.": _MILLION, "m": _MILLION, "mm": _MILLION, "백만": _MILLION, "百万": _MILLION,
    "triệu": _MILLION, "trieu": _MILLION, "juta": _MILLION, "jt": _MILLION, "ล้าน": _MILLION,
    "crore": _CRORE, "crores": _CRORE, "cr": _CRORE, "cr.": _CRORE, "करोड़": _CRORE,
    "천만": _CRORE, "千万": _CRORE, "สิบล้าน": _CRORE,
    "억": Decimal(10) ** 8, "億": Decimal(10) ** 8, "亿": Decimal(10) ** 8, "ร้อยล้าน": Decimal(10) ** 8,
    "billion": _BILLION, "billions": _BILLION, "bn": _BILLION, "bln": _BILLION, "b": _BILLION, "mrd": _BILLION,
    "md": _BILLION, "mds": _BILLION, "mia": _BILLION, "mia.": _BILLION, "milliard": _BILLION, "milliards": _BILLION,
    "milliarden": _BILLION, "millionen": _MILLION, "tausend": _THOUSAND, "milliers": _THOUSAND,
    "mrd.": _BILLION, "십억": _BILLION, "十億": _BILLION, "tỷ": _BILLION, "tỉ": _BILLION, "ty": _BILLION,
    "miliar": _BILLION, "milyar": _BILLION, "พันล้าน": _BILLION, "अरब": _BILLION, "백억": Decimal(10) ** 10,
    "천억": Decimal(10) ** 11, "trillion": _TRILLION, "tn": _TRILLION, "trn": _TRILLION, "조": _TRILLION,
    "兆": _TRILLION, "triliun": _TRILLION, "lakh crore": _TRILLION, "nghìn tỷ": _TRILLION, "ล้านล้าน": _TRILLION,
}  # fmt: skip

# Normalised because a composed letter such as ड़ is stored in two code points (NFC).
SCALE_WORDS = {unicodedata.normalize("NFC", word): scale for word, scale in _SCALES.items()}


def currency_of(word: str) -> tuple[bool, str | None]:
    """Whether the word stands for a currency, and its code where only one currency bears it."""
    code = word.upper()
    if code in CURRENCY_CODES and (word == code or code not in _ENGLISH_WORDS):
        return True, code
    folded = word.casefold()
    return folded in CURRENCY_WORDS, CURRENCY_WORDS.get(folded)
