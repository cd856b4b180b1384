"""The ``rich_text`` block as HTML: sections, lists, quotes and code, element by element.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block, checked 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from bot.trial.pages.dates import draw_date
from bot.trial.pages.emoji import draw_emoji
from bot.trial.pages.mrkdwn import Names, draw_broadcast, draw_channel, draw_link, draw_person
from bot.trial.records import Payload

STYLES = {"bold": "strong", "italic": "em", "strike": "s", "underline": "u", "code": "code"}


def draw_rich_text(block: Payload, names: Names) -> Markup:
    """Return a whole ``rich_text`` block."""
    return Markup("").join(_draw_part(part, names) for part in block.get("elements", []))


def _draw_part(part: Payload, names: Names) -> Markup:
    if part.get("type") == "rich_text_list":
        tag = Markup("ol" if part.get("style") == "ordered" else "ul")
        start = Markup(' start="{}"').format(part["offset"] + 1) if part.get("offset") else ""
        items = (Markup("<li>{}</li>").format(_draw_all(item, names)) for item in part.get("elements", []))
        indent = min(int(part.get("indent", 0)), 8)
        form = Markup('<{0}{1} class="indent-{2}">{3}</{0}>')
        return form.format(tag, start, indent, Markup("").join(items))
    inner = _draw_all(part, names)
    frame = {"rich_text_quote": "<blockquote>{}</blockquote>", "rich_text_preformatted": "<pre><code>{}</code></pre>"}
    return Markup(frame.get(str(part.get("type")), "<p>{}</p>")).format(inner)


def _draw_all(part: Payload, names: Names) -> Markup:
    return Markup("").join(_styled(_draw_element(each, names), each.get("style", {})) for each in part["elements"])


def _draw_element(element: Payload, names: Names) -> Markup:
    draw = _ELEMENTS.get(str(element.get("type")))
    return draw(element, names) if draw else Markup("[{}]").format(element.get("type"))


def _styled(inner: Markup, style: Payload) -> Markup:
    for name, tag in STYLES.items():
        if style.get(name):
            inner = Markup("<{0}>{1}</{0}>").format(Markup(tag), inner)
    return inner


def _draw_text(element: Payload, names: Names) -> Markup:
    lines = str(element["text"]).split("\n")
    return Markup("<br>").join(Markup("{}").format(line) for line in lines)


_ELEMENTS: dict[str, Callable[[Payload, Names], Markup]] = {
    "text": _draw_text,
    "link": lambda element, names: draw_link(element["url"], element.get("text") or element["url"]),
    "emoji": lambda element, names: draw_emoji(element["name"]),
    "user": lambda element, names: draw_person(element["user_id"], names),
    "channel": lambda element, names: draw_channel(element["channel_id"], names),
    "broadcast": lambda element, names: draw_broadcast(element["range"]),
    "date": lambda element, names: draw_date(
        str(element["timestamp"]), element["format"], element.get("fallback", ""), names.now
    ),
    "color": lambda element, names: Markup("<code>{}</code>").format(element["value"]),
}
