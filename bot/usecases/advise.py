"""Corridor 1 with a memory: a question in Slack becomes a message, and what later clicks need is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Final

from bot.answers.recall import version_of
from bot.answers.reply import Answer, Choice, Decline, Reply
from bot.checkpoints.calendar import LONDON, day_of
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.matching.wording import clean, tokenize
from bot.privacy import mask
from bot.rendering import answers, browse, entry, explain, help, home, notes
from bot.rendering.files import File
from bot.rendering.gaps import gaps_message
from bot.rendering.message import Message, Payload, View
from bot.rendering.steps import Outputs, reply_outputs
from bot.rendering.thread_draft import thread_draft
from bot.rendering.words import KINDS
from bot.storage.answers import Answers, KeptAnswer
from bot.storage.awaited import AwaitedAnswers
from bot.storage.conversations import Conversations
from bot.storage.feedback import Feedback, Verdict
from bot.storage.gaps import GapOutcome, Gaps
from bot.storage.given import GivenAnswer, GivenAnswers
from bot.storage.welcomes import Welcomes
from bot.usecases.ask import answer_to, ask, open_entries, open_entry
from bot.usecases.gaps import grouped_gaps
from bot.usecases.knowledge_base import Knowledge, KnowledgeBase

GAPS_WITHIN = dt.timedelta(days=30)
_STANDARD = "service-standard"
_MOST_RECENT = 5
_HELP: Final[Sequence[list[str]]] = ([], ["help"], ["advisor", "help"], ["what", "can", "you", "do"])


@dataclass(frozen=True)
class Place:
    """
    The conversation in which a question was asked. ``thread_ts`` is empty where the channel itself is that;
    ``person_id`` says whose it is where one person has it unseen by others.
    """

    workspace_id: str
    channel_id: str
    thread_ts: str = ""
    person_id: str = ""


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
        given: GivenAnswers,
        awaited: AwaitedAnswers,
        count: Callable[[str], None] = lambda outcome: None,
        together: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Args: count: hears of each outcome. together: has what is written in its block written at once."""
        self._base = knowledge_base
        self._conversations = conversations
        self._answers = kept
        self._feedback = feedback
        self._gaps = gaps
        self._welcomes = welcomes
        self._given = given
        self._awaited = awaited
        self._count = count
        self._together = together

    @property
    def _knowledge(self) -> Knowledge:
        return self._base.current

    def advise(self, question: str, place: Place, *, at: dt.datetime, private: bool, quoted: bool = False) -> Message:
        """
        The reply to *question*; ``help``, and a question with no words in it, get the help.

        *private*: only the asker sees it, so it carries a button to share; *quoted*: the question is not in sight.
        Either way an answer repeats what was asked. The subject of the conversation is remembered, a decline is kept as
        a gap (masked, without user id).
        """
        asked = clean(question)
        if tokenize(asked) in _HELP:
            return self.help()
        subject = self._conversations.subject(*_thread(place), at=at, person_id=place.person_id)
        knowledge = self._knowledge
        reply = ask(question, knowledge, subject=subject)
        return self._say(reply, asked, knowledge, place, at=at, private=private, quoted=private or quoted)

    def step(self, question: str, workspace_id: str, *, at: dt.datetime) -> Outputs:
        """What a step of a workflow hands on for *question*; a decline is kept as a gap, like any other."""
        asked, knowledge = clean(question), self._knowledge
        reply = ask(question, knowledge)
        self._keep(reply, asked, knowledge, Place(workspace_id, ""), at=at)
        return reply_outputs(reply)

    def show(self, entry_id: str, place: Place, *, at: dt.datetime, private: bool) -> Message:
        """The answer with the entry that somebody picked from a list or below another answer."""
        return self._show(entry_id, "", place, at=at, private=private)

    def point(self, number: str, place: Place, *, at: dt.datetime, private: bool) -> Message:
        """The answer with a point of the Service Standard; the list of all where none has that number."""
        of_kind = self._knowledge.library.of_kind(_STANDARD)
        points = {str(one.standard_point.number): one for one in of_kind if one.standard_point}
        found = points.get(number.lstrip("0"))
        if found is None:
            return self.browse(_STANDARD)
        return self._show(found.id, "", place, at=at, private=private)

    def choose(self, answer_id: str, entry_id: str, place: Place, *, at: dt.datetime, private: bool) -> Message:
        """The answer that somebody picked from a choice, to the question that was asked then."""
        kept = self._answers.get(place.workspace_id, answer_id)
        return self._show(entry_id, kept.question if kept else "", place, at=at, private=private)

    def choose_none(self, answer_id: str, workspace_id: str, *, at: dt.datetime) -> Message:
        """None of what was offered was meant: that is a gap."""
        kept = self._answers.get(workspace_id, answer_id)
        if kept is not None:
            self._record_gap(kept, "choice_none", at=at)
        awaitable = kept is not None and answer_to(kept.question, self._knowledge) is None
        return notes.none_of_these(answer_id, awaitable=awaitable)

    def share(self, answer_id: str, workspace_id: str) -> Message | None:
        """The public form of a private answer; None where it is no longer kept or its entry is gone."""
        kept = self._answers.get(workspace_id, answer_id)
        knowledge = self._knowledge
        reply = open_entries(kept.entry_ids, kept.question, knowledge) if kept else None
        if reply is None:
            return None
        return answers.render_reply(reply, knowledge.library, answer_id=answer_id, private=False)

    def shared(self, answer_id: str, place: Place, *, at: dt.datetime) -> None:
        """Note that a private answer now stands in sight of all in *place*."""
        kept = self._answers.get(place.workspace_id, answer_id)
        reply = open_entries(kept.entry_ids, kept.question, self._knowledge) if kept else None
        if reply is not None:
            self._note_given(_speaking(reply), place, at=at)

    def rate(self, answer_id: str, user_id: str, workspace_id: str, *, helpful: bool, at: dt.datetime) -> Message:
        """Take a verdict on an answer; a not helpful one is also a gap, once."""
        verdict: Verdict = "helpful" if helpful else "not_helpful"
        new = self._feedback.give(workspace_id, answer_id, user_id, verdict, at=at)
        kept = self._answers.get(workspace_id, answer_id)
        if new and kept is not None and not helpful:
            self._record_gap(kept, "not_helpful", at=at)
        return notes.thanks(helpful=helpful, answer_id=answer_id)

    def draft(self, messages: Sequence[str], *, at: dt.datetime) -> File:
        """The draft of an entry from what people wrote: without mentions, masked, kept nowhere."""
        return thread_draft([mask(clean(text)) for text in messages], today=at.date())

    def pass_on(self, answer_id: str, workspace_id: str) -> Message | None:
        """What people who help see of a question that is passed to them; None where it is no longer kept."""
        kept = self._answers.get(workspace_id, answer_id)
        return notes.passed_on_to_people(kept.question) if kept else None

    def why(self, answer_id: str, workspace_id: str) -> View:
        """
        Why an answer was given: the words that matched, the repairs, the runner-up.

        An entry that the question alone does not find was picked, or followed from the conversation: it is explained
        together with its title, as it was found.
        """
        kept = self._answers.get(workspace_id, answer_id)
        knowledge = self._knowledge
        question = kept.question if kept else ""
        explanation = knowledge.index.explain(question)
        entry = knowledge.library.get(kept.entry_ids[0]) if kept and kept.entry_ids else None
        if entry is not None and explanation.matches.best != entry.id:
            said = explanation.matches.rests_on
            explanation = knowledge.index.explain(f"{question} {entry.title}", subject=entry.id)
            explanation = replace(explanation, matches=replace(explanation.matches, rests_on=said))
        return explain.why_view(explanation, knowledge.library)

    def entry(self, entry_id: str) -> View:
        """The whole of an entry as a form to read; a short note where it is gone."""
        library = self._knowledge.library
        found = library.get(entry_id)
        return entry.entry_view(found, library) if found else notes.gone_view()

    def browse(self, kind: str, *, page: int = 1, query: str = "") -> Message:
        """A list of the entries of a kind, those about *query* where there is one, the nearest first."""
        return browse.list_message(kind, _listed(self._knowledge, kind, query), page=page, query=query)

    def list_form(self, kind: str, *, page: int = 1) -> View:
        """The same list as a form, for the Home tab."""
        return browse.list_view(kind, browse.of_kind(self._knowledge.library, kind), page=page)

    def help(self) -> Message:
        """What Advisor can do and how to ask."""
        return help.help_message()

    def welcome(self, user_id: str, workspace_id: str, *, at: dt.datetime) -> Message | None:
        """The first words to somebody who opened the app; None from the second time on."""
        return help.welcome_message() if self._welcomes.first_time(workspace_id, user_id, at=at) else None

    def joined_channel(self) -> Message:
        """What Advisor says once when it is brought into a channel."""
        return help.joined_channel_message()

    def home(self, team: Sequence[Payload] = ()) -> View:
        """The Home tab, with the *team*'s part of it for somebody who has services."""
        library = self._knowledge.library
        counts = {kind: len(browse.of_kind(library, kind)) for kind in KINDS}
        return home.home_view(counts=counts, recent=_lately_checked(library), examples=help.EXAMPLES, team=team)

    def ask_form(self) -> View:
        """The form with one question."""
        return home.ask_view()

    def operations(
        self, word: str, workspace_id: str, *, at: dt.datetime, allowed: bool, more: Mapping[str, str] | None = None
    ) -> Message:
        """What ``/advisor health`` (with *more* facts) and ``/advisor gaps`` show to those who may see it."""
        if not allowed:
            return notes.not_allowed()
        if word == "health":
            return self.health(more)
        return gaps_message(grouped_gaps(self._gaps, self._awaited, workspace_id, since=at - GAPS_WITHIN))

    def health(self, more: Mapping[str, str] | None = None) -> Message:
        """What an administrator sees: the knowledge in use and its faults, and *more*."""
        facts = {
            "Entries": str(len(self._knowledge.library)),
            "Knowledge version": self._knowledge.library.version[:12],
        }
        facts["Warnings"] = str(len(self._base.warnings))
        if self._base.faults:
            facts["Reload refused"] = "; ".join(str(fault) for fault in self._base.faults[:5])
        return help.health_message({**facts, **(more or {})})

    def _show(self, entry_id: str, question: str, place: Place, *, at: dt.datetime, private: bool) -> Message:
        """The answer with an entry; where no question led to it, its title stands for one."""
        knowledge = self._knowledge
        reply = open_entry(entry_id, question, knowledge)
        if reply is None:
            return notes.gone()
        asked, quoted = question or reply.entry.title, bool(question) and private
        return self._say(reply, asked, knowledge, place, at=at, private=private, quoted=quoted)

    def _say(
        self,
        reply: Reply,
        asked: str,
        knowledge: Knowledge,
        place: Place,
        *,
        at: dt.datetime,
        private: bool,
        quoted: bool,
    ) -> Message:
        self._count(reply.reason if isinstance(reply, Decline) else reply.outcome)
        with self._together():
            answer_id = self._keep(reply, asked, knowledge, place, at=at)
            if isinstance(reply, Answer):
                self._conversations.remember(*_thread(place), reply.entry.id, at=at, person_id=place.person_id)
                if not private:
                    self._note_given(_speaking(reply), place, at=at)
        shown = asked if quoted else ""
        return answers.render_reply(
            reply, knowledge.library, answer_id=answer_id, private=private, question=shown,
            awaitable=_is_awaitable(reply, asked, knowledge),
        )  # fmt: skip

    def _keep(self, reply: Reply, asked: str, knowledge: Knowledge, place: Place, *, at: dt.datetime) -> str:
        """Keep what later clicks need; *asked* has been cleaned, so that no mention in it says who somebody is."""
        masked = mask(asked)
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

    def _note_given(self, entries: Sequence[Entry], place: Place, *, at: dt.datetime) -> None:
        """Keep which version of an entry stands in a thread since which day, for the day when it changes."""
        day = dt.datetime.combine(day_of(at), dt.time(), LONDON)
        for one in entries:
            changes = tuple(one.material_changes)
            self._given.keep(GivenAnswer(*_thread(place), one.id, version_of(one), changes, day))

    def _record_gap(self, kept: KeptAnswer, outcome: GapOutcome, *, at: dt.datetime) -> None:
        nearest = kept.entry_ids[0] if kept.entry_ids else None
        self._gaps.record(kept.workspace_id, kept.question, outcome, nearest, kept.confidence, at=at)


