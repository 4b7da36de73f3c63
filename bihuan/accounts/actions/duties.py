"""Giving and ending duties."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts import rules
from bihuan.accounts.models import Duty, DutyKind, Unit, User
from bihuan.audit import record
from bihuan.core.clock import now, today
from bihuan.core.verdicts import no
from bihuan.territory.models import Area


@transaction.atomic
def give_duty(
    person: User,
    *,
    kind: str,
    by: User,
    area: Area | None = None,
    unit: Unit | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Duty:
    """Make a person answer for a kind of work, for an area or in a unit, from a day to a day."""
    person = User.objects.locked(person.pk)
    duty = Duty(
        person=person, kind=kind, area=area, unit=unit, starts_on=starts_on or today(), ends_on=ends_on
    )
    duty.full_clean()
    verdict = rules.may("give_duty", duty, by).enforce()

    duty.save()

    record_duty("duty.given", duty, by=by, on_behalf_of=verdict.on_behalf_of)
    return duty


@transaction.atomic
def end_duty(duty: Duty, *, by: User, last_day: date | None = None) -> Duty:
    """Relieve a person of a duty: at once, or after a last day still to come."""
    lock_administrations()
    duty = Duty.objects.with_places().select_related("person").locked(duty.pk)
    verdict = rules.may("end_duty", duty, by).enforce()

    if last_day is None:
        end_now(duty, by=by)
    else:
        if last_day < max(today(), duty.starts_on):
            no(
                "duty.bad_last_day", _("The last day must be today or later, and not before the first.")
            ).enforce()
        duty.ends_on = last_day
        duty.save(update_fields=["ends_on"])

    verb = "duty.ended" if last_day is None else "duty.limited"
    record_duty(verb, duty, by=by, on_behalf_of=verdict.on_behalf_of)
    return duty


def record_duty(verb: str, duty: Duty, *, by: User | None, on_behalf_of: User | None = None) -> None:
    record(
        verb,
        duty,
        by=by,
        on_behalf_of=on_behalf_of,
        area=duty.area or (duty.unit.area if duty.unit else None),
        person=duty.person_id,
        kind=duty.kind,
        unit=duty.unit_id,
        starts_on=duty.starts_on.isoformat(),
        ends_on=duty.ends_on.isoformat() if duty.ends_on else None,
    )


def end_now(duty: Duty, *, by: User) -> None:
    duty.ended_at, duty.ended_by = now(), by
    duty.ends_on = max(today(), duty.starts_on)
    duty.save(update_fields=["ended_at", "ended_by", "ends_on"])
    duty.person.forget_duties()


def lock_administrations() -> list[int]:
    """Hold all administrators' duties, so that two people cannot remove each other at the same moment."""
    duties = Duty.objects.not_over(today()).filter(kind=DutyKind.ADMINISTRATOR)
    return list(duties.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
