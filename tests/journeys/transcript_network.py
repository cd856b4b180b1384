"""An introduction between two councils and a panel of peers, walked with a Slack each, and written down as Markdown.

``make transcript`` writes docs/transcript-network.md. What Advisor says in it is what it said; what people did is told.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.settings import Settings
from bot.storage.database import Database
from bot.trial import cast
from bot.trial.person import Person
from bot.trial.records import Message, User
from bot.usecases.knowledge_base import KnowledgeBase
from tests.journeys.council import PARKING, Council, action_ids
from tests.journeys.scribe import Notebook, Scribe
from tests.journeys.workspaces import Shared, open_shared

POINTS = "end-of-discovery"
HULL = {cast.TOM: ("grace", "Grace Holt", "Service owner"), cast.PRIYA: ("omar", "Omar Aziz", "Director")}
"""Who stands in Hull's Slack in the place of two of the cast: else two people would go by one name."""
GUESTS = {"U0AMIR0001": ("amir", "Amir Khan", "Head of digital"), "U0LENA0001": ("lena", "Lena Marsh", "Designer")}
"""People of other councils who are guests in Leeds's Slack, beside Tom Reid and Jo Lind."""
ENOUGH_DAYS = 14 + 90 + 2
"""How long a request and its cool-off take together."""


class Pair:
    """Leeds and Hull, each with a Slack of its own, in front of one Advisor; both are written into one notebook."""

    def __init__(self, shared: Shared) -> None:
        self.leeds, self.hull = shared.councils
        _rename(self.hull, HULL)
        _rename(self.leeds, GUESTS)
        notebook = Notebook()
        self.at_leeds = Scribe(self.leeds, whose="Leeds's Slack", notebook=notebook)
        self.at_hull = Scribe(self.hull, whose="Hull's Slack", notebook=notebook)
        self.lines = notebook.lines
        self.sam, self.grace = self.leeds.sam, self.hull.slack.person("Grace")

    def tell(self, words: str, act: Callable[[], object], shown: tuple[Scribe, Person] | None = None) -> None:
        """Write *words*, carry the act out, and write what is said in either Slack and the form that is *shown*."""
        self.at_leeds.tell(words, act)
        self.at_hull.listen()
        if shown:
            shown[0].show(shown[1])

    def before(self, act: Callable[[], object]) -> None:
        """Carry out what the page only tells of."""
        act()
        self.at_leeds.skip()
        self.at_hull.skip()


def write_network(shared: Shared) -> str:
    """Walk the introduction and the panel, and return the transcript."""
    pair = Pair(shared)
    pair.before(lambda: _services(pair))
    pair.at_leeds.chapter("Sharing")
    share(pair)
    pair.at_leeds.chapter("A no that nobody sees")
    ask_in_vain(pair)
    pair.at_leeds.chapter("An introduction")
    introduce(pair)
    pair.at_leeds.chapter("A panel of peers")
    review(pair)
    return "\n".join(pair.lines).rstrip() + "\n"


def share(pair: Pair) -> None:
    """Hull shares which points it has met, and not its name."""
    pair.tell(
        "Grace Holt types `/advisor sharing`. Nothing is ticked before somebody ticks it.",
        lambda: pair.grace.command("/advisor", "sharing", channel=PARKING),
    )
    view = pair.at_hull.form(pair.grace)
    pair.at_hull.show(pair.grace)
    assert view.blocks

    def tick() -> None:
        pair.grace.command("/advisor", "sharing", channel=PARKING)
        pair.at_hull.fill(pair.grace, fields=["points_met"])

    pair.tell(
        "She ticks *the points of the standard that are met*, and not the name. Who answers for it is told.", tick
    )
    pair.grace.close(everything=True)


