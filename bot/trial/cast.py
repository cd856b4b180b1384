"""The default cast: a council with four people, three channels and the bot."""

from __future__ import annotations

from bot.trial.records import Channel, User

TEAM_ID = "T0COUNCIL1"
TEAM_NAME = "Anytown Council"
TEAM_DOMAIN = "anytown-council"
APP_ID = "A0ADVISOR1"
BOT_ID = "B0ADVISOR1"
BOT_USER = "U0ADVISOR1"

PRIYA = "U0PRIYA001"
TOM = "U0TOM00001"
SAM = "U0SAM00001"
JO = "U0JO000001"

LEADERS = "C0LEADERS1"
PARKING = "C0PARKING1"
HOUSING = "C0HOUSING1"

SLACKBOT = "USLACKBOT"


def people() -> list[User]:
    """Return the four people of the trial, newest records each time."""
    return [
        User(PRIYA, "priya", "Priya Shah", "Chief executive"),
        User(TOM, "tom", "Tom Reid", "Head of digital"),
        User(SAM, "sam", "Sam Okoro", "Service owner"),
        User(JO, "jo", "Jo Lind", "Designer"),
    ]


def channels() -> list[Channel]:
    """Return the three public channels; everybody is in all of them, the bot in none."""
    everyone = {PRIYA, TOM, SAM, JO}
    return [
        Channel(LEADERS, "digital-leaders", members=set(everyone)),
        Channel(PARKING, "parking-permits", members=set(everyone)),
        Channel(HOUSING, "housing-repairs", members=set(everyone)),
    ]
