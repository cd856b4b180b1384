"""The ``markdown`` block as HTML, by markdown-it with raw HTML switched off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_LOWEST = 6


@cache
def _reader(level: int) -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.disable("image")  # Slack shows a picture in Markdown as a link

    def lower(state: Any) -> None:
        _prepare(state.tokens, level)

    reader.core.ruler.push("fit_into_page", lower)
    return reader


def draw_markdown(text: str, *, level: int) -> Markup:
    """Return Markdown *text* as HTML; its highest heading becomes one of *level*."""
    return Markup(_reader(level).render(text))


def _prepare(tokens: Sequence[Token], level: int) -> None:
    """Move headings below those of the page, and let links open beside it."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(_LOWEST, int(token.tag[1]) + level - 1)}"
        if token.type == "link_open":
            token.attrs |= {"target": "_blank", "rel": "noopener noreferrer"}
        _prepare(token.children or (), level)
