"""Text as the pages draw it: mrkdwn, Markdown, rich text, dates and emoji; and nothing in it becomes an element."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.trial.pages.dates import ago_words, day_words, draw_date
from bot.trial.pages.emoji import draw_emoji
from bot.trial.pages.markdown import draw_markdown
from bot.trial.pages.mrkdwn import Names, draw_mrkdwn, draw_plain
from bot.trial.pages.rich_text import draw_rich_text

from .paper import whole

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NAMES = Names({"U1": "Sam Okoro", "U2": "<b>Jo</b>"}, {"C1": "parking-permits"}, "U1", NOW)
KNOWN_TAGS = frozenset("p br ul li blockquote pre code strong em s a span div time".split())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("*bold* _it_ ~no~ `code`", "<p><strong>bold</strong> <em>it</em> <s>no</s> <code>code</code></p>"),
        ("*bold with _italics_ in it*", "<p><strong>bold with <em>italics</em> in it</strong></p>"),
        ("snake_case_name and 2*3*4", "<p>snake_case_name and 2*3*4</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("• one\n• two", "<ul><li>one</li><li>two</li></ul>"),
        ("&gt; said\nanswer", "<blockquote>said</blockquote><p>answer</p>"),
        ("```\na &lt; b\n*c*\n```", "<pre><code>a &lt; b\n*c*</code></pre>"),
        ("`*not bold*`", "<p><code>*not bold*</code></p>"),
        ("a &amp; b &lt;i&gt;", "<p>a &amp; b &lt;i&gt;</p>"),
        ("<@U1>", '<p><span class="mention me">@Sam Okoro</span></p>'),
        ("<#C1>", '<p><span class="mention">#parking-permits</span></p>'),
        ("<@U9>", '<p><span class="mention">@somebody</span></p>'),
        ("<@U2>", '<p><span class="mention">@&lt;b&gt;Jo&lt;/b&gt;</span></p>'),
        ("<!here>", '<p><span class="mention me">@here</span></p>'),
        ("<!subteam^S1|@web>", "<p>@web</p>"),
        ("<javascript:alert(1)|click>", "<p>click</p>"),
        ("<http://[bad|words>", "<p>words</p>"),
        (":nothing_like_this:", "<p>:nothing_like_this:</p>"),
    ],
)
def test_mrkdwn_is_drawn(text: str, html: str) -> None:
    assert str(draw_mrkdwn(text, NAMES)) == html


def test_a_link_opens_beside_the_page_and_says_so() -> None:
    link = whole(draw_mrkdwn("see <https://a.gov.uk/?a=1&amp;b=2|the page>", NAMES)).one("a")

    assert link.attributes["href"] == "https://a.gov.uk/?a=1&b=2"
    assert link.words == "the page (opens in a new tab)"
    assert "noopener" in link.attributes["rel"]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>&*_~`|!@#:\n •ab\"'^/{}[]()", max_size=60))
def test_no_text_becomes_an_element_that_slack_has_not(text: str) -> None:
    tags = {each.tag for each in whole(draw_mrkdwn(text, NAMES)).elements}

    assert tags <= KNOWN_TAGS


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>&*_~`|!#:\n ab\"'^/[]()", max_size=60))
def test_markdown_lets_no_html_through(text: str) -> None:
    html = draw_markdown(f"<script>x</script> {text}", level=3)

    assert "<script" not in html
    assert "javascript:" not in html


def test_markdown_is_drawn_below_the_headings_of_the_page() -> None:
    paper = whole(draw_markdown("# Title\n\n- one\n\n|a|b|\n|-|-|\n|1|2|\n\n[x](https://a.gov.uk) ~~no~~", level=3))

    assert [each.tag for each in paper.elements][:3] == ["h3", "ul", "li"]
    assert paper.one("a").attributes["target"] == "_blank"
    assert len(paper.all("td")) == 2
    assert draw_markdown("[x](javascript:alert(1))", level=3).count("<a") == 0


def test_rich_text_is_drawn() -> None:
    section = {
        "type": "rich_text_section",
        "elements": [
            {"type": "text", "text": "see <this> ", "style": {"bold": True, "italic": True}},
            {"type": "link", "url": "https://a.gov.uk", "text": "there"},
            {"type": "user", "user_id": "U1"},
            {"type": "channel", "channel_id": "C1"},
            {"type": "broadcast", "range": "here"},
            {"type": "emoji", "name": "wave"},
            {"type": "date", "timestamp": 1795426200, "format": "{date_num}", "fallback": "x"},
            {"type": "color", "value": "#fff"},
            {"type": "usergroup", "usergroup_id": "S1"},
        ],
    }
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "item"}]}
    parts = [
        section,
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "indent": 1, "elements": [item]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\nb"}]},
    ]

    html = draw_rich_text({"type": "rich_text", "elements": parts}, NAMES)

    paper = whole(html)
    assert paper.one("em").words == "see <this> "
    assert paper.one("ol").attributes == {"start": "3", "class": "indent-1"}
    assert paper.one("blockquote").words == "said"
    assert "2026-11-23" in html
    assert "[usergroup]" in html


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("{date}", "23 November 2026"),
        ("{date_long}", "Monday 23 November 2026"),
        ("{date_short}", "23 Nov 2026"),
        ("{date_num} {time}", "2026-11-23 08:30"),
        ("{date_pretty} at {time_secs}", "today at 08:30:00"),
        ("{ago}", "1 hour ago"),
        ("{what}", "{what}"),
    ],
)
def test_a_date_is_drawn_in_the_readers_words(form: str, words: str) -> None:
    drawn = draw_date("1795422600", form, "then", NOW)

    assert whole(drawn).one("time").words == words


def test_a_date_that_is_none_shows_its_fallback() -> None:
    assert str(draw_date("soon", "{date}", "then <b>", NOW)) == "then &lt;b&gt;"


def test_days_and_distances_have_words() -> None:
    today = NOW.date()

    assert [day_words(today, today), day_words(today.replace(day=22), today)] == ["Today", "Yesterday"]
    assert day_words(today.replace(day=2), today) == "Monday 2 November 2026"
    assert ago_words(NOW.replace(day=25, hour=10), NOW) == "in 2 days"
    assert ago_words(NOW, NOW) == "just now"


def test_an_emoji_has_a_name_for_whoever_cannot_see_it() -> None:
    emoji = whole(draw_emoji("white_check_mark")).one("span")

    assert emoji.attributes["aria-label"] == "white check mark"
    assert "✅" in draw_plain("done :white_check_mark: <b>")
    assert ":white_check_mark:" in draw_plain("as typed :white_check_mark:", emoji=False)
