"""What templates need of the application: where they are found, and how figures are written."""

from flask import Flask
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from appraisal.web import kept
from appraisal.web.echo import scales_of
from appraisal.web.formatting import register_filters
from scoring.frameworks import drawn_words

LIBRARIES = ("govuk_frontend_jinja", "govuk_frontend_wtf")


def register_templates(app: Flask) -> None:
    """Find the application's templates and the GOV.UK components; add the filters and `wtforms_errors`."""
    libraries = PrefixLoader({name: PackageLoader(name) for name in LIBRARIES})
    app.jinja_loader = ChoiceLoader([PackageLoader("appraisal"), libraries])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    WTFormsHelpers(app)
    app.jinja_env.globals["drawn"] = drawn_words
    register_filters(app)
    app.add_template_global(scales_of)
    kept.register(app)