def ask_in_vain(pair: Pair) -> None:
    """Leeds asks, Hull says no, and Leeds's screen is the same as before until the day on which every request ends."""
    sam, grace = pair.sam, pair.grace
    pair.tell("Sam types `/advisor introductions`.", lambda: sam.command("/advisor", "introductions", channel=PARKING))
    asked = _ask(pair, "beside the first point and gives an address for the case that both agree")
    pair.tell("Grace has no time just now. She presses *No*.", lambda: grace.click(asked, "introduction_no"))
    pair.tell(
        "Sam, who has been told nothing, looks again: `/advisor introductions`.",
        lambda: sam.command("/advisor", "introductions", channel=PARKING),
    )
    pair.leeds.clock.forward(days=15)
    pair.tell(
        "Two weeks later he looks once more. Had Grace said nothing at all he would read the same.",
        lambda: sam.command("/advisor", "introductions", channel=PARKING),
    )


def introduce(pair: Pair) -> None:
    """Months later Leeds asks again; both say yes."""
    sam, grace = pair.sam, pair.grace
    pair.leeds.clock.forward(days=ENOUGH_DAYS - 15)
    pair.tell(
        "For 90 days nobody at Leeds could ask that council again. Now Sam can.",
        lambda: sam.command("/advisor", "introductions", channel=PARKING),
    )
    asked = _ask(pair, "again")

    def agree() -> None:
        pair.at_hull.press(grace, asked, "introduction_yes")
        pair.at_hull.fill(grace, contact="grace.holt@hull.example")

    pair.tell(
        "This time Grace presses *Yes* and gives her address. They work in different Slacks, so each gets the other's; "
        "what she was sent has no buttons any more.",
        agree,
        (pair.at_hull, grace),
    )


def review(pair: Pair) -> None:
    """Sam asks for a panel in Leeds's Slack, where guests of other councils have offered to review."""
    sam, leeds = pair.sam, pair.at_leeds
    tom, jo, amir, lena = (pair.leeds.slack.person(name) for name in ("Tom", "Jo", "Amir", "Lena"))
    pair.tell(
        "Tom Reid of York is a guest in Leeds's Slack. He types `/advisor reviews`, presses *Offer to review* and says "
        "what he brings.",
        lambda: _offer(pair, tom, "York", ["user research", "accessibility"]),
        (leeds, tom),
    )
    leeds.lines += [
        "Jo Lind of Wakefield and Lena Marsh of York offer too. Amir Khan of Bradford works with Chipside, the "
        "supplier of this service, and says so. Priya Shah of Leeds offers for the services of others.",
        "",
    ]
    _offer_unseen(pair, jo, "Wakefield", ["security"])
    _offer_unseen(pair, lena, "York", ["content design"])
    _offer_unseen(pair, amir, "Bradford", ["procurement"], interests="Chipside")
    _offer_unseen(pair, pair.leeds.priya, "Leeds", ["delivery"])
    pair.before(lambda: sam.command("/advisor", "reviews", channel=PARKING))
    reviews = _newest(pair.leeds, sam, "review_ask")
    pair.tell(
        "Sam types `/advisor reviews` and presses *Ask for a panel* beside the end of discovery. Three are invited.",
        lambda: sam.click(reviews, "review_ask"),
        (leeds, sam),
    )
    _answers(pair, tom, jo, lena)


