"""Which stored project a row of a list means, on both databases: by its reference, by its name, or nobody's."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import ImportMapping
from appraisal.reading.workbook.listing import Choices
from appraisal.reading.workbook.matching import IGNORE
from appraisal.services import importing, registration
from appraisal.services.import_likeness import groups_of
from tests.reading.workbook.test_lists import book
from tests.services.imports import HEAD, files, look, outcomes, planner, row, send, store, table, taken


def test_without_references_projects_are_found_by_name_and_city(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    head = HEAD[1:]
    taken(sessions, actor, table(row(0)[1:], row(1)[1:], head=head))
    assert sorted(files(sessions)) == ["P-0001", "P-0002"]
    plan = look(
        sessions,
        actor,
        send(
            sessions,
            actor,
            table(row(0, title="WORKS  0")[1:], row(1, cost=5)[1:], row(2)[1:], row(2, city="pune")[1:], head=head),
        ),
    )
    assert outcomes(plan) == ["update", "update", "create", "create"]
    assert [each.key for each in plan.rows] == ["name and city"] * 2 + ["what the row says"] * 2
    assert [len(each.duplicates) for each in plan.rows] == [0, 0, 1, 1]
    with_reference = look(sessions, actor, send(sessions, actor, table(row(0, reference="NEW"))))
    assert [other.title for other in with_reference.rows[0].duplicates] == ["Works 0"]


def test_rows_of_the_template_that_share_name_and_city_need_references(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    content = book(Projects=[HEAD, row(1, reference=""), row(1, reference="")])
    plan = look(sessions, actor, send(sessions, actor, content))
    assert outcomes(plan) == ["create", "cannot"]
    assert "row 2 has the same name and city" in plan.rows[1].problems[0].rule


def test_rows_that_share_name_and_city_are_found_again_by_what_they_say(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    head = ("No", *HEAD[1:])
    twins = [row(1)[1:], row(1)[1:], row(1, cost=7)[1:], row(2)[1:]]
    first = table(*([number, *cells] for number, cells in enumerate(twins)), head=head)
    store(sessions, actor, send(sessions, actor, first, Choices(columns={"no": IGNORE})))
    again = look(sessions, actor, send(sessions, actor, first))
    assert outcomes(again) == ["unchanged"] * 4
    assert len({each.reference for each in again.rows}) == 4
    moved = table([1, *twins[2]], [2, *twins[3]], [3, *row(1, cost=8)[1:]], [4, *twins[0]], head=head)
    assert outcomes(look(sessions, actor, send(sessions, actor, moved))) == [
        "unchanged", "unchanged", "create", "unchanged"
    ]  # fmt: skip
    other = planner(sessions, "Opal")
    assert outcomes(look(sessions, other, send(sessions, other, first))) == ["create"] * 4


def test_possible_duplicates_are_laid_side_by_side_once(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0, cost=12.5), row(9)))
    content = table(
        *(
            row(0, reference="NEW", title="WORKS  0"),
            row(1),
            row(2, title="Works 1"),
            row(3, title="works 1", year="x"),
        ),
        row(9, reference="R-9"),
    )
    made = look(sessions, actor, send(sessions, actor, content))
    stored, in_file = groups_of(made)
    assert [(side.at, side.reference, side.first_year, side.cost) for side in stored] == [
        ("CSV, row 2", "NEW", 2027, Decimal(10)),
        ("", "R-0", 2027, Decimal("12.5")),
    ]
    assert [(side.at, side.reference, side.first_year, side.cost) for side in in_file] == [
        ("CSV, row 3", "R-1", 2027, Decimal(11)),
        ("CSV, row 4", "R-2", 2027, Decimal(12)),
        ("CSV, row 5", "R-3", None, None),
    ]
    assert made.alike_count == 2


def test_a_reference_twice_in_the_file_is_a_problem(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    plan = look(sessions, actor, send(sessions, actor, table(row(1), row(2), row(1, title="Again"))))
    assert outcomes(plan) == ["create", "create", "cannot"]
    (problem,) = plan.all_problems
    assert (problem.place.cell, problem.rule) == ("A4", "The reference stands twice: row 2 has it as well")  # type: ignore[union-attr]


def test_what_was_sent_is_not_changed_by_a_file(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0), row(1)))
    for project in list(files(sessions)):
        with sessions() as session:
            found = registration.project_by_reference(session, actor, project)
        with sessions() as session:
            registration.submit_project(session, actor, found.id, found.version)
    plan = look(sessions, actor, send(sessions, actor, table(row(0), row(1, cost=1))))
    assert outcomes(plan) == ["unchanged", "cannot"]
    assert "take it back first" in plan.rows[1].problems[0].rule


def test_columns_are_remembered_for_the_organisation_only(sessions: sessionmaker[Session]) -> None:
    actor, other = planner(sessions), planner(sessions, "Elsewhere")
    content = table(["Bridge", "12"], head=("Works", "Kosten"))
    choices = Choices(
        columns={"works": "title", "kosten": "cost"},
        defaults={"currency": "eur", "unit": "1000000", "cash_flows.first_year": "2030"},
    )
    plan = look(sessions, actor, send(sessions, actor, content, choices))
    assert outcomes(plan) == ["create"]
    again = send(sessions, actor, content)
    with sessions() as session:
        assert importing.sent_file(session, actor, again).remembered == {"works": "title", "kosten": "cost"}
    with sessions() as session:
        foreign = send(sessions, other, content)
    with sessions() as session:
        assert importing.sent_file(session, other, foreign).remembered == {}
        assert len(session.scalars(select(ImportMapping)).all()) == 2
