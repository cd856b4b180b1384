"""The transcript in docs/transcript.md can be made again, and tells of a service that went live."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from bot.trial_run import browser_trial
from bot.usecases.knowledge_base import KnowledgeBase
from tests.journeys.transcript import GATES, SIGN_IT, write_transcript


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory, knowledge_base: KnowledgeBase) -> str:
    folder = tmp_path_factory.mktemp("transcript")
    with browser_trial(Settings(_env_file=None), folder=folder, knowledge_base=knowledge_base) as trial:
        return write_transcript(trial)


def test_every_checkpoint_was_asked_for_handed_in_and_decided(transcript: str) -> None:
    returned = len([gate for gate in GATES if gate.condition])

    assert transcript.count("please *answer the points of") >= len(GATES)
    assert transcript.count("has handed in") == transcript.count("has decided on") == len(GATES) + returned
    assert transcript.count("*returned*") == returned


def test_a_condition_was_chased_until_it_was_done(transcript: str) -> None:
    conditions = transcript.index("met with conditions")
    chased = transcript.index(f'please *do "{SIGN_IT}"*')

    assert conditions < chased < transcript.index("Done, says @Sam Okoro")


def test_the_service_is_live_and_its_receipt_holds(transcript: str) -> None:
    assert "Live · built · owner @Sam Okoro" in transcript
    assert transcript.count("[Show receipt]") == len(GATES)
    assert "Verified: nothing was altered since." in transcript
