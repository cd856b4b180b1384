"""What rendering can put on a screen that people press, send or search in: read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

RENDERING = Path(__file__).resolve().parents[2] / "bot" / "rendering"


class Module:
    """One module of rendering; a name in it stands for the text that it is given there."""

    def __init__(self, file: Path) -> None:
        self.tree = ast.parse(file.read_text(encoding="utf-8"))
        self._values = dict(self._assigned())

    def calls(self, name: str) -> Iterator[ast.Call]:
        """Every call of the function *name*."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield node

    def text(self, node: ast.expr | None) -> str | None:
        """The text that *node* stands for, with a 1 for each part that is known only later; None where unknown."""
        if isinstance(node, ast.Name):
            return self.text(self._values.get(node.id))
        if isinstance(node, ast.JoinedStr):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)
        return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

    def _assigned(self) -> Iterator[tuple[str, ast.expr]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                yield node.targets[0].id, node.value
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                yield node.target.id, node.value


def modules() -> list[Module]:
    """Every module of rendering."""
    return [Module(file) for file in sorted(RENDERING.rglob("*.py"))]


def pressed() -> set[str]:
    """The action ids of everything that tells us at once when it is used: buttons, and menus that dispatch."""
    found = {module.text(call.args[1]) for module in modules() for call in module.calls("button")}
    dispatching = {
        module.text(call.args[0])
        for module in modules()
        for call in module.calls("choice_field")
        if any(keyword.arg == "dispatch" for keyword in call.keywords)
    }
    return _known(found | dispatching)


def sent() -> set[str]:
    """The callback ids of the forms that have a button to send them."""
    found = set()
    for module in modules():
        for call in module.calls("modal"):
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            if "submit" in named:
                found.add(module.text(named.get("callback_id")))
    return _known(found)


def searched() -> set[str]:
    """The action ids of the menus whose choices are looked up as somebody types."""
    return _known({module.text(call.args[0]) for module in modules() for call in module.calls("search_field")})


def _known(found: set[str | None]) -> set[str]:
    assert None not in found, "a control whose id cannot be read from the source: give it as a text"
    return {one for one in found if one is not None}
