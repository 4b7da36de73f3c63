"""Joint handling and whistles with nobody present: telling units and desks, watching their limits."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, Unit, User
from bihuan.accounts.queries import holders
from bihuan.audit import every, on
from bihuan.audit.models import Entry
from bihuan.cases import actions
from bihuan.cases.background.telling import case_of, handlers_of, tell_staff
from bihuan.cases.models import Assistance, Call, Whistle
from bihuan.notices.kinds import DEADLINES, register

CASE = _("Case %(number)s, %(place)s")

register("case.to_assist", title=_("Your unit is asked to assist: %(title)s"), body=CASE)
register("case.part_to_redo", title=_("Your part is to be done again: %(title)s"), body=CASE)
register("case.part_done", title=_("An assisting unit has done its part: %(title)s"), body=CASE)
register("case.part_ended", title=_("Your part has ended: %(title)s"), body=CASE)
register(
    "case.assistance_reminded",
    title=_("80 %% of the limit of a part is used: %(title)s"),
    body=CASE,
    group=DEADLINES,
)
register(
    "case.assistance_overdue", title=_("The part of a unit is overdue: %(title)s"), body=CASE, group=DEADLINES
)
register("case.whistled", title=_("Your department is called: %(title)s"), body=CASE)
register("case.whistle_answered", title=_("A department answers your whistle: %(title)s"), body=CASE)
register(
    "case.whistle_reminded",
    title=_("The whistle waits for your answer: %(title)s"),
    body=CASE,
    group=DEADLINES,
)
register(
    "case.whistle_overdue",
    title=_("A whistle was not answered in time: %(title)s"),
    body=CASE,
    group=DEADLINES,
)
register("case.whistle_ruled", title=_("The joint ruling is there: %(title)s"), body=CASE)
register("case.whistle_called_off", title=_("The whistle was called off: %(title)s"), body=CASE)
register("case.whistle_rated", title=_("Your department was rated: %(title)s"), body=CASE)
register("case.rating_answered", title=_("A department answers its rating: %(title)s"), body=CASE)


@every("minute")
def watch_parts() -> None:
    actions.take_due_assistance_steps()


@on("unit.changed")
def show_cases_to_units_above(entry: Entry) -> None:
    """A unit that was put elsewhere in the tree shows its cases to the units that now stand above it."""
    unit: Unit = entry.subject()
    actions.follow_unit(unit)


# -- parts ---------------------------------------------------------------------------------------------------


@on("case.assistance_asked")
def tell_assisting_unit(entry: Entry) -> None:
    tell_staff(entry, _handlers(_part(entry).unit), "case.to_assist")


@on("case.assistance_redone")
def tell_unit_to_redo_its_part(entry: Entry) -> None:
    tell_staff(entry, _handlers(_part(entry).unit), "case.part_to_redo")


@on("case.assistance_done")
def tell_lead_of_part(entry: Entry) -> None:
    tell_staff(entry, handlers_of(case_of(entry)), "case.part_done")


@on("case.assistance_withdrawn")
def tell_unit_its_part_ended(entry: Entry) -> None:
    """The unit no longer sees the case, except as its lead: the notice says all there is to say."""
    tell_staff(entry, _handlers(_part(entry).unit), "case.part_ended")


@on("case.assistance_reminded")
def remind_assisting_unit(entry: Entry) -> None:
    tell_staff(entry, _handlers(_part(entry).unit), entry.verb)


@on("case.assistance_overdue")
def tell_all_of_overdue_part(entry: Entry) -> None:
    """The unit, the lead that waits for it, and the desk that asked."""
    case = case_of(entry)
    desk = holders(DutyKind.DISPATCHER, area=case.desk)
    tell_staff(entry, _together(_handlers(_part(entry).unit), handlers_of(case), desk), entry.verb)


@on("case.suspended", "case.resumed")
def tell_assisting_units_of_pause(entry: Entry) -> None:
    case = case_of(entry)
    if case.parts_open:
        parts = Assistance.objects.open().filter(case=case).select_related("unit")
        tell_staff(entry, _together(*(_handlers(part.unit) for part in parts)), entry.verb)


# -- the whistle ---------------------------------------------------------------------------------------------


@on("case.whistled", "case.whistle_called_off", "case.whistle_ruled")
def tell_departments(entry: Entry) -> None:
    """All who were called; but whoever now leads has a new case, and is told so."""
    calls = Call.objects.filter(whistle=entry.data["whistle"]).select_related("unit")
    people = _together(*(_handlers(call.unit) for call in calls))
    if entry.data["state"] == "assigned":
        leading = {person.pk for person in handlers_of(case_of(entry))}
        people = [person for person in people if person.pk not in leading]
    tell_staff(entry, people, entry.verb, urgent=entry.data.get("emergency", False))


@on("case.whistle_ruled")
def tell_lead_of_ruling(entry: Entry) -> None:
    """A lead that stays reads the ruling; another one has a new case."""
    case = case_of(entry)
    tell_staff(
        entry, handlers_of(case), "case.to_acknowledge" if entry.data["state"] == "assigned" else entry.verb
    )


@on("case.whistle_answered", "case.rating_answered")
def tell_whistler(entry: Entry) -> None:
    tell_staff(entry, _whistlers(entry), entry.verb)


@on("case.whistle_reminded", "case.whistle_rated")
def tell_department(entry: Entry) -> None:
    call = _call(entry)
    waits = entry.verb == "case.whistle_reminded"  # in an emergency at any hour, unlike a rating
    tell_staff(entry, _handlers(call.unit), entry.verb, urgent=waits and call.whistle.emergency)


@on("case.whistle_overdue")
def tell_both_of_missing_answer(entry: Entry) -> None:
    call = _call(entry)
    people = _together(_handlers(call.unit), _whistlers(entry))
    tell_staff(entry, people, entry.verb, urgent=call.whistle.emergency)


def _part(entry: Entry) -> Assistance:
    return Assistance.objects.select_related("unit").get(pk=entry.data["assistance"])


def _call(entry: Entry) -> Call:
    return Call.objects.select_related("unit", "whistle").get(pk=entry.data["call"])


def _handlers(unit: Unit) -> Iterable[User]:
    return holders(DutyKind.HANDLER, unit=unit)


def _whistlers(entry: Entry) -> Iterable[User]:
    whistle = Whistle.objects.select_related("area").get(pk=entry.data["whistle"])
    return holders(DutyKind.DISPATCHER, area=whistle.area)


def _together(*groups: Iterable[User]) -> Iterable[User]:
    """Everybody once."""
    return {person.pk: person for group in groups for person in group}.values()
