"""From a filed case to a reported result: 交办, 签收, 退回, 延期, 反馈."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases import clocks, limits, rules
from bihuan.cases.actions.loop import add_handler, add_photos, hold, keep
from bihuan.cases.actions.parts import add_parts, hand_over
from bihuan.cases.actions.returns import answer_to_return
from bihuan.cases.models import Case, Extension, State, Task
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.files.models import StoredFile
from bihuan.files.queries import attachments_of
from bihuan.territory.queries import district


@transaction.atomic
def assign_case(case: Case, *, by: Any, unit: Unit, note: str = "", assisting: Sequence[Task] = ()) -> Case:
    """Give a case to exactly one unit, which from now on answers for it; others may each have a part."""
    case, verdict = hold("assign", case, by)
    was, at = case.state, now()
    answered = answer_to_return(case, unit, note)
    fields = hand_over(case, unit, by=by, verdict=verdict, at=at)
    add_parts(case, assisting, by=by, verdict=verdict, at=at)
    return keep(
        case,
        "assign",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        unit=unit.pk,
        unit_name=unit.name,
        unit_name_en=unit.name_en,
        assisting=[task.unit.pk for task in assisting] or None,
        note=note,
        **answered,
    )


@transaction.atomic
def acknowledge_case(case: Case, *, by: Any) -> Case:
    """Take a case over: the unit's own clock starts, and those of going there and of telling the reporter."""
    case, verdict = hold("acknowledge", case, by)
    was, at = case.state, now()
    promise = limits.Promise.read(case.promise)
    case.acknowledged_at = at
    case.handling_used = 0
    case.state = State.HANDLING
    case.arrived_at = None
    case.on_site_due = promise.on_site_by(at)
    if case.contacted_at is None:
        case.contact_due = promise.contact_by(at) if rules.may_be_told(case) else None
    add_handler(case, by, verdict)
    clocks.start_stage(case, at, promise.resolve, promise.clock)
    return keep(
        case,
        "acknowledge",
        ["acknowledged_at", "handling_used", "handlers", "arrived_at", "contact_due"],
        by=by,
        verdict=verdict,
        was=was,
        unit=case.unit_id,
    )


@transaction.atomic
def return_case(case: Case, *, by: Any, right_unit: Unit, reason: str) -> Case:
    """Say that another unit is the right one. The second time the district decides, and that stands.

    Units that assist keep their parts and go on: their tasks are the same whoever leads, and stopping them
    would cost the reporter time. The dispatcher sees the open parts and may withdraw them.
    """
    case, verdict = hold("return", case, by)
    was, at = case.state, now()
    wrong = case.unit
    if right_unit == wrong:
        no("case.same_unit", _("Name another unit than your own.")).enforce()
    promise = limits.Promise.read(case.promise)
    case.returns += 1
    case.unit = None
    case.state = State.FILED
    if case.returns >= 2:
        case.desk = district()
    clocks.start_stage(case, at, promise.assign, promise.clock)
    return keep(
        case,
        "return",
        ["returns", "unit", "desk"],
        by=by,
        verdict=verdict,
        was=was,
        unit=wrong.pk if wrong else None,
        unit_name=wrong.name if wrong else None,
        unit_name_en=wrong.name_en if wrong else None,
        right_unit=right_unit.pk,
        right_unit_name=right_unit.name,
        right_unit_name_en=right_unit.name_en,
        reason=reason,
    )


@transaction.atomic
def ask_extension(case: Case, *, by: Any, seconds: int, reason: str) -> Case:
    """Ask for more time: once, before 80 % is used, and for no more than the original limit."""
    case, verdict = hold("ask_extension", case, by)
    promise = limits.Promise.read(case.promise)
    if not 0 < seconds <= promise.resolve:
        no(
            "case.extension_too_long",
            _("More time can be at most the original limit (%(limit)s).")
            % {"limit": limits.in_words(promise.resolve, promise.clock)},
        ).enforce()
    case.extension = Extension.ASKED
    case.extension_asked = seconds
    return keep(
        case,
        "ask_extension",
        ["extension", "extension_asked"],
        by=by,
        verdict=verdict,
        was=case.state,
        seconds=seconds,
        clock=promise.clock,
        reason=reason,
    )


@transaction.atomic
def decide_extension(case: Case, *, by: Any, granted: bool, note: str = "") -> Case:
    """Grant or refuse more time. Granting moves the deadline; it does not restart the clock."""
    case, verdict = hold("decide_extension", case, by)
    case.extension = Extension.GRANTED if granted else Extension.REFUSED
    if granted:
        clocks.lengthen(case, case.extension_asked, now())
    return keep(
        case,
        "decide_extension",
        ["extension"],
        by=by,
        verdict=verdict,
        was=case.state,
        granted=granted,
        seconds=case.extension_asked,
        note=note,
    )


@transaction.atomic
def resolve_case(
    case: Case, *, by: Any, note: str, photos: Iterable[StoredFile] = (), before: Iterable[StoredFile] = ()
) -> Case:
    """Say that it is done, with the evidence the matter asks for. Somebody else will look.

    The lead speaks for all: the rules refuse it until every assisting unit has done its part.
    `before` are photos taken by the unit when it came; a reporter's photo is one from before as well.
    """
    case, verdict = hold("resolve", case, by)
    was, at = case.state, now()
    photos = list(photos)
    promise = limits.Promise.read(case.promise)
    if promise.needs_after_photo and not photos:
        no("case.after_photo_missing", _("This matter asks for a photo of the result.")).enforce()
    add_photos(case, list(before), role="before", by=by)
    if promise.needs_before_photo and not attachments_of(case).filter(role__in=("report", "before")).exists():
        no(
            "case.before_photo_missing", _("This matter asks for a photo from before. Add one to the case.")
        ).enforce()
    late = clocks.left(case, at) < 0
    case.handling_used += clocks.used(case, at)
    case.resolution = clean(note)
    case.resolved_at = at
    case.state = State.RESOLVED
    if case.extension == Extension.ASKED:
        case.extension = Extension.NONE
    add_handler(case, by, verdict)
    add_photos(case, photos, role="after", by=by)
    clocks.start_stage(case, at, limits.INSPECT)
    return keep(
        case,
        "resolve",
        ["resolution", "resolved_at", "handling_used", "handlers", "extension"],
        by=by,
        verdict=verdict,
        was=was,
        unit=case.unit_id,
        note=note,
        photos=len(photos),
        late=late,
    )
