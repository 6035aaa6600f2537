"""Write docs/security/asvs.md: each requirement of OWASP ASVS 5.0 with the tests that are marked with it.

python tools/asvs.py          writes the file
python tools/asvs.py --check  says whether it is up to date
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SOURCE, TARGET, TESTS = Path("docs/security/asvs.txt"), Path("docs/security/asvs.md"), Path("tests")
WORDS = {
    "none": "not applicable",
    "checked": "met",
    "written": "met",
    "office": "by the office",
    "open": "**open**",
}
COLUMNS = ("| | Level | What it asks for | Stands | Shown by |", "|---|---|---|---|---|")
REQUIREMENT = re.compile(r"(\d+\.\d+\.\d+) ([12]) (\S.*)")
STANDING = re.compile(rf" {{4}}({'|'.join(WORDS)}): (\S.*)")


@dataclass(frozen=True, slots=True)
class Requirement:
    chapter: str
    number: str
    level: int
    title: str
    kind: str = ""
    """One of WORDS; empty where tests show it."""
    said: str = ""


class Inconsistent(Exception):
    """The list and the tests do not say the same."""


def requirements(text: str) -> list[Requirement]:
    """The list as it is written down; raises Inconsistent."""
    found: list[Requirement] = []
    chapter = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if read := REQUIREMENT.fullmatch(line):
            found.append(Requirement(chapter, read[1], int(read[2]), read[3]))
        elif (read := STANDING.fullmatch(line)) and found and not found[-1].kind:
            last = found.pop()
            found.append(Requirement(last.chapter, last.number, last.level, last.title, read[1], read[2]))
        elif re.fullmatch(r"V\d+ .+", line):
            chapter = line
        else:
            raise Inconsistent(f"line {number} of the list cannot be read: {line}")
    return found


def marked(folder: Path) -> dict[str, list[str]]:
    """The tests by the requirements that they are marked with, each as its file and name."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.asvs(" not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in _numbers(node):
                    found[number].append(f"{path.as_posix()}::{node.name}")
    return found


def _numbers(test: ast.FunctionDef) -> Iterator[str]:
    for decorator in test.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.asvs":
            yield from (ast.literal_eval(argument) for argument in decorator.args)


def table(found: Sequence[Requirement], tests: Mapping[str, Sequence[str]]) -> str:
    """The page; raises Inconsistent where something is neither shown nor explained, or both, or unknown."""
    unknown = sorted(set(tests) - {each.number for each in found})
    unshown = [each.number for each in found if not each.kind and not tests.get(each.number)]
    both = [each.number for each in found if each.kind in ("none", "office") and tests.get(each.number)]
    for numbers, what in ((unknown, "are no requirements"), (unshown, "have no test"), (both, "are not for tests")):
        if numbers:
            raise Inconsistent(f"{', '.join(numbers)} {what}")
    lines = [_head(found)]
    chapter = ""
    for each in found:
        if each.chapter != chapter:
            chapter = each.chapter
            lines += [
                "",
                f"## {chapter}",
                "",
                "| | Level | What it asks for | Stands | Shown by |",
                "|---|---|---|---|---|",
            ]
        shown = [each.said.removesuffix(".")] if each.said else []
        shown += [f"`{test.removeprefix('tests/')}`" for test in tests.get(each.number, ())]
        standing = WORDS.get(each.kind, "met")
        lines.append(f"| {each.number} | {each.level} | {each.title} | {standing} | {'<br>'.join(shown)} |")
    return "\n".join(lines) + "\n"


def _head(found: Sequence[Requirement]) -> str:
    counts = Counter(each.kind if each.kind in ("none", "office", "open") else "met" for each in found)
    return (
        "# OWASP ASVS 5.0, levels 1 and 2\n\n"
        "Written by `make asvs` from [the list](asvs.txt) and the marks of the tests; do not edit. Numbers are those\n"
        "of version 5.0.0, the words are ours. Tests are those below `tests/`.\n\n"
        f"Of {len(found)} requirements {counts['met']} are met, {counts['open']} are open, {counts['office']} are for "
        f"the office that\nruns the tool, and {counts['none']} ask for something that it does not have."
    )


def main() -> None:
    try:
        page = table(requirements(SOURCE.read_text(encoding="utf-8")), marked(TESTS))
    except Inconsistent as problem:
        sys.exit(f"{SOURCE}: {problem}")
    if "--check" not in sys.argv:
        TARGET.write_text(page, encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != page:
        sys.exit(f"{TARGET} is not up to date: run `make asvs`.")


if __name__ == "__main__":
    main()
