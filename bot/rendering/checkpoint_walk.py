"""Walking through a checkpoint: one point at a time, the whole list, and the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block

from bot.checkpoints.checkpoint import VALUES, Answer, Checkpoint
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.panel_notes import NO_NOTES, Notes, PanelNote
from bot.checkpoints.prefill import Draft
from bot.checkpoints.progress import left, progress
from bot.checkpoints.services import Service
from bot.checkpoints.templates import FrozenPrompt, RouteText, prompts_for, wording
from bot.knowledge.entry import Entry
from bot.rendering.blocks import actions, bullets, button, context, divider, headed, section
from bot.rendering.checkpoint_words import answer_line, counts_line, panel_lines, title_of
from bot.rendering.fields import Payload, choice_field, date_field, radio_field, several_field, text_field
from bot.rendering.message import View, modal
from bot.rendering.mrkdwn import cut, escape, from_markdown

WALK_CALLBACK: Final = "checkpoint_answer"
END_CALLBACK: Final = "checkpoint_submit"
_LONGEST_NOTE = 3000
_LIST_MOST = 90


@dataclass(frozen=True)
class Walk:
    """What the form about one point needs; ``banner`` is said on top (somebody was faster, the order of things)."""

    checkpoint: Checkpoint
    service: Service
    prompt: FrozenPrompt
    evidence: Sequence[Evidence]
    types: Sequence[str]
    draft: Draft | None = None
    help: Entry | None = None
    banner: str = ""
    notes: Sequence[PanelNote] = ()


def walk_view(walk: Walk) -> View:
    """One point: the question, what good evidence looks like, the help, and the answer that stands."""
    prompts = prompts_for(walk.checkpoint.template, walk.service)
    number = [one.id for one in prompts].index(walk.prompt.id) + 1
    text = wording(walk.prompt, walk.service.route)
    answer = walk.checkpoint.answers.get(walk.prompt.id)
    blocks: list[Block | Payload] = [section(f":warning: Note: {walk.banner}")] if walk.banner else []
    counts = counts_line(progress(walk.checkpoint, walk.service))
    blocks += [
        context(f"{escape(walk.service.name)} · Point {number} of {len(prompts)} · {counts}"),
        section(f"*{escape(text.question)}*"),
        section(headed("What good evidence looks like", from_markdown(text.evidence))),
        *_by_route(text.own, text.remark),
        *_stands(answer, walk.draft),
        *([section(panel_lines(walk.notes))] if walk.notes else []),
        _buttons(walk),
        divider(),
        *_fields(walk, answer),
    ]
    seen = answer.version if answer else 0
    source = walk.draft.source if walk.draft else ""
    metadata = {"checkpoint": walk.checkpoint.id, "prompt": walk.prompt.id, "seen": seen, "prefilled": source}
    return modal(
        cut(title_of(walk.checkpoint), 24),
        blocks,
        callback_id=WALK_CALLBACK,
        private_metadata=json.dumps(metadata),
        submit="Save and go on",
        close="Stop here",
    )


def list_view(checkpoint: Checkpoint, service: Service, notes: Notes = NO_NOTES) -> View:
    """The whole list, each point with its answer, what the panel noted, and a button."""
    blocks: list[Block | Payload] = [
        context(f"{escape(service.name)} · {counts_line(progress(checkpoint, service))}. Answers are saved as you go.")
    ]
    blocks.append(actions("blind", [button("Rate it blind first", "checkpoint_blind", checkpoint.id)]))
    for number, prompt in enumerate(prompts_for(checkpoint.template, service)[:_LIST_MOST], 1):
        answer = checkpoint.answers.get(prompt.id)
        said = answer_line(answer) if answer else "Not answered yet."
        go = button("Open", "checkpoint_point", f"{checkpoint.id}|{prompt.id}", label=f"Open point {number}")
        lines = (f"{number}. {escape(prompt.question)}", said, panel_lines(notes.get(prompt.id, ()), most=1))
        text = "\n".join(line for line in lines if line)
        blocks.append(section(text, button=go, block_id=f"point:{prompt.id}"))
    return modal(cut(title_of(checkpoint), 24), blocks, callback_id="checkpoint_list", close="Close")


def end_view(checkpoint: Checkpoint, service: Service, *, banner: str = "") -> View:
    """Nothing is left to answer: hand it in, or look through it once more."""
    one = progress(checkpoint, service)
    open_ones = left(checkpoint, service)
    blocks: list[Block | Payload] = [section(f":warning: Note: {banner}")] if banner else []
    lines = [f"*Every point has an answer.* {counts_line(one)}."]
    if open_ones:
        lines = [f"*{len(open_ones)} still to answer.* {counts_line(one)}."]
    if one.skipped:
        lines.append(f"{one.skipped} are not asked, because they do not fit this service.")
    lines.append('"Partly" and "not yet" may be handed in: an honest answer is one. The sponsor decides.')
    look = button("Look through the list", "checkpoint_list", checkpoint.id)
    blocks += [section("\n".join(lines)), actions("end", [look])]
    blocks.append(text_field("form", "Anything the sponsor should know?", optional=True, multiline=True, most=500))
    metadata = json.dumps({"checkpoint": checkpoint.id})
    return modal(
        cut(title_of(checkpoint), 24), blocks, callback_id=END_CALLBACK, private_metadata=metadata, submit="Hand in",
        close="Not yet",
    )  # fmt: skip


def words_view(title: str, text: str) -> View:
    """A few words in a form that has nothing more to ask."""
    return modal(cut(title, 24), [section(text)], callback_id="checkpoint_words", close="Close")


def _by_route(own: RouteText, remark: str) -> list[Block]:
    if remark:
        return [context(escape(remark))]
    blocks: list[Block] = [section(from_markdown(own.text))] if own.text else []
    if own.ask_supplier:
        blocks.append(section(headed("Ask the supplier", bullets(own.ask_supplier))))
    if own.look_for_in_contract:
        blocks.append(section(headed("Look for in the contract", bullets(own.look_for_in_contract))))
    return blocks


def _stands(answer: Answer | None, draft: Draft | None) -> list[Block]:
    if answer is not None:
        return [section(f"Stands now: {answer_line(answer)}")]
    return [context(f"Filled in from {escape(draft.source)}. Read it and save it, or change it.")] if draft else []


def _buttons(walk: Walk) -> Block:
    found = [button("Whole list", "checkpoint_list", walk.checkpoint.id, label="Show the whole list of points")]
    if walk.help is not None:
        name = walk.help.title
        found.insert(0, button("Help with this point", "checkpoint_help", walk.help.id, label=name))
    return actions(f"walk:{walk.prompt.id}", found)


def _fields(walk: Walk, answer: Answer | None) -> list[Payload]:
    at = walk.prompt.id
    note = answer.note if answer else walk.draft.note if walk.draft else ""
    held = answer.evidence_ids if answer else walk.draft.evidence_ids if walk.draft else ()
    link_hint = "This point needs a link to be met. " if walk.prompt.link_required else ""
    fields = [
        radio_field(f"value:{at}", "Where are you?", _values(), value=answer.value if answer else ""),
        text_field(
            f"note:{at}", "Note", value=note, optional=True, multiline=True, most=_LONGEST_NOTE,
            hint="In a sentence or two. Required where it does not apply: say why.",
        ),
    ]  # fmt: skip
    if walk.evidence:
        known = [(piece.id, f"{piece.title} ({piece.dated_on:%B %Y})") for piece in walk.evidence]
        fields.append(several_field(f"evidence_ids:{at}", "Evidence you have already", known, values=held))
    fields += [
        text_field(
            f"link:{at}", "New evidence: link", optional=True, most=2000,
            hint=f"{link_hint}A whole address with https:// in front.",
        ),
        text_field(f"title:{at}", "What is it?", optional=True, most=150, hint="So that others find it."),
        choice_field(f"type:{at}", "Kind of evidence", [(one, one.capitalize()) for one in walk.types], optional=True),
        date_field(f"dated_on:{at}", "Day of the evidence", optional=True, hint="Of the audit or report itself."),
    ]  # fmt: skip
    return fields


def _values() -> list[tuple[str, str]]:
    return [(value, value.capitalize()) for value in VALUES]
