"""The ledger 飞线充电整治: from the survey of every household to charging ports that pass acceptance."""

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
    number,
    paper,
    reckoned,
    repeat,
    signed,
    step,
    told,
    total,
    weekly,
)

FORCE = ("team", "responsible")
CHECKS = (
    ("in_conduit", "入管入盒", "Cables in conduit and box"),
    ("labelled", "标识清晰", "Clearly labelled"),
    ("firm", "牢固安全", "Firm and safe"),
    ("tidy", "整齐有序", "Neat and in order"),
    ("clear_way", "不占疏散通道、安全出口", "Escape ways and exits are free"),
    ("cut_off", "有充满自断和过载、漏电保护", "Cuts off when full, on overload and on leakage"),
    ("extinguisher", "配有灭火器材", "An extinguisher is there"),
    ("wires_gone", "原有飞线已拆除", "The flying wires are gone"),
    ("day_and_night", "24 小时可用", "Can be used day and night"),
)
PASSED = " and ".join(f"${{{name}}} = 'yes'" for name, _zh, _en in CHECKS)

FIELDS = (
    group(
        "building", "楼栋情况", "The building",
        number("wires", "现有飞线（处）", "Flying wires found", must=True),
        ask("image", "photo_before", "整治前照片", "Photo before"),
    ),
    repeat(
        "homes", "逐户摸底", "Household by household",
        ask("text", "door", "门牌", "Door", must=True,
            hint=("只写室号，不写姓名", "The number of the flat only, no names")),
        ask("select_one reached", "reached", "是否联系上", "Was somebody reached", must=True),
        number("bikes", "电动车（辆）", "E-bikes"),
        number("wanted", "充电端口需求（个）", "Ports wanted"),
    ),
    group(
        "site", "现场勘查", "Site survey",
        ask("text", "box_place", "充电设施位置", "Where the box is to be", hint=("如：一层门厅东侧", "As: east of the entrance")),
        number("power", "可用容量（千瓦）", "Power available (kW)", decimals=True),
        ask("select_multiple obstacles", "obstacles", "现场问题", "What stands in the way"),
        ask("image", "photo_site", "勘查照片", "Photo of the site"),
    ),
    repeat(
        "opinions", "意见建议", "Opinions",
        ask("select_one topic", "topic", "事项", "Topic", must=True),
        number("voices", "提出户数", "Households that said so", above=True, must=True),
        ask("text", "answer", "采纳与答复", "What was done with it"),
    ),
    group(
        "plan", "实施方案", "Plan",
        number("planned", "计划端口（个）", "Ports planned", above=True),
        ask("file", "plan_paper", "方案（党群议事会议定）", "The plan as the council settled it"),
        reckoned("homes_counted", "count(${homes})"),
    ),
    group(
        "works", "安装", "Installation",
        number("ports", "安装端口（个）", "Ports installed", above=True),
        day("installed_on", "安装完成日期", "Installed on"),
        ask("image", "photo_after", "安装后照片", "Photo after"),
    ),
    group(
        "acceptance", "验收", "Acceptance",
        *(ask("select_one yes_no", name, zh, en) for name, zh, en in CHECKS),
        ask("text", "to_mend", "需整改的内容", "What is to be mended"),
    ),
    day("in_use_since", "投入使用日期", "In use since"),
)  # fmt: skip

CHOICES = (
    choices("yes_no", yes=("合格", "Yes"), no=("不合格", "No")),
    choices(
        "reached", yes=("已联系", "Yes"), later=("未联系上，再访", "Not yet"), empty=("空置", "Empty flat")
    ),
    choices(
        "obstacles",
        power=("容量不足", "Too little power"),
        room=("位置狭窄", "Too little room"),
        cables=("线缆杂乱", "Tangled cables"),
        things=("杂物占用", "Things stored there"),
    ),
    choices(
        "topic",
        place=("选址", "Place"),
        price=("收费标准", "Price"),
        safety=("消防安全", "Fire safety"),
        noise=("噪音扰民", "Noise"),
        hours=("使用时间", "Hours"),
        other=("其他", "Other"),
    ),
)

STEPS = (
    step("survey", "需求摸底", "Survey of needs", who=("grid_worker", *FORCE), limit="5d", fields="building homes",
         evidence="homes photo_before", next="site"),
    step("site", "现场勘查", "Site survey", who=FORCE, limit="3d", fields="site", evidence="box_place photo_site",
         next="opinions"),
    step("opinions", "征求意见", "Opinions", who=FORCE, limit="5d", fields="opinions", next="plan"),
    step("plan", "议定方案", "Plan", who=("team_leader", *FORCE), limit="5d", fields="plan",
         evidence="planned plan_paper", next="install", back="opinions"),
    step("install", "安装", "Installation", who=("role:运营商", *FORCE), limit="7d", fields="works", gate="agreed",
         evidence="ports installed_on photo_after", next="accept", blocked_when="selected(${obstacles}, 'power')"),
    step("accept", "验收", "Acceptance", who=("inspector", "team_leader"), limit="3d", fields="acceptance",
         evidence=" ".join(name for name, _zh, _en in CHECKS), next="serve", back="install", other_than="install"),
    step("serve", "投入使用", "In use", who=FORCE, limit="2d", fields="in_use_since", evidence="in_use_since",
         gate="passed"),
)  # fmt: skip

GATES = (
    gate(
        "agreed", "安装前", "Before installation",
        paper("有党群议事会议定的方案", "There is a plan that the council settled", "plan_paper"),
        told("方案已公示 3 天", "The plan was made public 3 days ago", "3d"),
    ),
    gate(
        "passed", "启用前", "Before it is used",
        holds("各项验收均合格", "Every point has passed", PASSED),
        signed("消防安全签字", "Signed for fire safety", "role:消防验收人", "inspector"),
    ),
)  # fmt: skip

FIGURES = (
    count("buildings", "楼栋", "Buildings", unit="栋"),
    count("homes_seen", "摸底户数", "Households surveyed", "homes", unit="户"),
    total("bikes_found", "电动车", "E-bikes", "bikes", unit="辆"),
    total("ports_wanted", "充电需求", "Ports wanted", "wanted", unit="个"),
    total("voices_heard", "意见（户次）", "Opinions", "voices", by="team area topic", unit="户次"),
    total("ports_planned", "计划端口", "Ports planned", "planned", unit="个"),
    total("ports_installed", "安装端口", "Ports installed", "ports", unit="个"),
    count("accepted", "验收合格", "Accepted", "step:accept", where=PASSED, unit="栋"),
    count("in_use", "投入使用", "In use", "step:serve", unit="栋"),
)  # fmt: skip

CHARGING = Definition(
    name="飞线充电整治",
    name_en="Charging without flying wires",
    version="1",
    settings=Settings(code="charging", default_language="中文 (zh)", subject="building"),
    fields=FIELDS,
    choices=CHOICES,
    steps=STEPS,
    gates=GATES,
    figures=FIGURES,
    documents=(daily(FIGURES), weekly(FIGURES), final(FIGURES)),
    goals=(
        goal("homes_seen", "逐户摸底完成", "Every household surveyed", 312, 7),
        goal("ports_installed", "端口安装完成", "All ports installed", 233, 25),
        goal("in_use", "全部投入使用", "All in use", 12, 30),
    ),
)
