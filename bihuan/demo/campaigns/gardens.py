"""Plots 小菜园清理 in 人和街: 9 teams, 18 plots, 82 person-times, 500 m² replanted; and a second look."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from bihuan.accounts.models import DutyKind, User
from bihuan.demo.campaigns.reporting import report, watch_evenings
from bihuan.demo.campaigns.stage import RENHE, XIAOQIAO, Script, Stage, ago, moment, set_goals
from bihuan.ledgers import actions
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Item, Team, Visibility
from bihuan.territory.models import Area, AreaKind

PLOTS_EACH = 2


@dataclass(frozen=True)
class Round:
    """One campaign of this kind. The plots of a team are entered `spread` days after those before them."""

    name: str
    name_en: str
    key: str
    street: str
    began: int  # days before today
    lasts: int  # days
    people: tuple[int, ...]  # who went to each plot
    replanted: tuple[int, ...]  # m² of each plot
    outcomes: tuple[str, ...]
    spread: int = 0
    approved: bool = True  # otherwise clearing still waits for the district's leader

    @property
    def teams(self) -> int:
        return len(self.people) // PLOTS_EACH


# Splits of domain.md, section 5: 82 = 10 + 8 × 9 person-times, 500 = 14 × 28 + 4 × 27 m².
RENHE_ROUND = Round(
    "人和街小菜园清理",
    "Vegetable plots in Renhejie",
    "gardens",
    RENHE,
    began=64,
    lasts=38,
    people=(5, 5, *(5, 4) * 8),
    replanted=(28,) * 14 + (27,) * 4,
    outcomes=("self", "refused", "self", "self", "unable", "self", "self", "unable", "self") * 2,
)
SECOND_LOOK = Round(
    "小桥街小菜园回头看",
    "Vegetable plots in Xiaoqiaojie, a second look",
    "look_back",
    XIAOQIAO,
    began=27,
    lasts=45,
    people=(5, 4) * 4,
    replanted=(24, 18, 30, 22, 16, 26, 20, 28),
    outcomes=("refused", "unable", "self", "self", "unable", "self", "refused", "self"),
    spread=3,
    approved=False,
)
SPOTS = ["2号楼东侧绿地", "5号楼南侧花坛", "北围墙内侧绿带", "东门旁绿地", "3号楼北侧空地", "7号楼西侧草坪"]
GROWS = [["crops", "fence"], ["crops"], ["crops", "heaps"], ["crops", "shed", "fence"]]
CHANNELS = {
    "wechat": "业主群：公共绿地内的小菜园请于过渡期内自行清理，逾期统一清理。如有困难请告诉社区。",
    "loudspeaker": "小喇叭循环播放：公共绿地不得种菜，请于过渡期内自行清理。",
    "in_person": "当面口头传达并留书面告知书：过渡期 15 天，可自行清理，也可请清理组帮忙。",
}
WORK = ["survey", "notice", "visit", "clear", "green"]


class Crew:
    """A team: who leads it, who works in it."""

    def __init__(self, stage: Stage, key: str, community: Area, number: int) -> None:
        short = community.name.removesuffix("社区")
        self.community = community
        self.name = f"{short}清理组"
        self.leader = stage.person(f"{key}_leader{number}", f"{short}包联干部")
        self.worker = stage.community_worker(community)
        self.keeper = stage.person(f"{key}_keeper{number}", f"{short}物业人员")
        self.volunteer = stage.person(f"{key}_volunteer{number}", f"{short}志愿者")
        grid = next(one for one in stage.under(community.code, AreaKind.GRID))
        self.grid_worker = stage.on_duty(DutyKind.GRID_WORKER, grid)

    @property
    def members(self) -> list[User]:
        return [self.worker, self.keeper, self.volunteer, self.grid_worker]


class Gardens:
    """Plays one round from its first day to its final report, or to the present."""

    def __init__(self, stage: Stage, told: Round) -> None:
        self.stage, self.told, self.script, self.chance = stage, told, Script(), Random(told.key)
        self.first = ago(told.began)
        self.street = stage.areas[told.street]
        self.script.at(moment(self.first, 8), self.prepare)

    def day(self, number: int) -> date:
        return self.first + timedelta(days=number)

    def prepare(self) -> None:
        stage, told, by = self.stage, self.told, self.stage.on_duty(DutyKind.CLERK, self.street)
        short = self.street.name.removesuffix("街道")
        self.head = stage.person(f"{told.key}_head", f"{short}街道分管负责人")
        self.lawyer = stage.person(f"{told.key}_lawyer", f"{short}街道法律顾问")
        self.approver = stage.person(f"{told.key}_approver", f"{short}街道主要负责人")
        self.campaign = actions.make_campaign(
            stage.edition("gardens"),
            by=by,
            name=told.name,
            name_en=told.name_en,
            area=self.street,
            starts_on=self.first,
            ends_on=self.day(told.lasts),
            visibility=Visibility.PUBLIC,
            leader=self.head,
            goal="把被占的公共绿地还给居民：先告知、给过渡期、能帮就帮，统一清理须依法依规。",
        )
        self.teams: list[tuple[Crew, Team]] = []
        communities = stage.under(told.street, AreaKind.COMMUNITY)[: told.teams]
        for number, community in enumerate(communities, start=1):
            people = Crew(stage, told.key, community, number)
            team = actions.add_team(
                self.campaign, by=by, name=people.name, area=community, answers_for="本社区公共绿地"
            )
            self.teams.append((people, team))
            actions.join_campaign(self.campaign, by=by, person=people.leader, team=team, role="leader")
            for person in people.members:
                actions.join_campaign(self.campaign, by=by, person=person, team=team)
        actions.join_campaign(self.campaign, by=by, person=self.lawyer, role="法律顾问")
        if told.approved:
            actions.join_campaign(self.campaign, by=by, person=self.approver, role="批准人")
        self.campaign = actions.begin_campaign(self.campaign, by=by)
        set_goals(
            self.campaign,
            by,
            ("plots", "摸清底数", told.spread * len(told.people) + 5, len(told.people)),
            ("cleared", "全部清理清运", told.lasts - 12, len(told.people)),
            ("replanted_area", "全部复绿", told.lasts - 3, sum(told.replanted)),
        )
        for number in range(len(told.people)):
            self.script.at(moment(self.day(told.spread * number), 8, 30), self.enter, number)
        watch_evenings(self.script, self.campaign, since=self.first, until=self.day(told.lasts))
        self.script.at(moment(self.day(told.lasts), 18, 30), self.finish)

    def enter(self, number: int) -> None:
        """A plot is entered by its team's grid worker, and goes its way."""
        people, team = self.teams[number // PLOTS_EACH]
        size = self.told.replanted[number] + number % 3
        item = actions.add_item(
            self.campaign,
            by=people.grid_worker,
            draft=Draft(
                title=f"{people.name.removesuffix('清理组')}小菜园{number % PLOTS_EACH + 1}号",
                team=team,
                responsible=people.worker,
                answers={"spot": SPOTS[number % len(SPOTS)], "size": size},
                source_key=f"plot:{number}",
                **self.stage.point(people.community, self.chance),
            ),
        )
        Plot(self, people, item, number).plan()

    def finish(self) -> None:
        actions.finish_campaign(
            self.campaign,
            by=self.head,
            lessons="三种渠道一起告知，过渡期里多上门；无力清理的由清理组帮忙，与拒绝清理的分开办、分开统计。",
        )
        report(self.campaign)


class Plot:
    """One plot on its way. Five people at most went to it, one for each kind of work."""

    def __init__(self, play: Gardens, people: Crew, item: Item, number: int) -> None:
        self.of, self.people, self.item, self.number = play, people, item, number
        self.outings: list[dict[str, Any]] = []
        self.wanted = play.told.people[number]
        self.outcome = play.told.outcomes[number]

    def plan(self) -> None:
        late = self.number % 3 + self.of.told.spread * self.number
        surveyed, told = self.of.day(1 + late), self.of.day(3 + late)
        ended = self.of.day(12 + late if self.outcome == "self" else 20 + late)
        at = self.of.script.at
        at(moment(surveyed, 9 + self.number % 8, 10), self.survey, surveyed)
        at(moment(told, 10, self.number), self.tell, told)
        at(moment(self.of.day(8 + late), 19, 10), self.visit, self.of.day(8 + late))
        if self.outcome != "self":
            at(moment(ended - timedelta(days=1), 10, self.number), self.papers)
            at(moment(ended - timedelta(days=1), 15, self.number), self.sign)
        if self.outcome != "self" and not self.of.told.approved:
            return  # it waits for somebody's name
        at(moment(ended, 9, 20 + self.number), self.end_grace)
        cleared = ended if self.outcome == "self" else ended + timedelta(days=1)
        if self.outcome != "self":
            at(moment(cleared, 9, 20 + self.number), self.clear, cleared)
        carted = cleared + timedelta(days=1)
        at(moment(carted, 10, self.number), self.cart, carted)
        green = carted + timedelta(days=5 + late)
        at(moment(green, 11, self.number), self.green, green)
        at(moment(green + timedelta(days=2), 15, self.number), self.accept)

    def went(self, day: date, work: str) -> list[dict[str, Any]]:
        """One more person went, as long as there are some of the plot's share left."""
        if len(self.outings) < self.wanted:
            self.outings.append({"went_on": day.isoformat(), "work": work, "people": 1})
        return self.outings

    def survey(self, day: date) -> None:
        self.take(
            by=self.people.grid_worker,
            present=GROWS[self.number % len(GROWS)],
            photo_before=self.of.stage.snap(self.number),
            user_found="yes" if self.outcome != "refused" else "no",
            outings=self.went(day, "survey"),
        )

    def tell(self, day: date) -> None:
        for channel, text in CHANNELS.items():
            actions.give_notice(self.item, by=self.people.worker, channel=channel, text=text)
        self.take(
            by=self.people.worker, notice_paper=self.of.stage.sheet(1), outings=self.went(day, "notice")
        )

    def visit(self, day: date) -> None:
        """Somebody comes by in the evening, when people are at home, and talks with them."""
        actions.fill_item(
            self.item,
            by=self.people.leader,
            answers={"persuasions": 1 + self.number % 3, "outings": self.went(day, "visit")},
        )

    def papers(self) -> None:
        files: dict[str, Any] = {
            "legal_basis": self.of.stage.sheet(2),
            "inventory": self.of.stage.sheet(3),
            "legal_opinion": self.of.stage.sheet(4),
        }
        if self.outcome == "unable":
            files["help_wanted"] = self.of.stage.sheet(5)
        actions.fill_item(self.item, by=self.people.worker, answers={"outcome": self.outcome} | files)

    def sign(self) -> None:
        gate = self.of.campaign.edition.definition.gates[0]
        for place, one in enumerate(gate.conditions):
            signer = {"role:法律顾问": self.of.lawyer, "role:批准人": self.of.approver}.get((*one.who, "")[0])
            if signer is not None and (self.of.told.approved or signer == self.of.lawyer):
                actions.sign_condition(self.item, by=signer, gate=gate.code, condition=place)

    def end_grace(self) -> None:
        self.take(by=self.people.leader, outcome=self.outcome)

    def clear(self, day: date) -> None:
        self.take(by=self.people.worker, cleared_on=day.isoformat(), outings=self.went(day, "clear"))

    def cart(self, day: date) -> None:
        self.take(
            by=self.people.keeper,
            cleared_on=day.isoformat(),
            loads=1 + self.number % 2,
            photo_after=self.of.stage.snap(self.number, after=True),
            outings=self.went(day, "clear") if self.outcome == "self" else self.outings,
        )

    def green(self, day: date) -> None:
        while len(self.outings) < self.wanted:
            self.went(day, "green")
        self.take(
            by=self.people.keeper,
            replanted=self.of.told.replanted[self.number],
            replanted_on=day.isoformat(),
            photo_green=self.of.stage.snap(self.number + 3, after=True),
            outings=self.outings,
        )

    def accept(self) -> None:
        self.take(by=self.people.leader)

    def take(self, *, by: User, **answers: Any) -> None:
        self.item = actions.take_step(self.item, by=by, answers=answers)
