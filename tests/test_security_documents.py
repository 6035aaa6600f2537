"""What is written down about security names what there is."""

import re
from pathlib import Path

import pytest

from appraisal import evidence
from appraisal.models import Table
from appraisal.policy import _IN_STATE, ALLOWED, Action
from appraisal.reading.workbook import guard, listing
from appraisal.services import api_tokens, room
from appraisal.web.application import LARGEST_REQUEST
from config import Settings
from forms import people
from forms.passwords import OWN_PART, TOOL_WORDS

SECURITY = Path("docs/security")
SETTINGS = Settings(secret_key="k" * 40, database_url="sqlite://")


def line_of(action: Action) -> str:
    roles = ", ".join(sorted(role.value for role in ALLOWED[action]))
    states = ", ".join(sorted(state.value for state in _IN_STATE.get(action, ()))) or "any"
    return f"| `{action.value}` | {roles} | {states} |"


@pytest.mark.asvs("8.1.2")
def test_who_reads_and_writes_which_field_is_written_as_the_policy_has_it() -> None:
    page = (SECURITY / "fields.md").read_text("utf-8")
    fields, actions = page.split("## Actions")
    named = set(re.findall(r"`([a-z_-]+)`", fields.split("|---|---|---|---|")[1]))
    assert set(Table.metadata.tables) <= named
    assert named - set(Table.metadata.tables) <= {action.value for action in Action}
    assert actions.strip().splitlines()[2:] == [line_of(action) for action in Action]


@pytest.mark.asvs("2.1.3", "5.1.1", "6.1.2")
def test_limits_are_written_as_they_hold() -> None:
    page = (SECURITY / "limits.md").read_text("utf-8")
    for said in (
        f"{people.SHORTEST_PASSWORD} to {people.LONGEST_PASSWORD} characters",
        f"less than {OWN_PART} characters",
        ", ".join(f"`{word}`" for word in sorted(TOOL_WORDS)),
        f"{room.MOST_DRAFTS:,} drafts",
        f"{api_tokens.MOST} tokens",
        f"{SETTINGS.requests_a_minute:,} requests a minute",
        f"{LARGEST_REQUEST // evidence.MEBIBYTE} MiB a request",
        f"{evidence.MOST_A_FILE // evidence.MEBIBYTE} MiB a file",
        f"{evidence.MOST_A_PROJECT // evidence.MEBIBYTE} MiB and {evidence.MOST_FILES} files a project",
        f"{evidence.MOST_AN_ORGANISATION // evidence.MEBIBYTE:,} MiB an organisation",
        f"{guard.MOST_PACKED // evidence.MEBIBYTE} MiB packed, {guard.MOST_UNPACKED // evidence.MEBIBYTE} MiB unpacked",
        f"{listing.MOST_PROJECTS:,} projects",
        evidence.ALLOWED,
    ):
        assert said in page, said


@pytest.mark.asvs("14.1.1", "14.1.2", "14.2.4")
def test_every_table_has_a_class_of_protection() -> None:
    page = (SECURITY / "dpia.md").read_text("utf-8").split("## Classes of data")[1].split("\n## ")[0]
    named = re.findall(r"`([a-z_]+)`", page)
    assert sorted(named) == sorted(Table.metadata.tables), "each once"
