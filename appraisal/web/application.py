"""Putting the application together: settings, extensions, pages, errors, headers."""

from flask import Flask, Response, redirect, request, url_for
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.wrappers import Response as BaseResponse

from appraisal.database import create_engine_for, sessions_on
from appraisal.services import demonstration
from appraisal.services.background import worker_on
from appraisal.services.post import Post
from appraisal.services.retention import Retention
from appraisal.services.sign_in_service import SignInService
from appraisal.services.timetable import Timetable
from appraisal.web import (
    account,
    admin,
    admin_mail,
    assess,
    certainty,
    comparison,
    completed,
    decide,
    errors,
    frameworks,
    identity,
    importing,
    meeting,
    messages,
    methods,
    portfolio,
    probes,
    programme,
    programme_reports,
    programs,
    project,
    reading,
    register,
    rounds,
    scenario_runs,
    scenarios,
)
from appraisal.web.addresses import BehindProxies
from appraisal.web.mail_links import SiteLinks
from appraisal.web.numbers_in_addresses import Whole
from appraisal.web.pacing import Pace
from appraisal.web.templating import register_templates
from config import Settings

LARGEST_REQUEST = 2 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def build(settings: Settings, engine: Engine | None) -> Flask:
    app = Flask("appraisal", static_folder="static", template_folder=None)
    app.url_map.converters["int"] = Whole
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="__Host-session" if settings.production else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        TESTING=settings.environment == "testing",
    )
    app.extensions["settings"] = settings
    app.extensions["sign_in_service"] = SignInService(settings.oidc) if settings.oidc is not None else None
    app.extensions["pace"] = Pace(settings.requests_a_minute)
    keys = (settings.audit_key, settings.audit_keys_before)
    database = engine if engine is not None else create_engine_for(settings.database_url, *keys)
    app.extensions["sessions"] = sessions_on(database)
    app.extensions["worker"] = worker_on(app.extensions["sessions"])
    app.extensions["timetable"] = Timetable(app.extensions["sessions"], Retention.of(settings))
    if settings.production:
        demonstration.refuse_in_production(database)
    csrf = CSRFProtect(app)
    register_templates(app)
    errors.register(app)
    identity.register(app)
    app.register_blueprint(account.blueprint())
    app.register_blueprint(portfolio.pages)
    for part in (certainty, comparison, meeting, methods, programme, programme_reports, scenarios, scenario_runs):
        app.register_blueprint(part.pages)
    app.register_blueprint(register.blueprint())
    app.register_blueprint(importing.pages)
    app.register_blueprint(project.blueprint())
    app.register_blueprint(programs.blueprint(csrf))
    app.register_blueprint(completed.pages)
    app.register_blueprint(assess.blueprint())
    app.register_blueprint(decide.blueprint())
    app.register_blueprint(admin.pages)
    app.register_blueprint(rounds.pages)
    app.register_blueprint(messages.pages)
    app.register_blueprint(admin_mail.pages)
    app.register_blueprint(reading.pages)
    app.register_blueprint(frameworks.blueprint())
    app.add_url_rule("/", "start", start)
    links = SiteLinks(app, settings.smtp.address) if settings.smtp is not None else None
    app.extensions["post"] = Post(app.extensions["sessions"], settings.smtp, links)
    app.register_blueprint(probes.pages)
    app.after_request(lambda response: guarded(response, production=settings.production))
    if settings.trusted_proxies:
        app.wsgi_app = BehindProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def start() -> BaseResponse:
    return redirect(url_for("portfolio.ranked"))


def guards(*, production: bool) -> dict[str, str]:
    """The headers themselves, for what the server answers before the application is asked as well."""
    found = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    return found | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if production else {})


def guarded(response: Response, *, production: bool) -> Response:
    """Headers on every answer: nothing from elsewhere runs, nothing private is kept by caches."""
    for name, value in guards(production=production).items():
        response.headers.setdefault(name, value)  # a page may be stricter
    if request.endpoint != "static" or response.status_code >= 400:  # noqa: PLR2004 -- failures show who is signed in
        response.headers.setdefault("Cache-Control", "no-store")
    return response
