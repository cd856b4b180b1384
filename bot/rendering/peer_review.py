"""Peer review on the screen: offers, invitations, panels with their reasons, notes, and the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.checkpoints.checkpoint import LONGEST_NOTE, Checkpoint
from bot.checkpoints.dates import in_words
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt
from bot.network.panels import LONGEST_INTERESTS, SKILLS, Panel, Reviewer
from bot.network.sharing import Listing
from bot.rendering.blocks import actions, button, context, header, section
from bot.rendering.checkpoint_words import title_of
from bot.rendering.fields import (
    Choice,
    Payload,
    boxes_field,
    choice_field,
    date_field,
    mention,
    search_field,
    text_field,
)
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape

OFFER_CALLBACK: Final = "review_offer_form"
NOTE_CALLBACK: Final = "review_note_form"
_LONGEST_TEXT: Final = 3900
_MOST: Final = 8
_ABOUT: Final = (
    "Peers of other councils review a checkpoint before it is signed. Who sits is drawn by rule, with a reason for "
    "each; who declines loses nothing by it."
)


@dataclass(frozen=True)
class OwnSeat:
    """A seat of the reader: the panel, and what they said."""

    panel_id: str
    answer: str


def reviews_message(
    own: Reviewer | None, seats: Sequence[OwnSeat], open_ones: Sequence[tuple[Checkpoint, str]],
    counts: Mapping[str, tuple[int, int]],
) -> Message:  # fmt: skip
    """Everything about peer review for one person."""
    blocks: list[Block] = [header("Peer review"), section(_ABOUT)]
    lines = [f"Peer review. {_ABOUT}"]
    offers = own is not None and own.offers
    text = f"You offer to review: {escape(_skills(own))}." if own and offers else "You do not offer to review."
    offer = button("Change my offer" if own else "Offer to review", "review_offer", "offer")
    blocks.append(section(text, button=offer))
    lines.append(text)
    for number, seat in enumerate(seats[:_MOST]):
        text = "You sit on a panel." if seat.answer == "accepted" else "You are invited to a panel."
        blocks += [section(text), actions(f"seat:{number}", _seat_buttons(seat))]
        lines.append(text)
    for checkpoint, service in open_ones[:_MOST]:
        text = f"{escape(title_of(checkpoint))} of {escape(service)} has no panel."
        label = f"Ask for a panel for {title_of(checkpoint)}"
        blocks.append(section(text, button=button("Ask for a panel", "review_ask", checkpoint.id, label=label)))
        lines.append(text)
    if listed := "; ".join(f"{escape(one)} gave {given} and received {got}" for one, (given, got) in counts.items()
                           if given or got):  # fmt: skip
        blocks.append(context(cut(f"Reviews: {listed}.", 2000)))
        lines.append(f"Reviews: {listed}.")
    return message(cut("\n".join(lines), _LONGEST_TEXT), blocks)


def offer_form(own: Reviewer | None, council: Choice | None) -> View:
    """The form in which somebody offers to review."""
    offers = own.offers if own else True
    skills = [(one, one.capitalize()) for one in SKILLS]
    blocks: list[Block | Payload] = [
        context("Your name, council and skills are shown to the team of a panel on which you sit."),
        boxes_field("offers", "Do you offer?", [("offers", "I offer to review")], values=["offers"] if offers else []),
        search_field("council", "Your council", chosen=council, hint="Type a few letters of its name."),
        boxes_field("skills", "What do you bring?", skills, values=own.skills if own else ()),
        text_field(
            "interests", "Suppliers you have to do with", value="\n".join(own.interests) if own else "", optional=True,
            multiline=True, most=LONGEST_INTERESTS,
            hint="One a line. You are not drawn where one of them is the supplier; the team sees that as the reason.",
        ),
        text_field("most_at_once", "Panels at once", value=str(own.most_at_once if own else 2), most=2),
        date_field("away_until", "Away until", value=own.away_until if own else None, optional=True),
    ]  # fmt: skip
    return modal("Offer to review", blocks, callback_id=OFFER_CALLBACK, submit="Save", close="Cancel")


def invitation_message(panel: Panel, listing: Listing, checkpoint: Checkpoint) -> Message:
    """An invitation: whose service, which checkpoint, and that a no is no fault."""
    whose = f"{escape(listing.name or 'a service')}, {escape(listing.council or 'another council')}"
    text = (
        f"Will you review {escape(title_of(checkpoint))} of {whose}? It is due on {in_words(checkpoint.due_on)}. "
        "You were drawn by rule. If it does not suit, say no: somebody else is drawn, nothing is held against you, "
        "and it counts as your turn."
    )
    buttons = [
        button("Yes", "review_accept", panel.id, primary=True, label="Yes, I review this"),
        button("Not this time", "review_decline", panel.id),
    ]
    return message(text, [section(text), actions(f"invitation:{panel.id}", buttons)])


def panel_message(
    panel: Panel, service: Service, checkpoint: Checkpoint, councils: Mapping[str, str], missing: Sequence[str]
) -> Message:
    """Who sits and who does not, each with the reason."""
    head = f"Panel for {escape(title_of(checkpoint))} of {escape(service.name)}"
    lines = [
        f"• {mention(seat.user_id)} of {escape(councils.get(seat.council, seat.council))} ({seat.answer}): {seat.why}"
        for seat in panel.sitting
    ]
    text = [head, *(lines or ["Nobody could be drawn yet."])]
    if missing:
        text.append(f"Nobody on it brings: {', '.join(missing)}. Ask somebody who does to sit in.")
    blocks: list[Block] = [section(f"*{head}*\n" + "\n".join(text[1:]))]
    if panel.left_out:
        out = [f"• {mention(user)}: {escape(why)}" for user, why in panel.left_out.items()]
        blocks.append(section(cut("*Not on it*\n" + "\n".join(out), 2900)))
        text += ["Not on it:", *out]
    end = button("End the review", "review_finish", panel.id)
    return message(cut("\n".join(text), _LONGEST_TEXT), [*blocks, actions(f"panel:{panel.id}", [end])])


def note_form(checkpoint: Checkpoint, prompts: Sequence[FrozenPrompt], *, metadata: str) -> View:
    """A note about one point."""
    choices = [(one.id, cut(one.question, 75)) for one in prompts]
    about = context(
        f"{escape(title_of(checkpoint))}. Your note stands with that point, with your name, before the team and "
        "whoever signs; in a paper for committee it stands without your name."
    )
    blocks: list[Block | Payload] = [
        about,
        choice_field("prompt", "Which point?", choices),
        text_field("note", "What should the team know?", multiline=True, most=LONGEST_NOTE),
    ]
    return modal("A note for the team", blocks, callback_id=NOTE_CALLBACK, private_metadata=metadata, submit="Keep")


def note_message(by: str, service: Service, prompt: FrozenPrompt, words: str) -> Message:
    """The team learns of a note."""
    text = f"Panel note on {escape(service.name)} by {mention(by)}: {escape(prompt.question)}\n{escape(words)}"
    return message(cut(text, _LONGEST_TEXT), [section(cut(text, 2900))])


def accepted_message(by: str, service: Service, checkpoint: Checkpoint) -> Message:
    """The owner learns who will review."""
    text = f"{mention(by)} will review {escape(title_of(checkpoint))} of {escape(service.name)}."
    return message(text, [section(text)])


def asked_words(count: int) -> str:
    """What whoever asks is told at once."""
    if not count:
        return "Nobody could be drawn. Your direct messages say why for each; `/advisor reviews` finds more reviewers."
    return f"{count} invited. Your direct messages say who, and why each sits or does not."


def accepted_words() -> str:
    """Thanks for a yes."""
    return "You are on the panel. `/advisor reviews` takes your notes, point by point."


def declined_words() -> str:
    """Thanks for a no."""
    return "Noted. Somebody else is drawn. Nothing is held against you, and it counts as your turn."


def noted_words() -> str:
    """A note was kept."""
    return "Your note stands with the point, for the team and for whoever signs; the team has been told."


def offered_words(reviewer: Reviewer) -> str:
    """What is offered now."""
    return f"You offer to review: {_skills(reviewer)}." if reviewer.offers else "You do not offer to review at present."


def _seat_buttons(seat: OwnSeat) -> list[ButtonElement]:
    if seat.answer == "accepted":
        return [
            button("Write a note", "review_note", seat.panel_id, primary=True),
            button("I cannot after all", "review_decline", seat.panel_id),
        ]
    return [
        button("Yes", "review_accept", seat.panel_id, primary=True, label="Yes, I review this"),
        button("Not this time", "review_decline", seat.panel_id),
    ]


def _skills(reviewer: Reviewer | None) -> str:
    return ", ".join(reviewer.skills) if reviewer and reviewer.skills else "whatever helps"
