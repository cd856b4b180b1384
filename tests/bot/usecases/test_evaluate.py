"""The figures are counted as they are defined, and bad files are named with their line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.answers.reply import Answer, Choice, Correction, Decline, Reply
from bot.answers.scorecard import Labelled, interval
from bot.errors import InputError
from bot.knowledge.entry import Belief
from bot.matching.index import Index
from bot.matching.slips import variants
from bot.rendering.report import report_text
from bot.rendering.selftest import sets_markdown, sets_text
from bot.storage.awaited import AwaitedAnswers
from bot.storage.database import Database
from bot.storage.gaps import Gaps
from bot.usecases.evaluate import evaluate, read_questions
from bot.usecases.gaps import grouped_gaps
from bot.usecases.knowledge_base import Knowledge
from bot.usecases.selftest import (
    FIGURES_BEGIN,
    FIGURES_END,
    answered_past,
    corrected,
    corrected_first,
    corrected_unasked,
    mentioned_unasked,
    run_sets,
    write_figures,
)
from tests.bot.matching.build import make_library

LIBRARY = make_library()
KNOWN = Knowledge(LIBRARY, Index(LIBRARY))


def test_right_wrong_and_off_topic_are_told_apart() -> None:
    report = evaluate(
        [
            Labelled("what is notify", ("platform/notify",)),
            Labelled("what is alpha", ("platform/pay",)),
            Labelled("lasagne recipe", ()),
            Labelled("nothing is known of this one", ("guide/not-written",)),
        ],
        KNOWN,
    )

    assert report.in_scope == 2
    assert report.answered_right == report.answered_wrong == report.top1 == 0.5
    assert report.out_of_scope == 1
    assert report.out_answered == 0
    assert [one.question.q for one in report.misses] == ["what is alpha"]


def test_the_report_reads_well() -> None:
    text = report_text(evaluate([Labelled("what is alpha", ("platform/pay",))], KNOWN), misses=5)

    assert " ".join(text.split()).count("answered outright, wrong 100.0% (20.7% to 100.0%; 1 of 1)") == 1
    assert "wanted: platform/pay" in text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not a line like"),
        ('{"q": "x"}', "not a line like"),
        ("[]", "not a line like"),
        ('{"q": "x", "ids": "a"}', "not a line like"),
        ("", "no question in it"),
    ],
)
def test_a_bad_file_of_questions_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(line + "\n", encoding="utf-8")

    with pytest.raises(InputError, match=said):
        read_questions(file)


def test_the_range_of_a_share_is_wilsons() -> None:
    low, high = interval(0.5, 100)

    assert (round(low, 3), round(high, 3)) == (0.404, 0.596)
    assert interval(0.0, 0) == (0.0, 1.0)


def test_variants_are_the_same_every_time_and_say_the_same() -> None:
    first, second = variants("how do we text residents about bins?"), variants("how do we text residents about bins?")

    assert first == second
    assert first["upper case"] == "HOW DO WE TEXT RESIDENTS ABOUT BINS?"
    assert sorted(first["two words swapped"].split()) == sorted("how do we text residents about bins?".split())
    assert first["one slip"] != "how do we text residents about bins?"


def write_sets(folder: Path) -> None:
    (folder / "plain.yaml").write_text("platform/notify: [cheap text messages]\nguide/alpha: [what is alpha]\n")
    for name in ("council_voice", "no_premise"):
        (folder / f"{name}.yaml").write_text("- {q: what is notify, ids: [platform/notify]}\n")
    for name in ("false_premise", "premise"):
        (folder / f"{name}.yaml").write_text(
            "- {q: what is notify, ids: [platform/notify], corrects: [Texts are free], summary: true}\n"
        )
    (folder / "ambiguous.yaml").write_text("- {q: pay, ids: [platform/pay], expect: answer}\n")
    (folder / "negation_comparison.yaml").write_text(
        "- {q: notify vs pay, ids: [platform/notify, platform/pay], both: true}\n"
    )
    for name in ("far", "near", "person"):
        (folder / f"{name}.yaml").write_text("- {q: who won the football}\n- {q: xyzzy plugh}\n")
    (folder / "conversations.yaml").write_text(
        "- turns:\n  - {q: what is pay, ids: [platform/pay]}\n  - {q: and who runs it?, ids: [platform/pay]}\n"
    )


@pytest.mark.parametrize(("forms", "times", "worst"), [(False, 1, None), (True, 5, 0.0)])
def test_rows_are_asked_in_their_other_forms_only_where_these_are_wanted(
    tmp_path: Path, forms: bool, times: int, worst: float | None
) -> None:
    write_sets(tmp_path)
    asked: list[None] = []

    [far] = run_sets(tmp_path, KNOWN, only=["far"], forms=forms, pause=lambda: asked.append(None))

    assert len(asked) == times * far.questions
    assert far.measures[0].worst == worst


def test_the_sets_are_run_and_their_figures_written(tmp_path: Path) -> None:
    write_sets(tmp_path)
    results = {result.name: result for result in run_sets(tmp_path, KNOWN)}
    page = tmp_path / "quality.md"
    page.write_text(f"# Head\n{FIGURES_BEGIN}\nold\n{FIGURES_END}\ntail\n", encoding="utf-8")

    write_figures(page, sets_markdown(list(results.values()), LIBRARY, on=_day()))

    assert results["negation_comparison"].measures[0].plain == 1.0
    assert results["conversations"].measures[0].plain == 1.0
    assert results["far"].measures[0].plain == 0.0
    text = page.read_text(encoding="utf-8")
    assert "old" not in text
    assert "tail" in text
    assert "| plain | 2 | right entry first" in text
    assert "right entry first" in sets_text(list(results.values()), misses=1)


FREE = Belief(said=("Texts are free",), correction="They cost money.")
NOTIFY, PAY = LIBRARY["platform/notify"], LIBRARY["platform/pay"]
FOUND = KNOWN.index.search("what is notify")
RESTING = {"q": "?", "ids": ["platform/notify"], "corrects": ["Texts are free"]}


@pytest.mark.parametrize(
    ("reply", "summary", "is_corrected", "is_past"),
    [
        (Answer(FOUND, (NOTIFY,), (Correction(NOTIFY, FREE),)), False, True, False),
        (Answer(FOUND, (PAY,), (Correction(NOTIFY, FREE, sure=False),)), False, True, False),
        (Choice(FOUND, (NOTIFY, PAY), (Correction(NOTIFY, FREE),)), False, True, False),
        (Answer(FOUND, (NOTIFY,)), False, False, True),
        (Answer(FOUND, (NOTIFY,)), True, True, False),
        (Answer(FOUND, (PAY,)), True, False, True),
        (Choice(FOUND, (NOTIFY, PAY)), True, False, False),
        (Decline(FOUND, "no_entry"), True, False, False),
    ],
)
def test_a_premise_is_corrected_by_what_the_reply_says(
    reply: Reply, summary: bool, is_corrected: bool, is_past: bool
) -> None:
    row = RESTING | {"summary": summary}

    assert corrected(row, reply) is is_corrected
    assert answered_past(row, reply) is is_past


@pytest.mark.parametrize(
    ("correction", "unasked"),
    [
        (Correction(NOTIFY, FREE), True),
        (Correction(NOTIFY, FREE, sure=False), False),
        (Correction(NOTIFY, FREE, old_name="Text Desk"), False),
    ],
)
def test_only_a_sure_belief_is_corrected_unasked(correction: Correction, unasked: bool) -> None:
    reply = Answer(FOUND, (NOTIFY,), (correction,))

    assert corrected_unasked(RESTING, reply) is unasked
    assert corrected_first(RESTING, reply) is correction.sure is not mentioned_unasked(RESTING, reply)
    for judge in (corrected_unasked, corrected_first, mentioned_unasked):
        assert not judge(RESTING, Decline(FOUND, "outside"))


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text("no marks", encoding="utf-8")

    with pytest.raises(InputError, match="has no lines"):
        write_figures(page, "figures")

    assert page.read_text(encoding="utf-8") == "no marks"


def test_missing_sets_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no question sets"):
        run_sets(tmp_path / "nowhere", KNOWN)


def test_a_set_that_does_not_say_what_to_correct_is_one_clear_line(tmp_path: Path) -> None:
    write_sets(tmp_path)
    (tmp_path / "premise.yaml").write_text("- {q: what is notify, ids: [platform/notify]}\n")

    with pytest.raises(InputError, match=r"premise\.yaml: 'what is notify': name the beliefs"):
        run_sets(tmp_path, KNOWN)


def _day() -> dt.date:
    return dt.date(2026, 11, 23)


def test_gaps_are_grouped_by_likeness(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gaps.sqlite3'}")
    database.migrate()
    gaps, at = Gaps(database), dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    for question in ("bin route software", "software for bin routes", "drone policy"):
        gaps.record("T1", question, "no_entry", None, 0.1, at=at)
    gaps.record("T2", "drone policy", "no_entry", None, 0.1, at=at)

    groups = grouped_gaps(gaps, AwaitedAnswers(database), "T1", since=at - dt.timedelta(days=1))
    database.close()

    assert [group.count for group in groups] == [2, 1]
