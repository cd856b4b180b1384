"""What a person does on a page, carried out by the stand-in; what comes of it reaches the page as news."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bot.trial.acting import INSIDE_VIEW, Outcome
from bot.trial.elements import INPUTS, controls, every_block
from bot.trial.pages.fields import read_field, read_fields
from bot.trial.pages.news import partial
from bot.trial.pages.readers import Spot
from bot.trial.pages.screens import Screens
from bot.trial.pages.surface import Surface
from bot.trial.person import Person
from bot.trial.records import Message, Payload, Refusal, View

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    Form = MultiDict[str, str]

FAILURES = {
    "operation_timeout": "Advisor did not answer within 3 seconds, so Slack gave up (operation_timeout). Try again.",
    "dispatch_failed": "Slack could not hand this to Advisor (dispatch_failed). Try again.",
    "interactivity_disabled": "Interactivity is switched off in the app's manifest.",
    "trouble_connecting": INSIDE_VIEW,
}
COMMANDS_OF_SLACK = ("/invite", "/remove")


class Deeds:
    """Carries out what a form of the page says; every method returns HTML for the page, often nothing."""

    def __init__(self, screens: Screens) -> None:
        self._screens = screens
        self._workspace = screens.workspace

    def say(self, spot: Spot, form: Form) -> Markup:
        """Send what was written, a command included, and return an empty box."""
        text, thread_ts, where = form.get("text", "").strip(), form.get("thread") or None, form.get("where", "main")
        person = self._screens.person(spot)
        if text.startswith("/") and len(text) > 1:
            self._command(person, spot, text, thread_ts)
        elif text:
            person.say(spot.channel.id, text, thread_ts)
        return self._screens.composer(spot, where) + quiet()

    def act(self, spot: Spot, form: Form) -> Markup:
        """Fill in what stands in the form, and use the control that was pressed or changed, if any."""
        person, place = self._screens.person(spot), self._place(spot, form["place"])
        person.fill(place, read_fields(form, list(place.blocks)))
        if "action" not in form:
            return Markup()
        block, element = _control(list(place.blocks), form["block"], form["action"])
        if element.get("confirm") and "confirmed" not in form:
            return self._ask(spot, place, element, form)
        value = (
            form.get("value") or None
            if element["type"] not in INPUTS
            else self._held(spot, form["place"], block, element)
        )
        outcome = person.click(place, element["action_id"], value=value, block_id=block["block_id"])
        return self._said(outcome, place)

    def submit(self, spot: Spot, form: Form) -> Markup:
        """Send a form."""
        person, view = self._screens.person(spot), self._view(spot, form["place"])
        person.fill(view, read_fields(form, view.blocks))
        if not view.content.get("submit"):
            return Markup()
        return self._said(person.submit(view), view)

    def close(self, spot: Spot, form: Form) -> Markup:
        """Close a form, or with ``everything`` all of them."""
        view = self._view(spot, form["place"])
        return self._said(self._screens.person(spot).close(view, everything="everything" in form), None)

    def shortcut(self, spot: Spot, form: Form) -> Markup:
        """Use a shortcut on a message."""
        message = self._message(spot, form["place"])
        return self._said(self._screens.person(spot).shortcut(form["shortcut"], message), None)

    def invite(self, spot: Spot, form: Form) -> Markup:
        """Bring the app into a channel."""
        self._screens.person(spot).invite(form["channel"])
        return Markup()

    def edit(self, spot: Spot, form: Form) -> Markup:
        """Change one's own message."""
        text = form.get("text", "").strip()
        if text:
            self._screens.person(spot).edit(self._own(spot, form["place"]), text)
        return Markup()

    def begin_edit(self, spot: Spot, form: Form) -> Markup:
        """Return the field in which one's own message can be changed."""
        message = self._own(spot, form["place"])
        text = self._as_typed(message.text)
        return self._screens.asking(confirm=None, editing=text, place=form["place"], spot=spot)

    def delete(self, spot: Spot, form: Form) -> Markup:
        """Take one's own message away."""
        self._screens.person(spot).delete(self._own(spot, form["place"]))
        return Markup()

    def open_tab(self, spot: Spot) -> Markup:
        """Let the app know that a tab of its was opened."""
        person = self._screens.person(spot)
        if spot.tab == "home":
            person.open_home()
        else:
            person.open_messages_tab()
        return Markup()

    def move_time(self, spot: Spot, form: Form) -> Markup:
        """Let time pass and say what came of it."""
        step = next(each for each in self._screens.steps if each.name == form["step"])
        return flash(step.take(), kind="note")

    def suggest(self, spot: Spot, form: Form) -> Markup:
        """Return the commands (or the app's name) that what is typed may become."""
        typed = form.get("text", "")
        found = self._commands(typed) if typed.startswith("/") else self._mentions(spot, typed)
        heading = "Commands" if typed.startswith("/") else "People"
        return self._screens.drawing.page(
            "suggest.html", found=found, heading=heading, spot=spot, where=form.get("where", "main")
        )

    def options(self, spot: Spot, form: Form) -> Markup:
        """Return what an external select offers for what was typed, with what is chosen first.

        Nothing, where the form was closed in the meantime: nobody typed that to be told of it.
        """
        try:
            place = self._place(spot, form["place"])
        except Refusal:
            return Markup()
        block, element = _control(list(place.blocks), form["block"], form["action"])
        surface = self._surface(spot, place)
        found = self._screens.person(spot).options(
            place, element["action_id"], form.get("typed", ""), block_id=block["block_id"]
        )
        kept = [json.loads(each) for each in form.getlist(surface.name(block, element))]
        held = read_field(element, form.getlist(surface.name(block, element))) or None
        if held is not None:
            self._screens.person(spot).fill(place, {(block["block_id"], element["action_id"]): held})
        surface = self._surface(spot, self._place(spot, form["place"]))
        values = {each["value"] for each in kept}
        offered = [*kept, *(each for each in found if each["value"] not in values)]
        choices = surface.choices(block, element, offered)
        return self._screens.drawing.page("found.html", surface=surface, block=block, element=element, choices=choices)

    def source(self, spot: Spot, form: Form) -> str:
        """Return a message as the app sent it, as JSON."""
        message = self._message(spot, form["place"])
        return json.dumps(message.to_slack(metadata=True), indent=2, ensure_ascii=False)

    def _command(self, person: Person, spot: Spot, text: str, thread_ts: str | None) -> None:
        command, _, rest = text.partition(" ")
        if thread_ts is not None:
            words = f"{command} cannot be used in a thread. Write it in the channel, or mention the app here."
            self._workspace.post(
                spot.channel.id, "USLACKBOT", words, reader=person.id, thread_ts=thread_ts, notice="no_commands_here"
            )
        elif command in COMMANDS_OF_SLACK and self._names_bot(rest):
            (person.invite if command == "/invite" else person.remove_bot)(spot.channel.id)
        else:
            person.command(command, rest.strip(), channel=spot.channel.id)

    def _names_bot(self, text: str) -> bool:
        return text.strip().lstrip("@").casefold() == self._workspace.manifest.name.casefold()

    def _commands(self, typed: str) -> list[dict[str, str]]:
        found = [
            {"name": each.command, "text": f"{each.command} ", "about": each.description, "hint": each.usage_hint}
            for each in self._workspace.manifest.commands.values()
        ]
        bot = f"@{self._workspace.manifest.name}"
        for name, about in zip(COMMANDS_OF_SLACK, ("Bring the app into this channel", "Take it out"), strict=True):
            found.append({"name": name, "text": f"{name} {bot}", "about": about, "hint": ""})
        return [each for each in found if each["name"].startswith(typed.split(" ")[0]) and " " not in typed.lstrip()]

    def _mentions(self, spot: Spot, typed: str) -> list[dict[str, str]]:
        before, at, begun = typed.rpartition("@")
        name = self._workspace.manifest.name
        if not at or spot.tab != "channel" or (before and not before[-1].isspace()):
            return []
        if not name.casefold().startswith(begun.casefold()):
            return []
        return [{"name": f"@{name}", "text": f"{before}@{name} ", "about": "Ask it here", "hint": ""}]

    def _held(self, spot: Spot, place: str, block: Payload, element: Payload) -> Any:
        """Return what stands in an input by now: a form is filled in before anything in it is pressed."""
        return read_field(element, self._surface(spot, self._place(spot, place)).held(block, element))

    def _ask(self, spot: Spot, place: Message | View, element: Payload, form: Form) -> Markup:
        sent = {name: value for name, value in form.items() if name in ("place", "block", "action", "value")}
        surface = self._surface(spot, place)
        sent["confirmed"] = "1"
        html = self._screens.asking(confirm=element["confirm"], sent=sent, surface=surface, spot=spot)
        return partial("asking", "innerHTML", html)

    def _said(self, outcome: Outcome, place: Message | View | None) -> Markup:
        if not outcome.notice:
            return quiet()
        words = FAILURES.get(outcome.notice, f"That did not work ({outcome.notice}).")
        return flash(words, dialog=isinstance(place, View) and place.kind == "modal")

    def _surface(self, spot: Spot, place: Message | View) -> Surface:
        if isinstance(place, View):
            return self._screens.view_surface(place, spot)
        return self._screens.messages.surface(place, spot, "main")

    def _place(self, spot: Spot, place: str) -> Message | View:
        return self._message(spot, place) if "/" in place else self._view(spot, place)

    def _view(self, spot: Spot, view_id: str) -> View:
        with self._workspace.lock:
            view = self._workspace.views.find(view_id=view_id)
        if view.user != spot.who.id:
            raise LookupError("that form is somebody else's")
        return view

    def _message(self, spot: Spot, place: str) -> Message:
        channel, _, ts = place.partition("/")
        message = self._workspace.find(channel, ts)
        if message.reader not in (None, spot.who.id):
            raise LookupError("somebody else sees that message")
        return message

    def _own(self, spot: Spot, place: str) -> Message:
        message = self._message(spot, place)
        if message.user != spot.who.id:
            raise LookupError("that is not your message")
        return message

    def _as_typed(self, text: str) -> str:
        for user in self._workspace.users.values():
            text = text.replace(f"<@{user.id}>", f"@{user.real_name}")
        for channel in self._workspace.channels.values():
            text = text.replace(f"<#{channel.id}>", f"#{channel.name}")
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def quiet() -> Markup:
    """Return what takes the last such line away again."""
    return partial("flash", "innerHTML", "")


def flash(words: str, *, kind: str = "error", dialog: bool = False) -> Markup:
    """Return a line that is read out at once, in the form in front or on the page."""
    html = Markup('<p class="flash {}">{}</p>').format(kind, words)
    return partial("flash", "innerHTML", html) + (partial("in-form", "innerHTML", html) if dialog else Markup())


def _control(blocks: list[Payload], block_id: str, action_id: str) -> tuple[Payload, Payload]:
    for block, element in controls([each for each in every_block(blocks) if each["block_id"] == block_id]):
        if element["action_id"] == action_id:
            return block, element
    raise LookupError("that control is not there any more")
