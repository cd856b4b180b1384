"""Links: whole, and without passwords."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints.links import link_fault


@pytest.mark.parametrize(
    "link",
    [
        "https://council.gov.uk/a?b=c#d",
        "http://example.org",
        "https://council.sharepoint.com/:w:/r/sites/Bins/_layouts/15/Doc.aspx?sourcedoc=%7BAB%7D",
        "https://ü.example/ä",
        "https://host.example:8443/x",
    ],
)
def test_a_whole_address_is_fine(link: str) -> None:
    assert link_fault(link) is None


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("council.gov.uk/report", "Write it whole: https://council.gov.uk/report"),
        ("council.gov.uk:8443/report", "Write it whole: https://"),
        ("www.council.gov.uk", "has no scheme"),
        ("report", "with https:// in front"),
        ("javascript:alert(1)", "with https:// in front"),
        ("file:///S:/shared/report.docx", "cannot be opened by others"),
        ("S:\\shared\\report.docx", "cannot be opened by others"),
        ("mailto:someone@council.gov.uk", "with https:// in front"),
        ("someone@council.gov.uk", "with https:// in front"),
        ("https://", "no full host name"),
        ("https://localhost/x", "no full host name"),
        ("https://me:secret@council.gov.uk/x", "user name or password"),
        ("https://council.gov.uk/a b", "spaces"),
        ("https://[broken", "not an address"),
        ("https://council.gov.uk/" + "x" * 2000, "2000 is the most"),
    ],
)
def test_each_fault_says_what_to_do(link: str, words: str) -> None:
    assert words in (link_fault(link) or "")


@given(st.text())
def test_no_text_breaks_the_check(text: str) -> None:
    link_fault(text)
