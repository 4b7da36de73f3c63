"""Relocation 征迁 in 人和街: 110 households, 17 of them split, in fourteen days to 5 March."""

from datetime import date, timedelta
from random import Random
from typing import Any

from bihuan.accounts.models import DutyKind, User
from bihuan.core.clock import today
from bihuan.demo.campaigns.reporting import report, watch_evenings
from bihuan.demo.campaigns.stage import RENHE, Script, Stage, moment, spring
from bihuan.ledgers import actions
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Item, Team

NAME = "文昌大道西延征迁"
HOUSEHOLDS, SPLIT = 93, 17
SIGNED = [0, 0, 4, 8, 10, 12, 12, 12, 12, 11, 10, 9, 7, 3]  # households on each day, with parts
TEAMS = ["一", "二", "三", "四", "五", "六"]
WENCHANG = f"{RENHE}005"
STRUCTURES = ["brick", "brick", "frame", "wood"]
RESETTLING = ["money", "house", "both"]


class Group:
    """One of the teams: its leader, and two officers of whom one measures what the other rechecks."""

    def __init__(self, stage: Stage, number: int, name: str) -> None:
        self.name = f"征迁{name}组"
        self.leader = stage.person(f"relocation_leader{number}", f"征迁{name}组组长")
        self.officers = [
            stage.person(f"relocation_officer{number}{one}", f"征迁{name}组包保干部{one}") for one in (1, 2)
        ]
        self.team: Team


