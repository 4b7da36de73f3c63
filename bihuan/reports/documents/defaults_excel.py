"""Our own Excel form: figures on the first sheet, each list on a sheet of its own, ready to print on A4."""

import io
from typing import Any

import xlsxwriter

from bihuan.core.sheets import OPTIONS
from bihuan.ledgers.definition.model import Words
from bihuan.reports.documents import layout
from bihuan.reports.documents.layout import Chapter, placeholder, prefix_of
from bihuan.reports.documents.names import Names
from bihuan.reports.documents.vocabulary import KINDS
from bihuan.reports.documents.wording import english, in_language

A4, MOST_TITLE = 9, 31
TOTALS = (("name", 30), ("value", 12), ("measure", 12), ("change", 14), ("target", 12), ("percent", 12))


def excel_template(period: str, names: Names, language: str) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS | {"in_memory": True})
    writer = _Writer(book, period, names, language)
    writer.summary()
    for chapter in layout.chapters(period, names):
        writer.chapter(chapter)
    book.close()
    return target.getvalue()


class _Writer:
    def __init__(self, book: Any, period: str, names: Names, language: str) -> None:
        self.book, self.period, self.names, self.language = book, period, names, language
        font = "Calibri" if english(language) else "宋体"
        base = {"font_name": font, "font_size": 11, "valign": "vcenter"}
        cell = {**base, "border": 1, "text_wrap": True}
        self.title = book.add_format({**base, "font_size": 18, "bold": True, "align": "center"})
        self.small = book.add_format({**base, "align": "center", "font_color": "#595959"})
        self.section = book.add_format({**base, "font_size": 12, "bold": True})
        self.top = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#EDEDED"})
        self.text = book.add_format(cell)
        self.centre = book.add_format({**cell, "align": "center"})
        self.number = book.add_format({**cell, "align": "right"})
        self.signed = book.add_format({**cell, "align": "right", "num_format": "+#,##0.##;-#,##0.##;0"})
        self.day = book.add_format({**cell, "num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({**cell, "num_format": "yyyy-mm-dd hh:mm"})
        self.plain = book.add_format({**base, "text_wrap": True, "valign": "top"})

    def say(self, zh: str, en: str) -> str:
        return in_language(Words(zh, en), self.language)

    def sheet(self, name: str, widths: list[int], *, wide: bool = False) -> Any:
        sheet = self.book.add_worksheet(name[:MOST_TITLE])
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.6, 0.6, 0.8, 0.8)
        sheet.center_horizontally()
        if wide:
            sheet.set_landscape()
        sheet.set_footer(self.say("&C第 &P 页，共 &N 页&R{{编号}}", "&CPage &P of &N&R{{number}}"))
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        return sheet

    def head(self, sheet: Any, columns: int, text: str) -> None:
        sheet.merge_range(0, 0, 0, columns - 1, "", self.title)
        sheet.write_string(0, 0, text, self.title)
        sheet.set_row(0, 34)
        dates = layout.span(self.period, self.language)
        span = self.say(f"编号：{{{{编号}}}}　{dates}", f"No. {{{{number}}}}, {dates}")
        sheet.merge_range(1, 0, 1, columns - 1, "", self.small)
        sheet.write_string(1, 0, span, self.small)

    def summary(self) -> None:
        sheet = self.sheet(
            in_language(Words("小结", "Summary"), self.language), [width for _code, width in TOTALS]
        )
        self.head(sheet, len(TOTALS), self.say("{{标题}}", "{{title}}"))
        row = 3
        for index, campaign in enumerate(self.names.campaigns):
            if len(self.names.campaigns) > 1:
                sheet.write_string(row, 0, f"{{{{{campaign.spellings[0]}}}}}", self.section)
                row += 1
            row = self.totals(sheet, row, prefix_of(self.names.campaigns, index)) + 1
        for table, title in (("teams", layout.TEAMS), ("areas", layout.AREAS)):
            if self.names.has(table):
                row = self.groups(sheet, row, table, title)
        for campaign in self.names.campaigns:
            for text in campaign.texts:
                sheet.write_string(row, 0, in_language(text.name, self.language), self.section)
                sheet.merge_range(row + 1, 0, row + 1, len(TOTALS) - 1, "", self.plain)
                sheet.write_string(
                    row + 1, 0, f"{{{{{campaign.spellings[0]}.text.{text.code}}}}}", self.plain
                )
                sheet.set_row(row + 1, 80)
                row += 3
        signed = self.say(
            "{{#签字}}{{签字.签字名目}}：{{签字.姓名}}　　　　{{/签字}}",
            "{{#signatures}}{{signatures.label}}: {{signatures.name}}            {{/signatures}}",
        )
        sheet.write_string(row, 0, signed)
        sheet.write_string(
            row + 1,
            0,
            self.say("{{报告单位}}　{{生成时间}}　{{备注}}", "{{unit}}  {{made at}}  {{note}}"),
        )

    def totals(self, sheet: Any, row: int, prefix: str) -> int:
        titles = [layout.title("totals", code, self.language) for code, _width in TOTALS]
        titles[0] = self.say("指标", "Figure")
        titles[1] = self.say("累计", "Total")
        titles[2] = self.say("单位", "Unit")
        titles[3] = in_language(layout.SINCE[self.period], self.language)
        looks = (self.text, self.number, self.text, self.signed, self.number, self.number)
        for index, (code, _width) in enumerate(TOTALS):
            sheet.write_string(row, index, titles[index], self.top)
            name = placeholder(prefix, "totals", code, self.language)
            sheet.write_string(row + 1, index, name, looks[index])
        return row + 2

    def groups(self, sheet: Any, row: int, table: str, title: Words) -> int:
        figures = layout.figure_names(self.names.campaigns[0], self.language) if self.names.campaigns else []
        if not figures:
            return row
        name = table if english(self.language) else KINDS[table].term.zh
        sheet.write_string(row, 0, f"{{{{?{name}}}}}")
        sheet.write_string(row + 1, 0, in_language(title, self.language), self.section)
        sheet.write_string(row + 2, 0, self.say("名称", "Name"), self.top)
        sheet.write_string(row + 3, 0, placeholder("", table, "name", self.language), self.text)
        for index, (spoken, one) in enumerate(figures, start=1):
            sheet.write_string(row + 2, index, spoken, self.top)
            sheet.write_string(row + 3, index, placeholder("", table, one.code, self.language), self.number)
        sheet.write_string(row + 5, 0, f"{{{{/{name}}}}}")
        return row + 6

    def chapter(self, chapter: Chapter) -> None:
        sheet = self.sheet(
            in_language(chapter.heading, self.language), [max(8, width) for _code, width in chapter.columns]
        )
        self.head(sheet, len(chapter.columns), in_language(chapter.heading, self.language))
        for index, (code, _width) in enumerate(chapter.columns):
            sheet.write_string(2, index, layout.title(chapter.table, code, self.language), self.top)
            sheet.write_string(
                3, index, placeholder("", chapter.table, code, self.language), self._look(code)
            )
        sheet.repeat_rows(0, 2)
        sheet.freeze_panes(3, 0)

    def _look(self, code: str) -> Any:
        looks = {
            "at": self.moment, "due": self.moment, "day": self.day, "was": self.number, "now": self.number,
            "late": self.number, "no": self.centre,
        }  # fmt: skip
        return looks.get(code, self.text)
