"""A draft of an entry as YAML: what is recorded stands in it, and the check names what is still to be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from bot.knowledge.skeleton import TO_WRITE

_HEADING: Final = "# yaml-language-server: $schema=../entry.schema.json\n"


class _Dumper(yaml.SafeDumper):
    """Writes lists below their field, as people write them, and no references."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent a list's items below the name of the field."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write the same value twice rather than point at it."""
        return True


def note(what: str) -> str:
    """What stands where somebody must write: ``advisor knowledge check`` finds each one that was left."""
    return f"{TO_WRITE} {what}"


def draft_text(fields: Mapping[str, Any], *, remark: str) -> str:
    """The draft as the text of a YAML file; *remark* stands above it as a comment, a line a line."""
    said = "".join(f"# {line}\n" for line in remark.splitlines())
    text = yaml.dump(dict(fields), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return f"{_HEADING}{said}{text}"
