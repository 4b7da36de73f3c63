"""The ledgers 防返贫 and 敲门行动: both hold numbers and matters, never a person or what somebody is like."""

from bihuan.ledgers.definition import Definition, Settings
from bihuan.ledgers.templates_shipped.wording import (
    ask,
    choices,
    count,
    daily,
    day,
    final,
    goal,
    group,
    monthly,
    note,
    number,
    repeat,
    step,
    total,
    weekly,
)

FORCE = ("team", "responsible")
ONLY_COUNTS = note(
    "only_counts", "只填户数，不写姓名、身份、收入等个人信息。",
    "Numbers of households only: no names, no incomes, nothing about a person.",
)  # fmt: skip

HARDSHIP_FIGURES = (
    count("reports", "村（社区）", "Villages", by="area", unit="个"),
    total("visited_all", "走访户数", "Households visited", "visited", by="area", unit="户"),
    total("at_risk_all", "监测户数", "Households watched", "at_risk", by="area", unit="户"),
    total("relieved_all", "风险消除户数", "Risk removed", "relieved", by="area", unit="户"),
    total("measures_all", "落实措施", "Measures taken", "households_helped", by="area measure", unit="户次"),
)

HARDSHIP = Definition(
    name="防返贫监测",
    name_en="Keeping out of poverty",
    version="1",
    settings=Settings(
        code="hardship", default_language="中文 (zh)", subject="none", confidential=True, least_count=10
    ),
    fields=(
        group(
            "counted", "本月情况", "This month",
            ONLY_COUNTS,
            day("counted_on", "统计日期", "Counted on"),
            number("visited", "走访户数", "Households visited"),
            number("at_risk", "纳入监测户数", "Households watched", fits=". >= 0 and . <= ${visited}",
                   says=("不能多于走访户数", "Not more than were visited")),
            number("relieved", "风险消除户数", "Households whose risk is removed", fits=". >= 0 and . <= ${at_risk}",
                   says=("不能多于监测户数", "Not more than are watched")),
        ),
        repeat(
            "measures", "帮扶措施", "Measures",
            ask("select_one measure", "measure", "措施", "Measure", must=True),
            number("households_helped", "惠及户数", "Households helped", must=True),
        ),
    ),
    choices=(
        choices(
            "measure",
            work=("就业帮扶", "Work"),
            trade=("产业帮扶", "Trade"),
            school=("教育资助", "School"),
            clinic=("医疗保障", "Medical insurance"),
            housing=("住房安全", "Safe housing"),
            water=("饮水安全", "Safe water"),
            allowance=("兜底保障", "Basic allowance"),
        ),
    ),
    steps=(
        step("count", "统计", "Count", who=FORCE, limit="5d", fields="counted measures",
             evidence="counted_on visited at_risk relieved", next="check"),
        step("check", "复核", "Check", who=("team_leader", "inspector"), limit="3d", fields="only_counts", back="count",
             other_than="count"),
    ),
    figures=HARDSHIP_FIGURES,
    documents=(
        monthly(HARDSHIP_FIGURES, tables=("totals", "areas", "corrections")),
        final(HARDSHIP_FIGURES, tables=("totals", "areas")),
    ),
    goals=(goal("visited_all", "走访完成", "Visits done", 600, 20),),
)  # fmt: skip

VISIT_FIGURES = (
    count("rounds", "网格（楼栋）", "Rounds", unit="个"),
    total("homes_visited", "入户", "Homes visited", "visited", unit="户"),
    total("homes_shut", "未遇", "Nobody in", "nobody_in", unit="户"),
    total("leaflets_given", "发放资料", "Leaflets", "leaflets", unit="份"),
    total("raised_all", "反映事项", "Matters raised", "raised", by="team area topic", unit="件"),
    total("settled_all", "当场解决", "Settled at once", "settled", by="team area topic", unit="件"),
    total("passed_all", "转办", "Passed on", "passed_on", by="team area topic", unit="件"),
    count("finished_rounds", "走访完成", "Rounds finished", "step:visit", unit="个"),
)

VISITS = Definition(
    name="入户大走访（敲门行动）",
    name_en="Home visits",
    version="1",
    settings=Settings(code="visits", default_language="中文 (zh)", subject="none"),
    fields=(
        repeat(
            "days", "走访记录", "Visiting days",
            day("visited_on", "日期", "Day", must=True),
            number("visited", "入户（户）", "Homes visited", must=True),
            number("nobody_in", "未遇（户）", "Nobody in"),
            number("leaflets", "发放资料（份）", "Leaflets given"),
        ),
        repeat(
            "topics", "反映事项（只记事，不评价人）", "Matters (matters only, no opinions about persons)",
            ask("select_one topic", "topic", "事项类别", "Topic", must=True),
            number("raised", "反映（件）", "Raised", above=True, must=True),
            number("settled", "当场解决（件）", "Settled at once"),
            number("passed_on", "转办（件）", "Passed on as cases"),
        ),
        ask("select_one yes_no", "all_done", "应访尽访", "Was every home visited that is to be"),
    ),
    choices=(
        choices("yes_no", yes=("是", "Yes"), no=("否", "No")),
        choices(
            "topic",
            policy=("政策咨询", "Questions on policy"),
            environment=("环境卫生", "Tidiness"),
            facilities=("设施维修", "Repairs"),
            parking=("停车充电", "Parking and charging"),
            safety=("消防安全", "Fire safety"),
            disputes=("邻里纠纷", "Disputes between neighbours"),
            work=("就业创业", "Work"),
            care=("养老托幼", "Care of old and young"),
        ),
    ),
    steps=(
        step("visit", "入户走访", "Visit", who=("grid_worker", *FORCE), limit="10d", fields="days topics all_done",
             evidence="days all_done", next="sort"),
        step("sort", "汇总转办", "Sort and pass on", who=("team_leader", *FORCE), limit="2d", fields="topics", back="visit"),
    ),
    figures=VISIT_FIGURES,
    documents=(daily(VISIT_FIGURES), weekly(VISIT_FIGURES), final(VISIT_FIGURES)),
    goals=(goal("finished_rounds", "走访全覆盖", "Every round finished", 18, 14),),
)  # fmt: skip
