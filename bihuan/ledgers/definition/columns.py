"""The sheets of our own and their columns: headings in both languages, what each is for, the words in its cells."""

from dataclasses import dataclass, field

from bihuan.ledgers.definition import model


@dataclass(frozen=True)
class Column:
    """One column: a heading in each language, other headings that we understand, and what it is for."""

    key: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    also: tuple[str, ...] = ()
    needed: bool = False
    words: dict[str, str] = field(default_factory=dict, hash=False)  # the words of its cells: ours → 中文
    many: bool = False  # several words in one cell, separated by ;
    width: int = 16

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.key, self.zh, self.en, *self.also)


@dataclass(frozen=True)
class SheetKind:
    key: str
    zh: str
    about_zh: str
    about_en: str
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


YES_NO = {"yes": "是", "no": "否"}
FACTS = {"households": "户数", "buildings": "楼栋数", "built_in": "建成年份"}  # as places have them
SUBJECTS = dict(
    zip(model.SUBJECTS, ("无", "小区", "楼栋", "户", "街巷", "点位", "图斑", "单位（组织）"), strict=True)
)
WHO = {
    model.TEAM: "专班成员",
    model.TEAM_LEADER: "专班组长",
    model.RESPONSIBLE: "包保责任人",
    "grid_worker": "网格员",
    "clerk": "受理员",
    "dispatcher": "调度员",
    "handler": "承办人",
    "inspector": "核查员",
    "supervisor": "督办员",
    "leader": "领导",
    "auditor": "审计员",
    "administrator": "系统管理员",
}
CALENDARS = {model.WORKING: "工作日", model.NATURAL: "自然日"}
CONDITIONS = dict(zip(model.CONDITIONS, ("条件式", "告知期满", "材料", "签字"), strict=True))
KINDS = {model.COUNT: "计数", model.SUM: "求和"}
DIMENSIONS = dict(zip(model.DIMENSIONS, ("组", "区域", "步骤", "日期"), strict=True))
PERIODS = dict(zip(model.PERIODS, ("每日小结", "周报", "月报", "总结"), strict=True))
TABLES = dict(
    zip(
        model.TABLES,
        ("今日变动", "累计", "各组进度", "各区域进度", "受阻", "即将到期", "超期", "更正", "明细"),
        strict=True,
    )
)

CODE = Column("code", "代码", "code", "字母开头的短代码，表内不重复，其他表用它指称。",
              "A short code, once in the sheet; other sheets refer by it.", ("编码", "编号"), needed=True)  # fmt: skip
NAME = Column("name", "名称", "name", "中文名称。", "Its name in Chinese.", ("名字",), width=24)
NAME_EN = Column("name_en", "英文名称", "name (English)", "英文名称；中英文至少填一个。",
                 "Its name in English; at least one of the two.", ("english name", "英文"), width=24)  # fmt: skip

