"""The life of a framework on both databases: copied, changed, published, used, moved to, retired."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.canonical import canonical_json
from appraisal.models import AuditEntry, FrameworkVersion, Role, Round
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import framework_drafts, frameworks, round_frameworks, rounds
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.frameworks import framework_of
from scoring.errors import InputError
from scoring.frameworks import Framework, load_framework, to_document
from scoring.frameworks.changes import ChangeKind
from tests import factories
from tests.at_once import at_once

KOREAN = "korea-preliminary-feasibility-2019"


@pytest.fixture
def admin(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, "Office"))


@pytest.fixture
def built_in(sessions: sessionmaker[Session]) -> UUID:
    with sessions.begin() as session:
        return frameworks.published_built_in(session, OPERATOR).id


def cloned(sessions: sessionmaker[Session], actor: Actor, version: UUID, *, new_key: bool = False) -> UUID:
    with sessions() as session:
        return framework_drafts.clone(session, actor, version, uuid4(), title="Ours", new_key=new_key)


def changed(
    sessions: sessionmaker[Session], actor: Actor, draft: UUID, version: int, change: framework_drafts.Change
) -> framework_drafts.Draft:
    with sessions() as session:
        return framework_drafts.edit_draft(session, actor, draft, version, change, part="test")


def published(sessions: sessionmaker[Session], actor: Actor, draft: UUID, version: int) -> FrameworkVersion:
    with sessions() as session:
        return framework_drafts.publish_draft(session, actor, draft, version, note="why")


def opened(sessions: sessionmaker[Session], framework: str = "") -> Round:
    with sessions() as session:
        return rounds.open_round(
            session,
            OPERATOR,
            name=f"Round {uuid4()}",
            place="",
            budget=Decimal(1),
            currency="USD",
            unit=1,
            price_year=2026,
            framework=framework,
        )


def test_from_a_copy_to_a_version_a_round_uses(sessions: sessionmaker[Session], admin: Actor, built_in: UUID) -> None:
    draft = cloned(sessions, admin, built_in)
    now = changed(sessions, admin, draft, 1, lambda framework: replace(framework, minimum=40.0))
    assert (now.version, now.number) == (2, 4)
    assert now.change is not None
    assert now.change.kind is ChangeKind.WEIGHTS
    row = published(sessions, admin, draft, 2)
    assert (row.name, row.parent, row.change_note, row.published_by) == (
        "smart-city-brief-2021@4",
        "smart-city-brief-2021@3",
        "why",
        "A admin",
    )
    assert framework_of(row).version == 4
    held = opened(sessions, row.name)
    assert held.framework_version_id == row.id
    with pytest.raises(DomainError, match="in use by"), sessions() as session:
        frameworks.set_retired(session, admin, row.id, retired=True)
    with sessions() as session:
        round_frameworks.move_round(session, admin, held.id, built_in, expected=row.id)
    with sessions() as session:
        assert frameworks.set_retired(session, admin, row.id, retired=True).retired_at is not None
    with pytest.raises(DomainError, match="is retired"):
        opened(sessions, row.name)
    with pytest.raises(DomainError, match="is retired"), sessions() as session:
        round_frameworks.plan_of(session, admin, held.id, row.id)
    with sessions() as session:
        actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))]
    assert actions == [
        "framework.published",
        "framework.cloned",
        "framework.changed",
        "framework.published",
        "round.opened",
        "round.framework-changed",
        "framework.retired",
    ]


def test_a_round_chooses_the_korean_style_framework_by_name(sessions: sessionmaker[Session]) -> None:
    opened(sessions, f"{KOREAN}@1")
    opened(sessions, f"{KOREAN}@1")
    with sessions() as session:
        assert session.scalars(select(FrameworkVersion.key)).all() == [KOREAN]
    for name in ("nowhere@1", KOREAN, f"{KOREAN}@2", f"{KOREAN}@-1", "@", f"{KOREAN}@{'9' * 40}"):
        with pytest.raises(DomainError, match="no published framework"):
            opened(sessions, name)


def test_nobody_is_overwritten_and_nothing_broken_is_stored(
    sessions: sessionmaker[Session], admin: Actor, built_in: UUID
) -> None:
    draft = cloned(sessions, admin, built_in)
    changed(sessions, admin, draft, 1, lambda framework: replace(framework, title="First"))
    with pytest.raises(StaleVersion):
        changed(sessions, admin, draft, 1, lambda framework: replace(framework, title="Second"))
    with pytest.raises(StaleVersion):
        published(sessions, admin, draft, 1)

    def broken(framework: Framework) -> Framework:
        return replace(framework, criteria=framework.criteria[:3])

    with pytest.raises(InputError, match="criteria: The weights of the criteria must sum to 1"):
        changed(sessions, admin, draft, 2, broken)
    with sessions() as session:
        kept = framework_drafts.draft_of(session, admin, draft)
    assert (kept.version, kept.framework.title, len(kept.framework.criteria)) == (2, "First", 4)


def test_a_framework_of_its_own_starts_at_one(sessions: sessionmaker[Session], admin: Actor, built_in: UUID) -> None:
    first, second = (cloned(sessions, admin, built_in, new_key=True) for _ in range(2))
    rows = [published(sessions, admin, draft, 1) for draft in (first, second)]
    assert [row.name for row in rows] == ["ours@1", "ours-2@1"]
    imported = canonical_json({**to_document(load_framework()), "key": "ours", "title": "From a file"})
    with sessions() as session:
        draft = framework_drafts.import_document(session, admin, imported, uuid4())
    assert published(sessions, admin, draft, 1).name == "ours@2"
    with pytest.raises(InputError, match="key"), sessions() as session:
        framework_drafts.import_document(session, admin, imported.replace('"ours"', '"Our S"'), uuid4())


def test_versions_that_differ_in_words_score_alike(
    sessions: sessionmaker[Session], admin: Actor, built_in: UUID
) -> None:
    draft = cloned(sessions, admin, built_in)
    words = published(sessions, admin, draft, 1)
    heavier = cloned(sessions, admin, words.id)
    changed(sessions, admin, heavier, 1, lambda framework: replace(framework, minimum=1.0))
    weights = published(sessions, admin, heavier, 2)
    with sessions() as session:
        assert frameworks.scoring_alike(session, session.get_one(FrameworkVersion, built_in)) == {built_in, words.id}
        assert frameworks.scoring_alike(session, weights) == {weights.id}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_administrators_write_frameworks(sessions: sessionmaker[Session], built_in: UUID, role: Role) -> None:
    actor = factories.actor(sessions, role, factories.organisation(sessions, "Others"))
    for attempt in (
        lambda session: framework_drafts.clone(session, actor, built_in, uuid4(), title="x", new_key=True),
        lambda session: framework_drafts.import_document(
            session, actor, canonical_json(to_document(load_framework())), uuid4()
        ),
        lambda session: framework_drafts.draft_of(session, actor, uuid4()),
        lambda session: framework_drafts.discard(session, actor, uuid4()),
        lambda session: frameworks.set_retired(session, actor, built_in, retired=True),
        lambda session: frameworks.take_into_use(session, actor, KOREAN),
        lambda session: round_frameworks.plan_of(session, actor, uuid4(), built_in),
    ):
        with pytest.raises(NotAllowed), sessions() as session:
            attempt(session)
    with sessions() as session:
        assert len(frameworks.list_frameworks(session, actor).in_use) == 1


def test_what_is_not_there_is_not_found(sessions: sessionmaker[Session], admin: Actor, built_in: UUID) -> None:
    nowhere = uuid4()
    for attempt in (
        lambda session: framework_drafts.clone(session, admin, nowhere, uuid4(), title="x", new_key=True),
        lambda session: framework_drafts.draft_of(session, admin, nowhere),
        lambda session: frameworks.version_of(session, admin, nowhere),
        lambda session: frameworks.take_into_use(session, admin, "nowhere"),
        lambda session: round_frameworks.plan_of(session, admin, nowhere, built_in),
    ):
        with pytest.raises(NotFound), sessions() as session:
            attempt(session)


def test_a_draft_published_by_two_at_once_is_one_version(
    sessions: sessionmaker[Session], admin: Actor, built_in: UUID
) -> None:
    draft = cloned(sessions, admin, built_in)
    changed(sessions, admin, draft, 1, lambda framework: replace(framework, minimum=40.0))
    outcomes = at_once(*(lambda: tried(lambda: published(sessions, admin, draft, 2)) for _ in range(4)))
    made = [outcome for outcome in outcomes if isinstance(outcome, FrameworkVersion)]
    assert [row.name for row in made] == ["smart-city-brief-2021@4"]
    assert sum(isinstance(outcome, NotFound | StaleVersion) for outcome in outcomes) == 3


def test_two_drafts_of_one_framework_published_at_once_are_numbered_apart_or_refused(
    sessions: sessionmaker[Session], admin: Actor, built_in: UUID
) -> None:
    drafts = [cloned(sessions, admin, built_in) for _ in range(2)]
    for number, draft in enumerate(drafts):
        changed(sessions, admin, draft, 1, lambda framework, number=number: replace(framework, minimum=40.0 + number))
    outcomes = at_once(*(lambda draft=draft: tried(lambda: published(sessions, admin, draft, 2)) for draft in drafts))
    made = [outcome for outcome in outcomes if isinstance(outcome, FrameworkVersion)]
    assert made, outcomes
    assert all(isinstance(outcome, FrameworkVersion | DomainError) for outcome in outcomes), outcomes
    with sessions() as session:
        versions = session.scalars(select(FrameworkVersion.version).order_by(FrameworkVersion.version)).all()
    assert versions == [3, *range(4, 4 + len(made))]


def tried(act: Callable[[], object]) -> object:
    try:
        return act()
    except (DomainError, NotFound) as refused:
        return refused
