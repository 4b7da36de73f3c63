"""The ledger 耕地图斑: farmland that is built over (非农化) or bears no grain (非粮化), until it is put right."""

from bihuan.ledgers.definition import Definition, Settings
from bihuan.ledgers.templates_shipped.wording import (
    ask,
    choices,
    count,
    day,
    final,
    gate,
    goal,
    group,
    monthly,
    number,
    paper,
    signed,
    step,
    told,
    total,
    weekly,
)

FORCE = ("team", "responsible")
AT_FAULT = "${verdict} = 'unlawful'"

FIELDS = (
    group(
        "patch", "图斑情况", "The patch",
        ask("text", "patch_number", "图斑编号", "Number of the patch", must=True),
        ask("select_one kind", "kind", "类型", "Kind", must=True),
        number("mu", "面积（亩）", "Area (mu)", decimals=True, above=True, must=True),
        ask("select_one source", "source", "线索来源", "Where it was found"),
        ask("geoshape", "outline", "图斑范围", "Its outline"),
    ),
    group(
        "seen", "实地核实", "Seen on the spot",
        day("seen_on", "核实日期", "Seen on"),
        ask("select_one use", "use", "现状用途", "Present use"),
        ask("image", "photo_before", "现场照片", "Photo"),
    ),
    group(
        "judged", "认定", "Judged",
        ask("select_one verdict", "verdict", "认定结果", "What it is"),
        ask("file", "judgement", "认定意见", "The judgement"),
    ),
    group(
        "mending", "整改", "Put right",
        ask("select_one measure", "measure", "整改方式", "How"),
        ask("image", "notice_paper", "责令整改通知（照片）", "The notice to put it right (photo)"),
        number("restored", "恢复面积（亩）", "Restored (mu)", decimals=True, fits=". >= 0 and . <= ${mu}",
               says=("不能大于图斑面积", "Not more than the patch")),
        day("restored_on", "恢复日期", "Restored on"),
        ask("image", "photo_after", "整改后照片", "Photo after"),
        only=AT_FAULT,
    ),
)  # fmt: skip

CHOICES = (
    choices(
        "kind",
        building=("非农化（建设占用）", "Built over"),
        no_grain=("非粮化（种植结构）", "Without grain"),
    ),
    choices(
        "source",
        satellite=("卫片", "Satellite picture"),
        patrol=("巡查", "Patrol"),
        report=("群众反映", "Reported by residents"),
        handed_down=("上级交办", "Handed down"),
    ),
    choices(
        "use",
        house=("建房", "House"),
        yard=("堆场、硬化", "Yard"),
        trees=("种树、挖塘", "Trees, pond"),
        farm=("设施农业", "Farm building"),
        fallow=("撂荒", "Fallow"),
        grain=("粮食作物", "Grain"),
    ),
    choices(
        "verdict",
        lawful=("合法或图斑有误", "Lawful, or no such thing"),
        unlawful=("须整改", "To be put right"),
    ),
    choices(
        "measure",
        tear_down=("拆除复耕", "Taken down and tilled again"),
        replant=("恢复种粮", "Grain again"),
        papers=("依法补办手续", "Papers under the law"),
    ),
)

STEPS = (
    step("see", "实地核实", "See", who=("grid_worker", *FORCE), limit="3d", fields="patch seen",
         evidence="seen_on use photo_before", next="judge"),
    step("judge", "认定", "Judge", who=("handler", "role:自然资源", "role:农业农村"), limit="5d", fields="judged",
         evidence="verdict judgement", next="mend", back="see"),
    step("mend", "整改", "Put right", who=FORCE, limit="30d", natural=True, fields="mending", only=AT_FAULT,
         evidence="measure restored restored_on photo_after notice_paper", next="accept", back="judge"),
    step("accept", "验收销号", "Acceptance", who=("handler", "inspector", "role:自然资源", "role:农业农村"), limit="5d",
         fields="patch", gate="restored", only=AT_FAULT, back="mend", other_than="mend"),
)  # fmt: skip

GATES = (
    gate(
        "restored", "销号前", "Before it is struck off",
        paper("有认定意见", "There is a judgement", "judgement"),
        told("已告知整改 3 天以上", "Notice was given at least 3 days ago", "3d"),
        paper("有整改后照片", "There is a photo after", "photo_after"),
        signed("街道负责人签字", "The subdistrict has signed", "role:批准人", "leader"),
    ),
)  # fmt: skip

FIGURES = (
    count("patches", "图斑", "Patches", by="team area kind", unit="个"),
    total("mu_all", "涉及面积", "Area", "mu", by="team area kind", unit="亩"),
    count("seen_patches", "已核实", "Seen", "step:see", by="team area kind", unit="个"),
    count("unlawful", "须整改", "To be put right", "step:judge", where=AT_FAULT, by="team area kind", unit="个"),
    total("mu_restored", "恢复面积", "Restored", "restored", by="team area kind", unit="亩"),
    count("struck_off", "已销号", "Struck off", "step:accept", by="team area kind", unit="个"),
)  # fmt: skip

FARMLAND = Definition(
    name="耕地图斑整改",
    name_en="Farmland patches",
    version="1",
    settings=Settings(code="farmland", default_language="中文 (zh)", subject="land_patch"),
    fields=FIELDS,
    choices=CHOICES,
    steps=STEPS,
    gates=GATES,
    figures=FIGURES,
    documents=(weekly(FIGURES), monthly(FIGURES), final(FIGURES)),
    goals=(goal("seen_patches", "全部核实", "All seen", 16, 10), goal("struck_off", "全部销号", "All struck off", 12, 60)),
)  # fmt: skip
