"""What happens when many press at the same moment, on real connections: one wins, nothing is done twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from bihuan.accounts.models import DutyKind, User
from bihuan.accounts.tests.factories import make_person
from bihuan.audit import actions as audit_actions
from bihuan.audit import record
from bihuan.audit.models import Effect, Entry, Seal
from bihuan.audit.queries import entries_about, faults
from bihuan.audit.reactions import reactions_to
from bihuan.audit.running import take_effect
from bihuan.cases import actions, rules
from bihuan.cases.models import Case, Report, SupervisionNotice
from bihuan.cases.tests.browsing import multiply
from bihuan.cases.tests.verbs import VERBS, ready
from bihuan.core.clock import now, travel
from bihuan.core.numbers import is_case_number
from bihuan.core.verdicts import Refusal
from bihuan.notices.models import Notice

pytestmark = [pytest.mark.threads, pytest.mark.django_db(transaction=True)]
EIGHT = 8
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Make the calls at the same moment, each on its own connection; what each gave or was refused with."""
    barrier, said = Barrier(len(calls)), ["crashed"] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        connection.ensure_connection()
        barrier.wait(30)
        try:
            said[number] = call()
        except Refusal as refusal:
            said[number] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert "crashed" not in said
    return said


def wait_until_somebody_waits() -> None:
    """Until another connection waits for a row that this one holds."""
    for _time in range(1_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone():
                return
        Event().wait(0.01)


def once_more(person: User) -> User:
    """The same person in another process: nothing remembered."""
    return User.objects.get(pk=person.pk)


# What the seven others hear.
SAID = dict.fromkeys(VERBS, "case.wrong_state") | {
    "return": "case.not_your_unit",
    "ask_extension": "case.extension_once",
    "decide_extension": "case.no_extension_asked",
    "answer": "case.answered_already",
    "recheck": "case.not_drawn",
    "appeal": "case.appealed_already",
    "appeal_as_unit": "case.appealed_already",
    "decide_appeal": "case.no_appeal",
    "arrive": "case.arrived_already",
    "contact": "case.said_already",
    "supervise": "case.notice_stands",
    "answer_supervision": "case.nothing_to_answer",
    "ask_assistance": "case.assists_already",
    "whistle": "case.whistled_already",
    "call_off_whistle": "case.no_whistle",
}


@pytest.mark.parametrize("name", VERBS)
def test_of_eight_people_one_wins_and_seven_are_told_why_not(make_case, cast, name):
    verb = VERBS[name]
    case = ready(verb, make_case)
    written = entries_about(case).count()
    people = [once_more(getattr(cast, verb.who)) for _ in range(EIGHT)]
    presses = [lambda person=person: verb.do(case, person, cast, ()).state for person in people]

    assert Counter(at_once(presses)) == {verb.then: 1, SAID[name]: 7}

    case = Case.objects.get(pk=case.pk)
    assert case.state == verb.then
    assert entries_about(case).count() == written + 1
    assert list(faults()) == []


def test_who_waited_for_a_case_sees_the_unit_that_it_has_now(make_case, cast):
    verb = VERBS["assign"]
    case, changed = ready(verb, make_case), Event()

    def assign_first():
        with transaction.atomic():
            verb.do(case, once_more(cast.dispatcher), cast, ())
            changed.set()
            wait_until_somebody_waits()

    def read_then():
        changed.wait(30)
        with transaction.atomic():
            return Case.objects.locked(case.pk).unit

    assert at_once([assign_first, read_then]) == [None, Case.objects.get(pk=case.pk).unit]
    assert Case.objects.get(pk=case.pk).unit is not None


def test_different_verbs_at_once_leave_one_state(make_case, cast):
    """Decline, file, withdraw, settle, have it verified: whichever comes first, the others are refused."""
    case = make_case()
    names = ["decline", "file", "withdraw", "self_handle", "send_to_verify"]
    said = at_once(
        [
            lambda n=name: VERBS[n].do(case, once_more(getattr(cast, VERBS[n].who)), cast, ()).state
            for name in names
        ]
    )
    done = [state for state in said if not state.startswith("case.")]
    entries = [entry.data["state"] for entry in entries_about(case)]
    assert entries == ["reported", *sorted(done, key=entries.index)]
    assert Case.objects.get(pk=case.pk).state == entries[-1]
    assert list(faults()) == []


FORMS = {
    "assign": lambda cast: {"unit": cast.bureau.pk},
    "acknowledge": lambda cast: {},
    "resolve": lambda cast: {"note": "已修复"},
    "close": lambda cast: {"reply": "感谢反映。"},
}


@pytest.mark.parametrize("name", FORMS)
def test_of_eight_browsers_one_is_led_on_and_seven_get_a_409(make_case, cast, name):
    verb = VERBS[name]
    case = ready(verb, make_case)
    address = reverse(f"cases:{name}", args=[case.number])
    duty = rules.FLOW[name].who
    place = cast.bureau if duty == DutyKind.HANDLER else cast.places.street
    clients = [Client() for _ in range(EIGHT)]
    for client in clients:
        client.force_login(make_person(duties=[(duty, place)]), backend=BACKEND)

    said = at_once([lambda c=client: c.post(address, FORMS[name](cast)).status_code for client in clients])

    assert Counter(said) == {302: 1, 409: 7}
    assert Case.objects.get(pk=case.pk).state == verb.then


def test_eight_presses_on_the_tracking_page_are_one_answer(make_case):
    case = make_case(at="closed")
    address = reverse("cases:answer", args=[case.reports.get().tracking_code])
    said = at_once([lambda: Client().post(address, {"solved": "no"}).status_code for _ in range(EIGHT)])
    # Re-opened by the first press, the case no longer waits for an answer.
    assert Counter(said) == {302: 1, 409: 7}
    assert Case.objects.get(pk=case.pk).state == "handling"
    assert entries_about(case).filter(verb="case.answered").count() == 1


# -- reports --------------------------------------------------------------------------------------------


def test_a_form_sent_by_eight_threads_is_one_case(make_case):
    said = at_once([lambda: make_case.report(source="web", source_key="abc").pk for _ in range(EIGHT)])
    assert len(set(said)) == 1
    assert Case.objects.count() == Report.objects.count() == 1
    assert Entry.objects.filter(verb="case.reported").count() == 1


def test_numbers_and_codes_are_never_given_twice(make_case):
    def some() -> list[Report]:
        return [make_case.report() for _ in range(5)]

    reports = [report for part in at_once([some] * EIGHT) for report in part]
    numbers = {report.case.number for report in reports}
    assert len(numbers) == len({report.tracking_code for report in reports}) == 40
    assert all(map(is_case_number, numbers))


# -- the clock ------------------------------------------------------------------------------------------


LADDER = ["case.reminded", "case.became_overdue", "case.yellow_noticed", "case.red_noticed"]


def test_four_workers_take_each_step_of_two_hundred_cases_once(make_case, cast):
    first = make_case(at="handling")
    cases = [first, *multiply(first, 199)]
    asleep = make_case(at="suspended")

    def sweep() -> int:
        with travel(now() + timedelta(days=60)):
            return actions.take_due_steps()

    # The suspended one wakes as well.
    taken = sum(at_once([sweep] * 4))
    taken += sweep()  # what a worker held while the others looked away
    assert taken == 200 * 4 + 5
    steps = Entry.objects.filter(subject_type="cases.case", verb__in=LADDER).order_by("subject_id", "seq")
    told: dict[int, list[str]] = {}
    for pk, verb in steps.values_list("subject_id", "verb"):
        told.setdefault(pk, []).append(verb)
    assert told == {case.pk: LADDER for case in [*cases, asleep]}
    notices = SupervisionNotice.objects.values_list("case", "step")
    assert len(notices) == len(set(notices)) == 201 * 3
    assert [entry.verb for entry in entries_about(asleep)][-5:] == ["case.resumed", *LADDER]
    assert list(faults()) == []


def test_four_workers_let_each_case_climb_once_and_each_verification_lapse_once(make_case, cast):
    make_person(duties=[(DutyKind.CLERK, cast.places.district)])
    waiting, verifying = make_case(), make_case(at="verifying")
    cases = [waiting, *multiply(waiting, 30), verifying, *multiply(verifying, 30)]

    def sweep() -> int:
        with travel(now() + timedelta(days=60)):
            return actions.take_due_steps()

    at_once([sweep] * 4)
    sweep()
    for case in Case.objects.filter(pk__in=[case.pk for case in cases]):
        verbs = [entry.verb for entry in entries_about(case)]
        assert (case.desk, case.state, verbs.count("case.climbed")) == (cast.places.district, "reported", 1)
    lapsed = Entry.objects.filter(verb="case.verification_lapsed")
    assert lapsed.count() == lapsed.values("subject_id").distinct().count() == 31
    assert list(faults()) == []


def test_a_step_and_a_verb_at_the_same_moment_both_count(make_case, cast):
    case = make_case(at="handling")
    later = case.due_at

    def sweep() -> int:
        with travel(later):
            return actions.take_due_steps()

    def resolve() -> str:
        with travel(later):
            return actions.resolve_case(case, by=once_more(cast.handler), note="已修复").state

    said = at_once([sweep, resolve])
    assert said[1] == "resolved"
    case.refresh_from_db()
    assert (case.state, case.step, case.overdue_at) == ("resolved", 0, None)
    assert list(faults()) == []


# -- reactions ------------------------------------------------------------------------------------------


def test_two_workers_with_the_same_reaction_tell_once(make_case):
    case = make_case(at="assigned")
    entry = entries_about(case).get(verb="case.assigned")
    (name,) = [found for found in reactions_to("case.assigned") if found.endswith(".tell_unit")]

    at_once([lambda: take_effect(Entry.objects.get(pk=entry.pk), name)] * 4)

    assert Effect.objects.filter(entry=entry, reaction=name).count() == 1
    assert Notice.objects.filter(entry_id=entry.pk).count() == 1


def test_the_lot_is_drawn_once(make_case, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _below: 99)
    case = make_case(at="self_handled")
    entry = entries_about(case).get(verb="case.self_handled")
    (name,) = [found for found in reactions_to("case.self_handled") if found.endswith(".draw_spot_check")]
    at_once([lambda: take_effect(Entry.objects.get(pk=entry.pk), name)] * 4)
    assert entries_about(case).filter(verb="case.closed").count() == 1


# -- seals ----------------------------------------------------------------------------------------------


def test_days_are_sealed_while_people_work(make_case, cast):
    yesterday = now() - timedelta(days=1)
    with travel(yesterday):
        cases = [make_case() for _ in range(4)]

    def write() -> str:
        for case in cases:
            with transaction.atomic(), travel(yesterday):
                record("case.noted", Case.objects.locked(case.pk))
        return "wrote"

    def seal() -> int:
        return len(audit_actions.seal_days())

    said = at_once([write, seal, write, seal])

    assert said[0] == said[2] == "wrote"
    assert Seal.objects.count() == said[1] + said[3] == 1
    assert list(faults()) == [], "what came too late for the seal belongs to a later day"
