"""Walking through a checkpoint: a point is shown, answered, kept; then the next, and at the end it is handed in."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, cast

from bot.checkpoints import progress as walking
from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import ANSWERABLE, Answer, Checkpoint, Value
from bot.checkpoints.evidence import Evidence, evidence_faults
from bot.checkpoints.panel_notes import KIND, Notes, by_point, panel_notes
from bot.checkpoints.prefill import drafts
from bot.checkpoints.progress import Given, Overtaken, next_prompt
from bot.checkpoints.refusals import Refused
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, prompts_for
from bot.rendering import checkpoint_status as status
from bot.rendering.checkpoint_walk import Walk, end_view, list_view, walk_view, words_view
from bot.rendering.fields import mention
from bot.rendering.message import View
from bot.rendering.mrkdwn import cut, escape
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_forms import Values, read_evidence, several, text
from bot.usecases.checkpoint_rules import Done, Post, Rules, service_and_checkpoint
from bot.usecases.prompt_message import prompt_change, prompt_post

_MOST_PIECES = 100


class WalkDesk:
    """Answering the points of a checkpoint and handing it in."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def view(self, workspace_id: str, checkpoint_id: str, prompt_id: str = "", *, at: dt.datetime) -> View:
        """The form about a point: the one named, else the next that needs the team; the end where nothing does."""
        with self._rules.ledger.reading(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, checkpoint_id)
            return self._view(pages, service, checkpoint, prompt_id, at=at)

    def points(self, workspace_id: str, checkpoint_id: str) -> View:
        """The whole list of points."""
        with self._rules.ledger.reading(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, checkpoint_id)
            notes = _notes(pages, checkpoint)
        return list_view(checkpoint, service, notes)

    def answer(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Keep an answer and show the next point; where somebody else was faster, the same point with their answer.

        Raises: Refused: something in the form cannot be so; every fault at once, by field.
        """
        about = json.loads(metadata)
        try:
            with self._rules.ledger.writing(workspace_id) as pages:
                return self._answered(pages, user_id, about, values, at=at)
        except Overtaken as overtaken:
            banner = _overtaken_words(overtaken.theirs, str(overtaken))
        with self._rules.ledger.reading(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, about["checkpoint"])
            return Done(self._view(pages, service, checkpoint, about["prompt"], at=at, banner=banner))

    def submit(self, workspace_id: str, user_id: str, metadata: str, values: Values, *, at: dt.datetime) -> Done:
        """
        Hand a checkpoint in; the sponsor is told in the channel.

        Raises: Refused: something is left to answer, or this person may not hand it in.
        """
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, json.loads(metadata)["checkpoint"], lock=True)
            step = walking.submit(checkpoint, service, by=user_id, at=at)
            pages.checkpoints.keep(step, at=at)
            pages.plans.led_to("checkpoint", checkpoint.id, "handed in")
            pages.plans.end_snooze("checkpoint", checkpoint.id)
            self._rules.replan(pages, service, at=at)
            changed = prompt_change(self._rules, pages, step, service, at=at)
        message = status.submitted_message(step.checkpoint, service, note=text(values, "form"))
        return Done(posts=(Post(service.channel_id, message), *changed))

    def take_back(self, workspace_id: str, user_id: str, checkpoint_id: str, *, at: dt.datetime) -> Done:
        """Take a checkpoint back that waits for the sponsor. Raises: Refused: it does not."""
        with self._rules.ledger.writing(workspace_id) as pages:
            service, checkpoint = service_and_checkpoint(pages, checkpoint_id, lock=True)
            step = walking.take_back(checkpoint, by=user_id, at=at)
            pages.checkpoints.keep(step, at=at)
            self._rules.replan(pages, service, at=at)
        return Done(posts=(prompt_post(self._rules, step, service, at=at),))

    def _view(
        self, pages: Pages, service: Service, checkpoint: Checkpoint, prompt_id: str, *, at: dt.datetime,
        banner: str = "", after: str = "",
    ) -> View:  # fmt: skip
        if checkpoint.state == "submitted":
            return words_view("Handed in", f"This checkpoint waits for {mention(service.sponsor_id)} to decide.")
        prompts = {prompt.id: prompt for prompt in prompts_for(checkpoint.template, service)}
        prompt = prompts.get(prompt_id) or next_prompt(checkpoint, service, after=after)
        if prompt is not None:
            return walk_view(self._walk(pages, service, checkpoint, prompt, at=at, banner=banner))
        if checkpoint.state in ANSWERABLE:
            return end_view(checkpoint, service, banner=banner)
        return words_view("Decided", f"This checkpoint is {checkpoint.state}. Nothing is left to answer.")

    def _walk(
        self, pages: Pages, service: Service, checkpoint: Checkpoint, prompt: FrozenPrompt, *, at: dt.datetime,
        banner: str,
    ) -> Walk:  # fmt: skip
        own = pages.evidence.of_service(service.id)
        others = [piece for piece in pages.evidence.recent(_MOST_PIECES) if piece.id not in {one.id for one in own}]
        answer = checkpoint.answers.get(prompt.id)
        held = pages.evidence.get_all(answer.evidence_ids if answer else ())
        pieces = {piece.id: piece for piece in (*held.values(), *own, *others)}
        earlier = pages.checkpoints.of_service(service.id)
        known = drafts(checkpoint, service, earlier, pieces, today=day_of(at), lives=self._rules.lives)
        draft = known.get(prompt.id)
        return Walk(
            checkpoint, service, prompt, list(pieces.values())[:_MOST_PIECES], tuple(self._rules.lives), draft,
            self._rules.library.get(prompt.help), banner, _notes(pages, checkpoint).get(prompt.id, ()),
        )  # fmt: skip

    def _answered(self, pages: Pages, user_id: str, about: dict[str, Any], values: Values, *, at: dt.datetime) -> Done:
        service, checkpoint = service_and_checkpoint(pages, about["checkpoint"], lock=True)
        chosen = several(values, "evidence_ids")
        piece = self._piece(pages, service, user_id, values, at=at)
        ids = tuple(dict.fromkeys([*chosen, *([piece.id] if piece else [])]))
        known = pages.evidence.get_all(ids)
        given = Given(
            about["prompt"], cast("Value", text(values, "value")), text(values, "note"), ids, about["seen"],
            about["prefilled"],
        )  # fmt: skip
        try:
            step = walking.answer(checkpoint, service, given, by=user_id, at=at, evidence=known)
        except Overtaken:
            raise
        except Refused as refused:
            raise Refused(_on_form(refused.faults)) from refused
        pages.checkpoints.keep(step, at=at)
        pages.plans.led_to("checkpoint", checkpoint.id, "answered")
        self._rules.replan(pages, service, at=at)
        view = self._view(pages, service, step.checkpoint, "", at=at, after=about["prompt"])
        return Done(view, prompt_change(self._rules, pages, step, service, at=at))

    def _piece(
        self, pages: Pages, service: Service, user_id: str, values: Values, *, at: dt.datetime
    ) -> Evidence | None:
        """The evidence filled in new: kept, or found again where the service has a piece with the same link."""
        today = day_of(at)
        blank = Evidence(self._rules.new_id("e"), service.workspace_id, "document", "", "", today, user_id, at)
        piece = read_evidence(values, blank)
        if piece is None:
            return None
        if faults := evidence_faults(piece, today=today, lives=self._rules.lives):
            raise Refused(faults)
        same = next(
            (one for one in pages.evidence.of_service(service.id) if piece.link and one.link == piece.link), None
        )
        if same is not None:
            return same
        pages.evidence.keep(piece, service.id, at=at)
        return piece


def _notes(pages: Pages, checkpoint: Checkpoint) -> Notes:
    return by_point(panel_notes(pages.checkpoints.happened((KIND,), of=[checkpoint.id])))


def _on_form(faults: dict[str, str]) -> dict[str, str]:
    """The faults of an answer by the fields of its form: missing evidence belongs to the field for a link."""
    moved = dict(faults)
    if "evidence_ids" in moved:
        moved["link"] = moved.pop("evidence_ids")
    return moved


def _overtaken_words(theirs: Answer | None, message: str) -> str:
    if theirs is None:
        return escape(message)
    note = f' and wrote: "{escape(cut(theirs.note, 500))}"' if theirs.note else ""
    return (
        f"{mention(theirs.who)} answered this point in the meantime: {theirs.value}{note}. Nothing of yours is "
        "lost: it stands below. Save it to replace theirs, or stop here to leave it."
    )
