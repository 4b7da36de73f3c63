"""Joint handling 联办: the parts of assisting units, their clocks, and the lead that waits for them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person, make_unit
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, rules
from bihuan.cases.models import Assistance, Case, Task
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.verbs_joint import PARTS, assisted, part_at
from bihuan.core.clock import now, travel
from bihuan.core.verdicts import Refusal
from bihuan.files.queries import attachments_of

pytestmark = pytest.mark.usefixtures("at_nine")
HOUR = 3_600
DAY = 7 * HOUR  # an office day
every_part = pytest.mark.parametrize("name", PARTS)


def verbs(case):
    return [entry.verb.removeprefix("case.") for entry in entries_about(case)]


@pytest.fixture
def helper(cast):
    """A third unit with a handler of its own."""
    unit = make_unit("供水公司", code="GS", name_en="Water Company")
    return make_person("供水承办人", username="helper", duties=[("handler", unit)])


@pytest.fixture
def water(helper):
    return helper.duties.get().unit


# -- every verb on a part -------------------------------------------------------------------------------


def test_every_verb_on_a_part_is_proved():
    assert set(PARTS) == set(rules.PARTS)


@every_part
def test_a_verb_on_a_part_works(make_case, cast, entry_of, name):
    side, move = PARTS[name], rules.PARTS[name]
    part = side.ready(make_case)
    by = getattr(cast, sorted(side.who)[0])
    assert rules.may_part(name, part, by)

    part = side.do(part, by, ())

    stored = Assistance.objects.get(pk=part.pk)
    assert stored.state == part.state == move.end
    for field, value in side.left.items():
        assert getattr(stored, field) == value, field
    entry = entry_of(stored.case)
    assert (entry.verb, entry.by, entry.on_behalf_of) == (move.event, by, None)
    assert (entry.data["assistance"], entry.data["unit"]) == (part.pk, cast.works.pk)
    assert (entry.data["unit_name"], entry.data["unit_name_en"]) == ("住房和城乡建设局", "Housing Bureau")
    assert stored.case.changed_at == now()
    assert list(faults()) == []


@every_part
@pytest.mark.parametrize("state", ["asked", "in_hand", "done", "withdrawn"])
def test_a_verb_is_refused_in_every_other_state_of_the_part(make_case, cast, refused, unchanged, name, state):
    if state in rules.PARTS[name].start:
        return
    part = part_at(state)(make_case)
    by = getattr(cast, sorted(PARTS[name].who)[0])
    with unchanged(), refused("case.part_in_wrong_state"):
        PARTS[name].do(part, by, ())


@every_part
def test_a_verb_on_a_part_is_refused_when_the_case_is_elsewhere(make_case, cast, refused, unchanged, name):
    part = PARTS[name].ready(make_case)
    Case.objects.filter(pk=part.case_id).update(
        state="closed", closed_at=now(), step_at=None, running_since=None
    )
    with unchanged(), refused("case.wrong_state"):
        PARTS[name].do(part, getattr(cast, sorted(PARTS[name].who)[0]), ())


@every_part
def test_a_verb_on_a_part_is_refused_to_everybody_else(make_case, cast, unchanged, name):
    side = PARTS[name]
    part = side.ready(make_case)
    people = {who: person for who, person in vars(cast).items() if isinstance(person, User)}
    for who, person in {**people, "anonymous": AnonymousUser()}.items():
        if who in side.who:
            continue
        with unchanged(), pytest.raises(Refusal) as refusal:
            side.do(part, person, ())
        assert refusal.value.code in ("case.not_your_unit", "case.not_your_duty"), who


@every_part
def test_a_failure_half_way_leaves_the_part_as_it_was(
    make_case, cast, photo, breaking_record, unchanged, name
):
    part = PARTS[name].ready(make_case)
    module = "parts" if name == "withdraw_assistance" else "joint"
    broken = breaking_record(f"bihuan.cases.actions.{module}")
    with unchanged(), pytest.raises(broken):
        PARTS[name].do(part, getattr(cast, sorted(PARTS[name].who)[0]), [photo(1)])


@every_part
def test_a_stand_in_acts_on_a_part(make_case, cast, stand_in_for, entry_of, name):
    part = PARTS[name].ready(make_case)
    absent = getattr(cast, sorted(PARTS[name].who)[0])
    stand_in = stand_in_for(absent)
    part = PARTS[name].do(part, stand_in, ())
    assert (entry_of(part.case).by, entry_of(part.case).on_behalf_of) == (stand_in, absent)


# -- asking ---------------------------------------------------------------------------------------------


def test_a_case_is_assigned_to_one_lead_and_two_units_that_assist(make_case, cast, water, told, entry_of):
    case = make_case(at="filed", matter=cast.plots)
    case = actions.assign_case(
        case,
        by=cast.dispatcher,
        unit=cast.bureau,
        assisting=[Task(cast.works, "关闭阀门"), Task(water, "更换管道", 2 * DAY)],
    )

    first, second = case.assistances.order_by("pk")
    assert (case.unit, case.parts_open) == (cast.bureau, 2)
    assert (first.state, first.task, first.stage_limit, first.clock) == (
        "asked",
        "关闭阀门",
        7 * DAY,
        "working",
    )
    assert (second.stage_limit, second.due_at) == (2 * DAY, moment("2025-09-12 09:00"))
    assert verbs(case)[-3:] == ["assistance_asked", "assistance_asked", "assigned"]
    assert entry_of(case).data["assisting"] == [cast.works.pk, water.pk]
    assert {
        ("handler", "case.to_acknowledge"), ("stranger", "case.to_assist"), ("helper", "case.to_assist"),
    } <= told(case)  # fmt: skip


def test_a_part_never_lasts_beyond_the_leads_deadline(make_case, cast, water, refused, unchanged):
    case = make_case(at="handling", matter=cast.plots)
    with travel(moment("2025-09-18 15:00")):
        with unchanged(), refused("case.sub_limit_too_long"):
            assisted(case, cast, limit=DAY)
        case = assisted(case, cast)
        part = case.assistances.get()
    assert (part.stage_limit, part.due_at) == (3 * HOUR + HOUR // 2, case.due_at)
    with travel(case.due_at + timedelta(days=3)):
        case = assisted(case, cast, unit=water)
        late = case.assistances.get(unit=water)
        assert late.stage_limit == round(0.2 * 7 * DAY), "asked too late, it still needs some time"


@pytest.mark.parametrize("seconds", [0, -1, 8 * DAY])
def test_a_limit_that_makes_no_sense_is_refused(make_case, cast, refused, unchanged, seconds):
    case = make_case(at="handling", matter=cast.plots)
    with unchanged(), refused("case.sub_limit_too_long"):
        assisted(case, cast, limit=seconds)


def test_a_unit_has_one_part_at_a_time(make_case, cast, refused, unchanged):
    case = assisted(make_case(at="handling"), cast)
    with unchanged(), refused("case.assists_already"):
        assisted(case, cast)
    part = case.assistances.get()
    part = actions.acknowledge_assistance(part, by=cast.stranger)
    actions.finish_assistance(part, by=cast.stranger, note="阀门已关")
    assert assisted(case, cast, task="再关一次").assistances.count() == 2


def test_the_lead_does_not_assist_itself_nor_does_a_unit_without_handlers(
    make_case, cast, refused, unchanged
):
    case = make_case(at="handling")
    with unchanged(), refused("case.leads_already"):
        assisted(case, cast, unit=cast.bureau)
    with unchanged(), refused("case.unit_without_handlers"):
        assisted(case, cast, unit=cast.office)
    filed = make_case(at="filed")
    with unchanged(), refused("case.leads_already"):
        actions.assign_case(
            filed, by=cast.dispatcher, unit=cast.bureau, assisting=[Task(cast.bureau, "清扫")]
        )


# -- the lead waits -------------------------------------------------------------------------------------


def test_the_lead_waits_until_every_part_is_done_or_withdrawn(
    make_case, cast, water, helper, refused, unchanged
):
    case = assisted(assisted(make_case(at="handling"), cast), cast, unit=water)
    for _ in range(2):
        with unchanged(), refused("case.assistance_open"):
            actions.resolve_case(case, by=cast.handler, note="已修复")
    sentence = str(rules.may("resolve", Case.objects.get(pk=case.pk), cast.handler).sentence)
    assert "Housing Bureau" in sentence and "Water Company" in sentence

    works, pipes = case.assistances.order_by("pk")
    works = actions.acknowledge_assistance(works, by=cast.stranger)
    actions.finish_assistance(works, by=cast.stranger, note="阀门已关")
    with refused("case.assistance_open"):
        actions.resolve_case(case, by=cast.handler, note="已修复")
    actions.withdraw_assistance(pipes, by=cast.dispatcher, reason="无需更换")

    assert Case.objects.get(pk=case.pk).parts_open == 0
    assert actions.resolve_case(case, by=cast.handler, note="已修复").state == "resolved"


def test_what_a_unit_did_is_on_the_case_with_its_photos(make_case, cast, photo, told):
    part = part_at("in_hand")(make_case)
    told(part.case)
    part = actions.finish_assistance(part, by=cast.stranger, note="阀门已关", photos=[photo()])
    assert [found.role for found in attachments_of(part.case)] == ["after"]
    assert (part.result, part.running_since, part.step_at) == ("阀门已关", None, None)
    assert ("handler", "case.part_done") in told(part.case)


def test_the_lead_sends_a_part_back_after_rework(make_case, cast, told):
    part = part_at("done")(make_case)
    case = actions.resolve_case(part.case, by=cast.handler, note="已修复")
    case = actions.rework_case(case, by=cast.inspector, reason="仍在渗水")

    part = actions.redo_assistance(part, by=cast.handler, reason="阀门处仍在渗水")

    case.refresh_from_db()
    assert (part.state, part.due_at, case.parts_open) == ("in_hand", case.due_at, 1)
    assert ("stranger", "case.part_to_redo") in told(case)


def test_a_part_is_not_redone_beside_a_newer_one(make_case, cast, refused, unchanged):
    part = part_at("done")(make_case)
    assisted(part.case, cast)
    with unchanged(), refused("case.assists_already"):
        actions.redo_assistance(part, by=cast.handler, reason="仍在渗水")


# -- when the lead changes --------------------------------------------------------------------------------


def test_a_return_leaves_the_parts_at_work(make_case, cast, water, helper):
    case = assisted(assisted(make_case(at="assigned"), cast), cast, unit=water)
    case = actions.return_case(case, by=cast.handler, right_unit=cast.works, reason="属于住建局")

    assert (case.state, case.parts_open) == ("filed", 2)
    assert cast.bureau.pk not in case.units
    part = case.assistances.get(unit=water)
    part = actions.acknowledge_assistance(part, by=helper)
    assert actions.finish_assistance(part, by=helper, note="已更换").state == "done"


def test_the_part_of_the_new_lead_ends(make_case, cast):
    case = assisted(make_case(at="assigned"), cast)
    case = actions.return_case(case, by=cast.handler, right_unit=cast.works, reason="属于住建局")
    case = actions.assign_case(case, by=cast.dispatcher, unit=cast.works)

    part = case.assistances.get()
    assert (part.state, part.withdrawn_by, part.withdrawn_because) == ("withdrawn", cast.dispatcher, "")
    assert (case.parts_open, case.units) == (0, [cast.works.pk])
    assert verbs(case)[-2:] == ["assistance_withdrawn", "assigned"]
