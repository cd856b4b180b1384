"""Collected only where it is asked for: these tests take minutes."""

from __future__ import annotations

import os

WANTED = "ADVISOR_FAULTS"

collect_ignore_glob = [] if os.environ.get(WANTED, "") not in ("", "0") else ["test_*.py"]
