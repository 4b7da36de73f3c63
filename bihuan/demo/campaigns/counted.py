"""Home visits 入户大走访 in 富民, which run, and 防返贫 in 许湾, which is over: numbers, never persons."""

from datetime import date, timedelta
from random import Random
from typing import Any

from bihuan.accounts.models import DutyKind, User
from bihuan.core.clock import today
from bihuan.demo.campaigns.reporting import report, watch_evenings
from bihuan.demo.campaigns.stage import XUWAN, Script, Stage, ago, moment
from bihuan.demo.people import CAST_COMMUNITY
from bihuan.ledgers import actions
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Item, Visibility
from bihuan.territory.models import Area, AreaKind

VISITS, HARDSHIP = "富民社区敲门行动", "许湾街道防返贫监测"
TOPICS = ["policy", "environment", "facilities", "parking", "safety", "disputes", "work", "care"]
MEASURES = ["work", "trade", "school", "clinic", "housing", "water"]


class Visiting:
    """Grid workers call on every home of their grid; what they hear is counted by matter."""

    began, lasts = 7, 16

    def __init__(self, stage: Stage) -> None:
        self.stage, self.script, self.chance = stage, Script(), Random("visits")
        self.first, self.community = ago(self.began), stage.areas[CAST_COMMUNITY]
        self.script.at(moment(self.first, 8), self.prepare)

    def prepare(self) -> None:
        stage = self.stage
        street = stage.areas[CAST_COMMUNITY[:9]]
        by, worker = stage.on_duty(DutyKind.CLERK, street), stage.community_worker(self.community)
        last = self.first + timedelta(days=self.lasts)
        campaign = actions.make_campaign(
            stage.edition("visits"),
            by=by,
            name=VISITS,
            name_en="Home visits in Fumin",
            area=self.community,
            starts_on=self.first,
            ends_on=last,
            visibility=Visibility.STAFF,
            leader=worker,
            goal="应访尽访，只记事项和户数，不评价人。",
        )
        team = actions.add_team(campaign, by=by, name="富民组", area=self.community, answers_for="全部网格")
        actions.join_campaign(campaign, by=by, person=worker, team=team, role="leader")
        grids = stage.under(CAST_COMMUNITY, AreaKind.GRID)
        workers = [stage.on_duty(DutyKind.GRID_WORKER, grid) for grid in grids]
        for person in workers:
            actions.join_campaign(campaign, by=by, person=person, team=team)
        campaign = actions.begin_campaign(campaign, by=by)
        drafts = [
            Draft(title=grid.name, area=grid, team=team, responsible=person, source_key=grid.code)
            for grid, person in zip(grids, workers, strict=True)
        ]
        items = actions.add_items(campaign, by=by, drafts=drafts)
        for number, (item, person) in enumerate(zip(items, workers, strict=True)):
            self.plan(item, number, person, worker)
        watch_evenings(self.script, campaign, since=self.first, until=last)

    def plan(self, item: Item, number: int, person: User, leader: User) -> None:
        days: list[dict[str, Any]] = []
        topics: list[dict[str, Any]] = []
        finished = 2 + number % 5 if number % 3 else 99  # some still go from door to door
        for day in range(1, min(self.began, finished)):
            when = moment(self.first + timedelta(days=day), 20, number)
            self.script.at(when, self.go, item, person, number, days, topics)
        if finished < 99:
            done = self.first + timedelta(days=finished)
            self.script.at(moment(done, 20, number), self.finish, item, person, days, topics)
            if number % 2:
                self.script.at(moment(done + timedelta(days=1), 10, number), self.sort, item, leader, topics)

    def go(self, item: Item, person: User, number: int, days: list[Any], topics: list[Any]) -> None:
        homes = self.chance.randint(9, 18)
        days.append(
            {
                "visited_on": today().isoformat(),
                "visited": homes,
                "nobody_in": self.chance.randint(0, 4),
                "leaflets": homes,
            }
        )
        if len(days) % 2:
            raised = self.chance.randint(1, 4)
            settled = self.chance.randint(0, raised)
            topic = TOPICS[(number + len(days)) % len(TOPICS)]
            passed = raised - settled
            topics.append({"topic": topic, "raised": raised, "settled": settled, "passed_on": passed})
        actions.fill_item(item, by=person, answers={"days": days, "topics": topics})

    def finish(self, item: Item, person: User, days: list[Any], topics: list[Any]) -> None:
        actions.take_step(item, by=person, answers={"days": days, "topics": topics, "all_done": "yes"})

    def sort(self, item: Item, leader: User, topics: list[Any]) -> None:
        actions.take_step(item, by=leader, answers={"topics": topics})


class Hardship:
    """Every village tells how many households it saw and helped; somebody else checks the numbers."""

    began, lasts = 40, 18

    def __init__(self, stage: Stage) -> None:
        self.stage, self.script, self.chance = stage, Script(), Random("hardship")
        self.first, self.street = ago(self.began), stage.areas[XUWAN]
        self.script.at(moment(self.first, 8), self.prepare)

    def prepare(self) -> None:
        stage, by = self.stage, self.stage.on_duty(DutyKind.CLERK, self.street)
        last = self.first + timedelta(days=self.lasts)
        self.head = stage.person("hardship_head", "许湾街道乡村振兴负责人")
        self.campaign = actions.make_campaign(
            stage.edition("hardship"),
            by=by,
            name=HARDSHIP,
            name_en="Keeping out of poverty in Xuwan",
            area=self.street,
            starts_on=self.first,
            ends_on=last,
            leader=self.head,
            goal="守住不发生规模性返贫的底线；只统计户数，不记个人信息。",
        )
        self.secretary = stage.person("hardship_officer", "许湾街道包村干部")
        team = actions.add_team(self.campaign, by=by, name="监测组", area=self.street, answers_for="30 个村")
        actions.join_campaign(self.campaign, by=by, person=self.head, team=team, role="leader")
        actions.join_campaign(self.campaign, by=by, person=self.secretary, team=team)
        self.campaign = actions.begin_campaign(self.campaign, by=by)
        villages = stage.under(XUWAN, AreaKind.VILLAGE)
        drafts = [
            Draft(
                title=village.name,
                area=village,
                team=team,
                responsible=self.secretary,
                source_key=village.code,
            )
            for village in villages
        ]
        items = actions.add_items(self.campaign, by=self.head, drafts=drafts)
        for number, (item, village) in enumerate(zip(items, villages, strict=True)):
            counted = self.first + timedelta(days=1 + number % 5)
            self.script.at(moment(counted, 9 + number % 8, number), self.count, item, village, counted)
            self.script.at(moment(counted + timedelta(days=1), 15, number), self.check, item)
        watch_evenings(self.script, self.campaign, since=last, until=last)
        self.script.at(moment(last, 18, 30), self.finish)

    def count(self, item: Item, _village: Area, day: date) -> None:
        visited = self.chance.randint(18, 34)
        at_risk = self.chance.randint(1, 4)
        measures = self.chance.sample(MEASURES, 2)
        actions.take_step(
            item,
            by=self.secretary,
            answers={
                "counted_on": day.isoformat(),
                "visited": visited,
                "at_risk": at_risk,
                "relieved": self.chance.randint(0, at_risk),
                "measures": [{"measure": one, "households_helped": at_risk} for one in measures],
            },
        )

    def check(self, item: Item) -> None:
        actions.take_step(item, by=self.head)

    def finish(self) -> None:
        actions.finish_campaign(
            self.campaign, by=self.head, lessons="数字由村里一次填报，镇街复核，不再层层要表。"
        )
        report(self.campaign)
