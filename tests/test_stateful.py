"""Random people press random buttons at random moments: whatever they do, the loop stays closed."""

import os
from collections import Counter
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.accounts.models import User
from bihuan.audit.models import Effect, Entry
from bihuan.audit.queries import entries_about, faults
from bihuan.audit.reactions import reactions_to
from bihuan.cases import actions, climbing, clocks, limits, queries, rules
from bihuan.cases.actions.ticking import next_due
from bihuan.cases.models import Case, Report, State, Supervision
from bihuan.cases.models.case import FINISHED, STANDING
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.factories import CaseMaker
from bihuan.core.clock import today, travel
from bihuan.core.verdicts import Refusal
from bihuan.notices.models import Notice

BOUNDED = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
USUAL = settings(**BOUNDED, derandomize=True, max_examples=20, stateful_step_count=30)
# `BIHUAN_DEEP_TESTS=300 pytest tests/test_stateful.py` looks further, another way each time.
DEEP = int(os.environ.get("BIHUAN_DEEP_TESTS", 0))
PROFILE = settings(**BOUNDED, max_examples=DEEP, stateful_step_count=60) if DEEP else USUAL

MOST_CASES = 4
ON_THE_WAY = ("reported", "self_handled", "filed", "assigned", "handling", "resolved", "inspected")
ACTORS = (
    "resident", "grid_worker", "clerk", "dispatcher", "district_dispatcher", "handler", "inspector",
    "stranger", "leader", "supervisor", "administrator",
)  # fmt: skip
# Verbs on a second case, on units beside the lead, on an appeal or a draw have their own tests.
ELSEWHERE = {
    "report", "merge", "unmerge", "whistle", "rule_whistle", "call_off_whistle", "ask_assistance", "recheck",
    "appeal", "appeal_as_unit", "decide_appeal",
}  # fmt: skip
VERBS = [verb for verb in rules.FLOW if verb not in ELSEWHERE]
EVENTS = {move.event: move for move in rules.FLOW.values()}
RUNGS = [step.verb for step in clocks.STEPS]
FLAGS = {*RUNGS, "case.climbed", "case.on_site_missed", "case.review_due"}  # what time does to no state
BESIDE = {"case.recheck_drawn", "case.doubted"}  # what the worker writes about a case without changing it
LEVELS = list(Supervision)
OUTCOMES = {"declined", "withdrawn", "closed", "called_back", "spot_checked", "answered"}

numbers = st.integers(min_value=0, max_value=11)
pauses = st.sampled_from(
    [timedelta(minutes=7), timedelta(hours=1), timedelta(hours=7), timedelta(days=1), timedelta(days=3),
     timedelta(days=31)]
)  # fmt: skip


