"""What the benchmarks share: figures from scores, the memory of this process, and tables in Markdown."""

from __future__ import annotations

import ctypes
import datetime as dt
import gc
import math
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column to the left, the others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def circumstances(packages: Sequence[str]) -> str:
    """The day, the machine and the versions that a table was made with."""
    found = []
    for name in packages:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    day = dt.datetime.now(dt.UTC).date()
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "not set")
    return (
        f"{day.isoformat()}; {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; {', '.join(found)}; OPENBLAS_NUM_THREADS {threads}."
    )


@dataclass
class Times:
    """Seconds for each question: on the clock, and of the processor (what a busy machine does not stretch)."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def take(self, work: Callable[[], object]) -> None:
        """Do *work* and note how long it took."""
        clock, processor = time.perf_counter(), time.process_time()
        work()
        self.processor.append(time.process_time() - processor)
        self.clock.append(time.perf_counter() - clock)

    def add(self, other: Times) -> None:
        """The times of *other* too."""
        self.clock += other.clock
        self.processor += other.processor


def say(text: str) -> None:
    """A line on what is being done, apart from the table."""
    print(text, file=sys.stderr, flush=True)


def percent(share: float | None) -> str:
    """A share (0..1) as a percentage with one decimal; a dash for None and for what cannot be said."""
    return "-" if share is None or math.isnan(share) else f"{100 * share:.1f}"


def points(change: float | None) -> str:
    """A difference of two shares in percentage points, with its sign."""
    return "-" if change is None or math.isnan(change) else f"{100 * change:+.1f}"


def milliseconds(seconds: Sequence[float], part: float) -> float:
    """The quantile *part* of *seconds*, in milliseconds."""
    return float(np.quantile(np.asarray(seconds), part)) * 1_000 if seconds else math.nan


def auroc(higher: Values, lower: Values) -> float:
    """
    How often a value of *higher* is above one of *lower*; ties count a half.

    Source: the rank-sum form of the area under the curve,
    https://en.wikipedia.org/wiki/Mann%E2%80%93Whitney_U_test#Area-under-curve_(AUC)_statistic_for_ROC_curves.
    """
    if not len(higher) or not len(lower):
        return math.nan
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, "left")
    upto = np.searchsorted(ordered, higher, "right")
    return float((below + upto).mean() / 2 / len(lower))


def memory() -> dict[str, float]:
    """The resident memory of this process now and at its peak, in MB; empty where the system does not tell."""
    if not _STATUS.exists():
        return {}
    fields = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="utf-8").splitlines() if ":" in line)
    return {name: float(fields[key].split()[0]) / 1_024 for name, key in (("now", "VmRSS"), ("peak", "VmHWM"))}


def settle_memory() -> None:
    """Give freed memory back to the system and let the peak start again, as far as the system lets us."""
    gc.collect()
    if sys.platform == "linux":
        try:
            ctypes.CDLL(None).malloc_trim(0)
            _CLEAR.write_text("5", encoding="ascii")
        except (OSError, AttributeError):
            return
