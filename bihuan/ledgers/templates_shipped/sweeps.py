"""The six sweeps 大整治 of one pattern: look for lost points oneself, mend them, have somebody else look again.

Every finding belongs to exactly one unit (谁主管谁负责、谁丢分谁担责). A finding that may be elsewhere as well
asks for a look-alike sweep (举一反三).
"""

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
    number,
    repeat,
    step,
    total,
    weekly,
)

FORCE = ("team", "responsible")
OPEN_POINTS = "count(${findings}) > 0"


def sweep(code: str, zh: str, en: str, subject: str, places: int, **problems: tuple[str, str]) -> Definition:
    """One of them: what it looks at, and what can be wrong there."""
    fields = (
        group(
            "looked", "自查", "Looked at",
            day("looked_on", "自查日期", "Looked at on"),
            ask("image", "photo_before", "现场照片", "Photo"),
        ),
        repeat(
            "findings", "问题清单", "Findings",
            ask("select_one problem", "problem", "问题", "What is wrong", must=True),
            ask("text", "spot", "具体位置", "Where exactly", must=True),
            number("points_lost", "失分", "Points lost", decimals=True),
            ask("text", "unit", "责任单位（一个）", "The one unit that answers", must=True,
                fits="not(regex(., '.*[、，,;；/].*'))",
                says=("每个失分点只归一个单位", "Every lost point belongs to exactly one unit")),
            ask("image", "photo_mended", "整改后照片", "Photo after mending"),
        ),
        group(
            "mending", "整改", "Mending",
            number("people", "出动人次", "Person-times"),
            day("mended_on", "整改完成日期", "Mended on"),
            ask("text", "held_up", "受阻原因", "What holds it up"),
        ),
        group(
            "again", "复查", "Second look",
            ask("select_one yes_no", "holds", "整改是否到位", "Is it mended for good"),
            ask("select_one yes_no", "alike", "别处是否可能有同类问题（举一反三）", "May it be elsewhere as well"),
            ask("text", "lasting", "长效措施", "What keeps it so"),
        ),
    )  # fmt: skip
    steps = (
        step("look", "自查", "Look", who=("grid_worker", *FORCE), limit="3d", fields="looked findings",
             evidence="looked_on photo_before", next="mend"),
        step("mend", "整改", "Mend", who=FORCE, limit="5d", fields="findings mending", evidence="mended_on",
             only=OPEN_POINTS, next="again", blocked_when="${held_up} != ''"),
        step("again", "复查", "Look again", who=("inspector", "team_leader"), limit="2d", fields="again",
             evidence="holds", only=OPEN_POINTS, back="mend", other_than="mend"),
    )  # fmt: skip
    figures = (
        count("places", "排查", "Places", unit="处"),
        count("looked_at", "已自查", "Looked at", "step:look", unit="处"),
        count("problems_found", "发现问题", "Problems found", "findings", by="team area problem", unit="个"),
        total("lost", "失分", "Points lost", "points_lost", by="team area", unit="分"),
        count("mended_places", "已整改", "Mended", "step:mend", unit="处"),
        total("person_times", "出动人次", "Person-times", "people", unit="人次"),
        count("held", "复查合格", "Held", "step:again", where="${holds} = 'yes'", unit="处"),
        count("alike_wanted", "需举一反三", "Look-alikes wanted", where="${alike} = 'yes'", unit="处"),
    )  # fmt: skip
    return Definition(
        name=zh,
        name_en=en,
        version="1",
        settings=Settings(code=code, default_language="中文 (zh)", subject=subject),
        fields=fields,
        choices=(choices("yes_no", yes=("是", "Yes"), no=("否", "No")), choices("problem", **problems)),
        steps=steps,
        figures=figures,
        documents=(daily(figures), weekly(figures), final(figures)),
        goals=(goal("looked_at", "全部自查", "All looked at", places, 7),),
    )


SWEEPS = (
    sweep(
        "old_compounds", "老旧小区整治", "Old compounds", "compound", 7,
        stairs=("楼道堆物", "Things stored in stairways"),
        wires=("飞线充电", "Flying wires"),
        green=("毁绿种菜", "Vegetable plots on green"),
        litter=("卫生死角", "Litter"),
        doors=("单元门损坏", "Broken entrance doors"),
        posters=("小广告", "Posters"),
    ),
    sweep(
        "back_lanes", "背街小巷整治", "Back lanes", "lane", 60,
        surface=("路面破损", "Broken surface"),
        water=("积水", "Standing water"),
        light=("照明缺失", "No light"),
        litter=("暴露垃圾", "Litter"),
        building=("私搭乱建", "Unapproved building"),
        walls=("墙面脏污", "Dirty walls"),
    ),
    sweep(
        "cables", "杂乱线缆整治", "Tangled cables", "site", 20,
        air=("空中飞线", "Cables in the air"),
        hanging=("线缆下垂", "Hanging cables"),
        dead=("废弃线缆", "Dead cables"),
        poles=("废弃线杆", "Abandoned poles"),
        boxes=("线箱破损", "Broken cabinets"),
    ),
    sweep(
        "appearance", "市容环境整治", "City appearance", "lane", 20,
        stalls=("占道经营", "Stalls on the pavement"),
        goods=("店外堆放", "Goods outside shops"),
        litter=("暴露垃圾", "Litter"),
        signs=("违规广告", "Unapproved signs"),
        toilets=("公厕保洁", "Public toilets"),
        green=("绿化破损", "Damaged greenery"),
    ),
    sweep(
        "traffic_order", "交通秩序整治", "Traffic order", "site", 20,
        cars=("机动车乱停", "Cars parked anywhere"),
        bikes=("非机动车乱停", "Bicycles parked anywhere"),
        lines=("标线不清", "Worn road markings"),
        railings=("护栏损坏", "Broken railings"),
        signals=("信号灯故障", "Traffic lights out of order"),
    ),
    sweep(
        "fire_safety", "消防安全整治", "Fire safety", "compound", 12,
        ways=("消防通道堵塞", "Blocked fire lane"),
        hydrants=("消防栓无水", "Dry hydrants"),
        extinguishers=("灭火器缺失失效", "Missing or expired extinguishers"),
        bikes=("电动车入楼", "E-bikes in buildings"),
        exits=("安全出口封堵", "Blocked exits"),
        windows=("防盗窗无逃生口", "Barred windows without a way out"),
    ),
)  # fmt: skip
