"""Farmland 耕地图斑 in 城南, which runs: sixteen patches between the first look and being struck off."""

from datetime import date, timedelta
from random import Random
from typing import Any

from bihuan.accounts.models import DutyKind, User
from bihuan.core.clock import today
from bihuan.demo.campaigns.reporting import watch_evenings
from bihuan.demo.campaigns.stage import CHENGNAN, Script, Stage, ago, moment
from bihuan.ledgers import actions
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Item, Visibility
from bihuan.territory.models import AreaKind

NAME = "城南街道耕地图斑整改"
BEGAN, LASTS, PATCHES = 44, 75, 16
USES = ["house", "yard", "trees", "fallow", "farm"]


class Farmland:
    """Plays the campaign up to the present."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.script, self.chance = stage, Script(), Random("farmland")
        self.first, self.street = ago(BEGAN), stage.areas[CHENGNAN]
        self.script.at(moment(self.first, 8), self.prepare)

    def prepare(self) -> None:
        stage, by = self.stage, self.stage.on_duty(DutyKind.CLERK, self.street)
        self.head = stage.person("farmland_head", "城南街道分管负责人")
        self.officer = stage.person("farmland_officer", "自然资源分局经办人")
        self.farmer = stage.person("farmland_farmer", "区农业农村局经办人")
        self.approver = stage.person("farmland_approver", "城南街道主要负责人")
        self.worker = stage.person("farmland_worker", "城南街道包村干部")
        self.campaign = actions.make_campaign(
            stage.edition("farmland"),
            by=by,
            name=NAME,
            name_en="Farmland patches in Chengnan",
            area=self.street,
            starts_on=self.first,
            ends_on=self.first + timedelta(days=LASTS),
            visibility=Visibility.STAFF,
            leader=self.head,
            goal="守住耕地红线，防止“非农化”“非粮化”。",
        )
        team = actions.add_team(
            self.campaign, by=by, name="核查组", area=self.street, answers_for="核实、督促"
        )
        actions.join_campaign(self.campaign, by=by, person=self.head, team=team, role="leader")
        actions.join_campaign(self.campaign, by=by, person=self.worker, team=team)
        roles = ((self.officer, "自然资源"), (self.farmer, "农业农村"), (self.approver, "批准人"))
        for person, role in roles:
            actions.join_campaign(self.campaign, by=by, person=person, role=role)
        self.campaign = actions.begin_campaign(self.campaign, by=by)
        villages = stage.under(CHENGNAN, AreaKind.VILLAGE)
        drafts = []
        for number in range(PATCHES):
            village = villages[number % len(villages)]
            drafts.append(
                Draft(
                    title=f"{village.name}图斑{number + 1:02}",
                    team=team,
                    responsible=self.worker,
                    answers={
                        "patch_number": f"CN-{number + 1:03}",
                        "kind": "no_grain" if number % 3 else "building",
                        "mu": f"{1 + number % 5}.{number % 10}",
                        "source": "satellite",
                    },
                    source_key=f"patch:{number}",
                    **stage.point(village, self.chance),
                )
            )
        for number, item in enumerate(actions.add_items(self.campaign, by=self.head, drafts=drafts)):
            Patch(self, item, number).plan()
        watch_evenings(self.script, self.campaign, since=self.first, until=ago(-1))


class Patch:
    """One patch: seen, judged, put right, struck off."""

    def __init__(self, play: Farmland, item: Item, number: int) -> None:
        self.of, self.item, self.number = play, item, number
        self.mu = f"{1 + number % 5}.{number % 10}"

    def plan(self) -> None:
        at, minute = self.of.script.at, self.number
        seen = self.of.first + timedelta(days=1 + self.number % 3)
        at(moment(seen, 9 + self.number % 8, minute), self.see)
        judged = seen + timedelta(days=4)
        if self.number == 15:
            return  # the department has not judged it yet: overdue
        at(moment(judged, 10, minute), self.judge)
        if self.number % 4 == 3:
            return
        mended = judged + timedelta(days=8 + 3 * self.number)
        at(moment(mended, 16, minute), self.mend, mended)
        at(moment(mended + timedelta(days=3), 10, minute), self.accept)

    def see(self) -> None:
        self.take(
            by=self.of.worker,
            seen_on=today().isoformat(),
            use="grain" if self.number % 4 == 3 else USES[self.number % 5],
            photo_before=self.of.stage.snap(self.number),
        )

    def judge(self) -> None:
        verdict = "lawful" if self.number % 4 == 3 else "unlawful"
        self.take(by=self.of.officer, verdict=verdict, judgement=self.of.stage.sheet(12))
        if verdict == "unlawful":
            actions.give_notice(
                self.item, by=self.of.worker, channel="in_person", text="限期整改，恢复耕种；有异议可提出。"
            )
            actions.fill_item(self.item, by=self.of.worker, answers={"notice_paper": self.of.stage.sheet(1)})

    def mend(self, day: date) -> None:
        actions.fill_item(
            self.item,
            by=self.of.worker,
            answers={
                "measure": "replant" if self.number % 3 else "tear_down",
                "restored": self.mu,
                "restored_on": day.isoformat(),
                "photo_after": self.of.stage.snap(self.number, after=True),
            },
        )
        gate = self.of.campaign.edition.definition.gate("restored")
        assert gate is not None
        actions.sign_condition(self.item, by=self.of.approver, gate=gate.code, condition=3)
        self.take(by=self.of.worker)

    def accept(self) -> None:
        self.take(by=self.of.officer)

    def take(self, *, by: User, **answers: Any) -> None:
        self.item = actions.take_step(self.item, by=by, answers=answers)
