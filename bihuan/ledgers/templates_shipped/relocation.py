"""The ledger 征迁: 勘测丈量 → 复核 → 核算 → 签订协议 → 验收. Confidential; law and remedies are in every file.

Nothing here counts or lists who has not signed: the figures say what was done. The step of signing has no
limit, so that nobody is ever reminded of a household that takes its time.
"""

from datetime import date

from bihuan.ledgers.definition import Definition, Settings
from bihuan.ledgers.templates_shipped.wording import (
    ask,
    choices,
    count,
    daily,
    day,
    final,
    gate,
    goal,
    group,
    holds,
    note,
    number,
    paper,
    rate,
    signed,
    step,
    total,
)

FORCE = ("team", "responsible")
LEGAL = "role:法律顾问"
SINCE = date(2023, 1, 1)

FIELDS = (
    group(
        "measured", "勘测丈量", "Measuring",
        number("house_area", "房屋建筑面积（平方米）", "Floor area (m²)", decimals=True, above=True, shown=True),
        number("yard_area", "院落面积（平方米）", "Yard (m²)", decimals=True, shown=True),
        ask("select_one structure", "structure", "房屋结构", "Structure", shown=True),
        number("attached_items", "附属物（项）", "Attached things", shown=True),
        ask("image", "photo_measured", "丈量现场照片", "Photo of measuring"),
        day("measured_on", "丈量日期", "Measured on", shown=True),
    ),
    group(
        "rechecked", "复核", "Recheck",
        ask("select_one yes_no", "area_right", "丈量结果是否一致", "Does the measure agree"),
        ask("file", "area_shown", "面积确认单（已送户确认）", "The sheet of areas shown to the household", shown=True),
    ),
    group(
        "household_plan", "一户一策", "Household plan",
        ask("select_one resettling", "resettling", "补偿安置方式", "Compensation chosen", shown=True),
        ask("select_one interim", "interim", "过渡安排", "Until then", shown=True),
        number("interim_months", "过渡期（月）", "Months until then", shown=True),
        number("moves", "搬迁次数", "Times of moving", shown=True),
        ask("select_multiple needs", "to_settle", "需协调的事项", "Matters to be settled",
            hint=("只记事项，不评价人", "Matters only, no opinions about persons")),
        ask("file", "plan_paper", "一户一策方案", "The household's plan", shown=True),
    ),
    group(
        "law", "政策法律", "Law and remedies",
        note("legal_basis", "征收补偿依法进行：国有土地上房屋适用《国有土地上房屋征收与补偿条例》，集体土地适用《中华人民共和国土地管理法》及其实施条例。补偿"
             "方案、评估结果和补偿标准均向被征收人公开。",
             "Taking and compensation follow the law: for houses on state-owned land the Regulations on Expropriation of "
             "and Compensation for Houses on State-owned Land, for collective land the Land Administration Law. The plan, "
             "the valuation and the rates are open to the household.", shown=True),
        note("remedies", "被征收人对征收决定、补偿决定不服的，可以依法申请行政复议，也可以依法提起行政诉讼；对评估结果有异议的，可以申请复核评估和鉴定。不得采取"
             "暴力、威胁或者中断供水、供热、供气、供电、道路通行等方式迫使搬迁。",
             "A household that does not accept a decision may ask for administrative review or go to court; it may have a "
             "valuation checked again. Nobody may be made to move by force, threats, or by cutting off water, heat, gas, "
             "power or the road.", shown=True),
        day("policy_told_on", "讲清政策、算好账目的日期", "Policy and sums explained on", shown=True),
        day("remedies_told_on", "告知法律救济途径的日期", "Remedies explained on", shown=True),
        ask("file", "legal_opinion", "法律顾问意见", "The legal adviser's opinion"),
    ),
    group(
        "reckoned", "核算", "Reckoning",
        ask("select_one yes_no", "sum_shown", "补偿明细已送户核对", "Has the household seen every line"),
        day("reckoned_on", "核算日期", "Reckoned on", shown=True),
    ),
    group(
        "agreed", "签订协议", "Agreement",
        day("signed_on", "签订日期", "Signed on", shown=True),
        ask("file", "agreement", "补偿安置协议", "The agreement", shown=True),
    ),
    group(
        "handed_over", "验收", "Acceptance",
        day("vacated_on", "腾房交房日期", "Handed over on", shown=True),
        ask("select_one yes_no", "meters_settled", "水电气费用已结清", "Are the meters settled"),
        ask("image", "photo_empty", "验收照片", "Photo at acceptance"),
    ),
)  # fmt: skip

