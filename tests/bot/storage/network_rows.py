"""One row in every table of the network, or one more."""

from __future__ import annotations

import datetime as dt

from bot.network.aliases import Judgement
from bot.network.introductions import Introduction, Side
from bot.network.panels import Panel, Reviewer
from bot.network.sharing import Party, Shares, Viewer
from bot.storage.commons import Commons
from bot.storage.database import Database


def fill_network(database: Database, workspace_id: str, mark: str, *, at: dt.datetime) -> None:
    """One row more in every table of the network."""
    party = Party(workspace_id, f"C{mark}")
    with Commons(database).writing() as pages:
        pages.sharing.keep(Shares(party, frozenset({"name"})), who="U1", at=at)
        side = Side(party, "s1", "U1", "here")
        pages.introductions.keep(
            Introduction(f"i{mark}{workspace_id}", "p", side, Side(Party("T9", "YOR"), "s9"), at, at.date())
        )
        pages.judgements(workspace_id).keep(Judgement("supplier", f"a{mark}", "b", True), who="U1", at=at)
        exchange = pages.exchange(workspace_id)
        exchange.keep_reviewer(Reviewer(f"U{mark}", "YOR"), at=at)
        exchange.keep_panel(Panel(f"p{mark}", "c1", "s1", "LDS", "U1", at), at=at)
        pages.sharing.note([(party, "s1", ["name"])], Viewer("T9", "U9"), occasion="who else", at=at)
