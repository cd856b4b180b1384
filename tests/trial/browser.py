"""Somebody at the pages, without a browser: what is fetched and posted as htmx would."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client, TestResponse

from bot.trial.pages.screens import Step
from bot.trial.pages.site import Site
from bot.trial.server import StandIn

from .paper import Paper, whole

ORIGIN = "http://127.0.0.1:8000"


class Visitor:
    """One person's browser."""

    def __init__(self, slack: StandIn, name: str = "sam", steps: tuple[Step, ...] = ()) -> None:
        self.slack = slack
        self.name = name
        self.site = Site(slack, steps, hold=0.2)
        self._client = Client(self.site)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Fetch an address below the person's own (or a whole one that begins with a slash)."""
        address = path if path.startswith("/") else f"/as/{self.name}/{path}"
        return self._client.get(address, base_url=ORIGIN, headers=headers)

    def page(self, path: str) -> Paper:
        """Return a page that was found and is whole."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return whole(response.text)

    def post(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Do something, as htmx sends it."""
        sent = {"HX-Request": "true", "Origin": ORIGIN, **headers}
        return self._client.post(f"/as/{self.name}/{path}", base_url=ORIGIN, data=form or {}, headers=sent)

    def news(self, paper: Paper) -> str:
        """Return what has changed since a page was fetched."""
        return self.get(paper.one(id="news").attributes["hx-get"]).text
