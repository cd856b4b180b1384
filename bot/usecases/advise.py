"""Corridor 1 with a memory: a question in Slack becomes a message, and what later clicks need is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.reply import Answer, Choice, Decline, Reply
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.privacy import mask
from bot.rendering import answers, browse, entry, explain, help, home, notes
from bot.rendering.gaps import gaps_message
from bot.rendering.message import Message, View
from bot.rendering.words import KINDS
from bot.storage.answers import Answers, KeptAnswer
from bot.storage.conversations import Conversations
from bot.storage.feedback import Feedback, Verdict
from bot.storage.gaps import GapOutcome, Gaps
from bot.storage.welcomes import Welcomes
from bot.usecases.ask import ask, open_entry
from bot.usecases.gaps import grouped_gaps
from bot.usecases.knowledge_base import Knowledge, KnowledgeBase

GAPS_WITHIN = dt.timedelta(days=30)


@dataclass(frozen=True)
class Place:
    """Where a question was asked. ``thread_ts`` is empty where the channel itself is the conversation."""

    workspace_id: str
    channel_id: str
    thread_ts: str = ""


class Advisor:
    """Everything that can be asked of Advisor in Slack. Each method opens every door once and returns plain data."""

    def __init__(
        self,
        knowledge_base: KnowledgeBase,
        conversations: Conversations,
        kept: Answers,
        feedback: Feedback,
        gaps: Gaps,
        welcomes: Welcomes,
    ) -> None:
        self._base = knowledge_base
        self._conversations = conversations
        self._answers = kept
        self._feedback = feedback
        self._gaps = gaps
        self._welcomes = welcomes

    @property
    def _knowledge(self) -> Knowledge:
        return self._base.current

    def advise(self, question: str, place: Place, *, at: dt.datetime, private: bool) -> Message:
        """
        The reply to *question*; ``help``, and a question with no words in it, get the help.

        *private*: only the asker sees it, so it carries a button to share. The subject of the conversation is
        remembered, a decline is kept as a gap (masked, without user id).
        """
        if question.strip().casefold().strip("?!. ") in ("", "help", "advisor help", "what can you do"):
            return self.help()
        subject = self._conversations.subject(place.workspace_id, place.channel_id, place.thread_ts, at=at)
        knowledge = self._knowledge
        reply = ask(question, knowledge, subject=subject)
        return self._say(reply, question, knowledge, place, at=at, private=private)

    def show(self, entry_id: str, question: str, place: Place, *, at: dt.datetime, private: bool) -> Message:
        """The answer with the entry that somebody picked."""
        knowledge = self._knowledge
        reply = open_entry(entry_id, question, knowledge)
        if reply is None:
            return notes.gone()
        return self._say(reply, question, knowledge, place, at=at, private=private)

    def choose(self, answer_id: str, entry_id: str, place: Place, *, at: dt.datetime, private: bool) -> Message:
        """The answer that somebody picked from a choice, to the question that was asked then."""
        kept = self._answers.get(place.workspace_id, answer_id)
        return self.show(entry_id, kept.question if kept else "", place, at=at, private=private)

    def choose_none(self, answer_id: str, place: Place, *, at: dt.datetime) -> Message:
        """None of what was offered was meant: that is a gap."""
        kept = self._answers.get(place.workspace_id, answer_id)
        if kept is not None:
            self._record_gap(kept, "choice_none", place, at=at)
        return notes.none_of_these(answer_id)

    def share(self, answer_id: str, place: Place) -> Message | None:
        """The public form of a private answer; None where it is no longer kept or its entry is gone."""
        kept = self._answers.get(place.workspace_id, answer_id)
        knowledge = self._knowledge
        if kept is None or not kept.entry_ids:
            return None
        reply = open_entry(kept.entry_ids[0], kept.question, knowledge)
        if reply is None:
            return None
        return answers.render_reply(reply, knowledge.library, answer_id=answer_id, private=False)

    def rate(self, answer_id: str, user_id: str, *, helpful: bool, place: Place, at: dt.datetime) -> Message:
        """Take a verdict on an answer; a not helpful one is also a gap, once."""
        verdict: Verdict = "helpful" if helpful else "not_helpful"
        new = self._feedback.give(place.workspace_id, answer_id, user_id, verdict, at=at)
        kept = self._answers.get(place.workspace_id, answer_id)
        if new and kept is not None and not helpful:
            self._record_gap(kept, "not_helpful", place, at=at)
        return notes.thanks(helpful=helpful, answer_id=answer_id)

    def pass_on(self, answer_id: str, place: Place, *, to: str | None) -> tuple[Message, Message | None]:
        """
        What the asker is told when a question is passed to a person, and what goes to the channel *to*.

        Without such a channel, or when the question is no longer kept, nothing is posted and the asker is told.
        """
        kept = self._answers.get(place.workspace_id, answer_id)
        if kept is None or to is None:
            return notes.ask_a_person(), None
        return notes.passed_on(), notes.passed_on_to_people(kept.question)

    def why(self, answer_id: str, place: Place) -> View:
        """Why an answer was given: the words that matched, the repairs, the runner-up."""
        kept = self._answers.get(place.workspace_id, answer_id)
        knowledge = self._knowledge
        explanation = knowledge.index.explain(kept.question if kept else "")
        return explain.why_view(explanation, knowledge.library)

    def entry(self, entry_id: str) -> View:
        """The whole of an entry as a form to read; a short note where it is gone."""
        library = self._knowledge.library
        found = library.get(entry_id)
        return entry.entry_view(found, library) if found else notes.gone_view()

    def browse(self, kind: str, *, page: int = 1, query: str = "") -> Message:
        """A list of the entries of a kind, those about *query* where there is one, the nearest first."""
        library = self._knowledge.library
        return browse.list_message(kind, self._listed(library, kind, query), page=page, query=query)

    def list_form(self, kind: str, *, page: int = 1) -> View:
        """The same list as a form, for the Home tab."""
        return browse.list_view(kind, self._listed(self._knowledge.library, kind, ""), page=page)

    def help(self) -> Message:
        """What Advisor can do and how to ask."""
        return help.help_message()

    def welcome(self, user_id: str, workspace_id: str, *, at: dt.datetime) -> Message | None:
        """The first words to somebody who opened the app; None from the second time on."""
        return help.welcome_message() if self._welcomes.first_time(workspace_id, user_id, at=at) else None

    def joined_channel(self) -> Message:
        """What Advisor says once when it is brought into a channel."""
        return help.joined_channel_message()

    def home(self) -> View:
        """The Home tab."""
        library = self._knowledge.library
        counts = {kind: len(browse.of_kind(library, kind)) for kind in KINDS}
        return home.home_view(counts=counts, recent=self._recent(library), examples=help.EXAMPLES)

    def ask_form(self) -> View:
        """The form with one question."""
        return home.ask_view()

    def operations(self, word: str, workspace_id: str, *, at: dt.datetime, allowed: bool) -> Message:
        """What ``/advisor health`` and ``/advisor gaps`` show to those who may see it."""
        if not allowed:
            return notes.not_allowed()
        if word == "health":
            return self.health()
        return gaps_message(grouped_gaps(self._gaps, workspace_id, since=at - GAPS_WITHIN))

    def health(self) -> Message:
        """What an administrator sees: the knowledge in use and its faults."""
        facts = {
            "Entries": str(len(self._knowledge.library)),
            "Knowledge version": self._knowledge.library.version[:12],
        }
        facts["Warnings"] = str(len(self._base.warnings))
        if self._base.faults:
            facts["Reload refused"] = "; ".join(str(fault) for fault in self._base.faults[:5])
        return help.health_message(facts)

    def _say(
        self, reply: Reply, question: str, knowledge: Knowledge, place: Place, *, at: dt.datetime, private: bool
    ) -> Message:
        answer_id = self._keep(reply, question, knowledge, place, at=at)
        if isinstance(reply, Answer):
            self._conversations.remember(place.workspace_id, place.channel_id, place.thread_ts, reply.entry.id, at=at)
        return answers.render_reply(reply, knowledge.library, answer_id=answer_id, private=private)

    def _keep(self, reply: Reply, question: str, knowledge: Knowledge, place: Place, *, at: dt.datetime) -> str:
        masked = mask(question)
        shown = reply.entries if isinstance(reply, Answer) else reply.options if isinstance(reply, Choice) else ()
        matches = reply.matches
        if isinstance(reply, Decline) and reply.reason != "chat":
            self._gaps.record(place.workspace_id, masked, reply.reason, matches.best, matches.confidence, at=at)
        return self._answers.keep(
            place.workspace_id,
            question=masked,
            entry_ids=[one.id for one in shown],
            outcome=reply.outcome,
            confidence=matches.confidence,
            knowledge_version=knowledge.library.version,
            at=at,
        )

    def _record_gap(self, kept: KeptAnswer, outcome: GapOutcome, place: Place, *, at: dt.datetime) -> None:
        nearest = kept.entry_ids[0] if kept.entry_ids else None
        self._gaps.record(place.workspace_id, kept.question, outcome, nearest, kept.confidence, at=at)

    def _listed(self, library: Library, kind: str, query: str) -> Sequence[Entry]:
        entries = browse.of_kind(library, kind)
        if not query:
            return entries
        near = [match.entry_id for match in self._knowledge.index.search(query).ranked]
        return sorted((one for one in entries if one.id in near), key=lambda one: near.index(one.id))

    def _recent(self, library: Library) -> Sequence[Entry]:
        """The entries that an editor checked last; what people asked is nobody else's business."""
        dated = [one for one in library if one.checked_on]
        return sorted(dated, key=lambda one: (one.checked_on or dt.date.min, one.id), reverse=True)[:5]
