"""Renovation 老旧小区改造 of the district, which runs: six compounds, each at another step."""

from datetime import timedelta
from random import Random
from typing import Any

from bihuan.accounts.models import DutyKind, User
from bihuan.core.clock import today
from bihuan.demo.campaigns.reporting import watch_evenings
from bihuan.demo.campaigns.stage import QIYI, RENHE, XIAOQIAO, Script, Stage, ago, moment
from bihuan.ledgers import actions
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Item, Team, Visibility
from bihuan.territory.models import AreaKind, PlaceKind

NAME = "老旧小区改造（年度第一批）"
BEGAN, LASTS = 84, 200
STREETS = [XIAOQIAO, RENHE, QIYI, "411602003", "411602001", "411602008"]
# How far each has come: the day of the campaign on which it took each step.
PACE = [
    {"survey": 3, "consent": 12, "plan": 22, "notice": 32, "works": 66, "accept": 72, "upkeep": 76},
    {"survey": 4, "consent": 14, "plan": 26, "notice": 36, "works": 80},
    {"survey": 5, "consent": 15, "plan": 28, "notice": 38},
    {"survey": 5, "consent": 18, "plan": 30, "notice": 41},
    {"survey": 48, "consent": 60, "plan": 72},
    {"survey": 70},
]
BUILT = [1996, 1998, 1995, 2001, 1999, 1993]
HOUSES = [(8, 226), (6, 168), (10, 280), (5, 132), (7, 190), (4, 96)]


class Renovation:
    """Plays the campaign up to the present."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.script, self.chance = stage, Script(), Random("renovation")
        self.first = ago(BEGAN)
        self.district = next(area for area in stage.areas.values() if area.kind == AreaKind.DISTRICT)
        self.script.at(moment(self.first, 8), self.prepare)

    def prepare(self) -> None:
        stage, by = self.stage, self.stage.on_duty(DutyKind.CLERK, self.district)
        self.head = stage.person("renovation_head", "区住建局分管负责人")
        self.builder = stage.person("renovation_builder", "改造施工负责人")
        self.resident = stage.person("renovation_resident", "居民代表")
        self.approver = stage.person("renovation_approver", "街道主要负责人")
        self.campaign = actions.make_campaign(
            stage.edition("renovation"),
            by=by,
            name=NAME,
            name_en="Renovation of old compounds, first lot of the year",
            area=self.district,
            starts_on=self.first,
            ends_on=self.first + timedelta(days=LASTS),
            visibility=Visibility.STAFF,
            leader=self.head,
            goal="改不改、改什么、怎么管，由居民说了算。",
        )
        teams: list[tuple[Team, User, Any]] = []
        for street in (stage.areas[code] for code in STREETS):
            community = stage.under(street.code, AreaKind.COMMUNITY)[0]
            name = street.name.removesuffix("街道")
            team = actions.add_team(
                self.campaign, by=by, name=f"{name}组", area=street, answers_for="征求意见、协调"
            )
            worker = stage.community_worker(community)
            actions.join_campaign(self.campaign, by=by, person=worker, team=team, role="leader")
            actions.join_campaign(self.campaign, by=by, person=self.builder, team=team)
            teams.append((team, worker, stage.places(PlaceKind.COMPOUND, community)[0]))
        for person, role in ((self.resident, "居民代表"), (self.approver, "批准人")):
            actions.join_campaign(self.campaign, by=by, person=person, role=role)
        self.campaign = actions.begin_campaign(self.campaign, by=by)
        for number, (team, worker, place) in enumerate(teams):
            entered = max(1, PACE[number]["survey"] - 3)
            self.script.at(
                moment(self.first + timedelta(days=entered), 9), self.enter, number, team, worker, place
            )
        watch_evenings(self.script, self.campaign, since=self.first, until=ago(-1))

    def enter(self, number: int, team: Team, worker: User, place: Any) -> None:
        draft = Draft(
            title=place.name, place=place, team=team, responsible=worker, source_key=f"place:{place.pk}"
        )
        item = actions.add_item(self.campaign, by=self.head, draft=draft)
        compound = Compound(self, item, number, worker)
        for step, day in PACE[number].items():
            self.script.at(
                moment(self.first + timedelta(days=day), 10 + number, 5 * number), getattr(compound, step)
            )
        if number == 2:
            self.script.at(moment(self.first + timedelta(days=60), 11), compound.hold_up)


class Compound:
    """One compound on its way through the seven steps."""

    def __init__(self, play: Renovation, item: Item, number: int, worker: User) -> None:
        self.of, self.item, self.number, self.worker = play, item, number, worker
        self.buildings, self.households = HOUSES[number]

    def survey(self) -> None:
        self.take(
            by=self.worker,
            built=BUILT[self.number],
            buildings=self.buildings,
            households=self.households,
            keeper="none" if self.number % 2 else "community",
            shortcomings=["pipes", "roof", "cables"],
            photo_before=self.of.stage.snap(self.number),
        )

    def consent(self) -> None:
        asked = self.households - 3 - self.number
        self.take(
            by=self.worker, asked=asked, agreed=round(asked * 0.9), share=67, ballot=self.of.stage.sheet(9)
        )

    def plan(self) -> None:
        """The plan; after that it hangs out, and somebody approves it."""
        self.take(
            by=self.worker,
            basic_works=["pipes", "roof", "fire", "cables"],
            improving_works=["charging", "green"] if self.number != 1 else ["parking", "ramp"],
            upgrading_works=["station"] if self.number % 2 == 0 else [],
            budget=str(self.households * 2),
            plan_paper=self.of.stage.sheet(7),
        )
        actions.give_notice(
            self.item,
            by=self.worker,
            channel="door",
            text="改造方案在小区公告栏公示七天，有意见请告诉社区。",
        )

    def notice(self) -> None:
        gate = self.of.campaign.edition.definition.gate("shown")
        assert gate is not None
        if self.number == 3:
            return  # its plan waits for somebody's name
        actions.sign_condition(self.item, by=self.of.approver, gate=gate.code, condition=2)
        self.take(by=self.worker)
        actions.fill_item(
            self.item,
            by=self.of.builder,
            answers={"works_began": today().isoformat(), "progress": 5, "hindrance": "none"},
        )

    def hold_up(self) -> None:
        actions.fill_item(self.item, by=self.of.builder, answers={"progress": 45, "hindrance": "owner"})

    def works(self) -> None:
        self.take(
            by=self.of.builder,
            progress=100,
            hindrance="none",
            works_ended=today().isoformat(),
            photo_after=self.of.stage.snap(self.number, after=True),
        )

    def accept(self) -> None:
        points = [{"part": "basic", "point": "3号楼雨水管接口渗水", "mended": "yes"}]
        self.item = actions.fill_item(
            self.item, by=self.worker, answers={"points": points, "acceptance_paper": self.of.stage.sheet(10)}
        )
        actions.sign_condition(self.item, by=self.of.resident, gate="mended", condition=2)
        self.take(by=self.worker)

    def upkeep(self) -> None:
        self.take(by=self.worker, keeper_after="red", fund="12.5", upkeep_paper=self.of.stage.sheet(11))

    def take(self, *, by: User, **answers: Any) -> None:
        self.item = actions.take_step(self.item, by=by, answers=answers)
