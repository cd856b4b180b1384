"""What Advisor counts and measures of itself, for Prometheus. No label is a workspace, a person or a place."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, values
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
MOST_WORDS: Final = 60
"""How many different words of Slack one label may hold; what comes after them is counted as "other"."""

_SHARED = "PROMETHEUS_MULTIPROC_DIR"
_WORD = re.compile(r"[a-z][A-Za-z0-9_.]{0,60}")
_ACKNOWLEDGED = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds. The last is Slack's patience (https://docs.slack.dev/apis/events-api, checked 2026-11-23)."""
_REPLIED = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True)
class Standing:
    """How many places wait for the clock, and for long; seconds since a clock went round (None: never)."""

    due: int
    late: int
    clock_age: float | None


class SharedCounts:
    """
    A folder in which several worker processes count, so that each can tell the sum of all. To be made before they are,
    by the process that they are forked from; what a worker has counted stays when it is gone.

    Source: https://prometheus.github.io/client_python/multiprocess, checked 2026-11-23.
    """

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="advisor-metrics-")
        os.environ[_SHARED] = self._folder
        # The library looks for the folder when it is imported, and that was before.
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]

    def left(self, pid: int) -> None:
        """A worker is gone."""
        mark_process_dead(pid, self._folder)  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)


class Metrics:
    """
    The counters of one Advisor. Two of them in one process share nothing; workers for which ``SharedCounts`` were made
    show what all of them have counted, and how many they are instead of the memory of one.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._shown = self.registry
        if folder := os.environ.get(_SHARED):
            self._shown = CollectorRegistry()
            self._shown.register(_AllWorkers(Path(folder)))
            workers = Gauge("advisor_workers", "Web workers.", registry=self.registry, multiprocess_mode="livesum")
            workers.set(1)
        else:
            ProcessCollector(registry=self.registry)
        self._requests = self._counter("requests", "Requests of Slack, by what became of them.", "kind", "outcome")
        self._answers = self._counter("answers", "Questions, by the outcome of the reply.", "outcome")
        self._failures = self._counter("failures", "Listeners that failed; each was told to a person and logged.")
        self._slack = self._counter("slack_calls", "Calls of Slack's Web API, by what it said.", "method", "error")
        self._sent = self._counter("notifications", "Notifications, by what a pass of the clock did.", "outcome")
        self._acknowledged = self._seconds("acknowledgement", "Until Slack had its answer.", _ACKNOWLEDGED)
        self._replied = self._seconds("reply", "Until the listener had done its work.", _REPLIED)
        self._words: dict[str, set[str]] = {"method": set(), "error": set()}

    def requested(self, kind: str, outcome: str, seconds: float) -> None:
        """Count a request and how long Slack waited for its acknowledgement."""
        self._requests.labels(kind, outcome).inc()
        self._acknowledged.labels(kind).observe(seconds)

    def replied(self, kind: str, seconds: float) -> None:
        """Measure a listener, from the request to the end of its work."""
        self._replied.labels(kind).observe(seconds)

    def answered(self, outcome: str) -> None:
        """Count a reply to a question: answer, choice, or why it was declined."""
        self._answers.labels(outcome).inc()

    def failed(self) -> None:
        """Count a listener that failed."""
        self._failures.inc()

    def called_slack(self, method: str, error: str) -> None:
        """Count a call of Slack's Web API; *error* is empty where Slack took it."""
        self._slack.labels(self._word("method", method), self._word("error", error) if error else "").inc()

    def sent(self, outcome: str, count: int) -> None:
        """Count notifications that a pass of the clock posted, held, collapsed or put off."""
        self._sent.labels(outcome).inc(count)

    def watch(self, standing: Callable[[], Standing | None]) -> None:
        """Ask for the *standing* at every scrape; None where it cannot be told now."""
        self._shown.register(_Watch(standing))

    def page(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self._shown)

    def _counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(f"advisor_{name}", help, labels, registry=self.registry)

    def _seconds(self, name: str, help: str, buckets: Iterable[float]) -> Histogram:
        return Histogram(f"advisor_{name}_seconds", help, ["kind"], buckets=tuple(buckets), registry=self.registry)

    def _word(self, label: str, word: str) -> str:
        """The word where it looks like one of Slack's and there is room for it, so that no label grows for ever."""
        known = self._words[label]
        if word in known:
            return word
        if len(known) >= MOST_WORDS or not _WORD.fullmatch(word):
            return "other"
        known.add(word)
        return word


class _AllWorkers:
    """What the workers have counted, each in files of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def describe(self) -> Iterator[Metric]:
        """Nothing: or registering would look already."""
        return iter(())

    def collect(self) -> Iterable[Metric]:
        """
        The sum. A file is empty for a moment when a worker begins, and for good where that is killed at this moment;
        prometheus_client's own collector then fails for all (0.26, https://github.com/prometheus/client_python/issues/1199).
        """
        files = [str(file) for file in self._folder.glob("*.db") if _size(file)]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return found


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # of a worker that has just left
        return 0


class _Watch:
    """A collector that looks when it is asked."""

    def __init__(self, standing: Callable[[], Standing | None]) -> None:
        self._standing = standing

    def describe(self) -> Iterator[Metric]:
        """Nothing: or registering would look already."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The standing as gauges; none of them where it cannot be told."""
        now = self._standing()
        if now is None:
            return
        yield GaugeMetricFamily(
            "advisor_notifications_due", "Channels and people to whom something is due.", value=now.due
        )
        yield GaugeMetricFamily("advisor_notifications_late", "Those waiting for more than 15 minutes.", value=now.late)
        if now.clock_age is not None:
            yield GaugeMetricFamily("advisor_clock_age_seconds", "Since a clock went round.", value=now.clock_age)
