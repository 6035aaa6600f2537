"""Texts that break what is not careful: for every field, and fifty for where a number is meant."""

import random

NUMBERS = (
    *("nan", "NaN", "Infinity", "-inf", "1e400", "1e308", "-1e-400", "10" * 2500, "9" * 400, "0x10", "0b1", "0o7"),
    *(
        "1_000",
        "１２",
        "١٢٣",
        "१२३",
        "1２",
        "²",
        "½",
        "Ⅷ",
        "1.234,56",
        "1,234.56",
        "1'234.56",
        "12,34,567.89",
        "\u22125",
    ),
    *(
        "+1",
        "-0",
        "--1",
        "1-",
        "(1)",
        "1e",
        "e1",
        ".",
        ",",
        "1.",
        ".1",
        "1..2",
        "1,2,3",
        " 1",
        "1 ",
        "1\u00a0000",
        "1\t2",
    ),
    *(
        "%",
        "50%",
        "1e2%",
        "$1",
        "1 lakh",
        "1억",
        "true",
        "None",
        "2147483648",
        "-2147483649",
        "9223372036854775808",
        "00",
        "1/0",
    ),
)
HOSTILE = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\x1f",
        "\x7f",
        "\x85",
        "\u202e",
        "a\u202eb",
        "\u2066",
        "\u2069",
        "\u200b",
        "\u200d",
        "\ufeff",
    ),
    *(
        "\ud800",
        "a\udfff",
        "\ufffe",
        "\uffff",
        "\U0010ffff",
        "\u2028",
        "\r",
        "\n",
        "\r\n",
        "\t",
        "a\r\nSet-Cookie: a=b",
    ),
    *(
        "<script>alert(1)</script>",
        "\"'><img src=x onerror=alert(1)>",
        "{{7*7}}",
        "{% raw %}",
        "${7*7}",
        "%s%n",
        "%(x)s",
        "{0}",
    ),
    *(
        "' OR 1=1 --",
        "'; DROP TABLE project; --",
        "\\",
        "\\u0000",
        "../../etc/passwd",
        "file:///etc/passwd",
        "//elsewhere.example",
    ),
    *("javascript:alert(1)", "=1+1", "+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "e\u0301" * 500, "é" * 3000, "a" * 70_000),
    *(
        "하나 <b>",
        "नमस्ते",
        "ทดสอบ",
        "שלום",
        "مرحبا",
        "👩‍👩‍👧",
        "Z" + "\u0300" * 500,
        "[" * 5000,
        "{" * 5000,
        '{"a":' * 1000,
        "null",
    ),
    *(
        "8bc7b2d2-4336-4796-a56e-f9f037352473",
        "00000000-0000-0000-0000-000000000000",
        "2027-02-30",
        "0000-00-00",
        "99999-01-01",
    ),
    *(
        "24:00",
        "25:61",
        "1" * 19 + "-01-01",
        "2027-01-01T00:00:00Z",
        "UTC",
        "Etc/../x",
        "x@",
        "a@b",
        "a@" + "b" * 300,
        "on",
        "off",
    ),
)
VERY_LONG = "x" * 1_000_000
ALPHABET = (
    "aZ09 .,-+=@'\"<>&%{}[]()/\\\t\r\n\x00\x1b"
    "\u00e9\u0301\u200b\u200e\u202e\u2066\ud83d\udc69\ud800\uffff\uff11\u0661한ก"
)


def texts(count: int, seed: int) -> list[str]:
    """As many different ones as asked for: those above, then put together by chance."""
    chance = random.Random(seed)  # noqa: S311 -- repeatable
    found = list(dict.fromkeys((*HOSTILE, *NUMBERS, VERY_LONG)))
    chance.shuffle(found)
    while len(found) < count:
        found.append("".join(chance.choices(ALPHABET, k=chance.choice((1, 3, 10, 60, 300)))))
    return found[:count]
