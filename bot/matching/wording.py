"""From what a person typed to the words worth comparing.

The same two steps serve the knowledge base and the question: ``clean`` takes away what Slack and the keyboard add,
``tokenize`` cuts what is left into words. No word is thrown away here: "not" and "without" count.
"""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST_QUESTION = 4_000
"""Characters that are looked at; what comes after is left out (a Slack message may have 40,000)."""

_MENTION = re.compile(r"<[@#!](?:[^>|]*\|([^>]*)|[^>]*)>")
_LINK = re.compile(r"<(?:https?|mailto|tel):[^>|]*(?:\|([^>]*))?>")
_BARE_LINK = re.compile(r"https?://\S+|\bwww\.\S+")
_CODE_FENCE = re.compile(r"```.*?```", re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]{2,}(?:::skin-tone-\d)?:")
_MARKUP = re.compile(r"[*_~`]+")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_POSSESSIVE = re.compile(r"(?<=\w)'s?(?!\w)")
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_WORD = re.compile(r"[^\W_]+|[£$%]")
_LETTER_DIGIT = re.compile(r"(?<=[a-z]{2})(?=\d)")

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "ʼ": "'", "`": "'", "´": "'"})


def clean(text: str, *, longest: int | None = LONGEST_QUESTION) -> str:
    """
    *text* without what is not the person's own words, on one line.

    Slack's mentions, channels, links (their label stays), quoted lines, code fences, emoji codes, formatting marks and
    HTML escapes go; Unicode is folded to its plain form; control characters go; at most *longest* characters are read.
    When nothing but quoted lines or code would be left to read, they are read after all.
    """
    text = text[:longest]
    text = _MENTION.sub(lambda match: f" {match[1] or ''} ", text)
    text = _LINK.sub(lambda match: f" {match[1] or ''} ", text)
    text = html.unescape(text)
    text = _BARE_LINK.sub(" ", text)
    without_quotes = _QUOTED_LINE.sub(" ", _CODE_FENCE.sub(" ", text))
    if any(character.isalnum() for character in without_quotes):
        text = without_quotes
    text = _EMOJI_CODE.sub(" ", text)
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = _without_controls(text)
    return " ".join(_MARKUP.sub(" ", text).split())


def _without_controls(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text  # nearly every phrase; the look at each character costs more than all the rest of reading it
    return "".join(" " if unicodedata.category(character)[0] == "C" else character for character in text)


def tokenize(text: str) -> list[str]:
    """The words of *text* in lower case; "£" and "%" on their own, "don't" as "dont", "A.I." as "ai"."""
    folded = _strip_accents(text.casefold())
    folded = _INITIALS.sub(lambda match: match[0].replace(".", ""), folded)
    folded = _APOSTROPHE.sub("", _POSSESSIVE.sub("", folded))
    return _WORD.findall(_LETTER_DIGIT.sub(" ", folded))


def _strip_accents(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))
