"""Our own question sets, each with a bar of its own: how good Advisor is, measured the same way every time.

Each row is also asked in upper case, without punctuation, with a slip and with two words swapped; the worst counts.
The rows at even places of a set are for tuning, those at odd places are looked at only here: both are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answers import scorecard
from bot.answers.reply import Answer, Choice, Decline, Reply
from bot.answers.scorecard import WHOLE_CONVERSATIONS, Measure, SetResult, ranking, share
from bot.errors import InputError
from bot.knowledge.question_sets import Row, read_rows, read_yaml
from bot.matching.slips import variants
from bot.usecases.ask import ask
from bot.usecases.knowledge_base import Knowledge

FIGURES_BEGIN = "<!-- figures: begin -->"
FIGURES_END = "<!-- figures: end -->"
Judge = Callable[[Row, Reply], bool]


@dataclass(frozen=True)
class _Spec:
    file: str
    measures: tuple[tuple[str, float, bool, Judge], ...]


def right_first(row: Row, reply: Reply) -> bool:
    """The first of the ranking is a right one, whatever was said."""
    return bool(set(ranking(reply)[:1]) & set(row["ids"]))


def answered_right(row: Row, reply: Reply) -> bool:
    """Answered outright with a right entry; with both where two are compared."""
    if isinstance(reply, Answer) and row.get("both"):
        return set(row["ids"]) <= {entry.id for entry in reply.entries}
    return scorecard.answered_right(reply, row["ids"])


def answered_wrong(row: Row, reply: Reply) -> bool:
    """Answered outright with nothing that is right."""
    return scorecard.answered_wrong(reply, row["ids"])


def helped(row: Row, reply: Reply) -> bool:
    """Answered right, or a right one is among those offered."""
    return scorecard.helped(reply, row["ids"])


def answered(row: Row, reply: Reply) -> bool:
    """Answered outright, where nothing should be."""
    return isinstance(reply, Answer)


def offered(row: Row, reply: Reply) -> bool:
    """Offered a choice, where nothing should be."""
    return isinstance(reply, Choice)


def ambiguous_right(row: Row, reply: Reply) -> bool:
    """What only looks ambiguous is answered; what is, is offered or answered with one of the right ones."""
    return answered_right(row, reply) if row["expect"] == "answer" else helped(row, reply)


def as_expected(row: Row, reply: Reply) -> bool:
    """The same, and asked back where a person would: an answer with one of several is not enough."""
    return ambiguous_right(row, reply) and reply.outcome == row["expect"]


def corrected(row: Row, reply: Reply) -> bool:
    """
    The reply says what is wrong in the question: it corrects one of the beliefs that the row names, or it answers with
    the entry whose summary does so by itself.
    """
    if isinstance(reply, Decline):
        return False
    if {one.belief.said[0] for one in reply.corrections} & set(row["corrects"]):
        return True
    return bool(row.get("summary")) and isinstance(reply, Answer) and row["ids"][0] in [one.id for one in reply.entries]


def answered_past(row: Row, reply: Reply) -> bool:
    """Answered outright, and what is wrong in the question is left standing: the worst thing that can happen."""
    return isinstance(reply, Answer) and not corrected(row, reply)


def corrected_unasked(row: Row, reply: Reply) -> bool:
    """The reply first of all corrects a belief, where the question rests on none; an old name is no belief."""
    return not isinstance(reply, Decline) and any(one.sure and not one.old_name for one in reply.corrections)


def corrected_first(row: Row, reply: Reply) -> bool:
    """One of the beliefs that the row names, or its old name, is put right before anything else is said."""
    shown = () if isinstance(reply, Decline) else reply.corrections
    return bool({one.belief.said[0] for one in shown if one.sure} & set(row["corrects"]))


def mentioned_unasked(row: Row, reply: Reply) -> bool:
    """The reply quotes a belief that may be meant, where the question rests on none."""
    return not isinstance(reply, Decline) and any(not one.sure for one in reply.corrections)


def passed_to_person(row: Row, reply: Reply) -> bool:
    """Declined because a person must decide."""
    return isinstance(reply, Decline) and reply.reason == "person"


SETS: tuple[_Spec, ...] = (
    _Spec("plain", (("right entry first", 0.95, False, right_first), ("answered wrong", 0.03, True, answered_wrong))),
    _Spec("council_voice", (("answered right", 0.85, False, answered_right),
                            ("answered wrong", 0.02, True, answered_wrong), ("helped", 0.90, False, helped))),
    _Spec("ambiguous", (("right", 0.90, False, ambiguous_right), ("as expected", 0.70, False, as_expected))),
    _Spec("far", (("answered", 0.0, True, answered), ("offered", 0.10, True, offered))),
    _Spec("near", (("answered", 0.03, True, answered), ("offered", 0.50, True, offered))),
    _Spec("false_premise", (("corrected", 1.0, False, corrected),)),
    _Spec("premise", (("corrected", 0.90, False, corrected), ("answered past", 0.10, True, answered_past),
                      ("corrected first", 0.50, False, corrected_first))),
    _Spec("no_premise", (("corrected unasked", 0.10, True, corrected_unasked),
                         ("mentioned unasked", 0.40, True, mentioned_unasked),
                         ("answered wrong", 0.05, True, answered_wrong))),
    _Spec("person", (("passed to a person", 1.0, False, passed_to_person),)),
    _Spec("negation_comparison", (("right", 0.85, False, answered_right),
                                  ("answered wrong", 0.03, True, answered_wrong))),
)  # fmt: skip


def run_sets(
    folder: Path,
    knowledge: Knowledge,
    *,
    only: Sequence[str] = (),
    forms: bool = True,
    pause: Callable[[], object] | None = None,
) -> list[SetResult]:
    """
    Ask every set in *folder* (all, or *only* some by name), then the conversations; *pause* is called before each
    question. Without *forms* each row is asked only as it is typed, which takes a fifth of the time.

    Raises: InputError: the folder or a set in it is missing or not of its shape.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: there are no question sets here; they come with the source, in tests/content.")

    def put(question: str, subject: str | None = None) -> Reply:
        if pause is not None:
            pause()
        return ask(question, knowledge, subject=subject)

    results = [_run(spec, folder, put, forms=forms) for spec in SETS if not only or spec.file in only]
    if not only or "conversations" in only:
        results += _conversations(folder, put)
    return results


