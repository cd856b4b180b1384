"""A PostgreSQL of the tests' own, from the binaries of this machine: a socket in a folder that goes at the end."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

REQUIRED = "ADVISOR_REQUIRE_POSTGRES"
"""Where this is set, tests that need PostgreSQL fail without it; else they are skipped."""

_SETTINGS = {
    # Nothing outlives the tests, so nothing needs to reach the disk.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    # A server far from ours: what depends on its time zone shows here.
    "timezone": "America/St_Johns",
}
_DATABASE = "advisor"
_PATIENCE_SECONDS = 60


class Server:
    """A running server. Whoever asks it for a database gets an empty one, or a copy of a template."""

    def __init__(self, folder: Path, control: Callable[[str], None]) -> None:
        self._folder = folder
        self._control = control
        self._numbers = itertools.count(1)
        self._admin = create_engine(
            self.address("postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
        )

    def address(self, name: str) -> str:
        """The address of a database, as a host would give it."""
        return f"postgresql://advisor@/{name}?host={self._folder}"

    def make(self, template: str = "template1") -> str:
        """The name of a new database: a copy of *template*, which nobody may be connected to."""
        name = f"{_DATABASE}_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, and whoever is still connected."""
        with self._admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, for the length of the block."""
        name = self.make(template)
        try:
            yield self.address(name)
        finally:
            self.drop(name)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Stop the server, whoever is connected, for the length of the block."""
        self._admin.dispose()
        self._control("stop")
        try:
            yield
        finally:
            self._control("start")

    def close(self) -> None:
        """Let go of it."""
        self._admin.dispose()


def binaries() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``: of the PATH, else Debian's newest; None where there is none."""
    found = shutil.which("pg_ctl")
    if found and shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda file: int(file.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """A server for the length of the block. As root, which PostgreSQL refuses to run as, it runs as somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="advisor-pg-"))  # the path of a socket has at most 107 letters
    somebody = _somebody()
    if somebody:
        shutil.chown(folder, somebody["user"], somebody["group"])
    data = folder / "data"
    try:
        _run(programs / "initdb", "-D", data, "-U", "advisor", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8",
             **somebody)  # fmt: skip
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        options += f" -c listen_addresses= -k {folder}"
        more = {"start": ("-l", folder / "log", "-o", options), "stop": ("-m", "immediate")}

        def control(deed: str) -> None:
            _run(programs / "pg_ctl", deed, "-w", "-D", data, *more[deed], **somebody)

        control("start")
        try:
            server = Server(folder, control)
            yield server
            server.close()
        finally:
            control("stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_required() -> bool:
    """Whether it must be there."""
    return os.environ.get(REQUIRED, "") not in ("", "0")


def _somebody() -> dict[str, Any]:
    """Whom to run as: nobody in particular, unless we are root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_name, "group": user.pw_gid, "extra_groups": []}


def _run(*command: object, **options: Any) -> None:
    # pg_ctl's server keeps what it inherits, so nothing here may wait for the end of a pipe.
    done = subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, timeout=_PATIENCE_SECONDS, check=False, cwd="/", **options,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"PostgreSQL could not be set up: {' '.join(map(str, command))} gave {done.returncode}")
