"""Papers as files: the Markdown shows what was typed as typed, the Word file opens with its headings and tables."""

from __future__ import annotations

import io
from dataclasses import replace

from docx import Document
from markdown_it import MarkdownIt

from bot.portfolio.paper import Grid, Paper, Row, Section, missing, said, to_write
from bot.rendering.paper_files import paper_docx, paper_markdown
from tests.bot.checkpoints.build import TODAY

NASTY = "<script>*a* | [b](http://x) `c` # d\n# e\x07"
PAPER = Paper(
    f"Bins {NASTY}",
    TODAY,
    (("Report to", to_write("the committee.")),),
    (
        Section("Purpose", (said(f"It is {NASTY}.", "service s1"), missing("Cost", "service s1"))),
        Section(
            "Money",
            (said("Contracts:"),),
            Grid(("Supplier", "Ends"), (Row((NASTY, "1 May 2027"), ("service s1", "service s2")),), (3, 2, 2)),
            (to_write("the budget."),),
        ),
    ),
)


def test_the_markdown_shows_what_people_typed_as_typed() -> None:
    html = MarkdownIt("commonmark").enable("table").render(paper_markdown(PAPER))

    assert "<script>" not in html
    assert "<a " not in html
    assert "<em>" not in html
    assert html.count("<h1>") == 1
    assert html.count("<h2>") == 2
    assert html.count("<tr>") == 2
    assert html.count("<td>") == 3
    assert "&lt;script&gt;*a* | [b](http://x) `c` # d # e" in html


def test_the_markdown_numbers_every_paragraph_and_names_its_records() -> None:
    text = paper_markdown(PAPER)

    assert "1.2 Cost: not recorded. \\[service s1\\]" in text
    assert "2.2 **To be written: the budget.**" in text
    assert "| 1 May 2027 | service s1, s2 |" in text


def test_the_word_file_has_headings_numbered_paragraphs_and_a_table_whose_head_repeats() -> None:
    document = Document(io.BytesIO(paper_docx(PAPER)))

    styles = [(one.style.name, one.text) for one in document.paragraphs if one.style is not None]
    [table] = document.tables
    assert [text for style, text in styles if style == "Heading 1"] == ["1. Purpose", "2. Money"]
    assert any(text.startswith("1.2 Cost: not recorded. [service s1]") for _, text in styles)
    assert [cell.text for cell in table.rows[0].cells] == ["Supplier", "Ends", "Record"]
    assert table.rows[1].cells[2].text == "service s1, s2"
    assert "tblHeader" in table.rows[0]._tr.xml
    assert document.core_properties.language == "en-GB"


def test_what_is_to_be_written_stands_out() -> None:
    document = Document(io.BytesIO(paper_docx(PAPER)))

    bold = [run.text for one in document.paragraphs for run in one.runs if run.bold]
    assert "To be written: the budget." in bold


def test_a_paper_without_sections_is_still_a_file() -> None:
    empty = replace(PAPER, sections=())

    assert Document(io.BytesIO(paper_docx(empty))).paragraphs
    assert paper_markdown(empty).startswith("# Bins")
