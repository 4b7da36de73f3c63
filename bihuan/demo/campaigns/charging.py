"""Charging without flying wires 飞线充电整治 in 良苑小区: 12 buildings, 312 households, 233 ports."""

from datetime import date, timedelta
from random import Random
from typing import Any

from bihuan.accounts.models import DutyKind, User
from bihuan.core.clock import today
from bihuan.demo.campaigns.reporting import report, watch_evenings
from bihuan.demo.campaigns.stage import QIYI, Script, Stage, ago, moment
from bihuan.ledgers import actions
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Item, Visibility
from bihuan.ledgers.templates_shipped.charging import CHECKS
from bihuan.territory.models import AreaKind, Place, PlaceKind

NAME = "良苑小区飞线充电整治"
BEGAN, LASTS = 50, 32  # days before today, days
COMMUNITY = f"{QIYI}006"
HOUSEHOLDS_EACH = 26
PORTS = [20] * 5 + [19] * 7  # 233, as domain.md splits them
CORNERS = ["一层门厅东侧", "一层门厅西侧", "单元门外侧雨棚下"]
TOPICS = [
    ("price", "按电量计费，价格公示在充电箱上。"),
    ("place", "改到门厅外侧，不占楼道。"),
    ("safety", "加装灭火器和烟感。"),
]


