"""Cleaning takes away what Slack and the keyboard add, and nothing that a person said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.wording import LONGEST_QUESTION, clean, tokenize


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<@U123ABC> what is *alpha* now?", "what is alpha now?"),
        ("see <https://www.gov.uk/x|the page> please", "see the page please"),
        ("see <https://www.gov.uk/x> please", "see please"),
        ("in <#C123|parking> we ask", "in parking we ask"),
        ("<!channel> hello", "hello"),
        ("fish &amp; chips &lt;here&gt;", "fish & chips <here>"),
        ("> they said this\nwhat is beta", "what is beta"),
        ("> only a quote about beta", "> only a quote about beta"),
        ("how :smile: is it :+1:", "how is it"),
        ("“smart” quotes – it’s", '"smart" quotes – it\'s'),
        ("```print(1)``` what is this", "what is this"),
        ("tab\there\x00\x07nul", "tab here nul"),
        ("zero\u200bwidth \u202ertl", "zero width rtl"),
        ("", ""),
        ("   \n\t ", ""),
    ],
)
def test_what_slack_and_the_keyboard_add_is_gone(typed: str, read: str) -> None:
    assert clean(typed) == read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't the council's forms work?", ["dont", "the", "council", "forms", "work"]),
        ("ss5 and G-Cloud 14", ["ss", "5", "and", "g", "cloud", "14"]),
        ("A.I. or U.K.", ["ai", "or", "uk"]),
        ("Gŵyl café £8m 20%", ["gwyl", "cafe", "£", "8m", "20", "%"]),
        ("你好", ["你好"]),
        ("!!!", []),
    ],
)
def test_words_are_cut_the_same_way_everywhere(text: str, words: list[str]) -> None:
    assert tokenize(text) == words


def test_a_very_long_text_is_read_only_so_far() -> None:
    assert len(clean("a" * 10_000)) == LONGEST_QUESTION


@given(st.text())
def test_cleaning_never_fails_and_cleaning_again_changes_nothing_much(text: str) -> None:
    once = clean(text)

    assert "\n" not in once
    assert len(tokenize(once)) <= len(once)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_tokens_are_lower_case_and_have_no_spaces(text: str) -> None:
    assert all(word == word.casefold() and " " not in word for word in tokenize(clean(text)))
