"""A small evaluator for the formulas the workbook uses: + - * / ^ = >, IF, SUM, SUMPRODUCT, ISNUMBER, ranges."""

import operator
import re
from collections.abc import Mapping
from itertools import product
from math import fsum
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>\"[^\"]*\")"
    r"|(?P<cells>(?:'[^']+'!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)|(?P<name>[A-Z]+)|(?P<mark>[-+*/^=>(),]))"
)
OPERATIONS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    ">": operator.gt,
}
Sheets = Mapping[str, Mapping[tuple[int, int], Any]]


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


class Evaluator:
    """Values of formulas in a workbook read as {sheet: {(row, column): value or formula}}; rows count from 1."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self._known: dict[tuple[str, int, int], Any] = {}

    def cell(self, sheet: str, row: int, column: int) -> Any:
        key = (sheet, row, column)
        if key not in self._known:
            value = self.sheets[sheet].get((row, column))
            self._known[key] = self.formula(sheet, value[1:]) if isinstance(value, str) and value[:1] == "=" else value
        return self._known[key]

    def formula(self, sheet: str, text: str) -> Any:
        tokens = list(TOKEN.finditer(text))
        assert "".join(match.group(0) for match in tokens) == text, f"not understood: {text}"
        return _Parser(
            self, sheet, [(match.lastgroup or "", match.group(match.lastgroup or 0)) for match in tokens]
        ).whole()

    def cells(self, sheet: str, reference: str) -> Any:
        if "!" in reference:
            quoted, reference = reference.rsplit("!", 1)
            sheet = quoted.strip("'")
        corners = [re.fullmatch(r"([A-Z]+)(\d+)", corner) for corner in reference.replace("$", "").split(":")]
        places = [(int(corner.group(2)), column_number(corner.group(1))) for corner in corners if corner]
        if len(places) == 1:
            return self.cell(sheet, *places[0])
        rows, columns = (range(places[0][axis], places[1][axis] + 1) for axis in (0, 1))
        return [self.cell(sheet, row, column) for row, column in product(rows, columns)]


class _Parser:
    def __init__(self, book: Evaluator, sheet: str, tokens: list[tuple[str, str]]) -> None:
        self.book, self.sheet, self.tokens, self.at = book, sheet, tokens, 0

    def whole(self) -> Any:
        value = self.level(0)
        assert self.at == len(self.tokens)
        return value

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> tuple[str, str]:
        token = self.tokens[self.at]
        assert expected is None or token[1] == expected
        self.at += 1
        return token

    def level(self, depth: int) -> Any:
        order = ("=>", "+-", "*/", "^")
        if depth == len(order):
            return self.atom()
        value = self.level(depth + 1)
        while self.peek() and self.peek() in order[depth]:
            value = _apply(self.take()[1], value, self.level(depth + 1))
        return value

    def atom(self) -> Any:
        kind, text = self.take()
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1]
        if kind == "cells":
            return self.book.cells(self.sheet, text)
        if text == "-":
            return _apply("*", -1.0, self.atom())
        if text == "(":
            value = self.level(0)
            self.take(")")
            return value
        return self.call(text)

    def call(self, name: str) -> Any:
        self.take("(")
        arguments = [self.level(0)]
        while self.peek() == ",":
            self.take()
            arguments.append(self.level(0))
        self.take(")")
        match name:
            case "IF":
                return arguments[1] if arguments[0] else arguments[2]
            case "ISNUMBER":
                return _each(lambda value: isinstance(value, int | float), arguments[0])
            case "SUM":
                return fsum(value for value in arguments[0] if isinstance(value, int | float))
            case "SUMPRODUCT":
                total = arguments[0]
                for more in arguments[1:]:
                    total = _apply("*", total, more)
                return fsum(total)
        raise AssertionError(name)


def _each(function: Any, value: Any) -> Any:
    return [function(item) for item in value] if isinstance(value, list) else function(value)


def _apply(mark: str, left: Any, right: Any) -> Any:
    if isinstance(left, list) or isinstance(right, list):
        size = len(left) if isinstance(left, list) else len(right)
        lefts = left if isinstance(left, list) else [left] * size
        rights = right if isinstance(right, list) else [right] * size
        return [_apply(mark, a, b) for a, b in zip(lefts, rights, strict=True)]
    if mark == "=":
        return left == right
    return OPERATIONS[mark](*(0.0 if value is None else value for value in (left, right)))
