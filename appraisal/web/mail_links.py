"""Addresses on this site as mail needs them, whole, where there is no request to take them from."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask

from appraisal.models import Notice
from appraisal.web.messages import target


class SiteLinks:
    def __init__(self, app: Flask, address: str) -> None:
        site = urlsplit(address)
        self._addresses = app.url_map.bind(site.netloc, url_scheme=site.scheme)

    def _to(self, endpoint: str, **values: object) -> str:
        return self._addresses.build(endpoint, values, force_external=True)

    def place(self, kind: Notice, project_id: UUID | None, subject_id: UUID | None) -> str:
        endpoint, values = target(kind, project_id, subject_id)
        return self._to(endpoint, **values)

    def join(self, secret: str) -> str:
        return self._to("account.join_link", secret=secret)

    def choice(self) -> str:
        return self._to("account.mail")