def _answers(pair: Pair, tom: Person, jo: Person, lena: Person) -> None:
    """One declines and somebody else is drawn; a note is written and read by the sponsor; the ledger counts."""
    leeds = pair.at_leeds
    invited = {one.id: _newest(pair.leeds, one, "review_accept") for one in (tom, jo, lena)}
    late = pair.leeds.slack.person("Amir")
    leeds.lines += ["Amir's work with Chipside has come to its end, and he changes his offer.", ""]
    _offer_unseen(pair, late, "Bradford", ["procurement"])
    pair.tell(
        "Jo is away that week and presses *Not this time*. Amir is drawn in her place.",
        lambda: leeds.press(jo, invited[jo.id], "review_decline"),
        (leeds, jo),
    )
    pair.tell("Tom presses *Yes*.", lambda: leeds.press(tom, invited[tom.id], "review_accept"), (leeds, tom))
    pair.before(lambda: tom.command("/advisor", "reviews", channel=PARKING))
    reviews = _newest(pair.leeds, tom, "review_note")

    def note() -> None:
        leeds.press(tom, reviews, "review_note")
        [menu] = [block for block in leeds.form(tom).blocks if block["block_id"].startswith("prompt")]
        prompt = menu["element"]["options"][0]["value"]
        leeds.fill(tom, prompt=prompt, note="Two of the five people you spoke to live together. Speak to three more.")
        tom.close(everything=True)

    pair.tell("He types `/advisor reviews`, presses *Write a note* and writes about the first point.", note)
    _decide(pair)
    panel = _newest(pair.leeds, pair.sam, "review_finish")
    pair.tell(
        "When all is said Sam presses *End the review*.",
        lambda: leeds.press(pair.sam, panel, "review_finish"),
        (leeds, pair.sam),
    )
    pair.tell(
        "`/advisor reviews` counts what each council has given and received.",
        lambda: pair.sam.command("/advisor", "reviews", channel=PARKING),
    )


def _decide(pair: Pair) -> None:
    """Sam hands in; the sponsor reads the panel's note beside the point that it is about."""
    leeds, sam, priya = pair.at_leeds, pair.sam, pair.leeds.priya

    def hand_in() -> None:
        leeds.press(sam, _newest_in(pair.leeds, sam, "checkpoint_walk"), "checkpoint_walk")
        while (view := sam.modal()) and view.content["callback_id"] == "checkpoint_answer":
            leeds.fill(sam, value="met", link="https://leeds.example/evidence")
        leeds.fill(sam, form="We spoke to three more people, as the panel advised.")

    pair.before(hand_in)
    pair.tell(
        "Sam's team speaks to three more people, answers every point and hands in. Priya, who signs, presses *Decide*.",
        lambda: leeds.press(priya, _newest_in(pair.leeds, priya, "checkpoint_sign"), "checkpoint_sign"),
        (leeds, priya),
    )


def _ask(pair: Pair, presses: str) -> Message:
    """Sam asks about the first point; what Grace is told."""
    offer = _newest(pair.leeds, pair.sam, "introduction_ask")

    first = next(block["accessory"]["value"] for block in offer.blocks if "accessory" in block)

    def ask() -> None:
        pair.sam.click(offer, "introduction_ask", value=first)
        pair.leeds.settle()
        pair.at_leeds.fill(pair.sam, contact="sam.okoro@leeds.example")

    pair.tell(f"Sam presses *Ask* {presses}.", ask, (pair.at_leeds, pair.sam))
    return _newest(pair.hull, pair.grace, "introduction_yes")


def _offer(pair: Pair, person: Person, council: str, skills: list[str], interests: str = "") -> None:
    if person.modal() is not None:
        person.close(everything=True)
    person.command("/advisor", "reviews", channel=PARKING)
    pair.leeds.settle()
    screen = _newest(pair.leeds, person, "review_offer")
    pair.at_leeds.press(person, screen, "review_offer")
    chosen = person.options(pair.at_leeds.form(person), "council", council)[0]
    pair.at_leeds.fill(person, council=chosen, skills=skills, interests=interests)


def _offer_unseen(pair: Pair, person: Person, council: str, skills: list[str], interests: str = "") -> None:
    _offer(pair, person, council, skills, interests)
    person.close(everything=True)
    pair.at_leeds.skip()


def _newest(council: Council, person: Person, button: str) -> Message:
    """The newest message to somebody with that button, wherever they read it."""
    council.settle()
    found = [*person.answers(PARKING), *person.answers()]
    return max((one for one in found if button in action_ids(one)), key=lambda one: one.ts)