def press(verb: str, case: Case, by: User, cast: Any, *, yes: bool, number: int) -> Case:
    """Do a verb; `yes` and `number` choose among what can be said with it."""
    report = case.reports.get()
    own = report if by == report.reporter else None
    unit, other = (cast.bureau, cast.works) if yes else (cast.works, cast.bureau)
    do: dict[str, Any] = {
        "self_handle": lambda: actions.self_handle_case(case, by=by, matter=cast.litter, note="已清扫"),
        "spot_check": lambda: actions.spot_check_case(case, by=by, passed=yes),
        "withdraw": lambda: actions.withdraw_case(case, by=by, report=own),
        "send_to_verify": lambda: actions.send_to_verify(case, by=by),
        "verify": lambda: actions.verify_case(case, by=by, finding="exists" if yes else "absent"),
        "decline": lambda: actions.decline_case(case, by=by, reason="elsewhere", note="请问水务公司"),
        "file": lambda: actions.file_case(case, by=by, matter=cast.pipes if yes else cast.litter),
        "assign": lambda: actions.assign_case(case, by=by, unit=unit),
        "acknowledge": lambda: actions.acknowledge_case(case, by=by),
        "return": lambda: actions.return_case(
            case, by=by, right_unit=other if case.unit == unit else unit, reason="不归我们"
        ),
        "ask_extension": lambda: actions.ask_extension(case, by=by, seconds=number * 9_000, reason="缺件"),
        "decide_extension": lambda: actions.decide_extension(case, by=by, granted=yes),
        "suspend": lambda: actions.suspend_case(
            case, by=by, reason="等待天气", resume_on=today() + timedelta(days=number * 3)
        ),
        "resume": lambda: actions.resume_case(case, by=by),
        "backlog": lambda: actions.backlog_case(case, by=by, reason="等待改造"),
        "review_backlog": lambda: actions.review_backlog(case, by=by, kept=yes, reason="再等一季"),
        "take_back_verification": lambda: actions.take_back_verification(case, by=by),
        "arrive": lambda: actions.arrive_on_site(case, by=by),
        "contact": lambda: actions.contact_reporters(case, by=by, words=f"第{number}次来信"),
        "supervise": lambda: actions.supervise_case(
            case, by=by, level=LEVELS[number % 4].value, words="请尽快"
        ),
        "answer_supervision": lambda: actions.answer_supervision(case, by=by, words="马上办"),
        "resolve": lambda: actions.resolve_case(case, by=by, note="已修复"),
        "inspect": lambda: actions.inspect_case(case, by=by, reply="已修复。"),
        "rework": lambda: actions.rework_case(case, by=by, reason="不合格"),
        "call_back": lambda: actions.call_back_case(
            case, by=by, answered=number % 3 > 0, solved=yes, satisfaction="fairly" if yes else ""
        ),
        "close": lambda: actions.close_case(case, by=by, reply="感谢反映。"),
        "answer": lambda: actions.answer_report(report, by=by, solved=yes),
    }  # fmt: skip
    done: Case = do[verb]()
    return done


