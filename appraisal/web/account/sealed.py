"""The seal of the keys of second steps, made from the server's own secret."""

from flask import current_app

from appraisal.services.sealing import Seal


def seal() -> Seal:
    return Seal(current_app.extensions["settings"].secret_key)
