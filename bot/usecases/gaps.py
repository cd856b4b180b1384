"""What people asked that got no good answer, grouped: the list from which editors write the next entries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from bot.matching.grouping import group_alike
from bot.rendering.gaps import GapGroup
from bot.storage.awaited import AwaitedAnswers
from bot.storage.gaps import Gaps


def grouped_gaps(
    gaps: Gaps, awaited: AwaitedAnswers, workspace_id: str | None, *, since: dt.datetime
) -> list[GapGroup]:
    """
    The gaps of a workspace (of all, where None) since a moment, like with like, the most asked first; and older ones
    whose answer somebody still waits for.
    """
    waiting: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    oldest = since
    for one in awaited.all(workspace_id):
        waiting[one.question].add((one.workspace_id, one.person_id))
        oldest = min(oldest, one.asked_at)
    rows = [row for row in gaps.since(workspace_id, oldest) if row.at >= since or row.question in waiting]
    groups = group_alike([row.question for row in rows])
    return [
        GapGroup(
            question=rows[group[0]].question,
            count=len(group),
            outcomes=tuple(sorted({rows[at].outcome for at in group})),
            nearest=rows[group[0]].nearest,
            last_on=max(rows[at].at for at in group).date(),
            waiting=len({person for at in group for person in waiting.get(rows[at].question, ())}),
        )
        for group in groups
    ]
