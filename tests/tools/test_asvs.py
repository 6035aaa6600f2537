"""The table of the security standard is up to date, and says nothing that no test shows."""

from pathlib import Path

import pytest

from tools import asvs
from tools.asvs import Inconsistent, Requirement

LIST = "# a list\n\nV1 First\n1.1.1 1 One\n1.1.2 2 Two\n    none: there is none\n1.1.3 2 Three\n    open: not yet\n"


def test_the_table_is_up_to_date() -> None:
    page = asvs.table(asvs.requirements(asvs.SOURCE.read_text(encoding="utf-8")), asvs.marked(asvs.TESTS))
    assert asvs.TARGET.read_text(encoding="utf-8") == page, "run `make asvs`"


def test_every_requirement_of_both_levels_is_there() -> None:
    """Version 5.0.0 has 70 at level 1 and 183 at level 2."""
    found = asvs.requirements(asvs.SOURCE.read_text(encoding="utf-8"))
    assert [sum(each.level == level for each in found) for level in (1, 2)] == [70, 183]
    assert len({each.number for each in found}) == len(found)


def test_documents_that_are_named_are_there() -> None:
    for each in asvs.requirements(asvs.SOURCE.read_text(encoding="utf-8")):
        if each.kind == "written":
            assert Path(each.said).is_file(), each.number


def test_the_table_says_how_each_stands() -> None:
    page = asvs.table(asvs.requirements(LIST), {"1.1.1": ["tests/a/test_b.py::test_c"]})
    assert "| 1.1.1 | 1 | One | met | `a/test_b.py::test_c` |" in page
    assert "| 1.1.2 | 2 | Two | not applicable | there is none |" in page
    assert "| 1.1.3 | 2 | Three | **open** | not yet |" in page
    assert "Of 3 requirements 1 are met, 1 are open, 0 are for the office" in page


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        ({}, "1.1.1 have no test"),
        ({"1.1.1": ["x"], "9.9.9": ["y"]}, "9.9.9 are no requirements"),
        ({"1.1.1": ["x"], "1.1.2": ["y"]}, "1.1.2 are not for tests"),
    ],
)
def test_what_does_not_fit_is_refused(tests: dict[str, list[str]], said: str) -> None:
    with pytest.raises(Inconsistent, match=said):
        asvs.table(asvs.requirements(LIST), tests)


def test_a_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Inconsistent, match="line 3"):
        asvs.requirements("V1 First\n1.1.1 1 One\n    perhaps: who knows\n")


def test_marks_are_read_from_the_tests(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text('@pytest.mark.asvs("1.1.1", "1.1.2")\n@other\ndef test_one(): ...\n')
    found = asvs.marked(tmp_path)
    assert set(found) == {"1.1.1", "1.1.2"}
    assert asvs.requirements(LIST)[0] == Requirement("V1 First", "1.1.1", 1, "One")
