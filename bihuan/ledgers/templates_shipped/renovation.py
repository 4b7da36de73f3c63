"""The ledger 老旧小区改造: consent, plan, public notice, works, joint acceptance, upkeep."""

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
    holds,
    monthly,
    number,
    paper,
    repeat,
    signed,
    step,
    told,
    total,
    weekly,
)

FORCE = ("team", "responsible")
CONSENT = "${agreed} * 100 >= ${households} * ${share}"

FIELDS = (
    group(
        "compound", "小区概况", "The compound",
        number("built", "建成年份", "Built in", fits=". >= 1949 and . <= 2030", must=True,
               says=("请写四位年份", "Write the year in four digits"), fact="built_in"),
        number("buildings", "楼栋数", "Buildings", above=True, must=True, fact="buildings"),
        number("households", "户数", "Households", above=True, must=True, fact="households"),
        ask("select_one keeper", "keeper", "现有管理", "Who keeps it now"),
        ask("select_multiple shortcomings", "shortcomings", "突出问题", "What is wrong"),
        ask("image", "photo_before", "改造前照片", "Photo before"),
    ),
    group(
        "consent", "居民意愿", "Consent",
        number("asked", "征询户数", "Households asked"),
        number("agreed", "同意户数", "Households that agreed", fits=". >= 0 and . <= ${households}",
               says=("不能多于总户数", "Not more than there are households")),
        number("share", "须达到的同意比例（%）", "Share that must agree (%)", default="67",
               fits=". > 0 and . <= 100", says=("1 至 100", "From 1 to 100"),
               hint=("按当地规定填写", "As the local rules have it")),
        ask("file", "ballot", "征询结果", "Result of asking"),
    ),
    group(
        "plan", "改造方案", "Plan",
        ask("select_multiple basic", "basic_works", "基础类", "Basic"),
        ask("select_multiple improving", "improving_works", "完善类", "Improving"),
        ask("select_multiple upgrading", "upgrading_works", "提升类", "Upgrading"),
        number("budget", "概算（万元）", "Estimate (10,000 yuan)", decimals=True),
        ask("file", "plan_paper", "方案文本", "The plan"),
    ),
    group(
        "works", "施工", "Works",
        day("works_began", "开工日期", "Works began on"),
        number("progress", "形象进度（%）", "Progress (%)", fits=". >= 0 and . <= 100",
               says=("0 至 100", "From 0 to 100")),
        ask("select_one hindrance", "hindrance", "施工受阻", "What holds the works up"),
        day("works_ended", "完工日期", "Works ended on"),
        ask("image", "photo_after", "改造后照片", "Photo after"),
    ),
    group(
        "acceptance", "联合验收", "Joint acceptance",
        repeat(
            "points", "验收意见", "Points",
            ask("select_one part", "part", "类别", "Part", must=True),
            ask("text", "point", "问题", "What is to be mended", must=True),
            ask("select_one yes_no", "mended", "是否已整改", "Has it been mended", must=True),
        ),
        ask("file", "acceptance_paper", "联合验收意见", "Paper of the joint acceptance"),
    ),
    group(
        "upkeep", "长效管护", "Upkeep",
        ask("select_one keeper", "keeper_after", "改造后由谁管理", "Who keeps it from now on"),
        number("fund", "维修资金（万元）", "Fund for repairs (10,000 yuan)", decimals=True),
        ask("file", "upkeep_paper", "管护约定", "Agreement on upkeep"),
    ),
)  # fmt: skip

CHOICES = (
    choices("yes_no", yes=("是", "Yes"), no=("否", "No")),
    choices(
        "keeper",
        property=("物业公司", "Property company"),
        red=("红色物业", "Red property service"),
        community=("社区托管", "The community"),
        own=("居民自管", "Residents themselves"),
        none=("无人管理", "Nobody"),
    ),
    choices(
        "shortcomings",
        pipes=("管网老化", "Old pipes"),
        roof=("屋面渗漏", "Leaking roofs"),
        road=("道路破损", "Broken ways"),
        cables=("线缆杂乱", "Tangled cables"),
        parking=("停车困难", "No room to park"),
        charging=("飞线充电", "Flying wires"),
        green=("绿化缺失", "No green"),
    ),
    choices(
        "basic",
        pipes=("水电气热管网", "Water, power, gas, heat"),
        drains=("雨污分流", "Separate drains"),
        roof=("屋面防水", "Roofs"),
        walls=("外墙楼道修缮", "Walls and stairways"),
        fire=("消防设施", "Fire safety"),
        light=("照明", "Lights"),
        cables=("线缆入地规整", "Cables put in order"),
    ),
    choices(
        "improving",
        parking=("停车位", "Parking"),
        charging=("充电设施", "Charging"),
        lift=("加装电梯", "Lifts"),
        ramp=("无障碍", "Step-free ways"),
        green=("绿化", "Green"),
        insulation=("节能改造", "Insulation"),
        play=("文体设施", "Sport and play"),
    ),
    choices(
        "upgrading",
        care=("养老托幼", "Care of old and young"),
        canteen=("社区食堂", "Canteen"),
        clinic=("卫生服务", "Clinic"),
        station=("暖心驿站", "Warm station"),
        service=("便民服务站", "Service point"),
    ),
    choices(
        "hindrance",
        none=("无", "Nothing"),
        weather=("天气", "Weather"),
        owner=("权属单位未进场", "The owner of the lines has not come"),
        material=("材料未到", "Material is missing"),
        objection=("居民有不同意见", "Residents see it differently"),
    ),
    choices(
        "part",
        basic=("基础类", "Basic"),
        improving=("完善类", "Improving"),
        upgrading=("提升类", "Upgrading"),
    ),
)