class Charging:
    """Plays the campaign building by building."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.script, self.chance = stage, Script(), Random("charging")
        self.first = ago(BEGAN)
        self.street, self.community = stage.areas[QIYI], stage.areas[COMMUNITY]
        self.script.at(moment(self.first, 8), self.prepare)

    def day(self, number: int) -> date:
        return self.first + timedelta(days=number)

    def prepare(self) -> None:
        stage, by = self.stage, self.stage.on_duty(DutyKind.CLERK, self.street)
        self.head = stage.person("charging_head", "周滨社区党支部书记")
        self.council = stage.person("charging_council", "良苑小区党群议事会召集人")
        self.worker = stage.person("charging_worker", "周滨社区工作者")
        self.operator = stage.person("charging_operator", "通信运营商施工负责人")
        self.fire = stage.person("charging_fire", "消防验收人")
        self.campaign = actions.make_campaign(
            stage.edition("charging"),
            by=by,
            name=NAME,
            name_en="Charging without flying wires in Liangyuan",
            area=self.community,
            starts_on=self.first,
            ends_on=self.day(LASTS),
            visibility=Visibility.PUBLIC,
            leader=self.head,
            goal="每栋楼一层有充电箱，24 小时能充，飞线全部拆除。",
        )
        self.team = actions.add_team(
            self.campaign, by=by, name="良苑小区组", area=self.community, answers_for="逐户摸底、议事、验收"
        )
        for person, role in ((self.council, "leader"), (self.worker, "member")):
            actions.join_campaign(self.campaign, by=by, person=person, team=self.team, role=role)
        grid = stage.under(COMMUNITY, AreaKind.GRID)[0]
        self.grid_worker = stage.on_duty(DutyKind.GRID_WORKER, grid)
        actions.join_campaign(self.campaign, by=by, person=self.grid_worker, team=self.team)
        actions.join_campaign(self.campaign, by=by, person=self.operator, role="运营商")
        actions.join_campaign(self.campaign, by=by, person=self.fire, role="消防验收人")
        self.campaign = actions.begin_campaign(self.campaign, by=by)
        self.script.at(moment(self.first, 8, 30), self.enter)
        watch_evenings(self.script, self.campaign, since=self.first, until=self.day(LASTS))
        self.script.at(moment(self.day(LASTS), 18, 30), self.finish)

    def enter(self) -> None:
        buildings = [
            place
            for place in self.stage.places(PlaceKind.BUILDING, self.community)
            if place.name.startswith("良苑小区")
        ]
        drafts = [
            Draft(
                title=place.name,
                place=place,
                team=self.team,
                responsible=self.worker,
                source_key=f"place:{place.pk}",
            )
            for place in buildings
        ]
        items = actions.add_items(self.campaign, by=self.head, drafts=drafts)
        for number, (item, place) in enumerate(zip(items, buildings, strict=True)):
            Building(self, item, place, number).plan()

    def finish(self) -> None:
        actions.finish_campaign(
            self.campaign,
            by=self.head,
            lessons="先逐户问清需求再定数量；选址、收费交党群议事会议定；运营商一次进场，入管入盒与充电箱同步。",
        )
        report(self.campaign)


class Building:
    """One building, from the survey of its households to its charging box."""

    def __init__(self, play: Charging, item: Item, place: Place, number: int) -> None:
        self.of, self.item, self.place, self.number = play, item, place, number
        self.ports = PORTS[number]

    def plan(self) -> None:
        at, day, late = self.of.script.at, self.of.day, self.number // 3
        hour, minute = 9 + self.number % 8, self.number * 4
        at(moment(day(1 + late), hour, minute), self.survey)
        at(moment(day(6 + late % 2), hour, minute), self.look)
        at(moment(day(9 + late), 19, minute), self.hear)
        at(moment(day(14), 10, minute), self.settle)
        at(moment(day(18 + late), hour, minute), self.install)
        accepted = 23 + late
        if self.number == 6:
            at(moment(day(accepted - 1), 10), self.find_untidy)
            at(moment(day(accepted), 9), self.install)
        at(moment(day(accepted), 15, minute), self.accept)
        at(moment(day(accepted + 2), hour, minute), self.serve)

    def survey(self) -> None:
        chance = Random(f"homes {self.number}")
        homes = []
        for number in range(HOUSEHOLDS_EACH):
            floor, door = divmod(number, 4)
            bikes = chance.choice((0, 0, 1, 1, 1, 2))
            homes.append(
                {
                    "door": f"{floor + 1}0{door + 1}",
                    "reached": "empty" if bikes == 0 and number % 13 == 0 else "yes",
                    "bikes": bikes,
                    "wanted": min(bikes, 1),
                }
            )
        self.take(
            by=self.of.grid_worker,
            wires=2 + self.number % 4,
            photo_before=self.of.stage.snap(self.number),
            homes=homes,
        )

    def look(self) -> None:
        self.take(
            by=self.of.worker,
            box_place=CORNERS[self.number % 3],
            power=str(14 + self.number % 3),
            obstacles=["cables"] if self.number % 2 else ["room", "things"],
            photo_site=self.of.stage.snap(self.number + 2),
        )

    def hear(self) -> None:
        topic, answer = TOPICS[self.number % 3]
        self.take(
            by=self.of.worker, opinions=[{"topic": topic, "voices": 2 + self.number % 4, "answer": answer}]
        )

    def settle(self) -> None:
        """The council settles the plan; it hangs out for three days before anybody installs anything."""
        actions.fill_item(
            self.item,
            by=self.of.council,
            answers={"planned": self.ports, "plan_paper": self.of.stage.sheet(7)},
        )
        actions.give_notice(
            self.item,
            by=self.of.worker,
            channel="door",
            text="党群议事会议定的充电设施方案公示三天：位置、端口数、收费标准。有意见请告诉社区。",
        )
        self.of.script.at(
            moment(today() + timedelta(days=3), 11, self.number * 4), self.take, by=self.of.council
        )

    def install(self) -> None:
        self.take(
            by=self.of.operator,
            ports=self.ports,
            installed_on=today().isoformat(),
            photo_after=self.of.stage.snap(self.number, after=True),
        )

    def find_untidy(self) -> None:
        """Acceptance finds a fault, and sends the building back."""
        actions.fill_item(
            self.item, by=self.of.council, answers={"tidy": "no", "to_mend": "线缆未完全入管，标识缺两处。"}
        )
        actions.send_back_item(
            self.item, by=self.of.council, to="install", reason="线缆未完全入管，标识缺两处。"
        )

    def accept(self) -> None:
        passed = {name: "yes" for name, _zh, _en in CHECKS}
        actions.fill_item(self.item, by=self.of.council, answers=passed)
        gate = self.of.campaign.edition.definition.gate("passed")
        assert gate is not None
        actions.sign_condition(self.item, by=self.of.fire, gate=gate.code, condition=1)
        self.take(by=self.of.council)

    def serve(self) -> None:
        self.take(by=self.of.worker, in_use_since=today().isoformat())

    def take(self, *, by: User, **answers: Any) -> None:
        self.item = actions.take_step(self.item, by=by, answers=answers)