class Relocation:
    """Plays the campaign: nobody is hurried, everybody's law and sums are explained first."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.script, self.chance = stage, Script(), Random("relocation")
        self.first = spring()
        self.street = stage.areas[RENHE]
        self.script.at(moment(self.first, 8), self.prepare)

    def day(self, number: int) -> date:
        return self.first + timedelta(days=number)

    def prepare(self) -> None:
        stage, by = self.stage, self.stage.on_duty(DutyKind.CLERK, self.street)
        last = len(SIGNED) - 1
        self.head = stage.person("relocation_head", "征迁专班组长")
        self.lawyer = stage.person("relocation_lawyer", "征迁法律顾问")
        self.reckoner = stage.person("relocation_reckoner", "征迁核算员")
        self.second = stage.person("relocation_second", "征迁核算复核员")
        self.campaign = actions.make_campaign(
            stage.edition("relocation"),
            by=by,
            name=NAME,
            name_en="Relocation for the western Wenchang Avenue",
            area=self.street,
            starts_on=self.first,
            ends_on=self.day(last),
            leader=self.head,
            goal="讲清政策、算好账目，一户一策，依法依规。",
        )
        self.groups = [Group(stage, number, name) for number, name in enumerate(TEAMS, start=1)]
        for group in self.groups:
            group.team = actions.add_team(self.campaign, by=by, name=group.name, answers_for="包保到户")
            actions.join_campaign(self.campaign, by=by, person=group.leader, team=group.team, role="leader")
            for officer in group.officers:
                actions.join_campaign(self.campaign, by=by, person=officer, team=group.team)
        for person, role in (
            (self.lawyer, "法律顾问"),
            (self.reckoner, "核算员"),
            (self.second, "核算员"),
        ):
            actions.join_campaign(self.campaign, by=by, person=person, role=role)
        self.campaign = actions.begin_campaign(self.campaign, by=by)
        self.script.at(moment(self.first, 8, 30), self.enter)
        watch_evenings(self.script, self.campaign, since=self.first, until=self.day(last))
        self.script.at(moment(self.day(last), 18, 30), self.finish)

    def enter(self) -> None:
        """93 households come in at once; on which day each signs is counted out, parts among them."""
        area = self.stage.areas[WENCHANG]
        drafts = []
        for number in range(HOUSEHOLDS):
            group = self.groups[number % len(self.groups)]
            drafts.append(
                Draft(
                    title=f"文昌大道西延 {number + 1:03} 号院",
                    team=group.team,
                    responsible=group.officers[number // len(self.groups) % 2],
                    source_key=f"household:{number + 1:03}",
                    **self.stage.point(area, self.chance),
                )
            )
        items = actions.add_items(self.campaign, by=self.head, drafts=drafts)
        days = [day for day, count in enumerate(SIGNED) for _ in range(count)]
        # The last ones to sign were those whose families divided: they took their time.
        whole = len(days) - 2 * SPLIT
        for number, item in enumerate(items):
            of = self.groups[number % len(self.groups)]
            if number < HOUSEHOLDS - SPLIT:
                Household(self, of, item, number, days[number]).plan()
            else:
                place = whole + 2 * (number - (HOUSEHOLDS - SPLIT))
                self.plan_split(of, item, number, days[place], days[place + 1])

    def plan_split(self, of: Group, item: Item, number: int, own: int, parts: int) -> None:
        self.script.at(moment(self.day(own - 3), 15, number % 50), self.split, of, item, number, own, parts)

    def split(self, of: Group, item: Item, number: int, own: int, parts: int) -> None:
        """A family divides 分户: the part is a household of its own from now on, from measuring on."""
        made = actions.split_item(item, by=of.leader, titles=[f"{item.title}（分户）"])
        Household(self, of, item, number, own).plan()
        for one in made:
            Household(self, of, one, number + HOUSEHOLDS, parts).plan()

    def finish(self) -> None:
        actions.finish_campaign(
            self.campaign,
            by=self.head,
            lessons="面积、单价、补助逐项送户核对；法律顾问全程参与，救济途径先讲明；一户一策，不催不比。",
        )
        report(self.campaign)


class Household:
    """One household: measured, rechecked, reckoned, told its rights, and only then asked to sign."""

    def __init__(self, play: Relocation, of: Group, item: Item, number: int, signs: int) -> None:
        self.play, self.of, self.item, self.number, self.signs = play, of, item, number, signs
        self.officer = of.officers[number // len(play.groups) % 2]
        self.other = next(one for one in of.officers if one != self.officer)

    def plan(self) -> None:
        at, day, minute = self.play.script.at, self.play.day, self.number % 60
        last = len(SIGNED) - 1
        at(moment(day(self.signs - 2), 9 + self.number % 3, minute), self.measure)
        at(moment(day(self.signs - 2), 16, minute), self.recheck)
        at(moment(day(self.signs - 1), 9, minute), self.reckon)
        at(moment(day(self.signs - 1), 11, minute), self.check)
        at(moment(day(self.signs - 1), 15, minute), self.explain)
        at(moment(day(self.signs), 10 + self.number % 3, minute), self.sign)
        at(moment(day(min(self.signs + 1, last)), 16, minute), self.accept)

    @property
    def today(self) -> str:
        return today().isoformat()

    def measure(self) -> None:
        self.take(
            by=self.officer,
            house_area=f"{80 + self.number * 37 % 120}.5",
            yard_area=str(20 + self.number * 13 % 60),
            structure=STRUCTURES[self.number % 4],
            attached_items=1 + self.number % 4,
            photo_measured=self.play.stage.snap(self.number),
            measured_on=self.today,
        )

    def recheck(self) -> None:
        self.take(by=self.other, area_right="yes", area_shown=self.play.stage.sheet(6))

    def reckon(self) -> None:
        self.item = actions.fill_item(
            self.item,
            by=self.play.reckoner,
            answers={
                "resettling": RESETTLING[self.number % 3],
                "interim": "own",
                "interim_months": 12,
                "moves": 1,
                "plan_paper": self.play.stage.sheet(7),
                "policy_told_on": self.today,
                "remedies_told_on": self.today,
                "legal_opinion": self.play.stage.sheet(4),
                "reckoned_on": self.today,
            },
        )
        actions.begin_reckoning(self.item, by=self.play.reckoner)

    def check(self) -> None:
        actions.check_reckoning(self.item, by=self.play.second)

    def explain(self) -> None:
        """The household has seen every line; the legal adviser puts their name to it."""
        gate = self.play.campaign.edition.definition.gates[0]
        place = next(number for number, one in enumerate(gate.conditions) if one.kind == "signature")
        actions.sign_condition(self.item, by=self.play.lawyer, gate=gate.code, condition=place)
        self.take(by=self.play.reckoner, sum_shown="yes")

    def sign(self) -> None:
        self.take(by=self.officer, signed_on=self.today, agreement=self.play.stage.sheet(8))

    def accept(self) -> None:
        self.take(
            by=self.of.leader,
            vacated_on=self.today,
            meters_settled="yes",
            photo_empty=self.play.stage.snap(self.number, after=True),
        )

    def take(self, *, by: User, **answers: Any) -> None:
        self.item = actions.take_step(self.item, by=by, answers=answers)