STEPS = SheetKind(
    "steps", "步骤", "一件台账从头到尾经过的步骤，一行一步，第一行是起点。",
    "The steps that an item goes through, one a row; the first row is the start.",
    (
        CODE, NAME, NAME_EN,
        Column("who", "办理人", "who", "谁可以办这一步：职责、专班成员、专班组长、包保责任人，或“角色:法律顾问”；多个用分号隔开。",
               "Who may take it: duties, team, team_leader, responsible, or role:legal adviser; separated by ;",
               ("办理权限", "责任人", "who may"), words=WHO, many=True, width=24),
        Column("limit", "时限", "limit", "办理时限：4小时、5个工作日、15d；可空。", "4h, 5d, 15 working days; may be empty.",
               ("办理时限", "time limit")),
        Column("calendar", "时限日历", "calendar", "工作日或自然日；空为工作日。", "working or natural time; empty: working.",
               ("日历",), words=CALENDARS),
        Column("remind_at", "提醒（%）", "reminder (%)", "用去时限的百分之几时提醒；空为 80。",
               "At what per cent of the limit to remind; empty: 80.", ("提醒", "提醒%", "reminder", "remind at")),
        Column("fields", "填写", "fields", "这一步填写哪些字段（字段组、重复组也可）；空为全部。",
               "Which fields, groups or repeats are asked at this step; empty: all.", ("填写字段",), many=True, width=24),
        Column("evidence", "证据", "evidence", "办完这一步前必须有内容的字段，如照片。",
               "Fields that must be filled before the step is done, photos for instance.", ("必备证据",), many=True, width=24),
        Column("gate", "关卡", "gate", "办这一步前须通过的关卡代码。", "The gate that must be passed before it."),
        Column("relevant", "适用条件", "relevant", "只对符合此条件的台账适用，其余跳过。",
               "The step is for items of which this holds; others pass it over.", ("适用",), width=24),
        Column("next", "下一步", "next", "下一步的代码；多个由办理人选择；空为办结。",
               "Code of the next step; of several the person chooses; empty: finished.", ("后续步骤",), many=True),
        Column("back", "退回到", "back to", "可退回到哪些步骤（须写原因）。", "Steps it may be sent back to, with a reason.",
               ("退回", "back"), many=True),
        Column("other_than", "不得同人", "other than", "复核：不得与办理该步骤的人相同。",
               "Recheck: not by the person who did that step.", ("复核", "回避步骤")),
        Column("opens_case", "转案件事项", "opens a case", "开立案件的事项编码。", "Code of the matter of a case that it opens.",
               ("开立案件", "matter")),
        Column("case_completes", "案件办结即完成", "completed by its case", "是：该案件结案后此步自动完成。",
               "yes: the step is done when that case closes.", ("结案即完成",), words=YES_NO),
        Column("blocked_when", "受阻条件", "blocked when", "符合此条件即列为受阻。", "Counts as blocked while this holds.",
               ("受阻",), width=24),
        Column("locks_money", "锁定核算", "locks the reckoning", "是：办这一步即签字确认，核算须先复核，办后锁定。",
               "yes: the signing; the reckoning must be checked before, and is locked by it.", ("签订",), words=YES_NO),
    ),
    ("流程", "step"),
)  # fmt: skip

GATES = SheetKind(
    "gates", "关卡", "关卡是一组条件，一行一个条件，代码相同的行属同一关卡；全部具备并签字后才能进入该步骤。",
    "A gate is a list of conditions, one a row; rows of the same code are one gate.",
    (
        CODE, NAME, NAME_EN,
        Column("kind", "种类", "kind", "条件式、告知期满、材料、签字。", "expression, notice, document or signature.",
               ("条件种类",), needed=True, words=CONDITIONS),
        Column("sentence", "条件", "condition", "用一句话说清条件。", "The condition in a sentence.", ("条件说明",), width=36),
        Column("sentence_en", "条件（英文）", "condition (English)", "同上，英文。", "The same in English.", width=36),
        Column("expression", "条件式", "expression", "种类为条件式：表达式。", "Of an expression: the expression.",
               ("表达式",), width=24),
        Column("grace", "告知期限", "grace period", "种类为告知期满：自告知之日起须满的时间，如 15天。",
               "Of a notice: how long ago it must have been given, as 15d.", ("过渡期", "grace")),
        Column("calendar", "期限日历", "calendar", "工作日或自然日；空为自然日。", "working or natural; empty: natural.",
               ("日历",), words=CALENDARS),
        Column("field", "材料字段", "document field", "种类为材料：存放材料的文件或照片字段。",
               "Of a document: the file or photo field that holds it.", ("field", "材料")),
        Column("who", "签字人", "signed by", "种类为签字：谁签字（同步骤表的办理人）。",
               "Of a signature: who signs, as in steps.", ("审批人", "who"), words=WHO, many=True, width=24),
    ),
    ("门槛", "gate"),
)  # fmt: skip

