"""The drawing of the house holds: imports point up the list, never down it, and libraries stay in their rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

ROOMS = (
    ("bot.errors",),
    ("bot.privacy", "bot.logs", "bot.manifest", "bot.metrics", "bot.snapshots"),
    ("bot.settings",),
    ("bot.knowledge",),
    ("bot.matching",),
    ("bot.answers",),
    ("bot.checkpoints", "bot.access"),
    ("bot.portfolio",),
    ("bot.network",),
    ("bot.storage",),
    ("bot.rendering",),
    ("bot.usecases",),
    ("handlers",),
    ("bot.trial",),
    (
        "bot.app",
        "bot.slack",
        "bot.cli",
        "bot.cli_checkpoints",
        "bot.cli_knowledge",
        "bot.cli_questions",
        "bot.cli_network",
        "bot.cli_portfolio",
        "bot.cli_operations",
        "bot.cli_workspaces",
        "bot.web",
        "bot.probes",
        "bot.doctor",
        "bot.clock",
        "bot.chat",
        "bot.trial_run",
        "bot.serving",
        "bot.__main__",
    ),
)
"""From the ground up: a module imports only what stands above it in this list, or in its own room."""

ONLY_IN = {
    "rapidfuzz": ("bot.matching",),
    "Stemmer": ("bot.matching",),
    "numpy": ("bot.matching",),
    "yaml": ("bot.knowledge",),
    "sqlalchemy": ("bot.storage",),
    "alembic": ("bot.storage",),
    "cryptography": ("bot.storage.sealing",),
    "slack_bolt": ("handlers", "bot.app", "bot.slack", "bot.web", "bot.serving"),
    "slack_sdk": (
        "handlers",
        "bot.rendering",
        "bot.trial",
        "bot.app",
        "bot.slack",
        "bot.doctor",
        "bot.storage.installations",
    ),
    "typer": (
        "bot.cli",
        "bot.cli_checkpoints",
        "bot.cli_knowledge",
        "bot.cli_network",
        "bot.cli_portfolio",
        "bot.cli_operations",
        "bot.cli_workspaces",
    ),
    "werkzeug": ("bot.trial",),
    "jsonschema": ("bot.trial",),
    "jinja2": ("bot.trial", "bot.rendering"),
    "matplotlib": ("bot.rendering",),
    "openpyxl": ("bot.rendering",),
    "docx": ("bot.rendering",),
    "prometheus_client": ("bot.metrics",),
}


def modules() -> Iterator[tuple[str, Path]]:
    for folder in ("bot", "handlers"):
        for file in sorted((REPOSITORY / folder).rglob("*.py")):
            name = ".".join(file.relative_to(REPOSITORY).with_suffix("").parts)
            yield name.removesuffix(".__init__"), file


def imports(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    quiet = {id(node) for block in ast.walk(tree) if _type_checking(block) for node in ast.walk(block)}
    for node in ast.walk(tree):
        if id(node) in quiet:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import hides which room it is from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def room(name: str) -> int | None:
    for floor, rooms in enumerate(ROOMS):
        if any(name == one or name.startswith(f"{one}.") for one in rooms):
            return floor
    return None


def test_every_module_has_a_room() -> None:
    homeless = [name for name, _ in modules() if name != "bot" and room(name) is None]

    assert homeless == []


def wrong_arrows(name: str, file: Path) -> list[str]:
    own = room(name)
    wrong = []
    for imported in imports(file):
        other = room(imported)
        if own is not None and other is not None and other > own:
            wrong.append(f"{name} -> {imported}")
        if own is not None and other == own and _folder(name) != _folder(imported):
            wrong.append(f"{name} -> {imported} (sideways)")
    return wrong


def _folder(name: str) -> str:
    front = {one for one in ROOMS[-1] if one.startswith("bot.")}
    head = ".".join(name.split(".")[:2])
    return "front" if head in front else name.split(".")[0] if name.startswith("handlers") else head


@pytest.mark.parametrize(("name", "file"), list(modules()))
def test_imports_point_up_the_list_and_never_sideways(name: str, file: Path) -> None:
    assert wrong_arrows(name, file) == []


@pytest.mark.parametrize(("name", "file"), list(modules()))
def test_a_library_is_known_only_in_its_rooms(name: str, file: Path) -> None:
    strangers = [
        imported
        for imported in imports(file)
        for library, rooms in ONLY_IN.items()
        if imported.split(".")[0] == library and not any(name == one or name.startswith(f"{one}.") for one in rooms)
    ]

    assert strangers == []


def circle_of(arrows: Mapping[str, set[str]]) -> list[str]:
    """A circle of imports, or nothing: whoever imports a module can then read it without reading the others first."""
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        found = next((one for other in sorted(arrows[name]) if (one := walk(other, (*path, name)))), [])
        done.add(name)
        return found

    return next((one for name in arrows if (one := walk(name, ()))), [])


def test_no_imports_go_round_in_a_circle() -> None:
    names = {name for name, _ in modules()}
    arrows = {name: {one for one in module_names(file) if one in names and one != name} for name, file in modules()}

    assert circle_of(arrows) == []
    assert circle_of({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]


def module_names(file: Path) -> Iterator[str]:
    """Every module that a file imports, also for the type checker alone."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)


def test_an_arrow_the_wrong_way_is_caught(tmp_path: Path) -> None:
    file = tmp_path / "entry.py"
    file.write_text("from bot.usecases.ask import ask\nfrom bot.errors import AdvisorError\n", encoding="utf-8")

    assert wrong_arrows("bot.knowledge.entry", file) == ["bot.knowledge.entry -> bot.usecases.ask.ask"]


def test_top_level_is_as_designed() -> None:
    for name in ("bot", "handlers", "knowledge", "tests", "docs", "benchmarks", ".ci/run", "Procfile", "README.md"):
        assert (REPOSITORY / name).exists(), name
