"""The two files beside the entries: the words of the trade, and what Advisor declines to answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.entry import Id, Part, Text, Texts

DeclineReason = Literal["outside", "no_entry", "person", "chat"]


class Vocabulary(Part):
    """Words that mean the same (``vocabulary.yaml``).

    ``synonyms``: groups of interchangeable words or phrases. ``acronyms``: short form to long form.
    ``older_names``: what it was called to what it is called. ``spellings``: another spelling to ours.
    """

    synonyms: tuple[Annotated[Texts, Field(min_length=2)], ...] = ()
    acronyms: dict[Text, Text] = Field(default_factory=dict)
    older_names: dict[Text, Text] = Field(default_factory=dict)
    spellings: dict[Text, Text] = Field(default_factory=dict)


class DeclineTopic(Part):
    """
    Something that people ask and that Advisor declines (``declines.yaml``), with the words of the reply.

    ``no_entry`` is for what is close to our subject and known to be missing ("which telephony do councils buy?"): an
    honest "not yet" beats the nearest entry given as an answer. ``name_nearest``: whether the reply also names the
    nearest entries, where reading helps; never where somebody is in trouble.
    """

    id: Id
    reason: DeclineReason
    title: Text
    reply: Text
    name_nearest: bool = False
    questions: Annotated[Texts, Field(min_length=1)]


class DeclineFile(Part):
    """The whole of ``declines.yaml``."""

    topics: tuple[DeclineTopic, ...] = ()
