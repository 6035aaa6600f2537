"""The letter of a decision as a PDF, before it is published and after."""

import html
import io
import re

import pypdf
from flask import Flask
from sqlalchemy import select

from appraisal.models import (
    Account,
    Decision,
    Project,
    Role,
)
from tests import factories
from tests.web.decide.browser import CONDITIONAL, Browser, Sessions, prepare, publish
from tests.web.people import let_in


def words(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def letter_on(page: str) -> list[str]:
    """The paragraphs and conditions of the letter on a page, as they are read there."""
    (found,) = re.findall(r'<div class="letter">(.*?)</div>', page, re.DOTALL)
    texts = [html.unescape(re.sub(r"<[^>]+>", "", part)) for part in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", found)]
    return [re.sub(r"\s+", " ", part).strip() for part in texts]


def test_the_letter_is_a_pdf_with_the_same_words_before_and_after(
    app: Flask, sessions: Sessions, planner: tuple[Browser, Account], approver: Browser, project: Project
) -> None:
    path = f"/decisions/review/{project.id}/letter.pdf"
    assert approver.client.get(path).status_code == 404
    assert prepare(approver, project, CONDITIONAL).status_code == 302
    review = approver.get("/decisions/review")
    assert path in review
    answer = approver.client.get(path)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{project.reference}-letter.pdf"'
    said, shown = words(answer.data), letter_on(review)
    assert any("Finish the DPIA Data office, by 31 May 2099" in part for part in shown)
    for part in shown:
        assert part in said
    assert "Not published yet" in said
    assert answer.data == approver.client.get(path).data
    other = app.test_client()
    let_in(other, sessions, factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Elsewhere")))
    assert other.get(path).status_code == 404  # another's pending decision is nobody else's to read
    assert planner[0].client.get(path).status_code == 403
    publish(approver)
    with sessions() as session:
        decision = session.scalars(select(Decision)).one()
    after = words(planner[0].client.get(f"/decisions/letters/{decision.id}/letter.pdf").data)
    for part in shown:
        assert part in after
    assert f"Decision {decision.number}" in after
