"""Whether Advisor is well: what hosts ask, a knowledge folder that breaks, at start and while it is in use."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from slack_sdk.http_retry import handler
from werkzeug.test import Client

from bot.app import build
from bot.clock import Housekeeper
from bot.errors import KnowledgeError, SettingsError, StorageError
from bot.settings import Settings
from bot.usecases.knowledge_base import KnowledgeBase
from bot.web import wsgi_app
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import Council, make_settings
from tests.journeys.test_deliveries import NOBODY_LISTENS, lose_database

ALPHA = "guide/alpha.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge that ships, to break."""
    shipped = Settings(_env_file=None).knowledge
    return Path(shutil.copytree(shipped, tmp_path / "knowledge"))


@pytest.fixture
def editable(make_council: MakeCouncil, folder: Path, knowledge_base: KnowledgeBase, snapshots: Path) -> Council:
    """A council whose knowledge is the copy: read at first as it ships."""
    council = make_council(knowledge=folder)
    copy = KnowledgeBase(knowledge_base.current, folder=folder, snapshots=snapshots)
    council.running.close()
    council.knowledge_base = copy
    council.start()
    return council


def spoil(folder: Path) -> None:
    """Break two files, each in its own way."""
    (folder / ALPHA).write_text("title: Alpha\ntitle: Alpha again\n", encoding="utf-8")
    (folder / "guide" / "beta.yaml").write_text("titel: Beta\n", encoding="utf-8")


def test_alive_says_so_without_looking_further(council: Council) -> None:
    answer = Client(wsgi_app(council.running)).get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_ready_says_what_is_in_use(council: Council) -> None:
    answer = Client(wsgi_app(council.running)).get("/readyz")

    entries = len(council.knowledge_base.current.library)
    sending = {"clock": "never", "clock_age": None, "notifications_late": 0}
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "entries": entries, "reload_faults": 0, **sending}


def test_without_a_database_advisor_is_alive_but_not_ready(council: Council, caplog: pytest.LogCaptureFixture) -> None:
    council.noisy = True
    client = Client(wsgi_app(council.running))
    lose_database(council)

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert "not_ready" in [getattr(record, "action", "") for record in caplog.records]


def test_ready_again_when_the_database_is_back(council: Council) -> None:
    council.noisy = True
    lose_database(council)
    council.restart()

    assert Client(wsgi_app(council.running)).get("/readyz").status_code == 200


def test_a_broken_knowledge_folder_is_refused_at_start_with_every_fault(council: Council, folder: Path) -> None:
    spoil(folder)

    with pytest.raises(KnowledgeError) as refused:
        build(council.settings.model_copy(update={"knowledge": folder}))

    files = {Path(line.strip().split(":")[0]).name for line in str(refused.value).splitlines()[1:]}
    assert {"alpha.yaml", "beta.yaml"} <= files


def test_a_broken_reload_keeps_the_last_good_knowledge_and_says_so(
    editable: Council, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    editable.noisy = True
    housekeeper = Housekeeper(editable.running)
    spoil(folder)

    reloaded = housekeeper.look()

    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    health = editable.command(editable.sam, "/advisor", "health")
    ready = Client(wsgi_app(editable.running)).get("/readyz")
    assert not reloaded
    assert editable.subject_of(editable.dm(editable.sam, "what is alpha?")) == "guide/alpha"
    assert all(name in record.getMessage() for name in ("alpha.yaml", "beta.yaml", "last good"))
    assert "Reload refused" in health.text
    assert "alpha.yaml" in health.text
    assert ready.json is not None
    assert ready.json["reload_faults"] > 1
    assert ready.status_code == 200


def test_a_broken_folder_is_complained_about_once(
    editable: Council, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    editable.noisy = True
    housekeeper = Housekeeper(editable.running)
    spoil(folder)

    for _ in range(3):
        housekeeper.look()

    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1


def test_a_folder_that_is_mended_is_used_again_and_health_forgets_the_faults(editable: Council, folder: Path) -> None:
    editable.noisy = True
    good = {name: (folder / name).read_text(encoding="utf-8") for name in (ALPHA, "guide/beta.yaml")}
    housekeeper = Housekeeper(editable.running)
    spoil(folder)
    housekeeper.look()

    for name, text in good.items():
        (folder / name).write_text(text, encoding="utf-8")
    reloaded = housekeeper.look()

    assert reloaded
    assert "Reload refused" not in editable.command(editable.sam, "/advisor", "health").text


def test_a_folder_that_did_not_change_is_not_read_again(editable: Council) -> None:
    assert not Housekeeper(editable.running).look()


def test_a_knowledge_folder_that_is_gone_does_not_stop_the_answers(editable: Council, folder: Path) -> None:
    editable.noisy = True
    housekeeper = Housekeeper(editable.running)
    shutil.rmtree(folder)

    assert not housekeeper.look()
    assert editable.subject_of(editable.dm(editable.sam, "what is alpha?")) == "guide/alpha"


def test_a_token_that_slack_refuses_is_one_line_at_start(council: Council) -> None:
    settings = make_settings(council.slack, council.settings.database_url, slack_bot_token=SecretStr("xoxb-nobody"))
    settings = settings.model_copy(update={"database_url": council.settings.database_url})

    with pytest.raises(SettingsError, match=r"^SLACK_BOT_TOKEN: Slack did not accept it \(invalid_auth\)\.$"):
        build(settings, knowledge_base=council.knowledge_base, ask_slack=True)


def test_an_app_token_that_slack_refuses_is_one_line_at_start(council: Council) -> None:
    settings = council.settings.model_copy(update={"slack_app_token": SecretStr("xapp-nobody")})

    with pytest.raises(SettingsError, match=r"^SLACK_APP_TOKEN: Slack did not accept it \(invalid_auth\)\.$"):
        build(settings, knowledge_base=council.knowledge_base, ask_slack=True)


def test_a_slack_that_cannot_be_reached_is_one_line_at_start(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.noisy = True
    monkeypatch.setattr(handler, "time", SimpleNamespace(sleep=lambda seconds: None))
    settings = council.settings.model_copy(update={"slack_api_url": NOBODY_LISTENS})

    with pytest.raises(SettingsError, match=r"^SLACK_API_URL: \S+ cannot be reached"):
        build(settings, knowledge_base=council.knowledge_base, ask_slack=True)


def test_a_token_that_slack_takes_is_not_asked_about_again(council: Council) -> None:
    council.running.close()
    council.running = build(council.settings, knowledge_base=council.knowledge_base, ask_slack=True)
    council.slack.attach(wsgi_app(council.running))

    council.dm(council.sam, "what is alpha?")

    assert len(council.slack.calls_of("auth.test")) == 1


def test_a_database_that_cannot_be_used_is_refused_at_start(council: Council, tmp_path: Path) -> None:
    settings = council.settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}"})

    with pytest.raises(StorageError):
        build(settings, knowledge_base=council.knowledge_base)
