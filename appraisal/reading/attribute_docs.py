"""What the fields of a dataclass mean, from the texts that stand below them in its source."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from threading import Lock

_parsing = Lock()
"""Python 3.11 counts for all threads together how deep a tree is: two that make one at once raise SystemError."""


@cache
def attribute_docs(kind: type) -> Mapping[str, str]:
    """Field name -> the text below it, on one line."""
    return dict(_documented(_class_body(kind)))


def _classes(module: str) -> Mapping[str, ast.ClassDef]:
    with _parsing:
        return _parsed(module)


@cache
def _parsed(module: str) -> Mapping[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _class_body(kind: type) -> list[ast.stmt]:
    return _classes(kind.__module__)[kind.__name__].body


def _documented(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, below in pairwise(body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and _is_text(below):
            yield statement.target.id, " ".join(ast.literal_eval(below.value).split())  # type: ignore[attr-defined]


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
