"""The portfolio in Slack: a message, a form and the Home tab of a leader, in pages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.checkpoints.services import Service
from bot.portfolio.filters import Filter, directorate_of
from bot.portfolio.overview import Overview
from bot.rendering.blocks import actions, button, context, divider, header, section
from bot.rendering.fields import choice_field
from bot.rendering.message import Message, Payload, View, message, modal
from bot.rendering.mrkdwn import cut, escape
from bot.rendering.portfolio_words import (
    contract_lines,
    failing_lines,
    filter_line,
    overdue_lines,
    phases_line,
    quarter_lines,
    services_words,
    standing_line,
)

PAGE: Final = 10
_LONGEST_TEXT = 3900
_LONGEST_VALUE = 75
_EVERY: Final = "*"
KEY: Final = "✓ met, ◐ partly, ✗ not yet, ↻ check again because evidence has expired, W waived. Numbers are points."


@dataclass(frozen=True)
class Screen:
    """What one page of the portfolio shows: the overview, the titles of its points, what was chosen, and the day."""

    overview: Overview
    titles: Mapping[str, str]
    chosen: Filter
    today: dt.date
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages there are; one where there is no service."""
        return max(1, -(-len(self.overview.services) // PAGE))

    @property
    def services(self) -> Sequence[Service]:
        """The services of this page."""
        first = (self.page - 1) * PAGE
        return self.overview.services[first : first + PAGE]


def portfolio_message(screen: Screen) -> Message:
    """The portfolio as an answer to a command; it can be posted to a channel as a picture from here."""
    blocks = portfolio_blocks(screen)
    return message(cut(_text(screen), _LONGEST_TEXT), [*blocks, _buttons(screen, in_channel=True)])


def portfolio_view(screen: Screen) -> View:
    """The portfolio as a form to read, for what was chosen."""
    return modal("Portfolio", [*portfolio_blocks(screen), _buttons(screen, in_channel=False)], callback_id="portfolio")


def leader_blocks(screen: Screen) -> list[Payload]:
    """The part of the Home tab for somebody who leads."""
    blocks: list[Block] = [divider(), *portfolio_blocks(screen), _buttons(screen, in_channel=False)]
    return [block.to_dict() for block in blocks]


def portfolio_blocks(screen: Screen) -> list[Block]:
    """The overview on the first page, and the page's services: at most 20 blocks."""
    overview = screen.overview
    title = f"Portfolio: {services_words(len(overview.services))}"
    blocks: list[Block] = [header(title), context(escape(filter_line(screen.chosen)))]
    if screen.page == 1:
        blocks += [section(_paragraph(heading, lines)) for heading, lines in _parts(screen)]
    blocks.append(context(KEY))
    for service in screen.services:
        blocks.append(section(_service(service, screen), button=_paper_button(service)))
    if screen.pages > 1:
        blocks.append(context(f"Page {screen.page} of {screen.pages}."))
    return blocks


def filter_form(chosen: Filter, choices: Mapping[str, Sequence[str]]) -> View:
    """The form in which somebody chooses which services to see."""
    names = {"directorate": "Directorate", "area": "Service area", "phase": "Phase", "route": "Route"}
    fields = [
        choice_field(key, label, [(_EVERY, "All"), *((one, one) for one in choices[key] if len(one) <= _LONGEST_VALUE)],
                     value=getattr(chosen, key) or _EVERY)
        for key, label in names.items()
    ]  # fmt: skip
    points = [("service-standard", "Service Standard"), ("local-standard", "Local standard"),
              ("technology-code", "Technology Code")]  # fmt: skip
    fields.append(choice_field("standard", "Points of", points, value=chosen.standard))
    return modal("Choose services", fields, callback_id="portfolio_filter", submit="Show", close="Cancel")


def chosen_values(fields: Mapping[str, Any]) -> dict[str, str]:
    """What was chosen in the form, without what stands for "all"."""
    return {name: str(value) for name, value in fields.items() if value and value != _EVERY}


def filter_value(chosen: Filter, page: int = 1) -> str:
    """A filter and a page as the value of a button."""
    return json.dumps({**{key: value for key, value in asdict(chosen).items() if value}, "page": page})


def read_filter_value(value: str) -> tuple[Filter, int]:
    """The filter and the page again."""
    data = json.loads(value)
    page = int(data.pop("page", 1))
    return Filter(**data), page


def not_a_leader() -> Message:
    """Who may look across, to somebody who may not."""
    text = (
        "The portfolio is for sponsors and administrators. Sponsors are named on their services; administrators in the "
        "setting ADVISOR_ADMINS. `/checkpoint` shows where the services of a channel stand."
    )
    return message(text, [section(text)])


def _parts(screen: Screen) -> list[tuple[str, list[str]]]:
    overview, today = screen.overview, screen.today
    return [
        ("By phase", [phases_line(overview)]),
        ("Points that fail most", failing_lines(overview, screen.titles)),
        ("Overdue actions by directorate", overdue_lines(overview, today=today)),
        ("Contracts by decide-by date", contract_lines(overview, today=today)),
        ("Decisions by quarter", quarter_lines(overview)),
    ]


def _paragraph(heading: str, lines: Sequence[str]) -> str:
    bullet = "• " if len(lines) > 1 else ""
    return f"*{heading}*\n" + "\n".join(f"{bullet}{escape(cut(line, 400))}" for line in lines)


def _service(service: Service, screen: Screen) -> str:
    row = screen.overview.standings[service.id]
    system = f", runs on {service.system}" if service.system else ""
    about = escape(f"{service.phase}, {service.route}, {directorate_of(service)}{system}")
    return f"*{escape(service.name)}* ({about})\n{standing_line(row)}"


def _paper_button(service: Service) -> ButtonElement:
    return button("Paper", "portfolio_paper", service.id, label=f"Committee paper of {service.name}")


def _buttons(screen: Screen, *, in_channel: bool) -> Block:
    found = []
    if screen.page > 1:
        value = filter_value(screen.chosen, screen.page - 1)
        found.append(button("Previous", "portfolio_previous", value, label="Previous page of services"))
    if screen.page < screen.pages:
        value = filter_value(screen.chosen, screen.page + 1)
        found.append(button("Next", "portfolio_next", value, label="Next page of services"))
    value = filter_value(screen.chosen)
    found.append(button("Choose services", "portfolio_choose", value))
    if in_channel:
        found.append(button("Post the picture here", "portfolio_post_picture", value,
                            label="Post the heat map in this channel"))  # fmt: skip
    found.append(button("Send me the picture", "portfolio_picture", value, label="Send me the heat map"))
    found.append(button("Send me the spreadsheet", "portfolio_export", value))
    found.append(button("Send me the paper", "portfolio_papers", value, label="Committee paper of these services"))
    return actions("portfolio", found)


def _text(screen: Screen) -> str:
    """What a screen reader says: everything of the first page in lines."""
    lines = [f"Portfolio: {services_words(len(screen.overview.services))}. {filter_line(screen.chosen)}"]
    for heading, part in _parts(screen) if screen.page == 1 else ():
        lines += [f"{heading}:", *part]
    rows = screen.overview.standings
    lines += [f"{one.name} ({one.phase}): {standing_line(rows[one.id])}" for one in screen.services]
    if screen.pages > 1:
        lines.append(f"Page {screen.page} of {screen.pages}.")
    return escape("\n".join(lines))
