"""Our own Word form: an official document on A4, as offices in China set it, with placeholders."""

import io
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from bihuan.ledgers.definition.model import DAILY, Words
from bihuan.reports.documents import layout
from bihuan.reports.documents.layout import Chapter, heading, placeholder, prefix_of
from bihuan.reports.documents.names import Names
from bihuan.reports.documents.vocabulary import KINDS
from bihuan.reports.documents.wording import english, in_language

# On every Windows and WPS; other machines take what the file names as a stand-in.
SONG, FANG, HEI, LATIN = "宋体", "仿宋", "黑体", "Times New Roman"
STAND_INS = {
    SONG: "SimSun;Songti SC;Noto Serif CJK SC",
    FANG: "FangSong;仿宋_GB2312;STFangsong;Noto Serif CJK SC",
    HEI: "SimHei;Heiti SC;Noto Sans CJK SC",
}
LINE = Pt(28)
TEXT_WIDTH = 156  # mm, between the margins


def word_template(period: str, names: Names, language: str) -> bytes:
    writer = _Writer(period, names, language)
    writer.write()
    target = io.BytesIO()
    writer.document.save(target)
    return target.getvalue()


class _Writer:
    def __init__(self, period: str, names: Names, language: str) -> None:
        self.period, self.names, self.language = period, names, language
        self.document: Any = Document()
        self.number = 0

    def say(self, zh: str, en: str) -> str:
        return in_language(Words(zh, en), self.language)

    def write(self) -> None:
        self.page()
        self.head()
        self.heading(layout.PROGRESS)
        for index, campaign in enumerate(self.names.campaigns):
            if len(self.names.campaigns) > 1:
                self.paragraph(f"{{{{{campaign.spellings[0]}}}}}", HEI, indent=True)
            self.totals(prefix_of(self.names.campaigns, index))
        for table, title in (("teams", layout.TEAMS), ("areas", layout.AREAS)):
            if self.names.has(table):
                self.groups(table, title)
        own = layout.chapters(self.period, self.names)
        for chapter in own:
            if not chapter.optional:
                self.chapter(chapter)
        for campaign in self.names.campaigns:
            for text in campaign.texts:
                self.heading(text.name)
                self.paragraph(f"{{{{{campaign.spellings[0]}.text.{text.code}}}}}", indent=True)
        for chapter in own:  # last, so that the numbers before them have no gap
            if chapter.optional:
                self.chapter(chapter)
        self.foot()

    # -- the page

    def page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        style = self.document.styles["Normal"]
        style.font.size, style.font.name = Pt(16), LATIN
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        style.paragraph_format.line_spacing = LINE
        style.paragraph_format.space_after = Pt(0)
        for language in style.element.rPr.findall(qn("w:lang")):
            style.element.rPr.remove(language)
        self._stand_ins()
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for part in ("— ", "PAGE", " —"):
            run = footer.add_run("" if part == "PAGE" else part)
            self._font(run, SONG, 14)
            if part == "PAGE":
                self._field(run, part)
        note = section.footer.add_paragraph("{{备注}}" if not english(self.language) else "{{note}}")
        note.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._font(note.runs[0], FANG, 9, colour=RGBColor(0x59, 0x59, 0x59))

    def _stand_ins(self) -> None:
        """Say in the table of fonts what to take where one is not installed."""
        for related in self.document.part.rels.values():
            if not related.reltype.endswith("/fontTable"):
                continue
            from lxml import etree

            tree = etree.fromstring(related.target_part.blob)
            for name, stand_ins in STAND_INS.items():
                font = etree.SubElement(tree, qn("w:font"))
                font.set(qn("w:name"), name)
                alternative = etree.SubElement(font, qn("w:altName"))
                alternative.set(qn("w:val"), stand_ins)
            related.target_part._blob = etree.tostring(
                tree, xml_declaration=True, encoding="UTF-8", standalone=True
            )

    @staticmethod
    def _field(run: Any, instruction: str) -> None:
        for kind in ("begin", "", "end"):
            if kind:
                element = OxmlElement("w:fldChar")
                element.set(qn("w:fldCharType"), kind)
            else:
                element = OxmlElement("w:instrText")
                element.text = instruction
            run._r.append(element)

    @staticmethod
    def _font(run: Any, font: str, size: float, *, bold: bool = False, colour: Any = None) -> None:
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if colour is not None:
            run.font.color.rgb = colour

    # -- what stands on it

    def paragraph(
        self, text: str, font: str = FANG, size: float = 16, *, bold: bool = False, indent: bool = False,
        align: Any = None,
    ) -> Any:  # fmt: skip
        paragraph = self.document.add_paragraph()
        self._font(paragraph.add_run(text), font, size, bold=bold)
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(32)
        if align is not None:
            paragraph.alignment = align
        return paragraph

    def head(self) -> None:
        centre = WD_ALIGN_PARAGRAPH.CENTER
        title = self.paragraph(self.say("{{标题}}", "{{title}}"), SONG, 22, bold=True, align=centre)
        title.paragraph_format.line_spacing = Pt(36)
        title.paragraph_format.space_after = Pt(6)
        self.paragraph(self.say("编号：{{编号}}", "No. {{number}}"), size=14, align=centre)
        span = layout.span(self.period, self.language)
        last = self.paragraph(self.say(f"（{span}）", span), size=14, align=centre)
        last.paragraph_format.space_after = Pt(10)

    def heading(self, words: Words) -> None:
        self.number += 1
        paragraph = self.paragraph(heading(self.number, words, self.language), HEI, indent=True)
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.keep_with_next = True

    def block(self, sign: str, table: str) -> None:
        """A line that only says from where to where something is shown."""
        name = table if english(self.language) else KINDS[table].term.zh
        self.paragraph(f"{{{{{sign}{name}}}}}", size=10)

    def totals(self, prefix: str) -> None:
        columns = (
            ("name", 28),
            ("value", 15),
            ("measure", 13),
            ("change", 17),
            ("target", 12),
            ("percent", 15),
        )
        titles = [layout.title("totals", code, self.language) for code, _width in columns]
        titles[0] = self.say("指标", "Figure")
        titles[1] = self.say("累计", "Total")
        titles[2] = self.say("单位", "Unit")
        titles[3] = in_language(layout.SINCE[self.period], self.language)
        cells = [placeholder(prefix, "totals", code, self.language) for code, _width in columns]
        cells[3] = cells[3].replace("}}", self.say("|带符号}}", "|signed}}"))
        self.table(titles, cells, [width for _code, width in columns], right=(1, 3, 4, 5))

    def groups(self, table: str, title: Words) -> None:
        """By team or area, with a column for each figure, as many as fit."""
        figures = layout.figure_names(self.names.campaigns[0], self.language) if self.names.campaigns else []
        if not figures:
            return
        figures = figures[: layout.MOST_FIGURES]
        self.block("?", table)
        self.paragraph(in_language(title, self.language), HEI, 14, align=WD_ALIGN_PARAGRAPH.CENTER)
        wide = 76 // len(figures)
        name = placeholder("", table, "name", self.language)
        cells = [name, *(placeholder("", table, one.code, self.language) for _title, one in figures)]
        titles = [self.say("名称", "Name"), *(spoken for spoken, _one in figures)]
        right = tuple(range(1, len(cells)))
        self.table(titles, cells, [100 - wide * len(figures), *([wide] * len(figures))], right=right)
        self.block("/", table)

    def chapter(self, chapter: Chapter) -> None:
        if chapter.optional:
            self.block("?", chapter.table)
        self.heading(chapter.heading)
        if not chapter.optional:
            self.block("^", chapter.table)
            self.paragraph(in_language(layout.NONE, self.language), indent=True)
            self.block("/", chapter.table)
            self.block("?", chapter.table)
        titles = [layout.title(chapter.table, code, self.language) for code, _width in chapter.columns]
        cells = [placeholder("", chapter.table, code, self.language) for code, _width in chapter.columns]
        if self.period == DAILY and chapter.table == "changes":  # everything happened on this day
            cells[-1] = cells[-1].replace("}}", self.say("|时分}}", "|time}}"))
        self.table(titles, cells, [width for _code, width in chapter.columns])
        self.block("/", chapter.table)

    def table(
        self, titles: list[str], cells: list[str], widths: list[int], *, right: tuple[int, ...] = ()
    ) -> None:
        table = self.document.add_table(rows=2, cols=len(cells))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for index, width in enumerate(widths):
            table.columns[index].width = Mm(TEXT_WIDTH * width / 100)
        for row, texts in zip(table.rows, (titles, cells), strict=True):
            self._keep_whole(row)
            for index, text in enumerate(texts):
                cell = row.cells[index]
                cell.width = Mm(TEXT_WIDTH * widths[index] / 100)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
                top = row is table.rows[0] or texts is titles
                self._font(paragraph.add_run(text), HEI if top else FANG, 12)
                if top:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                    self._shade(cell)
                elif index in right:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        again = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(again)

    @staticmethod
    def _keep_whole(row: Any) -> None:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))

    @staticmethod
    def _shade(cell: Any) -> None:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)

    def foot(self) -> None:
        self.block("?", "signatures")
        self.paragraph("")
        line = self.say(
            "{{#签字}}{{签字.签字名目}}：{{签字.姓名}}　　　　　　{{/签字}}",
            "{{#signatures}}{{signatures.label}}: {{signatures.name}}                {{/signatures}}",
        )
        self.paragraph(line)
        self.block("/", "signatures")
        self.paragraph("")
        right = WD_ALIGN_PARAGRAPH.RIGHT
        self.paragraph(self.say("{{报告单位}}", "{{unit}}"), align=right)
        self.paragraph(self.say("{{生成时间|年月日}}", "{{made at|date}}"), align=right)
