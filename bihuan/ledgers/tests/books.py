"""Workbooks for the tests, made from rows as a person would type them."""

from copy import deepcopy
from datetime import date, time
from io import BytesIO
from typing import Any

import xlsxwriter

from bihuan.ledgers.definition import Definition, FaultyWorkbook, read_workbook

Rows = list[list[Any]]
Sheets = dict[str, Rows]

GARDENS: Sheets = {
    "survey": [
        ["type", "name", "label::中文 (zh)", "label::English (en)", "required", "constraint",
         "constraint_message::中文 (zh)", "constraint_message::English (en)", "relevant", "calculation",
         "choice_filter", "default"],
        ["text", "owner", "种菜人", "Grower", "yes"],
        ["select_one reason", "reason", "原因", "Reason"],
        ["begin group", "clearing", "清理", "Clearing", "", "", "", "", "${reason} != ''"],
        ["image", "before", "清理前照片", "Photo before"],
        ["file", "basis", "法律依据", "Legal basis"],
        ["end group"],
        ["begin repeat", "plots", "地块", "Plots"],
        ["decimal", "size", "面积", "Size", "yes", ". > 0 and . <= 500",
         "面积须在 0 至 500 之间", "Between 0 and 500"],
        ["calculate", "price", "", "", "", "", "", "", "", "round(${size} * 2.5, 2)"],
        ["end repeat"],
        ["calculate", "total", "", "", "", "", "", "", "", "sum(${size})"],
        ["date", "cleared", "清理日期", "Cleared on", "", ". <= today()"],
    ],
    "choices": [
        ["list_name", "name", "label::中文 (zh)", "label::English (en)", "colour"],
        ["reason", "refused", "拒绝清理", "Refused", "red"],
        ["reason", "unable", "无力自行清理", "Unable"],
    ],
    "settings": [
        ["form_title", "title_en", "form_id", "version", "subject", "confidential"],
        ["小菜园清理", "Vegetable plots", "gardens", "1", "点位", "否"],
    ],
    "步骤": [
        ["代码", "名称", "英文名称", "办理人", "时限", "时限日历", "证据", "关卡", "下一步",
         "退回到", "不得同人", "受阻条件"],
        ["survey", "摸底排查", "Survey", "网格员; 专班成员", "5个工作日", "", "owner", "", "clear"],
        ["clear", "统一清理", "Clear", "角色:清理队", "3d", "自然日", "before", "lawful", "accept",
         "survey", "", "${reason} = 'refused'"],
        ["accept", "验收", "Acceptance", "核查员", "", "", "", "", "", "clear", "clear"],
    ],
    "关卡": [
        ["代码", "名称", "种类", "条件", "条件（英文）", "条件式", "告知期限", "材料字段", "签字人"],
        ["lawful", "统一清理关卡", "条件式", "已登记原因", "The reason is known", "${reason} != ''"],
        ["lawful", "", "告知期满", "书面告知满 15 天", "Notice for 15 days", "", "15天"],
        ["lawful", "", "材料", "有法律依据", "There is a legal basis", "", "", "basis"],
        ["lawful", "", "签字", "街道领导签字", "", "", "", "", "领导; 角色:法律顾问"],
    ],
    "指标": [
        ["代码", "名称", "英文名称", "统计方式", "统计对象", "条件", "分组", "单位", "目标"],
        ["sites", "处数", "Sites", "", "", "", "组; reason", "处", 18],
        ["area", "复绿面积", "Area", "求和", "size", "${size} > 1", "区域", "平方米", 500],
        ["done", "已清理", "Cleared", "计数", "步骤:clear", "", "日期"],
    ],
    "文书": [
        ["代码", "名称", "周期", "时间", "日", "模板", "指标", "表格"],
        ["day", "每日小结", "每日小结", "18:30", "", "", "sites; area", "今日变动; 受阻"],
        ["week", "周报", "周报", "17点", 5, "zhoubao.docx", "done", ""],
    ],
    "单价": [
        ["代码", "名称", "单位", "金额", "生效日期"],
        ["soil", "换土", "平方米", 12.5, "2026-01-01"],
        ["soil", "换土", "平方米", "13.25", "2026-07-01"],
    ],
    "目标": [["指标", "名称", "目标数", "第几天"], ["sites", "全部清完", 18, 30]],
}  # fmt: skip


def gardens(**changed: Rows) -> Sheets:
    """The workbook of the vegetable plots, with other sheets in place of its own."""
    return deepcopy(GARDENS) | changed


def made(
    sheets: Sheets, *, merge: tuple[str, str] | None = None, formula: tuple[str, str] | None = None
) -> BytesIO:
    """An .xlsx of these rows; numbers stay numbers, everything else is text."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, line in enumerate(rows):
            for column, value in enumerate(line):
                if isinstance(value, str) and value:
                    sheet.write_string(row, column, value)
                elif isinstance(value, date | time):
                    shown = "hh:mm" if isinstance(value, time) else "yyyy-mm-dd"
                    sheet.write_datetime(row, column, value, book.add_format({"num_format": shown}))
                elif value not in ("", None):
                    sheet.write(row, column, value)
        if merge and merge[0] == name:
            sheet.merge_range(merge[1], "merged")
        if formula and formula[0] == name:
            sheet.write_formula(formula[1], "=1/0", None, "#DIV/0!")
    book.close()
    target.seek(0)
    return target


def read(sheets: Sheets, name: str = "台账.xlsx") -> Definition:
    return read_workbook(made(sheets), name)


def faults(sheets: Sheets, **wrong: Any) -> list[str]:
    """What reading finds wrong, as “sheet cell: problem remedy”."""
    try:
        read_workbook(made(sheets, **wrong), "台账.xlsx")
    except FaultyWorkbook as error:
        return [str(fault) for fault in error.faults]
    return []