class Loop(RuleBasedStateMachine):
    """A district at work. Every example begins with nothing and is rolled back at its end."""

    cast: Any
    settle: Any
    lot: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.moment = moment("2025-09-24 09:00")  # a week before National Day with its moved working days
        self.cases: list[Case] = []
        self.written: Counter[int] = Counter()
        self.levels: dict[int, str] = {}

    def teardown(self) -> None:
        try:
            self._look_back()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # -- what happens ---------------------------------------------------------------------------------

    def time(self) -> AbstractContextManager[None]:
        return travel(self.moment)

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule(at=st.sampled_from(ON_THE_WAY), consenting=st.booleans())
    def a_case_gets_that_far(self, at: str, consenting: bool) -> None:
        with self.time():
            self.cases.append(CaseMaker(self.cast)(at=at, consenting=consenting))
        self.written[self.cases[-1].pk] = 1 + len(CaseMaker.way_to(at))

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule()
    def somebody_without_an_account_reports(self) -> None:
        with self.time():
            self.cases.append(CaseMaker(self.cast).report(by=None).case)
        self.written[self.cases[-1].pk] = 1

    @precondition(lambda self: self.cases)
    @rule(verb=st.sampled_from(VERBS), who=st.sampled_from(ACTORS), yes=st.booleans(), number=numbers)
    def anybody_presses_anything(self, verb: str, who: str, yes: bool, number: int) -> None:
        self._press(self.cases[number % len(self.cases)], verb, who, yes, number)

    @precondition(lambda self: self.cases)
    @rule(seed=st.integers(min_value=0, max_value=2**32))
    def a_day_of_work(self, seed: int) -> None:
        """Ten times somebody does what is theirs to do; a seed reaches further than single draws."""
        chance = Random(seed)
        for _ in range(10):
            case = Case.objects.get(pk=chance.choice(self.cases).pk)
            due = self._what_may_be_done(case)
            if due:
                verb = chance.choice(sorted({verb for verb, _who in due}))
                who = chance.choice([who for name, who in due if name == verb])
                self._press(case, verb, who, chance.random() < 0.6, chance.randint(0, 11))
            if chance.random() < 0.3:
                self.moment += timedelta(hours=chance.choice([1, 4, 30]))

    def _what_may_be_done(self, case: Case) -> list[tuple[str, str]]:
        """Every verb with everybody who may do it now, without the ends that random presses find anyway."""
        reports = self._reports(case)
        with self.time():
            return [
                (verb, who)
                for verb in VERBS
                for who in ACTORS
                if case.state in rules.FLOW[verb].start
                and verb not in ("withdraw", "decline", "self_handle")
                and rules.may(verb, case, by := getattr(self.cast, who), report=reports.get(by.pk))
            ]

    def _reports(self, case: Case) -> dict[int | None, Report]:
        """The first report of each reporter."""
        return {report.reporter_id: report for report in case.reports.order_by("-pk")}

    def _press(self, case: Case, verb: str, who: str, yes: bool, number: int) -> None:
        before = self._rows()
        case = Case.objects.select_related("desk", "unit", "area").get(pk=case.pk)
        behind = self._is_behind(case)
        move = rules.FLOW[verb]
        by = getattr(self.cast, who)
        with self.time():
            allowed = verb == "answer" or rules.may(verb, case, by, report=self._reports(case).get(by.pk))
            try:
                after = press(verb, case, by, self.cast, yes=yes, number=number)
            except Refusal as refusal:
                assert str(refusal.sentence)
                assert self._rows() == before, "a refused verb changed something"
                return
        # Where time had not taken its effect yet, the verb let it do so first.
        assert allowed or behind, f"{verb} went past its rule"
        was = entries_about(after).last().data["was"]  # type: ignore[union-attr]
        assert was in move.start
        assert after.state in move.ends
        assert not move.stays or was == after.state
        assert not self._is_behind(after)
        self.written[case.pk] += 1

    def _is_behind(self, case: Case) -> bool:
        """Whether something is due that no worker has come by for."""
        due = next_due(case)
        return due is not None and due.at <= self.moment

    @rule(pause=pauses)
    def time_passes(self, pause: timedelta) -> None:
        self.moment += pause

    @rule()
    def the_clock_is_looked_at(self) -> None:
        with self.time():
            actions.take_due_steps()
            assert not [case for case in Case.objects.all() if self._is_behind(case)]
            assert actions.take_due_steps() == 0

    @rule(drawn=st.booleans())
    def the_worker_runs(self, drawn: bool) -> None:
        self.lot[:] = [0 if drawn else 99]
        with self.time():
            self.settle()

    # -- what always holds ----------------------------------------------------------------------------

    def _rows(self) -> list[Any]:
        return [
            *Case.objects.order_by("pk").values_list(),
            Entry.objects.count(),
            ProcrastinateJob.objects.count(),
        ]

    @invariant()
    def every_case_stands_where_its_story_ends(self) -> None:
        stories: dict[int, list[Entry]] = {}
        for entry in Entry.objects.filter(subject_type="cases.case").order_by("subject_id", "seq"):
            stories.setdefault(entry.subject_id, []).append(entry)
        for case in Case.objects.select_related("unit", "area", "desk"):
            story = stories[case.pk]
            self._check_story(case, story)
            self._check_clock(case)
            assert bool(queries.holder_of(case)) is case.is_open, "nobody holds it"
            self._check_supervision(case, story)
        self._check_reactions([entry for story in stories.values() for entry in story])

    def _check_story(self, case: Case, story: list[Entry]) -> None:
        assert [entry.seq for entry in story] == list(range(1, len(story) + 1))
        assert (story[0].verb, story[-1].data["state"]) == ("case.reported", case.state)
        told = [entry for entry in story if entry.verb not in BESIDE]
        by_itself = [entry for entry in told if "moment" in entry.data or entry.data.get("drawn") is False]
        assert len(told) == self.written[case.pk] + len(by_itself)
        for before, entry in pairwise(told):
            was, state = entry.data["was"], entry.data["state"]
            assert was == before.data["state"]
            assert self._when(before) <= self._when(entry), "told out of its order"
            if entry.verb in FLAGS:
                assert was == state not in (*FINISHED, State.SUSPENDED)
            elif entry.verb == "case.verification_lapsed":
                assert (was, state, before.verb) == (State.VERIFYING, State.REPORTED, RUNGS[1])
            elif entry.data.get("drawn") is False:
                assert (was, state) == (State.SELF_HANDLED, State.CLOSED)
            else:
                assert was in EVENTS[entry.verb].start
                assert state in EVENTS[entry.verb].ends

    @staticmethod
    def _when(entry: Entry) -> datetime:
        return datetime.fromisoformat(entry.data["moment"]) if "moment" in entry.data else entry.at

    def _check_supervision(self, case: Case, story: list[Entry]) -> None:
        """A level only rises; each notice is on record, and each rung of a stage gave one."""
        assert LEVELS.index(Supervision(case.supervision)) >= LEVELS.index(
            Supervision(self.levels.get(case.pk, ""))
        )
        self.levels[case.pk] = case.supervision
        notices = list(case.supervision_notices.all())
        highest = max((LEVELS.index(Supervision(notice.level)) for notice in notices), default=0)
        assert case.supervision == LEVELS[highest]
        numbered = [entry.data["notice"] for entry in story if "notice" in entry.data]
        reworked = sum(notice.why == "rework" for notice in notices)
        assert len(numbered) == len(set(numbered)) == len(notices) - reworked

    def _check_clock(self, case: Case) -> None:
        if case.state in FINISHED:
            assert (case.running_since, case.step_at) == (None, None)
            return
        used, left = clocks.used(case, self.moment), clocks.left(case, self.moment)
        assert used + left == case.stage_limit
        if case.state in STANDING:
            assert case.running_since is None
            assert case.step_at == case.due_at or (case.state, case.step_at) == (State.BACKLOG, None)
            return
        clock = limits.clock_of(case.clock)
        assert case.running_since is not None
        assert case.due_at == clock.add(case.running_since, max(0, case.stage_limit - case.stage_used))
        assert case.overdue_at is None or case.step >= clocks.OVERDUE
        step = clocks.next_step(case)
        if step is None:
            assert (case.step, case.step_at) == (len(clocks.STEPS), None)
        else:
            share = round(step.share * case.stage_limit)
            assert case.step_at == clock.add(case.running_since, max(0, share - case.stage_used))
        if case.climb_at is not None:
            assert case.state in climbing.WAITS_AT_DESK
        if case.on_site_due is not None:
            assert (case.state, case.arrived_at) == (State.HANDLING, None)

    def _check_reactions(self, entries: list[Entry]) -> None:
        wanted = {(entry.pk, name) for entry in entries for name in reactions_to(entry.verb)}
        done = set(Effect.objects.filter(entry__in=entries).values_list("entry_id", "reaction"))
        queued = {
            (args["entry_id"], args["reaction"])
            for args in ProcrastinateJob.objects.filter(status="todo", task_name="audit.react").values_list(
                "args", flat=True
            )
        }
        assert wanted <= done | queued, "a reaction was lost"
        assert not done & queued

    def _look_back(self) -> None:
        """At the end of the day, when the worker has run: nobody was forgotten, and the record is whole."""
        with self.time():
            self.settle()
        assert list(faults()) == []
        for case in Case.objects.filter(state__in=FINISHED):
            shown = queries.timeline(case, public=True)
            assert shown[-1].verb.removeprefix("case.") in OUTCOMES
            self._check_reporters(case)

    def _check_reporters(self, case: Case) -> None:
        if case.state == State.WITHDRAWN:
            return  # they did it themselves
        kind = "report.declined" if case.state == State.DECLINED else "report.closed"
        ended = [e.pk for e in entries_about(case) if e.data["state"] == case.state != e.data.get("was")][-1]
        for report in case.reports.exclude(reporter=None):
            told = Notice.objects.filter(recipient=report.reporter, kind=kind, entry_id=ended)
            assert told.count() == 1, "a reporter was forgotten"


def test_the_loop_stays_closed_whatever_people_do(
    cast: Any, settle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Loop.cast, Loop.settle, Loop.lot = cast, staticmethod(settle), [0]
    monkeypatch.setattr("secrets.randbelow", lambda _below: Loop.lot[0])
    run_state_machine_as_test(Loop, settings=PROFILE)