def _is_awaitable(reply: Reply, asked: str, knowledge: Knowledge) -> bool:
    """
    Whether the answer can be waited for: it has no entry yet, and the question, as it is kept, says by itself what is
    meant. One that leaned on the conversation would later be answered with something else.
    """
    missing = isinstance(reply, Decline) and reply.reason == "no_entry"
    return missing and answer_to(mask(asked), knowledge) is None


def _speaking(reply: Answer) -> Sequence[Entry]:
    """Every entry whose words an answer shows: those it is from, and those that put a belief right in it."""
    return list({entry.id: entry for entry in (*reply.entries, *(one.entry for one in reply.corrections))}.values())


def _thread(place: Place) -> tuple[str, str, str]:
    return place.workspace_id, place.channel_id, place.thread_ts


def _listed(knowledge: Knowledge, kind: str, query: str) -> Sequence[Entry]:
    """The entries of a kind; with a *query* those among the nearest to it, none where it would be declined."""
    entries = browse.of_kind(knowledge.library, kind)
    if not query:
        return entries
    reply = ask(query, knowledge)
    near = [] if isinstance(reply, Decline) else [match.entry_id for match in reply.matches.ranked]
    return sorted((one for one in entries if one.id in near), key=lambda one: near.index(one.id))


def _lately_checked(library: Library) -> Sequence[Entry]:
    """The entries that an editor checked last; what people asked is nobody else's business."""
    dated = [one for one in library if one.checked_on]
    return sorted(dated, key=lambda one: (one.checked_on or dt.date.min, one.id), reverse=True)[:_MOST_RECENT]