def write_figures(page: Path, figures: str) -> None:
    """
    Put *figures* into *page*, between its two marks; the rest of the page stays as people wrote it.

    Raises: InputError: the page is missing, or has no marks.
    """
    try:
        text = page.read_text(encoding="utf-8")
        head, rest = text.split(FIGURES_BEGIN)
        _, tail = rest.split(FIGURES_END)
    except OSError as error:
        raise InputError(f"{page}: cannot be read ({error.strerror}).") from error
    except ValueError:
        raise InputError(f"{page}: has no lines {FIGURES_BEGIN} and {FIGURES_END} for the figures.") from None
    page.write_text(f"{head}{FIGURES_BEGIN}\n{figures.strip()}\n{FIGURES_END}{tail}", encoding="utf-8")


def _run(spec: _Spec, folder: Path, put: Callable[[str], Reply], *, forms: bool) -> SetResult:
    rows = read_rows(folder / f"{spec.file}.yaml")
    if any(judge is corrected for *_, judge in spec.measures):
        _with_corrections(rows, folder / f"{spec.file}.yaml")
    plain = [put(row["q"]) for row in rows]
    others = [[put(form) for form in variants(row["q"]).values()] for row in rows] if forms else None
    measures = tuple(_measure(one, rows, plain, others) for one in spec.measures)
    _, _, at_most, judge = spec.measures[0]
    misses = tuple(row["q"] for row, reply in zip(rows, plain, strict=True) if judge(row, reply) == at_most)
    return SetResult(spec.file, len(rows), measures, misses)


def _with_corrections(rows: Sequence[Row], file: Path) -> None:
    """Raises: InputError: a row does not say what must be corrected, as sets from before it was asked for do not."""
    for row in rows:
        if "corrects" not in row:
            told = "name the beliefs of which one must be corrected, by their first wording, in 'corrects'."
            raise InputError(f"{file}: {row['q']!r}: {told}")


def _measure(
    one: tuple[str, float, bool, Judge],
    rows: Sequence[Row],
    plain: Sequence[Reply],
    others: Sequence[Sequence[Reply]] | None,
) -> Measure:
    name, bar, at_most, judge = one
    hits = [judge(row, reply) for row, reply in zip(rows, plain, strict=True)]
    worst = (
        None
        if others is None
        else share(
            (any if at_most else all)([hit, *(judge(row, reply) for reply in forms)])
            for row, hit, forms in zip(rows, hits, others, strict=True)
        )
    )
    return Measure(name, bar, at_most, share(hits), worst, share(hits[::2]), share(hits[1::2]))


def _conversations(folder: Path, put: Callable[[str, str | None], Reply]) -> list[SetResult]:
    """Every turn of every conversation, the subject carried as Slack's threads carry it; then the whole ones."""
    talks = [_talk(talk["turns"], put) for talk in read_yaml(folder / "conversations.yaml")]
    turns = [turn for talk in talks for turn in talk]
    misses = tuple(question for question, hit in turns if not hit)
    halves = [share(hit for talk in talks[start::2] for _, hit in talk) for start in (0, 1)]
    whole = [all(hit for _, hit in talk) for talk in talks]
    each = Measure("turns right", 0.90, False, share(hit for _, hit in turns), None, *halves)
    through = Measure("right throughout", 0.90, False, share(whole), None, share(whole[::2]), share(whole[1::2]))
    return [
        SetResult("conversations", len(turns), (each,), misses),
        SetResult(WHOLE_CONVERSATIONS, len(whole), (through,), ()),
    ]


def _talk(turns: Sequence[Row], put: Callable[[str, str | None], Reply]) -> list[tuple[str, bool]]:
    """Each turn of one conversation, and whether the reply to it was right."""
    subject: str | None = None
    found = []
    for turn in turns:
        reply = put(turn["q"], subject)
        found.append((turn["q"], _turn_right(turn, reply)))
        subject = _subject_after(turn, reply) or subject
    return found


def _subject_after(turn: Row, reply: Reply) -> str | None:
    """What the conversation is about then: what was answered, or what the person picks from a choice."""
    if isinstance(reply, Answer):
        return reply.entry.id
    options = [entry.id for entry in reply.options] if isinstance(reply, Choice) else []
    return next((one for one in options if one in turn.get("ids", ())), None)


def _turn_right(turn: Row, reply: Reply) -> bool:
    if "outcome" in turn and not turn.get("ids"):
        return bool(reply.outcome == turn["outcome"])
    if "aspect" in turn and isinstance(reply, Answer) and reply.aspect != turn["aspect"]:
        return False
    return helped(turn, reply)
