"""One service from discovery to live, walked in a trial whose clock is put forward, and written down as Markdown.

``make transcript`` writes docs/transcript.md. What Advisor says in it is what it said; what the people did is told.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.settings import Settings
from bot.trial import cast
from bot.trial.pages.dates import LONDON
from bot.trial.records import Message
from bot.trial_run import Trial, browser_trial
from tests.journeys.scribe import PARKING, Scribe


@dataclass(frozen=True)
class Gate:
    """
    A checkpoint on the way: in which chapter it comes, how many weeks it lies ahead, what is not simply met in it (the
    id of the point, the answer and the note), the condition it passes with, and the phase it leads to.
    """

    chapter: str
    template: str
    title: str
    weeks: int
    leads_to: str = ""
    short: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    condition: str = ""


SCREEN_READERS = ("partly", "Two of three journeys were tried with people who use a screen reader.")
UNSIGNED = ("partly", "The impact assessment is written and not signed yet.")
SIGN_IT = "Get the data protection impact assessment signed"
GATES = (
    Gate("Discovery", "end-of-discovery", "end of discovery", 8, "alpha"),
    Gate("Alpha", "end-of-alpha", "end of alpha", 10, short={"access-needs": SCREEN_READERS}),
    Gate("Beta is built", "private-beta", "into private beta", 9, "private beta", {"privacy": UNSIGNED}, SIGN_IT),
    Gate("Private beta", "live", "into public beta and into live", 12, "public beta"),
    Gate("Public beta", "live", "into public beta and into live", 12, "live"),
)


def write_transcript(trial: Trial) -> str:
    """Walk one service from discovery to live and return the transcript."""
    scribe = Scribe(trial)
    for gate in GATES:
        scribe.chapter(gate.chapter)
        if gate is GATES[0]:
            begin(scribe)
        walk(scribe, gate)
    scribe.chapter("Live")
    look_back(scribe)
    return "\n".join(scribe.lines).rstrip() + "\n"


def begin(scribe: Scribe) -> None:
    """Sam asks what lies ahead and registers the service."""
    scribe.tell(
        "Sam Okoro owns a new service and asks in #parking-permits: *@Advisor what must we show to leave discovery?*",
        lambda: scribe.sam.mention(PARKING, "what must we show to leave discovery?"),
    )

    def start() -> None:
        scribe.sam.command("/checkpoint", "start", channel=PARKING)
        council = scribe.sam.options(scribe.form(scribe.sam), "council", "Leeds")[0]
        scribe.fill(
            scribe.sam, name="Parking permits", purpose="Residents buy and renew permits.", council=council,
            phase="discovery",
            facts=["takes payments", "holds personal data", "has public users"], sponsor_id=cast.PRIYA,
        )  # fmt: skip

    scribe.tell("Sam types `/checkpoint start` and fills in the form. Priya Shah will sign.", start)


def walk(scribe: Scribe, gate: Gate) -> None:
    """Plan a checkpoint, be asked, answer, hand in, have it decided, and move on."""
    sam = scribe.sam
    due_on = scribe.day(weeks=gate.weeks)

    def plan() -> None:
        scribe.press(sam, scribe.newest("checkpoint_plan_one"), "checkpoint_plan_one")
        scribe.fill(sam, template=f"checkpoint/{gate.template}", due_on=due_on)

    scribe.tell(
        f"Sam presses *Plan a checkpoint* and chooses *{gate.title}*, in {gate.weeks} weeks. Time passes.", plan
    )
    asked = scribe.until_asked("checkpoint_walk")
    scribe.tell(*answered(scribe, gate, asked))
    if gate.condition:
        decide_with_condition(scribe, gate)
    else:
        scribe.tell(
            "Priya reads what Sam handed in, presses *Decide*, chooses *Met* and signs.",
            lambda: decide(scribe, outcome="met"),
        )

    def move_on() -> None:
        scribe.press(sam, scribe.newest("checkpoint_edit"), "checkpoint_edit")
        scribe.fill(sam, phase=gate.leads_to)

    if gate.leads_to:
        scribe.tell(f"Sam presses *Change the service* and puts the phase to *{gate.leads_to}*.", move_on)


def answered(scribe: Scribe, gate: Gate, asked: Message) -> tuple[str, Callable[[], None]]:
    """What Sam does when asked, in words and as an act."""
    short = "; ".join(f'one is *{value}*, "{note.rstrip(".")}"' for value, note in gate.short.values())
    others = f"; {short}" if short else ""

    def act() -> None:
        left = dict(gate.short)
        scribe.press(scribe.sam, asked, "checkpoint_walk")
        while (view := scribe.sam.modal()) and view.content["callback_id"] == "checkpoint_answer":
            prompt = json.loads(view.content["private_metadata"])["prompt"]
            value, note = left.pop(prompt, ("met", ""))
            said = {"note": note} if note else {"link": f"https://example.gov.uk/{gate.template}/{prompt}"}
            scribe.fill(scribe.sam, value=value, **said)
        assert not left, f"not asked: {', '.join(left)}"
        scribe.fill(scribe.sam, form="Ask me about anything that is unclear.")

    return (
        f"Sam presses *Continue* and answers point by point, each with a link to its evidence{others}. Then *Hand in*.",
        act,
    )


def decide(scribe: Scribe, **values: Any) -> None:
    """Priya presses Decide and signs."""
    scribe.press(scribe.priya, scribe.newest("checkpoint_sign"), "checkpoint_sign")
    scribe.fill(scribe.priya, **values)


def decide_with_condition(scribe: Scribe, gate: Gate) -> None:
    """Priya sends it back, then lets it pass with a condition, which is chased until it is done."""
    reason = "Name who signs the impact assessment, and by when."
    scribe.tell(
        f'Priya is not content. She presses *Decide*, chooses *Returned to the team* and writes: "{reason}"',
        lambda: decide(scribe, outcome="returned", reason=reason),
    )

    def hand_in_again() -> None:
        scribe.press(scribe.sam, scribe.newest("checkpoint_walk"), "checkpoint_walk")
        while (view := scribe.sam.modal()) and view.content["callback_id"] == "checkpoint_answer":
            scribe.fill(scribe.sam)
        scribe.fill(scribe.sam, form="The data protection officer signs within three weeks.")

    scribe.tell("Sam presses *Continue*, says who signs, and hands it in again.", hand_in_again)
    condition = {
        "conditions.0.what": gate.condition,
        "conditions.0.owner_id": cast.SAM,
        "conditions.0.due_on": scribe.day(weeks=3),
    }
    scribe.tell(
        "Priya lets it pass with a condition, which Sam has three weeks to meet. Time passes.",
        lambda: decide(scribe, outcome="met with conditions", **condition),
    )
    chased = scribe.until_asked("checkpoint_action_done")
    scribe.tell(
        "It is done. Sam presses the button of that action.", lambda: scribe.sam.click(chased, "checkpoint_action_done")
    )


def look_back(scribe: Scribe) -> None:
    """Where the service stands, and a receipt read back."""
    scribe.tell("Priya types `/checkpoint`.", lambda: scribe.priya.command("/checkpoint", channel=PARKING))
    [code] = {
        one.text.split("Receipt: ")[1].split(".")[0]
        for one in scribe.priya.answers(PARKING)
        if "Receipt: " in one.text and "met with conditions" in one.text
    }
    scribe.tell(
        f"An auditor asks what was decided about the private beta: `/checkpoint receipt {code}`.",
        lambda: scribe.priya.command("/checkpoint", f"receipt {code}", channel=PARKING),
    )


HEAD = """# A service from discovery to live

Written down on {day} by `make transcript`: the real bot in a trial whose clock was put forward. What stands in
boxes is what Advisor said, as a terminal shows it; what people did is told between them. The service and its people are
made up.

"""


def main() -> None:
    """Print the transcript."""
    today = dt.datetime.now(dt.UTC).astimezone(LONDON).date()
    with (
        tempfile.TemporaryDirectory() as folder,
        browser_trial(Settings(_env_file=None), folder=Path(folder)) as trial,
    ):
        sys.stdout.write(HEAD.format(day=f"{today:%-d %B %Y}") + write_transcript(trial))


if __name__ == "__main__":
    main()
