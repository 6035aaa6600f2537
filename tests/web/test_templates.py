"""The frame renders as promised, in a bare application, under a policy that forbids anything inline."""

import re
from pathlib import Path

import pytest
from flask import Flask, flash, render_template, render_template_string
from flask_wtf import CSRFProtect, FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import InputRequired

import appraisal
from appraisal.web.drawing import ScoreSegment
from appraisal.web.templating import register_templates
from scoring.result import Missing

TEMPLATES = Path(appraisal.__file__).parent / "templates"
CODES = (400, 403, 404, 405, 409, 413, 415, 422, 429, 500)
PAGE = '{% extends "layout/base.html" %}{% block title %}Portfolio{% endblock %}'


@pytest.fixture
def app() -> Flask:
    app = Flask("appraisal", root_path=str(TEMPLATES.parent))
    app.config.update(SECRET_KEY="only for tests", TESTING=True, PROPAGATE_EXCEPTIONS=True)
    register_templates(app)
    CSRFProtect(app)
    return app


def render(app: Flask, source: str, **values: object) -> str:
    with app.test_request_context("/"):
        return render_template_string(source, **values)


@pytest.mark.asvs("7.4.4")
def test_the_bar_marks_where_one_is_and_signs_out_by_post(app: Flask) -> None:
    page = render(
        app,
        PAGE,
        navigation=[
            {"text": "Register", "href": "/r", "current": False},
            {"text": "Portfolio", "href": "/p", "current": True},
        ],
        account={"name": "Min-ji <Park>", "role": "approver", "sign_out_url": "/out"},
    )
    assert "<title>Portfolio · Appraisal</title>" in page
    assert '<a href="/p" aria-current="page">Portfolio</a>' in page
    assert '<a href="/r">Register</a>' in page
    assert "Min-ji &lt;Park&gt;, approver" in page
    assert re.search(
        r'<form method="post" action="/out">\s*<input type="hidden" name="csrf_token" value="[^"]+">', page
    )


def test_a_visitor_is_offered_to_sign_in(app: Flask) -> None:
    page = render(app, PAGE, sign_in_url="/in")
    assert '<a href="/in">Sign in</a>' in page
    assert "Sign out" not in page


def test_the_page_needs_no_context_at_all(app: Flask) -> None:
    page = render(app, PAGE)
    assert 'href="#main-content"' in page
    assert '<main id="main-content"' in page


def test_flashed_messages_are_announced(app: Flask) -> None:
    with app.test_request_context("/"):
        flash("Saved.", "good")
        flash("Not <saved>.", "error")
        page = render_template_string(PAGE)
    assert '<div class="notice notice--good" role="status">Saved.</div>' in page
    assert '<div class="notice notice--error" role="alert">Not &lt;saved&gt;.</div>' in page


@pytest.mark.parametrize("code", CODES)
def test_an_error_page_stands_alone(app: Flask, code: int) -> None:
    with app.test_request_context("/"):
        page = render_template(f"errors/{code}.html", reference="7F3K")
    assert page.count("<h1>") == 1
    assert "7F3K" in page
    assert 'href="/"' in page or code == 409


def test_error_pages_say_what_to_do(app: Flask) -> None:
    with app.test_request_context("/"):
        forbidden = render_template("errors/403.html", granters=[{"name": "Haruto Sato", "role": "administrator"}])
        missing = render_template("errors/404.html", search_url="/projects")
        conflict = render_template(
            "errors/409.html", differences=[{"field": "Name", "yours": "<b>", "theirs": "B"}], edit_url="/e"
        )
        large = render_template("errors/413.html", limit="20 MiB")
        many = render_template("errors/429.html", wait_seconds=130)
    assert "Haruto Sato, administrator" in forbidden
    assert 'action="/projects"' in missing
    assert "&lt;b&gt;" in conflict
    assert "At most 20 MiB" in large
    assert "in 3 minutes" in many


def test_the_score_bar_draws_what_is_known_and_hatches_what_is_not(app: Flask) -> None:
    segments = (
        ScoreSegment(criterion="bankability", title="Bankability", start=0.0, points=20.0),
        ScoreSegment(criterion="needs", title="Need", start=20.0, points=31.0),
    )
    source = '{% from "components/figures.html" import score_bar %}{{ score_bar(segments, high, point) }}'
    whole = render(app, source, segments=segments, high=51.0, point=51.0)
    assert 'class="score-bar__part fill-needs" x="20.0%" width="31.0%"' in whole
    assert "nothing unknown" in whole
    assert "unknown-hatch" not in whole
    partly = render(app, source, segments=segments, high=60.0, point=55.0)
    assert 'fill="url(#unknown-hatch)" x="51.0%" y="0.5" width="9.0%"' in partly
    assert 'x1="55.0%"' in partly
    assert "up to 9 more unknown" in partly


def test_the_rank_lies_on_its_range(app: Flask) -> None:
    source = '{% from "components/figures.html" import rank_range %}{{ rank_range(rank, low, high, n) }}'
    last = render(app, source, rank=3, low=1, high=3, n=3)
    assert 'x1="6.0" x2="70.0"' in last
    assert 'cx="70.0"' in last
    assert "rank 3, between 1 and 3 of 3" in last
    assert 'cx="6.0"' in render(app, source, rank=1, low=1, high=1, n=1)


def test_a_missing_figure_shows_its_reason(app: Flask) -> None:
    source = '{% from "components/figures.html" import figure %}{{ figure(value, value|percent) }}'
    assert "no sign change" in render(app, source, value=Missing("no-sign-change"))
    assert render(app, source, value=0.139) == "13.9%"


def test_the_error_summary_links_to_the_field(app: Flask) -> None:
    class NameForm(FlaskForm):  # type: ignore[misc]
        name = StringField("Name", widget=GovTextInput(), validators=[InputRequired("Enter a <name>")])

    source = (
        '{% extends "layout/base.html" %}{% from "components/forms.html" import error_summary %}'
        "{% block content %}{{ error_summary(form) }}{{ form.name }}{% endblock %}"
    )
    with app.test_request_context("/", method="POST", data={"name": ""}):
        form = NameForm(meta={"csrf": False})
        assert not form.validate()
        page = render_template_string(source, form=form)
    assert "<title>Error: " in page
    assert re.search(r'<a href="#name">\s*Enter a &lt;name&gt;', page)
    assert 'id="name"' in page


def test_a_table_states_its_order_and_becomes_cards(app: Flask) -> None:
    source = (
        '{% from "components/tables.html" import data_table %}'
        '{% call data_table("Projects", [{"text": "Cost", "unit": "USD m", "numeric": true, "sort_href": "?sort=cost", '
        '"sort": "descending"}], cards=true) %}<tr><td class="num">1</td></tr>{% endcall %}'
    )
    table = render(app, source)
    assert '<th scope="col" class="num" aria-sort="descending"><a href="?sort=cost">Cost</a>' in table
    assert '<span class="unit">USD m</span>' in table
    assert 'class="table table--cards"' in table
    assert "<caption>Projects</caption>" in table


@pytest.mark.asvs("1.2.3", "3.4.3")
def test_no_template_needs_inline_style_or_script() -> None:
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text()
        assert not re.search(r"\sstyle\s*=", source), path
        assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source), path
        assert "<style" not in source, path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source)), path
        assert "javascript:" not in source, path
        assert "|safe" not in source, path
