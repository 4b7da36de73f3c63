"""The ledger 小菜园清理: public green taken for vegetable plots, from survey to replanting."""

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
    repeat,
    signed,
    step,
    told,
    total,
    weekly,
)

FORCE = ("team", "responsible")
APPROVER, LEGAL = "role:批准人", "role:法律顾问"

FIELDS = (
    group(
        "found", "摸底排查", "What was found",
        ask("text", "spot", "具体位置", "Where exactly", must=True,
            hint=("写楼号、方位，不写姓名", "Building and side; no names")),
        number("size", "占用面积（平方米）", "Area taken (m²)", decimals=True, above=True, must=True),
        ask("select_multiple fixtures", "present", "现场情况", "What is there"),
        ask("image", "photo_before", "清理前照片", "Photo before"),
        ask("select_one yes_no", "user_found", "是否联系到使用人", "Is its user known to the team",
            hint=("台账不记使用人姓名", "The ledger keeps no name of the user")),
    ),
    repeat(
        "outings", "出动记录", "Outings",
        day("went_on", "日期", "Day", must=True),
        ask("select_one work", "work", "工作内容", "What for", must=True),
        number("people", "出动人次", "People who went", above=True, must=True),
    ),
    group(
        "telling", "告知与劝导", "Notice and persuasion",
        ask("image", "notice_paper", "书面告知书（照片）", "The written notice (photo)"),
        number("persuasions", "劝导次数", "Times talked with the user"),
        ask("select_one outcome", "outcome", "过渡期结果", "How the grace period ended",
            hint=("拒绝清理与无力清理分开统计", "Refused and unable are counted apart")),
    ),
    group(
        "papers", "统一清理材料", "Papers for clearing",
        note("law", "统一清理须有法律依据、书面告知、期满、物品清单、法制审核和批准人，缺一不可。",
             "Clearing needs a legal basis, written notice, an expired period, an inventory, legal review and an "
             "approver; all of them."),
        ask("file", "legal_basis", "法律依据", "Legal basis"),
        ask("file", "inventory", "物品清单", "Inventory of things"),
        ask("file", "legal_opinion", "法制审核意见", "Legal opinion"),
        ask("file", "help_wanted", "使用人委托清理的书面意见", "The user's written wish for help",
            only="${outcome} = 'unable'"),
        only="${outcome} = 'refused' or ${outcome} = 'unable'",
    ),
    group(
        "clearing", "清理与清运", "Clearing and carting",
        day("cleared_on", "清理日期", "Cleared on"),
        number("loads", "清运车数", "Cartloads"),
        ask("image", "photo_after", "清理后照片", "Photo after"),
    ),
    group(
        "greening", "复绿", "Replanting",
        number("replanted", "复绿面积（平方米）", "Replanted (m²)", decimals=True, above=True),
        day("replanted_on", "复绿日期", "Replanted on"),
        ask("image", "photo_green", "复绿照片", "Photo of the new green"),
    ),
)  # fmt: skip

CHOICES = (
    choices(
        "fixtures",
        crops=("种植蔬菜", "Vegetables"),
        fence=("围栏围挡", "Fences"),
        shed=("搭棚", "Sheds"),
        heaps=("堆肥、杂物", "Compost, things stored"),
    ),
    choices("yes_no", yes=("是", "Yes"), no=("否", "No")),
    choices(
        "work",
        survey=("摸底排查", "Survey"),
        notice=("告知宣传", "Giving notice"),
        visit=("走访劝导", "Visits and persuasion"),
        clear=("清理清运", "Clearing and carting"),
        green=("复绿", "Replanting"),
    ),
    choices(
        "outcome",
        self=("自行清理", "Cleared it themselves"),
        refused=("拒绝清理", "Refused"),
        unable=("无力自行清理", "Could not do it themselves"),
    ),
)

STEPS = (
    step("survey", "摸底建账", "Survey", who=("grid_worker", *FORCE), limit="3d", fields="found outings",
         evidence="photo_before", next="tell"),
    step("tell", "告知", "Give notice", who=FORCE, limit="2d", fields="outings notice_paper",
         evidence="notice_paper", next="persuade"),
    step("persuade", "过渡期劝导", "Grace period", who=FORCE, limit="20d", natural=True,
         fields="outings persuasions outcome papers", evidence="outcome", next="clear"),
    step("clear", "统一清理", "Clear together", who=FORCE, limit="3d", fields="outings clearing",
         evidence="cleared_on", gate="lawful", only="${outcome} != 'self'", next="cart", back="persuade"),
    step("cart", "清运", "Cart away", who=FORCE, limit="2d", fields="outings clearing",
         evidence="cleared_on photo_after", next="green"),
    step("green", "复绿", "Replant", who=FORCE, limit="7d", fields="outings greening",
         evidence="replanted photo_green", next="accept"),
    step("accept", "验收", "Acceptance", who=("inspector", "team_leader"), limit="3d", fields="found",
         back="green", other_than="green"),
)  # fmt: skip

GATES = (
    gate(
        "lawful", "统一清理前", "Before clearing together",
        holds("已写明统一清理的原因（拒绝或无力）", "The reason is known: refused or unable",
              "${outcome} = 'refused' or ${outcome} = 'unable'"),
        paper("有法律依据", "There is a legal basis", "legal_basis"),
        paper("有书面告知书", "There is a written notice", "notice_paper"),
        told("告知已满 15 天", "Notice was given 15 days ago", "15d"),
        paper("有物品清单", "There is an inventory", "inventory"),
        paper("有法制审核意见", "There is a legal opinion", "legal_opinion"),
        signed("法律顾问审核签字", "The legal adviser has signed", LEGAL),
        signed("批准人签字", "The approver has signed", APPROVER, "leader"),
    ),
)  # fmt: skip

FIGURES = (
    count("plots", "排查处数", "Plots found", unit="处"),
    count("told", "已告知", "Told", "step:tell", unit="处"),
    count("self", "自行清理", "Cleared by themselves", where="${outcome} = 'self'", unit="处"),
    count("refused", "统一清理（拒绝清理）", "Cleared together: refused", "step:clear",
          where="${outcome} = 'refused'", unit="处"),
    count("unable", "统一清理（无力清理）", "Cleared together: unable", "step:clear",
          where="${outcome} = 'unable'", unit="处"),
    count("cleared", "清运完毕", "Carted away", "step:cart", unit="处"),
    total("person_times", "出动人次", "Person-times", "people", unit="人次"),
    total("replanted_area", "复绿面积", "Replanted", "replanted", unit="平方米"),
    count("accepted", "验收合格", "Accepted", "step:accept", unit="处"),
)  # fmt: skip

GARDENS = Definition(
    name="小菜园清理",
    name_en="Vegetable plots on public green",
    version="1",
    settings=Settings(code="gardens", default_language="中文 (zh)", subject="site"),
    fields=FIELDS,
    choices=CHOICES,
    steps=STEPS,
    gates=GATES,
    figures=FIGURES,
    documents=(daily(FIGURES), weekly(FIGURES), final(FIGURES)),
    goals=(
        goal("plots", "摸清底数", "All plots found", 18, 5),
        goal("cleared", "全部清理清运", "All cleared", 18, 25),
        goal("replanted_area", "全部复绿", "All replanted", 500, 35),
    ),
)
