"""What Advisor counts and measures of itself, for Prometheus. No label is a workspace, a person or a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
MOST_WORDS: Final = 60
"""How many different words of Slack one label may hold; what comes after them is counted as "other"."""

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


class Metrics:
    """The counters of one Advisor, in a registry of its own: two of them in one process share nothing."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
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
        self.registry.register(_Watch(standing))

    def page(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self.registry)

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
