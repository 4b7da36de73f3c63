"""Leave: who stands in for whom."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bihuan.accounts import rules
from bihuan.accounts.models import Cover, User
from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.text import normalise


@transaction.atomic
def arrange_cover(
    absent: User, *, stand_in: User, starts_on: date, ends_on: date, by: User, reason: str = ""
) -> Cover:
    """Let a colleague act for an absent person on some days; each act of theirs names both."""
    # Both people in one order, so that two who arrange each other's cover do not wait in a ring.
    locked = {pk: User.objects.locked(pk) for pk in sorted({absent.pk, stand_in.pk})}
    cover = Cover(
        absent=locked[absent.pk],
        stand_in=locked[stand_in.pk],
        starts_on=starts_on,
        ends_on=ends_on,
        reason=normalise(reason),
    )
    verdict = rules.may("arrange_cover", cover, by).enforce()

    cover.full_clean()
    cover.save()
    stand_in.forget_duties()

    record_cover("cover.arranged", cover, by=by, on_behalf_of=verdict.on_behalf_of)
    return cover


@transaction.atomic
def cancel_cover(cover: Cover, *, by: User) -> Cover:
    """End a leave arrangement: the absent person is back, or somebody else will stand in."""
    cover = Cover.objects.select_related("absent", "stand_in").locked(cover.pk)
    verdict = rules.may("cancel_cover", cover, by).enforce()

    cover.cancelled_at, cover.cancelled_by = now(), by
    cover.save(update_fields=["cancelled_at", "cancelled_by"])
    cover.stand_in.forget_duties()

    record_cover("cover.cancelled", cover, by=by, on_behalf_of=verdict.on_behalf_of)
    return cover


def record_cover(verb: str, cover: Cover, *, by: User, on_behalf_of: User | None) -> None:
    record(
        verb,
        cover,
        by=by,
        on_behalf_of=on_behalf_of,
        absent=cover.absent_id,
        stand_in=cover.stand_in_id,
        starts_on=cover.starts_on.isoformat(),
        ends_on=cover.ends_on.isoformat(),
    )
