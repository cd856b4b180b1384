"""A committee paper as a file: Markdown by a template, and DOCX as a council's committee service takes it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.checkpoints.dates import in_words
from bot.portfolio.paper import Grid, Paper, Said, records
from bot.rendering.mrkdwn import visible

if TYPE_CHECKING:
    from docx.document import Document as DocumentType
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from jinja2 import Template

_TEMPLATES: Final = Path(__file__).parent / "templates"
_MARKS: Final = re.compile(r"([\\`*_\[\]<>|#~])")
_FONT: Final = "Arial"
_SIZE: Final = 12
"""Points of body text. Source: many councils' report templates ask for Arial 12; the UK Association for Accessible
Formats advises a sans-serif font of 12 points at least for clear print. Checked 2026-11-23."""

_SMALL: Final = 10
_TEXT_CM: Final = 16.6
"""How wide the text of an A4 page is between its margins."""

_HOW: Final = "Each record that a statement was read from stands in square brackets after it."


def paper_markdown(paper: Paper) -> str:
    """The paper as Markdown; nothing that a person typed into a record is read as mark-up."""
    text = _template().render(paper=paper, read_on=in_words(paper.read_on))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def paper_docx(paper: Paper) -> bytes:
    """The paper as a Word document: real headings, numbered paragraphs, tables whose headings repeat on each page."""
    # Here and not above: few processes ever write one.
    from docx import Document

    document = Document()
    _set_up(document, paper)
    document.add_heading(_clean(paper.title), level=0)
    _lines(document, f"Read from the register on {in_words(paper.read_on)}. {_HOW}")
    for label, line in paper.front:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        _write(paragraph, line)
    for number, section in enumerate(paper.sections, 1):
        document.add_heading(f"{number}. {_clean(section.heading)}", level=1)
        for at, line in enumerate(section.said, 1):
            _write(document.add_paragraph(f"{number}.{at} "), line)
        if section.grid is not None:
            _table(document, section.grid)
        for at, line in enumerate(section.then, len(section.said) + 1):
            _write(document.add_paragraph(f"{number}.{at} "), line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Markdown, not HTML: what people typed goes through "words", which takes every mark away from it.
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, autoescape=False)
    environment.filters["words"] = _markdown_words
    environment.filters["records"] = _bracketed
    environment.filters["named"] = records
    return environment.get_template("paper.md.j2")


def _markdown_words(text: str) -> str:
    return _MARKS.sub(r"\\\1", _clean(text))


def _bracketed(refs: Sequence[str]) -> str:
    return f" \\[{_markdown_words(records(refs))}\\]" if refs else ""


def _clean(text: str) -> str:
    return " ".join(visible(text).split())


def _set_up(document: DocumentType, paper: Paper) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    for name, size in (("Normal", _SIZE), ("Title", 20), ("Heading 1", 14)):
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for where in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(where), _FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
    normal: Any = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(6)
    language = normal.element.get_or_add_rPr().makeelement(qn("w:lang"), {qn("w:val"): "en-GB"})
    normal.element.get_or_add_rPr().append(language)
    document.core_properties.title = _clean(paper.title)
    document.core_properties.author = "Advisor"
    document.core_properties.language = "en-GB"
    _page_number(page.footer.paragraphs[0])


def _page_number(paragraph: Paragraph) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run("Page ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            element: Any = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)


def _lines(document: DocumentType, text: str) -> None:
    document.add_paragraph(text)


def _write(paragraph: Paragraph, line: Said) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(_clean(line.text))
    run.bold = line.sort == "to be written"
    if line.refs:
        refs = paragraph.add_run(f" [{_clean(records(line.refs))}]")
        refs.font.size = Pt(_SMALL)


def _table(document: DocumentType, grid: Grid) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    headings = (*grid.headings, "Record")
    table = document.add_table(rows=1, cols=len(headings))
    table.style = "Table Grid"
    table.autofit = False
    shares = grid.widths or (1,) * len(headings)
    widths = [Cm(_TEXT_CM * share / sum(shares)) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        _set(cell, heading, bold=True)
    repeated: Any = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in grid.rows:
        whole: Any = OxmlElement("w:cantSplit")
        made = table.add_row()
        made._tr.get_or_add_trPr().append(whole)
        for cell, text in zip(made.cells, (*row.cells, records(row.refs)), strict=True):
            _set(cell, text)
    for filled in table.rows:
        for cell, width in zip(filled.cells, widths, strict=True):
            cell.width = width
    document.add_paragraph()


def _set(cell: _Cell, text: str, *, bold: bool = False) -> None:
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(_clean(text))
    run.bold, run.font.size = bold, Pt(_SMALL)
