"""What makes some demo cases more than one unit's ordinary work: joint work, whistles, merging, appeals."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bihuan.accounts.models import User
from bihuan.cases import actions, rules
from bihuan.cases.models import Appeal, Assistance, Call, Case, Report, State, Task
from bihuan.core.clock import now, today

if TYPE_CHECKING:
    from random import Random

    from bihuan.demo.story import Setting

PARTS = ["派员到场配合，提供管线图纸", "负责恢复路面", "负责现场交通疏导"]
QUESTIONS = ["涉及几家单位，请到现场一起定责任。", "同一处反复出现，请会商长效办法。"]
RULINGS = ["现场会商：按管养界线划分，主办单位牵头，其余配合。", "现场会商：一次性整治，由主办单位统一组织。"]
MESSAGES = ["您好，我们已到现场查看，正在安排处理。", "您好，配件已下单，到货后立即更换。"]
ANSWERS = ["已调整力量，今日完成。", "材料今日到场，连夜施工。"]
NOT_YET = ["我家门口还是老样子，请再看看。", "处理后没两天又这样了。"]
LASTING = ["需整条路雨污管网改造，已列入明年计划。", "产权移交手续正在办理，完成后立即整治。"]


class Episodes:
    """The turns that a story may take beside the straight way. A story supplies the rest."""

    at: "Setting"
    chance: "Random"
    case: Case

    def _merging(self) -> Iterator[datetime]:
        """A neighbour reports the same; the clerk merges the second into the first."""
        if self.chance.random() > 0.02:
            return
        yield now() + timedelta(minutes=self.chance.randint(20, 90))
        self.case.refresh_from_db()
        if self.case.state != State.REPORTED:
            return
        again = actions.report_case(
            by=None,
            words=f"{self.at.place}{self.at.thing}，别人可能也反映过，请一并处理。",
            address=self.at.place,
            lon=self.at.lon + 0.0002,
            lat=self.at.lat,
            source="demo",
            source_key=f"{self.at.index} again",
        )
        yield now() + timedelta(minutes=self.chance.randint(10, 60))
        if rules.may("merge", again.case, self.at.clerk):
            actions.merge_case(again.case, by=self.at.clerk, into=self.case)

    def _tasks(self) -> list[Task]:
        """What other units are asked for when the case is assigned."""
        if self.chance.random() > 0.05:
            return []
        return [Task(self.at.other_unit, self.chance.choice(PARTS))]

    def _parts(self) -> Iterator[datetime]:
        """The assisting units take their parts over and report them done."""
        for part in Assistance.objects.filter(case=self.case).open().select_related("unit"):
            handler = self.at.handlers[part.unit_id]
            yield now() + timedelta(minutes=self.chance.randint(20, 240))
            if rules.may_part("acknowledge_assistance", self._fresh(part), handler):
                actions.acknowledge_assistance(part, by=handler)
            yield now() + timedelta(minutes=self.chance.randint(60, 600))
            if rules.may_part("finish_assistance", self._fresh(part), handler):
                actions.finish_assistance(part, by=handler, note="本单位任务已完成。")
        self.case.refresh_from_db()

    def _fresh(self, row: Any) -> Any:
        row.refresh_from_db()
        return row

    def _whistle(self) -> Iterator[datetime]:
        """The street calls departments to the spot; they come, one rules, all are rated."""
        if self.chance.random() > 0.015 or not rules.may("whistle", self.case, self.at.dispatcher):
            return
        unit = self.case.unit
        assert unit is not None
        units = [one for one in (self.at.other_unit, unit) if one.pk in self.at.handlers]
        self.case = actions.blow_whistle(
            self.case,
            by=self.at.dispatcher,
            question=self.chance.choice(QUESTIONS),
            units=units,
            meet_at=now() + timedelta(hours=20),
            meet_where=self.at.place,
        )
        yield now() + timedelta(minutes=self.chance.randint(15, 200))
        for call in self._calls("answer_whistle"):
            actions.answer_whistle(call, by=self.at.handlers[call.unit_id], comes=True, sends="分管负责人")
        yield now() + timedelta(hours=20)
        for call in self._calls("attend_whistle"):
            actions.attend_whistle(call, by=self.at.handlers[call.unit_id])
        yield now() + timedelta(minutes=70)
        self.case.refresh_from_db()
        if rules.may("rule_whistle", self.case, self.at.dispatcher):
            self.case = actions.rule_whistle(
                self.case, by=self.at.dispatcher, ruling=self.chance.choice(RULINGS), unit=unit
            )
            for call in Call.objects.filter(whistle__case=self.case).select_related("unit"):
                if rules.may_call("rate_department", call, self.at.dispatcher):
                    actions.rate_department(call, by=self.at.dispatcher, rating=self.chance.randint(3, 5))
        self.case.refresh_from_db()

    def _calls(self, verb: str) -> list[Call]:
        calls = Call.objects.filter(whistle__case=self.case).select_related("unit", "whistle")
        return [call for call in calls if rules.may_call(verb, call, self.at.handlers[call.unit_id])]

    def _on_the_spot(self, handler: User) -> None:
        """Say that one is there, and write to whoever reported."""
        if self.chance.random() < 0.9 and rules.may("arrive", self.case, handler):
            self.case = actions.arrive_on_site(self.case, by=handler)
        if (
            not self.case.contacted_at
            and rules.may("contact", self.case, handler)
            and self.chance.random() < 0.6
        ):
            self.case = actions.contact_reporters(self.case, by=handler, words=self.chance.choice(MESSAGES))

    def _answer_notices(self, handler: User) -> None:
        if self.chance.random() < 0.7 and rules.may("answer_supervision", self.case, handler):
            self.case = actions.answer_supervision(self.case, by=handler, words=self.chance.choice(ANSWERS))

    def _backlog(self) -> Iterator[datetime]:
        """What cannot be done this quarter is put on the backlog, and looked at again when it is over."""
        if self.chance.random() > 0.2 or not rules.may("backlog", self.case, self.at.district_dispatcher):
            return
        self.case = actions.backlog_case(
            self.case, by=self.at.district_dispatcher, reason=self.chance.choice(LASTING)
        )
        while self.case.state == State.BACKLOG and self.case.resume_on is not None:
            yield now() + timedelta(days=max(1, (self.case.resume_on - today()).days))
            self.case = actions.review_backlog(
                self.case, by=self.at.district_dispatcher, kept=False, reason="条件已具备，恢复办理。"
            )

    def _appeal(self, report: Report, chance: float) -> Iterator[datetime]:
        """The reporter does not agree with how it ended; the district looks at it again."""
        if self.chance.random() > chance:
            return
        yield now() + timedelta(days=self.chance.randint(1, 5))
        self.case.refresh_from_db()
        report = Report.objects.select_related("case").get(pk=report.pk)
        if not rules.may("appeal", self.case, None, report=report):
            return
        self.case = actions.appeal_report(report, by=None, reason=self.chance.choice(NOT_YET))
        yield now() + timedelta(days=self.chance.randint(1, 4))
        appeal = Appeal.objects.filter(case=self.case).latest("pk")
        if rules.may("decide_appeal", self.case, self.at.district_dispatcher):
            self.case = actions.decide_appeal(
                self.case,
                by=self.at.district_dispatcher,
                appeal=appeal,
                upheld=self.chance.random() < 0.4,
                ruling="经复核，已按实际情况处理。",
            )

    def _recheck(self) -> Iterator[datetime]:
        """A closed case that was drawn is looked at once more."""
        yield now() + timedelta(days=self.chance.randint(1, 4))
        self.case.refresh_from_db()
        if rules.may("recheck", self.case, self.at.district_inspector):
            self.case = actions.recheck_case(
                self.case,
                by=self.at.district_inspector,
                held=self.chance.random() < 0.9,
                note="现场复核。",
            )
