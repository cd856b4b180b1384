"""What people asked that got no good answer, grouped: the list from which editors write the next entries."""

from __future__ import annotations

import datetime as dt

from bot.matching.grouping import group_alike
from bot.rendering.gaps import GapGroup
from bot.storage.gaps import Gaps


def grouped_gaps(gaps: Gaps, workspace_id: str | None, *, since: dt.datetime) -> list[GapGroup]:
    """The gaps of a workspace (of all, where None) since a moment, like with like, the most asked first."""
    rows = gaps.since(workspace_id, since)
    groups = group_alike([row.question for row in rows])
    return [
        GapGroup(
            question=rows[group[0]].question,
            count=len(group),
            outcomes=tuple(sorted({rows[at].outcome for at in group})),
            nearest=rows[group[0]].nearest,
            last_on=max(rows[at].at for at in group).date(),
        )
        for group in groups
    ]
