"""The sweeps 大整治: one runs in the lanes of 小桥街 and has led to a look-alike sweep; others are over."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from bihuan.accounts.models import DutyKind, User
from bihuan.core.clock import today
from bihuan.demo.campaigns.reporting import report, watch_evenings
from bihuan.demo.campaigns.stage import (
    QIYI,
    RENHE,
    XIAOQIAO,
    Script,
    Stage,
    ago,
    moment,
    renewed,
    set_goals,
)
from bihuan.demo.people import CAST_COMMUNITY
from bihuan.ledgers import actions
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Campaign, Item, Team, Visibility
from bihuan.territory.models import Area, AreaKind, PlaceKind

WENCHANG_STREET, HEHUA = "411602008", "411602003"
UNITS = ["街道办事处", "区城市管理局", "区环境卫生中心", "区市政服务中心", "社区居民委员会"]
PLACES_OF_WORDS = ["入口处", "中段东侧", "拐角处", "东头", "西头墙边"]
LASTING = ["纳入网格日常巡查，每周一看。", "与沿街商户签门前三包。", "移交物业，列入保洁清单。"]
TELLING = 9  # the place whose finding may be elsewhere as well
HELD_UP = ["等待管线权属单位进场", "须先断电，已约供电公司"]


@dataclass(frozen=True)
class Round:
    """One sweep: in a subdistrict, so many places in each community, begun so many days ago."""

    name: str
    name_en: str
    ledger: str
    street: str
    began: int
    lasts: int
    each: tuple[int, ...]  # places in each community
    noun: str
    alike: tuple[str, str, str, str] | None = None  # names, ledger, kind of place of a look-alike sweep


LANES = Round(
    "小桥街背街小巷整治",
    "Back lanes in Xiaoqiaojie",
    "back_lanes",
    XIAOQIAO,
    began=7,
    lasts=20,
    each=(9, 9, 8, 9, 9, 9, 9),
    noun="小巷",
    alike=(
        "小桥街消防安全举一反三排查",
        "Fire safety in compounds: look-alike sweep",
        "fire_safety",
        PlaceKind.COMPOUND,
    ),
)
OVER = [
    ("人和街老旧小区整治", "Old compounds in Renhejie", "old_compounds", RENHE, 45, "片区"),
    ("七一路杂乱线缆整治", "Tangled cables in Qiyilu", "cables", QIYI, 38, "线杆"),
    ("荷花路市容环境整治", "City appearance in Hehualu", "appearance", HEHUA, 33, "路段"),
    ("文昌交通秩序整治", "Traffic order in Wenchang", "traffic_order", WENCHANG_STREET, 28, "路口"),
]
ROUNDS = (
    LANES,
    *(Round(zh, en, ledger, street, ago, 18, (1,) * 9, noun) for zh, en, ledger, street, ago, noun in OVER),
)


class Sweeping:
    """Plays one sweep: communities are entered day by day, each place is looked at and mended."""

    def __init__(self, stage: Stage, told: Round) -> None:
        self.stage, self.told, self.script, self.chance = stage, told, Script(), Random(told.name)
        self.first, self.street = ago(told.began), stage.areas[told.street]
        self.problems = [one.name for one in stage.edition(told.ledger).definition.list_of("problem")]
        self.count = 0
        self.script.at(moment(self.first, 8), self.prepare)

    def day(self, number: int) -> date:
        return self.first + timedelta(days=number)

    def prepare(self) -> None:
        stage, told = self.stage, self.told
        self.clerk = stage.on_duty(DutyKind.CLERK, self.street)
        self.dispatcher = stage.on_duty(DutyKind.DISPATCHER, self.street)
        self.inspector = stage.on_duty(DutyKind.INSPECTOR, self.street)
        self.campaign = actions.make_campaign(
            stage.edition(told.ledger),
            by=self.clerk,
            name=told.name,
            name_en=told.name_en,
            area=self.street,
            starts_on=self.first,
            ends_on=self.day(told.lasts),
            visibility=Visibility.STAFF,
            leader=self.dispatcher,
            goal="自查问题，全面改进；谁主管谁负责、谁丢分谁担责。",
        )
        begun = []
        communities = stage.under(told.street, AreaKind.COMMUNITY)[: len(told.each)]
        for number, (community, each) in enumerate(zip(communities, told.each, strict=True)):
            short = community.name.removesuffix("社区")
            team = actions.add_team(
                self.campaign,
                by=self.clerk,
                name=f"{short}组",
                area=community,
                answers_for=f"{short}辖区自查整改",
            )
            worker = stage.community_worker(community)
            grid = stage.under(community.code, AreaKind.GRID)[0]
            grid_worker = stage.on_duty(DutyKind.GRID_WORKER, grid)
            actions.join_campaign(self.campaign, by=self.clerk, person=worker, team=team, role="leader")
            actions.join_campaign(self.campaign, by=self.clerk, person=grid_worker, team=team)
            begun.append((number, community, team, worker, grid_worker, each))
        self.campaign = actions.begin_campaign(self.campaign, by=self.clerk)
        set_goals(self.campaign, self.clerk, ("looked_at", "全部自查", 9, sum(told.each)))
        for number, *rest in begun:
            self.script.at(moment(self.day(number * 9 // len(begun)), 8, 30), self.enter, *rest)
        watch_evenings(self.script, self.campaign, since=self.first, until=self.day(told.lasts))
        self.script.at(moment(self.day(told.lasts), 18, 30), self.finish)

    def enter(self, community: Area, team: Team, worker: User, grid_worker: User, each: int) -> None:
        lanes = self.stage.places(PlaceKind.LANE, community) if self.told.noun == "小巷" else []
        short = community.name.removesuffix("社区")
        drafts = []
        for number in range(each):
            here: dict[str, Any] = self.stage.point(community, self.chance)
            title = f"{short}{self.told.noun}{number + 1}"
            if number < len(lanes):
                here, title = {"place": lanes[number]}, lanes[number].name
            key = f"{community.code}:{number}"
            drafts.append(Draft(title=title, team=team, responsible=grid_worker, source_key=key, **here))
        for number, item in enumerate(actions.add_items(self.campaign, by=worker, drafts=drafts)):
            self.count += 1
            Spot(self, item, self.count, worker, grid_worker).plan(today() + timedelta(days=number // 4))

    def sweep_alike(self, item: Item) -> None:
        """What was found here may be elsewhere: every compound of the subdistrict is looked at."""
        assert self.told.alike is not None
        name, name_en, ledger, kind = self.told.alike
        campaign = actions.sweep_alike(
            item,
            by=self.clerk,
            edition=self.stage.edition(ledger),
            name=name,
            name_en=name_en,
            kind=kind,
            areas=[self.street],
            starts_on=today(),
            ends_on=today() + timedelta(days=10),
        )
        self.alike(campaign)

    def alike(self, campaign: Campaign) -> None:
        team = actions.add_team(campaign, by=self.clerk, name="联合排查组", answers_for="看消防通道和电动车")
        handler = self.stage.community_worker(self.stage.areas[CAST_COMMUNITY])
        actions.join_campaign(campaign, by=self.clerk, person=handler, team=team, role="leader")
        worker = self.stage.by_name.get("grid_worker", handler)
        if worker != handler:
            actions.join_campaign(campaign, by=self.clerk, person=worker, team=team)
        items = list(Item.objects.lean().filter(campaign=campaign).order_by("pk"))
        for number, item in enumerate(items):
            actions.assign_item(item, by=self.clerk, team=team, responsible=worker)
            if number < 3:
                when = moment(today() + timedelta(days=1), 9, number)
                self.script.at(when, self.look_alike, item, worker, number)
        watch_evenings(self.script, campaign, since=today(), until=today() + timedelta(days=10))

    def look_alike(self, item: Item, worker: User, number: int) -> None:
        found = [finding("ways", "北门消防通道", "街道办事处", 1)] if number else []
        actions.take_step(
            item,
            by=worker,
            answers={
                "looked_on": today().isoformat(),
                "photo_before": self.stage.snap(number),
                "findings": found,
            },
        )

    def finish(self) -> None:
        actions.finish_campaign(
            self.campaign, by=self.dispatcher, lessons="先自查、再互查；同类问题举一反三，责任到一个单位。"
        )
        report(renewed(self.campaign))


class Spot:
    """One place: looked at, mended if need be, looked at again by somebody else."""

    def __init__(self, play: Sweeping, item: Item, number: int, worker: User, grid_worker: User) -> None:
        self.of, self.item, self.number = play, item, number
        self.worker, self.grid_worker = worker, grid_worker
        chance = Random(f"{play.told.name} {number}")
        self.findings = [
            finding(
                chance.choice(play.problems),
                chance.choice(PLACES_OF_WORDS),
                chance.choice(UNITS),
                chance.choice((1, 1, 2)),
            )
            for _ in range(chance.choice((0, 1, 1, 2, 2, 3)) or number == TELLING)
        ]

    def plan(self, entered: date) -> None:
        at, minute = self.of.script.at, self.number % 60
        at(moment(entered, 9 + self.number % 7, minute), self.look)
        if not self.findings:
            return
        mended = entered + timedelta(days=1 + self.number % 3)
        if self.number % 13 == 5 and self.of.told.alike:
            at(moment(mended, 9, minute), self.hold_up)
            return
        at(moment(mended, 10 + self.number % 6, minute), self.mend, mended)
        again = mended + timedelta(days=1)
        at(moment(again, 14, minute), self.look_again)
        if self.number == TELLING and self.of.told.alike:
            at(moment(again, 15, minute), self.of.sweep_alike, self.item)

    def look(self) -> None:
        self.take(
            by=self.grid_worker,
            looked_on=today().isoformat(),
            photo_before=self.of.stage.snap(self.number),
            findings=self.findings,
        )

    def hold_up(self) -> None:
        why = HELD_UP[self.number % 2]
        actions.fill_item(self.item, by=self.worker, answers={"people": 1, "held_up": why})

    def mend(self, day: date) -> None:
        mended = [
            {**one, "photo_mended": self.of.stage.snap(self.number, after=True)} for one in self.findings
        ]
        self.take(by=self.grid_worker, findings=mended, people=1 + self.number % 4, mended_on=day.isoformat())

    def look_again(self) -> None:
        """Somebody else looks: the inspector of the subdistrict. What does not hold goes back."""
        if self.number % 11 == 3:
            actions.send_back_item(
                self.item, by=self.of.inspector, to="mend", reason="现场仍有残留，请彻底整改。"
            )
            self.of.script.at(moment(today() + timedelta(days=1), 10, self.number % 60), self.mend_again)
            return
        self.pass_again()

    def mend_again(self) -> None:
        self.take(by=self.grid_worker, mended_on=today().isoformat())
        self.of.script.at(moment(today() + timedelta(days=1), 15, self.number % 60), self.pass_again)

    def pass_again(self) -> None:
        self.take(
            by=self.of.inspector,
            holds="yes",
            alike="yes" if self.number == TELLING else "no",
            lasting=LASTING[self.number % 3],
        )

    def take(self, *, by: User, **answers: Any) -> None:
        self.item = actions.take_step(self.item, by=by, answers=answers)


def finding(problem: str, spot: str, unit: str, points: int) -> dict[str, Any]:
    return {"problem": problem, "spot": spot, "points_lost": f"0.{points}", "unit": unit}
