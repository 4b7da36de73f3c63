"""The words of reports in both languages: the head, tables with their columns, periods, ways of writing."""

from dataclasses import dataclass

from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.model import Words


@dataclass(frozen=True)
class Column:
    code: str
    name: Words


@dataclass(frozen=True)
class Term:
    """A word of placeholders: our code, its name in each language, other spellings, what it stands for."""

    code: str
    zh: str
    en: str
    about: Words
    also: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.code, self.zh, self.en, *self.also)))

    @property
    def name(self) -> Words:
        return Words(self.zh, self.en)


def _term(code: str, zh: str, en: str, about_zh: str, about_en: str, *also: str) -> Term:
    return Term(code, zh, en, Words(about_zh, about_en), also)


# -- the head: one value for the whole report

HEAD = (
    _term("title", "标题", "title", "报告标题", "title of the report"),
    _term("number", "文号", "number", "报告编号", "number of the report", "编号"),
    _term("campaign", "专项", "campaign", "专项整治名称", "name of the campaign", "专项整治", "活动名称"),
    _term("area", "区域", "area", "所在区域", "its area", "地区"),
    _term("unit", "单位", "unit", "报告单位", "whose report it is", "报告单位"),
    _term(
        "kind", "周期", "period", "每日小结、周报、月报或总结", "daily, weekly, monthly or final", "报告类型"
    ),
    _term("from", "起始日期", "from", "周期第一天", "first day of the period", "开始日期"),
    _term("to", "截止日期", "to", "周期最后一天", "last day of the period", "日期", "date", "结束日期"),
    _term("made_at", "生成时间", "made at", "生成报告的时间", "when the report was made", "制表时间"),
    _term("made_by", "制表人", "made by", "由谁生成", "who made it"),
    _term("note", "备注", "note", "说明，如“演示数据”", "a note, such as demo data"),
)

# -- what one figure says

VALUE = "value"
FIGURE = (
    _term(VALUE, "数值", "value", "到截止日的累计数", "total at the end of the period", "累计", "总数"),
    _term(
        "change", "增减", "change", "较上一份报告的变化", "since the report before", "变化", "今日", "新增"
    ),
    _term("target", "目标", "target", "目标数", "its target", "目标数"),
    _term("percent", "完成率", "percent", "占目标的百分比", "per cent of the target", "完成比例", "进度"),
    _term("measure", "计量单位", "unit of measure", "如 处、户", "as households or m²", "单位"),
    _term("name", "名称", "name", "指标名称", "name of the figure"),
)
FIGURE_WORDS = ("figure", "指标", "figures")
TEXT_WORDS = ("text", "文字", "texts")

# -- tables

COUNT = _term("count", "条数", "count", "表格有多少条", "number of its rows", "件数", "数量")
INDEX = _term("no", "序号", "No.", "第几条，自动编号", "number of the row")

_NUMBER = _term("number", "编号", "number", "台账编号", "number of the item")
_TITLE = _term("title", "名称", "title", "台账名称", "title of the item", "标题", "事项")
_AREA = _term("area", "区域", "area", "所在区域", "its area", "地区", "社区")
_TEAM = _term("team", "组", "team", "责任组", "its team", "责任组", "小组")
_STEP = _term("step", "步骤", "step", "当前步骤", "its step", "环节")
_RESPONSIBLE = _term("responsible", "包保责任人", "responsible", "包保责任人", "who is responsible", "责任人")
_DUE = _term("due", "期限", "due", "办理期限", "when it is due", "到期时间", "截止时间")
_NAME = _term("name", "名称", "name", "名称", "its name")
_ITEM = (_NUMBER, _TITLE, _AREA, _TEAM)


@dataclass(frozen=True)
class TableKind:
    term: Term
    columns: tuple[Term, ...]
    by_figure: bool = False  # has a column more for each figure
    by_field: bool = False  # has a column more for each field

    @property
    def code(self) -> str:
        return self.term.code


