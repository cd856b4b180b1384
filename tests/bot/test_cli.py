"""Every command of the command line: what it prints, how it fails, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.bot.knowledge.test_loading import GOOD

REPOSITORY = Path(__file__).resolve().parents[2]
THEIRS = """\
- {id: card, title: Lost card, questions: [i lost my card, my card is gone], answer: Freeze it in the app.}
- {id: bins, title: Bins, questions: [when are the bins emptied], answer: On Tuesdays.}
"""
COMMANDS = [
    *("ask", "evaluate", "run", "chat", "serve", "clock", "migrate", "manifest", "gaps", "knowledge"),
    *("export", "paper", "case", "vesting"),
    *("knowledge check", "knowledge schema", "knowledge new", "knowledge related"),
    *("doctor", "backup", "restore", "audit", "roles", "roles give", "people", "people export", "people erase"),
]


@dataclass(frozen=True)
class Ran:
    """What one call of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, object]]:
        """The lines of the output, each read as the JSON object that it must be."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Somebody else's collection: a list in one file, with nothing but id, title, questions and answer."""
    file = tmp_path / "theirs.yaml"
    file.write_text(THEIRS, encoding="utf-8")
    return file


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, theirs: Path) -> None:
    """A machine on which nothing but the foreign collection is configured."""
    for name in [
        one for one in os.environ if one.startswith(("SLACK_", "ADVISOR_")) or one in ("PORT", "DATABASE_URL")
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ADVISOR_KNOWLEDGE", str(theirs))
    monkeypatch.setenv("ADVISOR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'advisor.sqlite3'}")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(environment: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line in this process, with *typed* as its standard input."""

    def call(*words: str, typed: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["advisor", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return Ran(int(ended.value.code or 0), shown.out, shown.err)

    return call


def test_ask_prints_the_answer(run: Run) -> None:
    ran = run("ask", "i lost my card")

    assert ran == Ran(0, "Lost card (card)\n\nFreeze it in the app.\n", "")


def test_ask_as_json_prints_one_object_with_the_keys_of_the_contract(run: Run) -> None:
    [reply] = run("ask", "--json", "i lost my card").objects

    assert list(reply) == ["question", "outcome", "reason", "answer", "confidence", "alternatives", "ms"]
    assert reply["answer"] == {"id": "card", "title": "Lost card", "summary": "Freeze it in the app.", "sources": []}
    assert (reply["outcome"], reply["reason"]) == ("answer", None)


def test_ask_explains_beside_the_json_and_not_in_it(run: Run) -> None:
    ran = run("ask", "--json", "--explain", "i lost my card")

    assert len(ran.objects) == 1
    assert "What was found: card" in ran.err


@pytest.mark.parametrize(
    ("line", "question"),
    [
        (b"i lost my card", "i lost my card"),
        (b"", ""),
        (b'  {"q": "bins", "ids": []}', "bins"),
        (b'{"q": null}', '{"q": null}'),
        (b'{"other": 1}', '{"other": 1}'),
        (b'{"q": "broken', '{"q": "broken'),
        (b'{"q": ' + b"[" * 100_000, '{"q": ' + "[" * 100_000),
        (b'{"q": "half \\ud800 a pair"}', "half ? a pair"),
        (b"caf\xe9", "caf\ufffd"),
        (b"\xef\xbb\xbfbins", "bins"),
        ("a\u2028b".encode(), "a\u2028b"),
        (b"nul\0byte", "nul\0byte"),
    ],
)
def test_a_batch_takes_a_question_a_line(run: Run, line: bytes, question: str) -> None:
    ran = run("ask", "--json", "--batch", "-", typed=line + b"\r\nlast\n")

    first, last = ran.out.split("\n")[:2]
    assert json.loads(first)["question"] == question
    assert json.loads(last)["question"] == "last"


def test_a_batch_is_answered_as_it_comes(environment: None) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json", "--batch", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_paths(), bufsize=0,
    ) as advisor:  # fmt: skip
        assert advisor.stdin is not None
        assert advisor.stdout is not None
        for question in ("bins", "i lost my card"):
            advisor.stdin.write(f"{question}\n".encode())
            assert json.loads(advisor.stdout.readline())["question"] == question
        advisor.stdin.close()

    assert advisor.returncode == 0


def test_a_batch_from_a_file_keeps_its_order(run: Run, tmp_path: Path) -> None:
    questions = [f"bins {number}" for number in range(300)]
    (tmp_path / "batch.txt").write_text("\n".join(questions), encoding="utf-8")

    ran = run("ask", "--json", "--batch", str(tmp_path / "batch.txt"))

    assert [one["question"] for one in ran.objects] == questions
    assert ran.err == ""


def test_evaluate_counts_and_lists_the_misses(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text('{"q": "i lost my card", "ids": ["card"]}\n{"q": "my card is gone", "ids": ["bins"]}\n')

    ran = run("evaluate", str(file))

    assert ran.code == 0
    assert "2 questions with an entry" in ran.out
    assert "'my card is gone'" in ran.out


def test_knowledge_check_exits_1_on_a_fault_and_names_its_line(run: Run, theirs: Path) -> None:
    ran = run("knowledge", "check")

    assert ran.code == 1
    assert f"{theirs}:1: no source" in ran.out
    assert ran.out.splitlines()[-1].startswith("2 entries, 3 questions: ")


def test_knowledge_check_exits_0_where_there_is_nothing_to_mend(run: Run, tmp_path: Path) -> None:
    ran = run("knowledge", "check", str(_house(tmp_path)))

    assert ran == Ran(0, "1 entries, 15 questions: 0 faults, 0 warnings.\n", "")


def test_knowledge_check_lists_what_is_past_review(run: Run, tmp_path: Path) -> None:
    ran = run("knowledge", "check", str(_house(tmp_path)), "--stale", "--days", "36500")

    assert ran.code == 0
    assert ran.out.startswith("2027-11-20  guide/texting  ")


def test_what_is_past_review_is_listed_with_the_faults_besides(run: Run, tmp_path: Path) -> None:
    house = _house(tmp_path)
    late = GOOD.replace("related: []", "related: [guide/nowhere]").replace("2027-11-20", "2026-11-20")
    (house / "guide" / "texting.yaml").write_text(late, encoding="utf-8")

    ran = run("knowledge", "check", str(house), "--stale")

    listed, counted, *faults = ran.out.splitlines()
    assert ran.code == 1
    assert listed.startswith("2026-11-20  guide/texting  ")
    assert counted.startswith("1 of 1 entries are due for review")
    assert faults[0].endswith("related: there is no entry 'guide/nowhere'.")
    assert faults[1:] == ["1 faults besides."]


def test_knowledge_schema_is_json(run: Run) -> None:
    assert json.loads(run("knowledge", "schema").out)["title"] == "Advisor knowledge entry"


def test_a_new_entry_is_read_back_and_its_notes_are_faults(run: Run, tmp_path: Path) -> None:
    house = _house(tmp_path)

    written = run("knowledge", "new", "guide", "missed-bins", "--knowledge", str(house))
    checked = run("knowledge", "check", str(house))

    assert written.code == 0
    assert f"advisor knowledge check {house}" in written.out
    assert "title: 'WRITE the title' is a note of the skeleton" in checked.out
    assert checked.code == 1


def test_related_names_the_neighbours(run: Run, tmp_path: Path) -> None:
    house = _house(tmp_path)
    (house / "guide" / "post.yaml").write_text("title: Post\nsummary: Letters.\nrelated: [guide/texting]\n")

    ran = run("knowledge", "related", "guide/texting", "--knowledge", str(house))

    assert ran == Ran(0, "guide/post  Post\n", "")


def test_manifest_prints_json(run: Run) -> None:
    printed = json.loads(run("manifest", "--url", "https://advisor.example.gov.uk").out)

    assert printed["settings"]["socket_mode_enabled"] is False


def test_migrate_and_gaps_make_their_database(run: Run) -> None:
    assert run("migrate") == Ran(0, "The database is up to date.\n", "")
    assert run("gaps").out.startswith("No gaps")


@pytest.mark.parametrize("command", ["serve", "clock"])
def test_the_bot_says_all_that_is_missing(run: Run, command: str) -> None:
    ran = run(command)

    assert ran.code == 2
    assert [line.partition(" is not set")[0] for line in ran.err.splitlines()] == [
        "advisor: SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)",
    ]


def test_run_with_half_of_slack_configured_does_not_start_a_trial(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")

    ran = run("run")

    assert ran.code == 2
    assert ran.err.startswith("advisor: SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN")


@pytest.mark.parametrize("command", ["run", "chat"])
def test_the_trial_refuses_knowledge_with_faults_and_lists_them(run: Run, command: str) -> None:
    ran = run(command, typed=b"i lost my card\n")

    assert ran.code == 2
    assert "theirs.yaml:1: no source" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nosuch", "No such command 'nosuch'. Try: advisor --help"),
        ("ask", "give either a question in quotes or --batch FILE"),
        ("ask one two", "Got unexpected extra argument"),
        ("ask --nosuch", "No such option: --nosuch"),
        ("ask one --batch -", "give either a question"),
        ("ask --batch - --explain", "leave out --batch"),
        ("ask --batch /nowhere", "/nowhere: cannot be read (No such file or directory)"),
        ("ask --batch .", ".: cannot be read (Is a directory)"),
        ("ask one --about nothing", "there is no entry 'nothing'"),
        ("ask one --knowledge /nowhere", "/nowhere: there is no such knowledge folder"),
        ("evaluate", "give either a file"),
        ("evaluate /nowhere", "cannot be read"),
        ("evaluate . --all", "give either a file"),
        ("evaluate theirs.yaml", "not a line like"),
        ("evaluate unknown.jsonl", "not one of its ids has an entry"),
        ("evaluate unknown.jsonl --write page.md", "add --all"),
        ("knowledge check /nowhere", "there is no such knowledge folder"),
        ("knowledge check --days soon", "Invalid value for '--days'"),
        ("knowledge new song missed-bins", "there is no kind 'song'"),
        ("knowledge new guide ../missed", "'../missed' is no name"),
        ("knowledge new guide missed --knowledge theirs.yaml", "cannot be written: Not a directory"),
        ("knowledge related nothing", "there is no entry 'nothing'"),
        ("manifest --url http://advisor.gov.uk", "give https://"),
        ("gaps --days 0", "Invalid value for '--days'"),
    ],
)
def test_an_error_is_one_line_and_exit_2(run: Run, tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "unknown.jsonl").write_text('{"q": "bins", "ids": ["elsewhere"]}\n', encoding="utf-8")

    ran = run(*words.split())

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("advisor: ")
    assert ran.err.count("\n") == 1
    assert said in ran.err


@pytest.mark.parametrize("words", ["", "knowledge"])
def test_nothing_but_a_group_shows_its_help(run: Run, words: str) -> None:
    ran = run(*words.split())

    assert ran.code == 2
    assert ran.err.startswith("Usage: advisor")


@pytest.mark.parametrize("words", ["", *COMMANDS])
def test_help_is_complete(run: Run, words: str) -> None:
    ran = run(*words.split(), "--help")

    assert ran.code == 0
    assert ran.err == ""
    assert [line for line in ran.out.splitlines()[1:] if line.endswith("...")] == []


def test_a_wrong_setting_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "abc")

    ran = run("ask", "bins")

    assert ran.code == 2
    assert ran.err.startswith("advisor: PORT: ")
    assert ran.err.count("\n") == 1


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_CACHE", "/proc/nowhere")

    assert run("ask", "i lost my card").code == 0


def test_a_reader_that_has_enough_gets_no_trace(environment: None) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json", "--batch", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_paths(),
    ) as advisor:  # fmt: skip
        assert advisor.stdin is not None
        assert advisor.stdout is not None
        assert advisor.stderr is not None
        advisor.stdout.close()
        advisor.stdin.write(b"bins\n" * 2_000)
        advisor.stdin.close()
        said = advisor.stderr.read()

    assert said == b""
    assert advisor.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line(environment: None) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "bot", "ask", "bins"], stdout=full, stderr=subprocess.PIPE, env=_paths(), text=True
        )

    assert ran.returncode == 2
    assert ran.stderr == "advisor: [Errno 28] No space left on device.\n"


def test_two_processes_say_the_same_in_utf_8_whatever_their_seed_and_locale(environment: None) -> None:
    said = {
        subprocess.run(
            [sys.executable, "-m", "bot", "ask", "café – lost card"],
            capture_output=True, check=True, env={**_paths(), "PYTHONHASHSEED": seed, "PYTHONIOENCODING": encoding},
        ).stdout.decode()
        for seed, encoding in (("1", "ascii"), ("2", "utf-8"))
    }  # fmt: skip

    assert len(said) == 1


def _paths() -> dict[str, str]:
    """The environment for a process of its own, which starts in another folder than the source."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY)}


def _house(tmp_path: Path) -> Path:
    """A knowledge folder with one entry that keeps every rule of ours."""
    file = tmp_path / "house" / "guide" / "texting.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(GOOD, encoding="utf-8")
    return tmp_path / "house"