STEPS = (
    step("survey", "摸底", "Survey", who=("grid_worker", *FORCE), limit="5d", fields="compound",
         evidence="photo_before", next="consent"),
    step("consent", "征求意见", "Consent", who=FORCE, limit="15d", fields="consent",
         evidence="asked agreed ballot", next="plan"),
    step("plan", "制定方案", "Plan", who=("team_leader", *FORCE), limit="15d", fields="plan", gate="willing",
         evidence="plan_paper", next="notice", back="consent"),
    step("notice", "公示", "Public notice", who=FORCE, limit="12d", fields="plan", next="works", back="plan"),
    step("works", "施工", "Works", who=FORCE, limit="90d", natural=True, fields="works", gate="shown",
         evidence="works_began works_ended photo_after", next="accept",
         blocked_when="${hindrance} != '' and ${hindrance} != 'none'"),
    step("accept", "联合验收", "Joint acceptance", who=("inspector", "team_leader"), limit="10d", fields="acceptance",
         evidence="acceptance_paper", next="upkeep", back="works", other_than="works"),
    step("upkeep", "长效管护", "Upkeep", who=FORCE, limit="10d", fields="upkeep", gate="mended",
         evidence="keeper_after upkeep_paper"),
)  # fmt: skip

GATES = (
    gate(
        "willing", "制定方案前", "Before the plan",
        holds("同意户数达到规定比例", "As many households agreed as must", CONSENT),
        paper("有征询结果", "There is a result of asking", "ballot"),
    ),
    gate(
        "shown", "开工前", "Before the works",
        paper("有改造方案", "There is a plan", "plan_paper"),
        told("方案已公示 7 天", "The plan was made public 7 days ago", "7d"),
        signed("街道负责人批准", "The subdistrict has approved", "role:批准人", "leader"),
    ),
    gate(
        "mended", "移交前", "Before handing over",
        paper("有联合验收意见", "There is a paper of the joint acceptance", "acceptance_paper"),
        holds("验收问题全部整改", "Every point is mended", "count(${points}) = 0 or not(selected(join(' ', ${mended}), 'no'))"),
        signed("居民代表签字", "The residents' representative has signed", "role:居民代表"),
    ),
)  # fmt: skip

FIGURES = (
    count("compounds", "小区", "Compounds", unit="个"),
    total("households_all", "涉及户数", "Households", "households", unit="户"),
    total("buildings_all", "涉及楼栋", "Buildings", "buildings", unit="栋"),
    total("households_agreed", "同意户数", "Households that agreed", "agreed", unit="户"),
    count("planned", "已定方案", "Planned", "step:plan", unit="个"),
    count("basic", "含基础类", "With basic works", "step:plan", where="${basic_works} != ''", unit="个"),
    count("improving", "含完善类", "With improving works", "step:plan", where="${improving_works} != ''", unit="个"),
    count("upgrading", "含提升类", "With upgrading works", "step:plan", where="${upgrading_works} != ''", unit="个"),
    count("working", "已开工", "Works begun", where="${works_began} != ''", unit="个"),
    count("accepted", "联合验收", "Accepted", "step:accept", unit="个"),
    count("kept", "落实管护", "Upkeep settled", "step:upkeep", unit="个"),
)  # fmt: skip

RENOVATION = Definition(
    name="老旧小区改造",
    name_en="Renovation of old compounds",
    version="1",
    settings=Settings(code="renovation", default_language="中文 (zh)", subject="compound"),
    fields=FIELDS,
    choices=CHOICES,
    steps=STEPS,
    gates=GATES,
    figures=FIGURES,
    documents=(weekly(FIGURES), monthly(FIGURES), final(FIGURES)),
    goals=(
        goal("planned", "方案全部议定", "All planned", 6, 45),
        goal("accepted", "全部通过验收", "All accepted", 6, 180),
    ),
)
