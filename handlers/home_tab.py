"""The Home tab, put together from the desks that have something to say to a person."""

from __future__ import annotations

import datetime as dt

from slack_sdk import WebClient

from handlers.parts import Parts


def publish_home(
    client: WebClient, workspace_id: str, user_id: str, parts: Parts, *, at: dt.datetime, portfolio: str = ""
) -> None:
    """Show somebody their Home tab as it is now; *portfolio* is the page of the portfolio that they turned to."""
    leader = parts.portfolio.home(workspace_id, user_id, at=at, value=portfolio)
    team = parts.checkpoints.overview.home(workspace_id, user_id, at=at)
    network = parts.network.sharing.home(workspace_id, user_id)
    client.views_publish(user_id=user_id, view=parts.advisor.home([*leader, *team, *network]).payload())
