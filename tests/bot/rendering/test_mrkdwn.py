"""What people and entries wrote, made safe; our Markdown turned into mrkdwn; cutting and splitting."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.mrkdwn import cut, escape, from_markdown, link, plain, split, unescape, visible

OWN_LINK = re.compile(r"<https?://[^<>|\s]+(\|[^<>|\n]*)?>", re.IGNORECASE)
HOSTILE_WORDS = [
    *"<!channel> <!here> <@U123> <#C1|x> <https://evil.example|bank> &lt;!channel&gt; &amp; & < > | * _ ` ~ -".split(),
    *"[a](b) ](https://x.example) [ ] ( ) \\ ** 1. http://x.example javascript:alert(1) é 🎉".split(),
    *("\u202e", "\u200b", "\x00", "\n"),
]
HOSTILE = st.lists(st.sampled_from(HOSTILE_WORDS) | st.text(max_size=8)).map(" ".join) | st.text()
OWN_LINKS = st.just(link("https://x.example/a?b&c", "a label")) | st.just("&lt;")
LINKED = st.lists(st.text("abc ,.\n", max_size=30) | OWN_LINKS)


def unsafe(mrkdwn: str) -> str:
    """What is left of *mrkdwn* that Slack would read as a control character."""
    rest = OWN_LINK.sub("", mrkdwn)
    return "".join(re.findall(r"[<>]|&(?!amp;|lt;|gt;)", rest))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("R&D < 5 > 4", "R&amp;D &lt; 5 &gt; 4"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("&lt;", "&amp;lt;"),
        ("right\u202eleft\u200b\x07", "rightleft"),
        ("a\r\nb\u2028c", "a\nb\nc"),
    ],
)
def test_control_characters_are_escaped_and_unseen_ones_taken_out(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@given(HOSTILE)
def test_escaped_text_can_ping_nobody(text: str) -> None:
    assert unsafe(escape(text)) == ""


@given(HOSTILE)
def test_unescaping_gives_back_what_was_visible(text: str) -> None:
    assert unescape(escape(text)) == visible(text)


@given(HOSTILE)
def test_markdown_makes_no_control_character_but_its_own_links(text: str) -> None:
    assert unsafe(from_markdown(text)) == ""


@given(HOSTILE, HOSTILE)
def test_a_link_is_one_link_or_only_its_label(url: str, label: str) -> None:
    assert unsafe(link(url, label)) == ""


def test_a_space_that_does_not_break_ends_no_address() -> None:
    assert unsafe(link("http://x.example \xa00", "label")) == ""
    assert link("https://x.example/a\xa0b", "label") == "<https://x.example/a%C2%A0b|label>"


@pytest.mark.parametrize(
    ("url", "label", "expected"),
    [
        ("https://x.gov.uk", "a | b\nc", "<https://x.gov.uk|a / b c>"),
        ("https://x.gov.uk/a b>c?d&e|f", "x", "<https://x.gov.uk/a%20b%3Ec?d&amp;e%7Cf|x>"),
        ("javascript:alert(1)", "press", "press"),
        ("mailto:a@b.example", "write", "write"),
        ("https://x.gov.uk", " ", "<https://x.gov.uk>"),
        ("https://x.gov.uk/" + "a" * 3000, "long", "long"),
    ],
)
def test_a_link_is_made_safe(url: str, label: str, expected: str) -> None:
    assert link(url, label) == expected


@pytest.mark.parametrize(
    ("markdown", "mrkdwn"),
    [
        ("**bold** and *italic* and _too_", "*bold* and _italic_ and _too_"),
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("a `code & <x>` b", "a `code &amp; &lt;x&gt;` b"),
        ("[GDS & co](https://gds.example)", "<https://gds.example|GDS &amp; co>"),
        ("[**bold** label](https://gds.example)", "<https://gds.example|bold label>"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("- a\n- b\n  - c\n\nend", "• a\n• b\n    ◦ c\n\nend"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("# no heading", "# no heading"),
        ("<b>no html</b>", "&lt;b&gt;no html&lt;/b&gt;"),
        ("![alt](https://x.example/a.png)", "!<https://x.example/a.png|alt>"),
        ("ends with two spaces  \nnew line", "ends with two spaces\nnew line"),
        ("", ""),
    ],
)
def test_our_markdown_becomes_mrkdwn(markdown: str, mrkdwn: str) -> None:
    assert from_markdown(markdown) == mrkdwn


def test_plain_text_has_no_marks() -> None:
    assert plain("**Ask** [GDS](https://gds.example) for `x`") == "Ask GDS for x"


def test_plain_text_for_a_terminal_has_addresses() -> None:
    assert plain("Ask [GDS](https://gds.example).", addresses=True) == "Ask GDS (https://gds.example)."


@given(HOSTILE, st.integers(1, 60))
def test_a_cut_text_is_never_too_long(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 24, "short"),
        ("Service Standard point 5: make sure", 24, "Service Standard point…"),
        ("one, two", 6, "one…"),
        ("unbreakable", 6, "unbre…"),
        ("aa &amp; bb", 6, "aa…"),
        ("see <https://x.example|a long label>", 12, "see…"),
    ],
)
def test_text_is_cut_at_a_word_end(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


@given(LINKED.map("".join), st.integers(40, 80))
def test_split_pieces_fit_and_give_the_whole_again(text: str, limit: int) -> None:
    pieces = split(text, limit)

    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(LINKED.map("".join), st.integers(40, 80))
def test_no_piece_ends_inside_a_link_or_an_escape(text: str, limit: int) -> None:
    assert all(unsafe(piece) == "" for piece in split(text, limit))


@given(HOSTILE, st.integers(1, 30))
def test_splitting_anything_comes_to_an_end(text: str, limit: int) -> None:
    assert all(len(piece) <= limit for piece in split(text, limit))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("First one.\n\nSecond two. Third.", ["First one.", "Second two. Third."]),
        ("First one. Second two and more.", ["First one.", "Second two and more."]),
        ("first second third fourth", ["first second third", "fourth"]),
        ("a" * 30, ["a" * 20, "a" * 10]),
    ],
)
def test_text_is_split_where_a_reader_would(text: str, pieces: list[str]) -> None:
    assert split(text, 20) == pieces


def test_a_link_longer_than_a_piece_becomes_its_label() -> None:
    assert split("<https://x.example/long/address|label> end", 12) == ["label end"]