CHOICES = (
    choices("yes_no", yes=("是", "Yes"), no=("否", "No")),
    choices(
        "structure",
        frame=("框架", "Frame"),
        brick=("砖混", "Brick and concrete"),
        wood=("砖木", "Brick and wood"),
        plain=("简易", "Plain"),
    ),
    choices(
        "resettling",
        money=("货币补偿", "Money"),
        house=("产权调换", "Another house"),
        both=("两者结合", "Both"),
    ),
    choices("interim", own=("自行过渡", "On their own"), flat=("周转用房", "A flat for the time")),
    choices(
        "needs",
        school=("子女入学衔接", "Change of school"),
        doctor=("就医便利", "Nearness of a doctor"),
        shop=("经营场所安置", "A place for the business"),
        move=("协助搬家", "Help with moving"),
        title=("产权资料补办", "Papers of title"),
        share=("家庭内部分户析产", "Division within the family"),
    ),
)

STEPS = (
    step("measure", "勘测丈量", "Measure", who=FORCE, limit="3d", fields="measured",
         evidence="house_area measured_on photo_measured", next="recheck"),
    step("recheck", "复核", "Recheck", who=FORCE, limit="2d", fields="rechecked", evidence="area_right area_shown",
         next="calculate", back="measure", other_than="measure"),
    step("calculate", "核算", "Calculate", who=("role:核算员", *FORCE), limit="2d", fields="reckoned household_plan law",
         evidence="reckoned_on sum_shown plan_paper", next="sign", back="recheck"),
    step("sign", "签订协议", "Sign", who=FORCE, fields="agreed household_plan law", gate="informed",
         evidence="signed_on agreement", next="accept", back="calculate", locks_money=True),
    step("accept", "验收", "Acceptance", who=("team_leader", "role:验收员"), limit="10d", natural=True,
         fields="handed_over", evidence="vacated_on photo_empty", other_than="sign"),
)  # fmt: skip

GATES = (
    gate(
        "informed", "签约前", "Before signing",
        holds("丈量结果经他人复核一致", "Somebody else has found the measure right", "${area_right} = 'yes'"),
        holds("补偿明细已送户核对", "The household has seen every line", "${sum_shown} = 'yes'"),
        paper("有一户一策方案", "There is a plan for the household", "plan_paper"),
        holds("政策已讲清，账目已算好", "Policy and sums were explained", "${policy_told_on} != ''"),
        holds("已告知法律救济途径", "Remedies were explained", "${remedies_told_on} != ''"),
        signed("法律顾问签字", "The legal adviser has signed", LEGAL),
    ),
)  # fmt: skip

FIGURES = (
    count("households", "户数（含分户）", "Households with parts", by="team", unit="户"),
    count("measured_households", "已丈量", "Measured", "step:measure", by="team", unit="户"),
    count("rechecked_households", "已复核", "Rechecked", "step:recheck", by="team", unit="户"),
    count("reckoned_households", "已核算", "Reckoned", "step:calculate", by="team", unit="户"),
    count("signed", "已签协议", "Signed", "step:sign", by="team", unit="户"),
    count("accepted", "已验收", "Accepted", "step:accept", by="team", unit="户"),
    total("floor_area", "已丈量建筑面积", "Floor area measured", "house_area", by="team", unit="平方米"),
)  # fmt: skip

# Of a household nothing is listed: neither what is due nor what is blocked.
TABLES = ("totals", "teams", "corrections")

RELOCATION = Definition(
    name="征迁",
    name_en="Relocation",
    version="1",
    settings=Settings(
        code="relocation",
        default_language="中文 (zh)",
        subject="household",
        confidential=True,
        least_count=10,
        splits=True,
    ),
    fields=FIELDS,
    choices=CHOICES,
    steps=STEPS,
    gates=GATES,
    figures=FIGURES,
    documents=(daily(FIGURES, tables=TABLES), final(FIGURES, tables=TABLES)),
    rates=(
        rate(
            "house", "房屋（砖混）", "House, brick and concrete", "平方米", "3200", "house_area", since=SINCE
        ),
        rate("yard", "院落", "Yard", "平方米", "680", "yard_area", since=SINCE),
        rate("attached", "附属物", "Attached things", "项", "1200", "attached_items", since=SINCE),
        rate("moving", "搬迁补助", "Help with moving", "次", "1500", "moves", since=SINCE),
        rate("interim", "临时安置补助", "Interim housing", "月", "800", "interim_months", since=SINCE),
    ),
    goals=(
        goal("measured_households", "丈量完成", "All measured", 110, 6),
        goal("signed", "签约完成", "All agreements", 110, 13),
    ),
)
