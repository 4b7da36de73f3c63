"""How one demo case comes about: a story told by the real actions, each at its own moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from bihuan.accounts.models import Unit, User
from bihuan.cases import actions, limits, rules
from bihuan.cases.actions.ticking import catch_up, next_due
from bihuan.cases.models import Case, Channel, Matter, Report, State
from bihuan.core.clock import local, now
from bihuan.demo.episodes import Episodes
from bihuan.demo.pictures import photo
from bihuan.files.models import StoredFile

OPENINGS = [
    "{place}这里有{thing}，已经{days}天了，希望尽快处理。",
    "路过{place}，看到{thing}，影响大家出行。",
    "我是{place}的住户，{thing}一直没有解决，请帮忙看看。",
    "{place}门口{thing}，老人孩子走路不安全。",
    "反映一下{place}{thing}，之前打过电话，没有回音。",
    "{place}附近{thing}，晚上更严重，麻烦派人来看。",
    "网格巡查发现：{place}存在{thing}。",
]
DONE = [
    "已安排人员到场处理完毕，现场恢复正常。",
    "已整改到位，并与反映人当面核对。",
    "当天组织力量完成处置，后续加强巡查。",
    "已更换损坏部件，现可正常使用。",
    "经协调相关各方，问题已解决。",
]
REPLIES = [
    "您反映的问题已处理，感谢您的关心。",
    "问题已解决，如有反复请随时反映。",
    "已核实处理到位，谢谢您的监督。",
]
CONTENT = ["satisfied", "satisfied", "fairly"]
WAIT_REASONS = ["等待配件到货", "需连续晴天方可施工", "等待产权单位进场"]
MORE_TIME = ["涉及多家产权单位，协调需要时间", "需公示后方可施工"]
NOT_DONE = ["现场仍有残留", "处理后又出现，请彻底解决", "照片与现场不符"]
WRONG_UNIT = ["不在本单位职责范围内，属道路养护", "该路段由另一单位管养"]

SLOW, PROMPT = 0.2, 0.7  # how often somebody takes their time; by which share of the limit the others act


@dataclass(frozen=True)
class Setting:
    """Where and about what: everything about a case that chance has decided beforehand."""

    index: int
    reported_at: datetime
    lon: float
    lat: float
    place: str
    matter: Matter
    thing: str
    unit: Unit
    other_unit: Unit
    clerk: User
    dispatcher: User
    inspector: User
    handlers: dict[int, User]
    district_dispatcher: User
    district_inspector: User
    grid_worker: User | None
    resident: User | None


class Story(Episodes):
    """Plays one case. `tell()` yields the moment of each next event and acts when it is resumed."""

    def __init__(self, setting: Setting, *, pictures: bool):
        self.at = setting
        self.chance = Random(setting.index)
        self.pictures = pictures
        self.consenting = False
        self.case: Case

    def tell(self) -> Iterator[datetime]:
        yield self.at.reported_at
        report = self._report()
        self.case = report.case
        yield from self._merging()
        yield from self._intake(report)
        self.case.refresh_from_db()
        if self.case.state == State.CLOSED:
            yield from self._recheck()
        if self.case.state == State.CLOSED:
            yield from self._appeal(report, 0.02)
        if self.case.state == State.HANDLING:
            yield from self._handling()
        elif self.case.state == State.REPORTED:  # it did not hold, and no unit had it
            yield from self._filing()

    # -- the chapters ---------------------------------------------------------------------------------

    def _report(self) -> Report:
        words = self.chance.choice(OPENINGS).format(
            place=self.at.place, thing=self.at.thing, days=self.chance.randint(2, 20)
        )
        by_grid_worker = self.at.grid_worker is not None and self.chance.random() < 0.3
        self.consenting = not by_grid_worker and self.chance.random() < 0.4
        return actions.report_case(
            by=self.at.grid_worker if by_grid_worker else self.at.resident,
            words=words,
            address=self.at.place,
            lon=self.at.lon,
            lat=self.at.lat,
            photos=self._photos(after=False, wanted=self.at.matter.needs_before_photo),
            channel=Channel.GRID if by_grid_worker else Channel.WEB,
            phone=f"1390000{self.at.index:04}" if self.consenting else "",
            may_call=self.consenting,
            source="demo",
            source_key=str(self.at.index),
        )

    def _intake(self, report: Report) -> Iterator[datetime]:
        turn = self.chance.random()
        if self.at.matter.self_handled and self.at.grid_worker and turn < 0.75:
            yield from self._until(0.05, 0.3)
            photos = self._photos(after=True, wanted=self.at.matter.needs_after_photo)
            self._do(
                actions.self_handle_case,
                by=self.at.grid_worker,
                matter=self.at.matter,
                note=self._say(DONE),
                photos=photos,
            )
            yield from self._until(0.3, 0.9)
            self.case.refresh_from_db()
            if self.case.state == State.SELF_HANDLED:
                self._do(
                    actions.spot_check_case,
                    by=self.at.inspector,
                    passed=self.chance.random() < 0.9,
                    doubt_note="已到现场核对。",
                )
            if self.case.state != State.REPORTED:
                return
        elif turn < 0.02:
            yield from self._until(0.05, 0.4)
            if rules.may("withdraw", self.case, self.at.resident, report=report):
                self.case = actions.withdraw_case(self.case, by=self.at.resident, report=report)
                return
        elif turn < 0.07:
            yield from self._until(0.1, 0.7)
            self._do(
                actions.decline_case,
                by=self.at.clerk,
                reason="elsewhere",
                note="该事项由上级主管部门办理，已为您说明办理渠道。",
                turn_to="12345 政务服务便民热线",
            )
            yield from self._appeal(report, 0.2)
            if self.case.state != State.REPORTED:
                return
        elif turn < 0.16 and self.at.grid_worker:
            yield from self._until(0.05, 0.5)
            self._do(actions.send_to_verify, by=self.at.clerk, question="请到现场看看具体位置。")
            yield from self._until(0.1, 1.1)
            if self.case.state == State.VERIFYING:  # otherwise the limit ran out and the desk has it again
                self._do(actions.verify_case, by=self.at.grid_worker, finding="exists", note="情况属实。")
        yield from self._filing()

    def _filing(self) -> Iterator[datetime]:
        yield from self._until(0.05, 1.05)
        self._do(actions.file_case, by=self.at.clerk, matter=self.at.matter)
        yield from self._assigning(self.at.unit)

    def _assigning(self, unit: Unit) -> Iterator[datetime]:
        wrong = self.chance.random() < 0.06
        yield from self._until(0.05, 0.8)
        self._assign(self.at.other_unit if wrong else unit)
        if wrong:
            yield from self._until(0.1, 0.8)
            if rules.may("return", self.case, self._handler()):
                self._do(
                    actions.return_case, by=self._handler(), right_unit=unit, reason=self._say(WRONG_UNIT)
                )
                yield from self._until(0.05, 0.8)
                self._assign(unit)
        yield from self._until(0.1, 1.02)
        self._do(actions.acknowledge_case, by=self._handler())
        yield from self._handling()

    def _handling(self) -> Iterator[datetime]:
        self._on_the_spot(self._handler())
        yield from self._whistle()
        yield from self._parts()
        if self.case.state == State.ASSIGNED:
            self._do(actions.acknowledge_case, by=self._handler())
        turn = self.chance.random()
        promise = limits.Promise.read(self.case.promise)
        if turn < 0.06 and rules.may("ask_extension", self.case, self._handler()):
            yield from self._until(0.3, 0.7)
            if rules.may("ask_extension", self.case, self._handler()):
                self._do(
                    actions.ask_extension,
                    by=self._handler(),
                    seconds=promise.resolve // 2,
                    reason=self._say(MORE_TIME),
                )
                yield from self._until(0.71, 0.78)
                self._do(actions.decide_extension, by=self.at.dispatcher, granted=self.chance.random() < 0.8)
        elif turn < 0.12 and promise.clock == limits.WORKING:
            yield from self._until(0.2, 0.6)
            self._do(
                actions.suspend_case,
                by=self.at.dispatcher,
                reason=self._say(WAIT_REASONS),
                resume_on=_day(now()) + timedelta(days=self.chance.randint(3, 14)),
            )
            yield from self._backlog()
            while self.case.state == State.SUSPENDED:
                yield self.case.step_at or now()
                self._tick()
        late = self.chance.random() < 0.12
        latest = 2.4 if self.chance.random() < 0.2 else 1.5  # now and then up to a red notice
        yield from self._until(1.02, latest) if late else self._until(0.15, 0.95)
        self._answer_notices(self._handler())
        yield from self._parts()
        photos = self._photos(after=True, wanted=promise.needs_after_photo)
        self._do(actions.resolve_case, by=self._handler(), note=self._say(DONE), photos=photos)
        yield from self._checking()

    def _checking(self) -> Iterator[datetime]:
        yield from self._until(0.1, 1.1)
        self.case.refresh_from_db()
        if self.chance.random() < 0.08 and self.case.reworks < 2:
            self._do(actions.rework_case, by=self.at.inspector, reason=self._say(NOT_DONE))
            yield from self._handling()
            return
        self._do(
            actions.inspect_case,
            by=self.at.inspector,
            reply=self._say(REPLIES),
            doubt_note="已到现场核对，情况属实。" if self.case.doubted_at else "",
        )
        if not self.consenting:
            yield from self._until(0.05, 0.6)
            self._do(actions.close_case, by=self.at.inspector)
            return
        yield from self._until(0.05, 0.4)
        while self.case.state == State.INSPECTED:
            solved = self.chance.random() < 0.9
            self._do(
                actions.call_back_case,
                by=self.at.clerk,
                answered=self.chance.random() < 0.8,
                solved=solved,
                satisfaction=self.chance.choice(CONTENT) if solved else "dissatisfied",
            )
            if self.case.state == State.INSPECTED:
                yield from self._wait(now() + timedelta(days=1))
        if self.case.state == State.HANDLING:
            yield from self._handling()

    # -- the tools ------------------------------------------------------------------------------------

    def _until(self, least: float, most: float) -> Iterator[datetime]:
        """Wait for a share of the stage's limit; reminders and flags on the way come at their time."""
        slow = least >= PROMPT or self.chance.random() < SLOW
        share = self.chance.uniform(least, most if slow else min(most, PROMPT))
        clock = limits.clock_of(self.case.clock)
        start = self.case.running_since or self.case.stage_started_at
        moment = clock.add(start, max(60, round(share * self.case.stage_limit) - self.case.stage_used))
        moment = max(moment, now() + timedelta(minutes=self.chance.randint(2, 50)))
        yield from self._wait(moment)

    def _wait(self, moment: datetime) -> Iterator[datetime]:
        while (due := next_due(self.case)) is not None and due.at <= moment:
            yield max(due.at, now())
            self._tick()
        yield moment

    def _tick(self) -> None:
        with transaction.atomic():
            self.case = Case.objects.locked(self.case.pk)
            catch_up(self.case, now())

    def _do(self, action: Any, **arguments: Any) -> None:
        self.case = action(self.case, **arguments)

    def _assign(self, unit: Unit) -> None:
        central = self.case.desk.kind == "district"
        self._do(
            actions.assign_case,
            by=self.at.district_dispatcher if central else self.at.dispatcher,
            unit=unit,
            note="按管养职责，由该单位主办。",
            assisting=[task for task in self._tasks() if task.unit != unit],
        )

    def _handler(self) -> User:
        assert self.case.unit_id is not None
        return self.at.handlers[self.case.unit_id]

    def _say(self, sentences: list[str]) -> str:
        return self.chance.choice(sentences)

    def _photos(self, *, after: bool, wanted: bool) -> list[StoredFile]:
        if wanted or (self.pictures and self.chance.random() < 0.03):
            used_before = after and self.at.index % 41 == 0  # somebody hands in the picture they came with
            return [photo(self.at.index, after=after and not used_before)]
        return []


def _day(moment: datetime) -> date:
    return local(moment).date()