TABLES = (
    TableKind(
        _term("changes", "今日变动", "changes", "本期办了哪些事", "what changed in the period", "变动", "本期变动"),
        (
            *_ITEM,
            _term("before", "原步骤", "before", "变动前的步骤", "the step before"),
            _STEP,
            _term("by", "办理人", "by", "由谁办理（职责或姓名）", "by whom: a role or a name", "经办人"),
            _term("at", "时间", "time", "办理时间", "when", "办理时间"),
            _term("note", "说明", "note", "办理说明", "what was noted"),
        ),
    ),
    TableKind(
        _term("totals", "累计", "totals", "每个指标一行", "one row for each figure", "指标累计", "指标表"),
        (
            _NAME,
            _term("value", "数值", "value", "累计数", "its total", "累计数"),
            _term("measure", "计量单位", "unit of measure", "计量单位", "its unit", "单位"),
            _term("change", "增减", "change", "较上一份报告的变化", "since the report before", "变化", "新增"),
            _term("target", "目标", "target", "目标数", "its target", "目标数"),
            _term("percent", "完成率", "percent", "占目标的百分比", "per cent of the target", "进度"),
        ),
    ),
    TableKind(
        _term("teams", "各组进度", "teams", "每组一行，每个指标一列", "one row a team, one column a figure", "各组"),
        (_NAME,),
        by_figure=True,
    ),
    TableKind(
        _term("areas", "各区域进度", "areas", "每个区域一行，每个指标一列", "one row an area, one column a figure",
              "各区域", "各社区"),
        (_NAME,),
        by_figure=True,
    ),
    TableKind(
        _term("blocked", "受阻", "blocked", "受阻的台账和原因", "what is blocked and why", "受阻事项"),
        (
            *_ITEM, _STEP, _RESPONSIBLE,
            _term("since", "受阻时间", "since", "何时起受阻", "since when", "起始时间"),
            _term("why", "原因", "why", "受阻原因", "the reason", "受阻原因"),
        ),
    ),
    TableKind(
        _term("due", "即将到期", "due", "下一工作日到期的台账", "what is due on the next working day", "到期", "明日到期"),
        (*_ITEM, _STEP, _RESPONSIBLE, _DUE),
    ),
    TableKind(
        _term("overdue", "超期", "overdue", "已超期的台账", "what is overdue", "已超期"),
        (*_ITEM, _STEP, _RESPONSIBLE, _DUE,
         _term("late", "超期天数", "days late", "已超过多少天", "by how many days", "超期")),
    ),
    TableKind(
        _term("corrections", "更正", "corrections", "对以前报告的更正", "corrections of earlier reports", "数据更正"),
        (
            _term("report", "原报告", "report", "被更正的报告编号", "number of the corrected report", "报告编号"),
            _term("day", "日期", "day", "被更正的日期", "the day that is corrected"),
            _term("figure", "指标", "figure", "指标名称", "name of the figure"),
            _term("was", "原数", "was", "更正前的数", "the number before"),
            _term("now", "更正为", "now", "更正后的数", "the number now", "现数"),
            _term("difference", "差额", "difference", "相差多少", "by how much"),
            _term("why", "原因", "why", "更正原因", "the reason", "更正原因"),
        ),
    ),
    TableKind(
        _term("items", "明细", "items", "全部台账，每个字段一列", "all items, one column a field", "台账明细"),
        (*_ITEM, _STEP, _RESPONSIBLE, _DUE),
        by_field=True,
    ),
    TableKind(
        _term("signatures", "签字", "signatures", "签字栏", "the lines for signatures", "签字栏"),
        (
            _term("label", "签字名目", "label", "如 制表、审核", "as made by, checked by", "名目"),
            _term("name", "姓名", "name", "姓名，可空", "a name, may be empty"),
        ),
    ),
)  # fmt: skip
KINDS = {kind.code: kind for kind in TABLES}
DERIVED = ("totals", "signatures")  # tables that are made of figures and of the head
OF_THE_HEAD = ("signatures",)  # tables of the whole report, not of a campaign

INTERIM = Words("中间稿，不编号", "interim, not numbered")  # in the place of its number
PERIODS = {
    model.DAILY: Words("每日小结", "Daily summary"),
    model.WEEKLY: Words("周报", "Weekly report"),
    model.MONTHLY: Words("月报", "Monthly report"),
    model.FINAL: Words("总结", "Final report"),
}

# -- how a value is written

FILTERS = (
    _term("day", "月日", "day", "只写月日：3月5日", "day and month alone: 5 March", "短日期"),
    _term("date", "年月日", "date", "写日期，不写时间", "the date without the time"),
    _term("time", "时分", "time", "只写时间：18:00", "the time alone: 18:00"),
    _term("thousands", "千分位", "thousands", "数字加千分位：12,345", "with separators: 12,345"),
    _term("signed", "带符号", "signed", "数字带正负号：+3", "with its sign: +3"),
)


def columns_of(code: str) -> tuple[Column, ...]:
    """The columns that every table of a kind has."""
    return tuple(Column(term.code, term.name) for term in KINDS[code].columns)