FIGURES = SheetKind(
    "figures", "指标", "要统计的数字，一行一个；页面、小结、报表都由此生成。",
    "What is counted, one figure a row; pages, summaries and reports are made from it.",
    (
        CODE, NAME, NAME_EN,
        Column("kind", "统计方式", "count or sum", "计数或求和；空为计数。", "count or sum; empty: count.", ("方式", "kind"),
               words=KINDS),
        Column("of", "统计对象", "of", "空为台账件数；“步骤:代码”为办完该步骤的件数；字段名为该数值之和，重复组名为其行数。",
               "Empty: items; step:code: items that passed it; a field: its values; a repeat: its rows.", ("对象",)),
        Column("where", "条件", "where", "只统计符合此条件的。", "Only those of which this holds.", ("统计条件",), width=24),
        Column("by", "分组", "by", "按组、区域、步骤、日期或单选字段分组；多个用分号。",
               "team, area, step, day or a select_one field; separated by ;", ("维度",), words=DIMENSIONS, many=True),
        Column("unit", "单位", "unit of measure", "如 处、户、平方米。", "As in households or m².", ("计量单位", "unit")),
        Column("target", "目标", "target", "目标数，可空。", "The target; may be empty.", ("目标数",)),
    ),
    ("统计", "figure"),
)  # fmt: skip

DOCUMENTS = SheetKind(
    "documents", "文书", "自动生成的每日小结、周报、月报和总结。", "Daily, weekly, monthly and final reports that write themselves.",
    (
        CODE, NAME, NAME_EN,
        Column("period", "周期", "period", "每日小结、周报、月报、总结。", "daily, weekly, monthly or final.", ("种类",),
               words=PERIODS),
        Column("hour", "时间", "hour", "几点生成，如 18:00。", "When it is made, as 18:00.", ("生成时间",)),
        Column("day", "日", "day", "周报：1–7（星期一至日）；月报：1–31。", "Weekly: 1 to 7 from Monday; monthly: 1 to 31."),
        Column("template", "模板", "template", "Word 或 Excel 模板的文件名；空为系统版式。",
               "File name of a Word or Excel template; empty: ours.", ("模板文件",), width=24),
        Column("figures", "指标", "figures", "写入哪些指标的代码。", "Codes of the figures in it.", many=True, width=24),
        Column("tables", "表格", "tables", "写入哪些表格。", "Which tables are in it.", words=TABLES, many=True, width=24),
    ),
    ("小结", "报表", "document"),
)  # fmt: skip

RATES = SheetKind(
    "rates", "单价", "核算用的单价，同一代码可按生效日期有多行。", "Amounts of money for reckoning; a code may have several days.",
    (
        CODE, NAME, NAME_EN,
        Column("unit", "单位", "unit", "如 平方米、户、月。", "As in m², household, month.", ("计量单位",), needed=True),
        Column("amount", "金额", "amount", "元，最多四位小数。", "In yuan, at most four decimals.", ("单价", "标准", "rate"),
               needed=True),
        Column("valid_from", "生效日期", "valid from", "自哪天起适用，如 2026-01-01。", "From which day, as 2026-01-01.",
               ("起始日期",), needed=True),
        Column("quantity", "数量字段", "quantity field", "哪个字段说明数量：数值字段，或重复组（按行数）；核算时直接带入。",
               "Which field says how many: a number, or a repeat (its entries); offered when reckoning.", ("数量",)),
    ),
    ("核算标准", "rate"),
)  # fmt: skip

GOALS = SheetKind(
    "goals", "目标", "目标任务和时间节点：开始后第几天，某指标应达到多少。", "What a figure is to reach by which day after the start.",
    (
        Column("figure", "指标", "figure", "指标代码。", "Code of the figure.", needed=True),
        NAME, NAME_EN,
        Column("amount", "目标数", "amount", "应达到的数。", "What it is to reach.", ("目标",), needed=True),
        Column("day", "第几天", "day", "开始后第几天，开始当天为 0。", "Days after the start; the first day is 0.", ("时间节点",),
               needed=True),
    ),
    ("时间节点", "goal", "milestones"),
)  # fmt: skip

OWN = (STEPS, GATES, FIGURES, DOCUMENTS, RATES, GOALS)