def _services(pair: Pair) -> None:
    """Hull has passed the end of discovery with its service; Leeds has started one for the same need."""
    _start(pair, pair.hull, pair.grace, "Hull", cast.PRIYA, "Residents' permits")
    _pass(pair)
    _start(pair, pair.leeds, pair.sam, "Leeds", cast.PRIYA, "Parking permits")
    told = _newest_in(pair.leeds, pair.sam, "checkpoint_plan_one")
    pair.at_leeds.press(pair.sam, told, "checkpoint_plan_one")
    pair.at_leeds.fill(pair.sam, template=f"checkpoint/{POINTS}", due_on=pair.at_leeds.day(weeks=30))


def _start(pair: Pair, council: Council, owner: Person, name: str, sponsor_id: str, service: str) -> None:
    scribe = pair.at_leeds if council is pair.leeds else pair.at_hull
    owner.command("/checkpoint", "start", channel=PARKING)
    council.settle()
    chosen = owner.options(scribe.form(owner), "council", name)[0]
    owner.click(scribe.form(owner), "route", value="bought")
    council.settle()
    contract = {"contract.supplier": "Chipside", "contract.ends_on": "2029-03-31"}
    scribe.fill(
        owner, name=service, purpose="Residents buy and renew permits.", council=chosen, phase="discovery",
        service_area="Parking permits", facts=["has public users", "takes payments"], owner_id=owner.id,
        sponsor_id=sponsor_id, **contract,
    )  # fmt: skip


def _pass(pair: Pair) -> None:
    """Grace answers every point of the end of discovery, and Omar signs it."""
    hull, grace, scribe = pair.hull, pair.grace, pair.at_hull
    scribe.press(grace, _newest_in(hull, grace, "checkpoint_plan_one"), "checkpoint_plan_one")
    scribe.fill(grace, template=f"checkpoint/{POINTS}", due_on=scribe.day(weeks=8))
    scribe.press(grace, _newest_in(hull, grace, "checkpoint_walk"), "checkpoint_walk")
    while (view := grace.modal()) and view.content["callback_id"] == "checkpoint_answer":
        scribe.fill(grace, value="met", link="https://hull.example/evidence")
    scribe.fill(grace, form="")
    omar = hull.slack.person("Omar")
    scribe.press(omar, _newest_in(hull, omar, "checkpoint_sign"), "checkpoint_sign")
    scribe.fill(omar, outcome="met")


def _newest_in(council: Council, person: Person, button: str) -> Message:
    council.settle()
    return [one for one in person.answers(PARKING) if button in action_ids(one)][-1]


def _rename(council: Council, people: dict[str, tuple[str, str, str]]) -> None:
    workspace = council.slack.workspace
    for id, (name, real_name, title) in people.items():
        known = workspace.users.get(id)
        workspace.users[id] = (
            replace(known, name=name, real_name=real_name, title=title) if known else User(id, name, real_name, title)
        )
        for channel in (cast.PARKING, cast.HOUSING, cast.LEADERS):
            workspace.channels[channel].members.add(id)


HEAD = """# An introduction and a panel

Written down by `make transcript`: the real bot before two made-up Slacks, one of Leeds and one of Hull, with a clock
that begins on 23 November 2026 and is put forward. What stands in boxes is what Advisor said, as a terminal shows it;
what people did is told between them. The people and their services are made up, and neither council has anything to do
with this page.

Before it begins, Grace Holt of Hull has passed the end of discovery with *Residents' permits*, signed by Omar Aziz, and
Sam Okoro of Leeds has started *Parking permits*, which Priya Shah will sign. Each reads in their own Slack alone.

"""


def main() -> None:
    """Print the transcript."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder)}/advisor.sqlite3"
        with closing(Database(address)) as database:
            database.migrate()
        today = dt.datetime.now(dt.UTC).date()
        knowledge_base = KnowledgeBase.open(Settings(_env_file=None).knowledge, today=today)
        with open_shared(address, knowledge_base) as shared:
            for council in shared.councils:
                shared.install(council)
            sys.stdout.write(HEAD + write_network(shared))


if __name__ == "__main__":
    main()
