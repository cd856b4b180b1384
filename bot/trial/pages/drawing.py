"""The templates, with the functions that they draw text with."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from bot.trial.pages.dates import clock_words, full_words
from bot.trial.pages.markdown import draw_markdown
from bot.trial.pages.rich_text import draw_rich_text


class Drawing:
    """Every template of the pages, loaded once; names that a template misspells are an error."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("bot.trial.pages", "templates"),
            autoescape=select_autoescape(default=True),
            undefined=_Lenient,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "rich_text": draw_rich_text,
            "markdown": draw_markdown,
            "clock_words": clock_words,
            "full_words": full_words,
        }
        self._templates: dict[str, Template] = {}

    def page(self, name: str, **known: Any) -> Markup:
        """Return one template filled in."""
        return Markup(self._template(name).render(**known))

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            self._templates[name] = self._environment.get_template(name)
        return self._templates[name]


class _Lenient(StrictUndefined):
    """A field that a block has not is as good as empty; printing a name that is nowhere is still an error."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False
