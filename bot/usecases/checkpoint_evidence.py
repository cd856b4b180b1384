"""Evidence is renewed: one newer piece, and every point that relied on it counts again."""

from __future__ import annotations

import datetime as dt
import json

from bot.checkpoints.calendar import day_of
from bot.checkpoints.evidence import renew, restore
from bot.checkpoints.refusals import FORM, refuse
from bot.rendering.checkpoint_form import renew_form
from bot.rendering.checkpoint_status import words_message
from bot.rendering.fields import mention
from bot.rendering.message import View
from bot.rendering.mrkdwn import escape
from bot.usecases.checkpoint_forms import Values, read_day, text
from bot.usecases.checkpoint_rules import Done, Post, Rules

_GONE = "This piece of evidence is not there any more."


class EvidenceDesk:
    """Renewing evidence."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def form(self, workspace_id: str, evidence_id: str, *, at: dt.datetime) -> View:
        """The form with the day and the link of a newer piece. Raises: Refused: it is gone."""
        with self._rules.ledger.reading(workspace_id) as pages:
            piece = pages.evidence.get_all([evidence_id]).get(evidence_id)
        if piece is None:
            raise refuse(FORM, _GONE)
        metadata = json.dumps({"evidence": piece.id})
        return renew_form(piece.title, piece.link, metadata=metadata, today=day_of(at))

    def renew(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep the newer piece; the teams that relied on it are told.

        Raises: Refused: it is not newer, still to come, or its link is not whole.
        """
        evidence_id, dated_on = json.loads(metadata)["evidence"], read_day(values, "dated_on") or day_of(at)
        posts: list[Post] = []
        with self._rules.ledger.writing(workspace_id) as pages:
            old = pages.evidence.get_all([evidence_id]).get(evidence_id)
            if old is None:
                raise refuse(FORM, _GONE)
            new = renew(old, dated_on=dated_on, link=text(values, "link"), by=user_id, at=at, today=day_of(at))
            relying = pages.checkpoints.relying_on(evidence_id)
            home = pages.evidence.home_of(evidence_id)
            pages.evidence.keep(new, home, at=at)
            for service_id in sorted({one.service_id for one in relying}):
                service = pages.services.lock(service_id)
                if service is None:
                    continue
                for one in pages.checkpoints.of_service(service_id):
                    pages.checkpoints.keep(restore(one, [evidence_id], at=at), at=at)
                pages.plans.led_to("evidence", evidence_id, "renewed")
                self._rules.replan(pages, service, at=at)
                told = f'{mention(user_id)} has renewed "{escape(new.title)}": what relied on it counts again.'
                posts.append(Post(service.channel_id, words_message(told)))
        return Done(posts=tuple(posts))
