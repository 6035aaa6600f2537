"""Reading only the parts of a project file that changed says what reading the whole says, refusals included."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from appraisal.canonical import canonical_json
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_changed, read_project
from scoring.project_document import to_document
from scoring.project_file import ProjectFile
from tests.examples import examples
from tests.project_files import project_files


@given(before=project_files(), after=project_files())
@settings(max_examples=examples(25), deadline=None)
def test_what_changed_reads_as_the_whole(before: ProjectFile, after: ProjectFile) -> None:
    assert read_changed(after, before) == read_project(canonical_json(to_document(after)))


@given(before=project_files())
@settings(max_examples=10, deadline=None)
def test_what_is_wrong_is_refused_in_the_same_words(before: ProjectFile) -> None:
    for wrong in (replace(before, title=""), replace(before, city="a\u202eb"), replace(before, currency="XYZ")):
        with pytest.raises(Unreadable) as parts:
            read_changed(wrong, before)
        with pytest.raises(Unreadable) as whole:
            read_project(canonical_json(to_document(wrong)))
        assert parts.value.problems == whole.value.problems
