"""What administrators do for people, units, duties and leave, and what people do for their own account."""

from __future__ import annotations

from datetime import date

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts import rules
from bihuan.accounts.models import Cover, Duty, DutyKind, Unit, User
from bihuan.audit import record
from bihuan.core.clock import now, today
from bihuan.core.text import normalise
from bihuan.core.verdicts import Refusal, no
from bihuan.territory.models import Area


@transaction.atomic
def create_first_administrator(*, username: str, name: str, password: str, district: Area) -> User:
    """Open the district's first account at the command line; refused once anybody administers it."""
    Area.objects.select_for_update().get(pk=district.pk)
    if Duty.objects.not_over(today()).filter(kind=DutyKind.ADMINISTRATOR, area__parent=None).exists():
        raise Refusal(
            "accounts.has_administrator", _("The district already has an administrator, who can open accounts.")
        )
    person = _fill(User(), username=username, name=name, phone="")
    if password:
        validate_password(password, person)
    person.set_password(password or None)
    person.full_clean(exclude=["password"])
    person.save()
    duty = Duty.objects.create(person=person, kind=DutyKind.ADMINISTRATOR, area=district, starts_on=today())
    record("person.created", person, by=None, area=district, username=person.username)
    _record_duty("duty.given", duty, by=None)
    return person


@transaction.atomic
def create_person(
    *,
    username: str,
    name: str,
    by: User,
    phone: str = "",
    password: str = "",
    language: str = "",
) -> User:
    """Open an account. A password given here is for the first sign-in only; its owner then chooses another."""
    verdict = rules.may("create_person", None, by).enforce()

    person = _fill(User(), username=username, name=name, phone=phone)
    if language:
        person.language = language
    if password:
        validate_password(password, person)
    person.set_password(password or None)
    person.password_is_temporary = bool(password)
    person.full_clean(exclude=["password"])
    person.save()

    record("person.created", person, by=by, on_behalf_of=verdict.on_behalf_of, username=person.username)
    return person


@transaction.atomic
def change_person(person: User, *, by: User, name: str, phone: str, username: str | None = None) -> User:
    """Correct a person's name and phone; an administrator may also change the sign-in name."""
    person = User.objects.locked(person.pk)
    verdict = rules.may("change_person", person, by).enforce()
    if username is not None and normalise(username).lower() != person.username:
        verdict = rules.may("rename_person", person, by).enforce()

    before = {"name": person.name, "username": person.username, "phone": person.phone}
    _fill(person, username=person.username if username is None else username, name=name, phone=phone)
    changed = [field for field, value in before.items() if getattr(person, field) != value]
    if not changed:
        return person
    person.full_clean(exclude=["password"])
    person.save(update_fields=["name", "username", "phone", "phone_index"])

    record("person.changed", person, by=by, on_behalf_of=verdict.on_behalf_of, fields=changed)
    return person


def _fill(person: User, *, username: str, name: str, phone: str) -> User:
    person.username = normalise(username).lower()
    person.name = normalise(name)
    try:
        person.write_phone(normalise(phone))
    except ValueError as error:
        raise ValidationError({"phone": _("This is not a phone number.")}) from error
    taken = User.objects.exclude(pk=person.pk).filter(phone_index=person.phone_index)
    if person.phone_index and taken.exists():
        raise ValidationError({"phone": _("Another account already has this phone.")})
    return person


@transaction.atomic
def set_password(person: User, *, by: User, password: str) -> User:
    """Give somebody a password for their next sign-in, and end the sessions the old one opened."""
    person = User.objects.locked(person.pk)
    verdict = rules.may("set_password", person, by).enforce()

    validate_password(password, person)
    person.set_password(password)
    person.password_is_temporary = True
    person.save(update_fields=["password", "password_is_temporary"])
    _end_sessions(person)

    record("person.password_set", person, by=by, on_behalf_of=verdict.on_behalf_of)
    return person


@transaction.atomic
def reset_second_factors(person: User, *, by: User) -> User:
    """Take away a person's second factors after a lost phone; they set up new ones at the next sign-in."""
    person = User.objects.locked(person.pk)
    verdict = rules.may("reset_second_factors", person, by).enforce()

    removed, _detail = Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)

    record("person.second_factors_reset", person, by=by, on_behalf_of=verdict.on_behalf_of, removed=removed)
    return person


@transaction.atomic
def deactivate_person(person: User, *, by: User, reason: str = "") -> User:
    """Close an account: its sessions end, its duties end today, its leave arrangements fall away."""
    _lock_administrations()
    person = User.objects.locked(person.pk)
    verdict = rules.may("deactivate_person", person, by).enforce()

    moment = now()
    duties = Duty.objects.not_over(today()).filter(person=person).select_related("area", "unit__area", "person")
    for duty in duties.select_for_update(of=("self",)).order_by("pk"):
        _end(duty, by=by)
        _record_duty("duty.ended", duty, by=by, on_behalf_of=verdict.on_behalf_of)
    covers = Cover.objects.not_over(today()).filter(Q(absent=person) | Q(stand_in=person))
    for cover in covers.select_for_update().order_by("pk"):
        cover.cancelled_at, cover.cancelled_by = moment, by
        cover.save(update_fields=["cancelled_at", "cancelled_by"])
        _record_cover("cover.cancelled", cover, by=by, on_behalf_of=verdict.on_behalf_of)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _end_sessions(person)

    record("person.deactivated", person, by=by, on_behalf_of=verdict.on_behalf_of, reason=normalise(reason))
    return person


@transaction.atomic
def reactivate_person(person: User, *, by: User) -> User:
    """Open a closed account again. Its duties stay ended; they are given anew."""
    person = User.objects.locked(person.pk)
    verdict = rules.may("reactivate_person", person, by).enforce()

    person.is_active = True
    person.save(update_fields=["is_active"])

    record("person.reactivated", person, by=by, on_behalf_of=verdict.on_behalf_of)
    return person


@transaction.atomic
def create_unit(
    *,
    name: str,
    kind: str,
    code: str,
    by: User,
    parent: Unit | None = None,
    area: Area | None = None,
    name_en: str = "",
) -> Unit:
    """Add an office, company or institution to the tree, so that work can be given to it."""
    parent = Unit.objects.locked(parent.pk) if parent else None
    unit = Unit(
        name=normalise(name), name_en=normalise(name_en), kind=kind, code=normalise(code), parent=parent, area=area
    )
    verdict = rules.may("create_unit", unit, by).enforce()

    unit.full_clean()
    unit.save()
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["path"])

    record("unit.created", unit, by=by, on_behalf_of=verdict.on_behalf_of, area=area, code=unit.code)
    return unit


@transaction.atomic
def change_unit(
    unit: Unit,
    *,
    by: User,
    name: str,
    kind: str,
    code: str,
    parent: Unit | None,
    area: Area | None,
    name_en: str = "",
) -> Unit:
    """Rename a unit or hang it, with everything below it, under another one."""
    # Two moves at once could tie the tree into a ring, so a change holds every row of it.
    units = {row.pk: row for row in Unit.objects.select_for_update(of=("self",)).select_related("area").order_by("pk")}
    unit = units[unit.pk]
    verdict = rules.may("change_unit", unit, by).enforce()
    parent = units[parent.pk] if parent else None

    old_path = unit.path
    before = (unit.name, unit.name_en, unit.kind, unit.code, unit.parent_id, unit.area_id)
    unit.name, unit.name_en = normalise(name), normalise(name_en)
    unit.kind, unit.code, unit.parent, unit.area = kind, normalise(code), parent, area
    if before == (unit.name, unit.name_en, unit.kind, unit.code, unit.parent_id, unit.area_id):
        return unit
    rules.may("change_unit", unit, by).enforce()
    if parent and parent.path.startswith(old_path):
        no("unit.ring", _("A unit cannot stand under itself or under a unit below it.")).enforce()
    unit.full_clean()
    unit.path = f"{parent.path if parent else ''}{unit.pk}/"
    unit.save(update_fields=["name", "name_en", "kind", "code", "parent", "area", "path"])
    if unit.path != old_path:
        below = [row for row in units.values() if row.pk != unit.pk and row.path.startswith(old_path)]
        for row in below:
            row.path = unit.path + row.path.removeprefix(old_path)
        Unit.objects.bulk_update(below, ["path"])

    record("unit.changed", unit, by=by, on_behalf_of=verdict.on_behalf_of, area=unit.area, code=unit.code)
    return unit


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

    _record_duty("duty.given", duty, by=by, on_behalf_of=verdict.on_behalf_of)
    return duty


@transaction.atomic
def end_duty(duty: Duty, *, by: User, last_day: date | None = None) -> Duty:
    """Relieve a person of a duty: at once, or after a last day still to come."""
    _lock_administrations()
    duty = Duty.objects.select_related("area", "unit__area", "person").locked(duty.pk)
    verdict = rules.may("end_duty", duty, by).enforce()

    if last_day is None:
        _end(duty, by=by)
    else:
        if last_day < max(today(), duty.starts_on):
            raise ValidationError({"last_day": _("The last day must be today or later, and not before the first.")})
        duty.ends_on = last_day
        duty.save(update_fields=["ends_on"])

    verb = "duty.ended" if last_day is None else "duty.limited"
    _record_duty(verb, duty, by=by, on_behalf_of=verdict.on_behalf_of)
    return duty


def _record_duty(verb: str, duty: Duty, *, by: User | None, on_behalf_of: User | None = None) -> None:
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


def _record_cover(verb: str, cover: Cover, *, by: User, on_behalf_of: User | None) -> None:
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


def _end(duty: Duty, *, by: User) -> None:
    duty.ended_at, duty.ended_by = now(), by
    duty.ends_on = max(today(), duty.starts_on)
    duty.save(update_fields=["ended_at", "ended_by", "ends_on"])
    duty.person.forget_duties()


def _lock_administrations() -> list[int]:
    """Hold all administrators' duties, so that two people cannot remove each other at the same moment."""
    duties = Duty.objects.not_over(today()).filter(kind=DutyKind.ADMINISTRATOR)
    return list(duties.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


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

    _record_cover("cover.arranged", cover, by=by, on_behalf_of=verdict.on_behalf_of)
    return cover


@transaction.atomic
def cancel_cover(cover: Cover, *, by: User) -> Cover:
    """End a leave arrangement: the absent person is back, or somebody else will stand in."""
    cover = Cover.objects.select_related("absent", "stand_in").locked(cover.pk)
    verdict = rules.may("cancel_cover", cover, by).enforce()

    cover.cancelled_at, cover.cancelled_by = now(), by
    cover.save(update_fields=["cancelled_at", "cancelled_by"])
    cover.stand_in.forget_duties()

    _record_cover("cover.cancelled", cover, by=by, on_behalf_of=verdict.on_behalf_of)
    return cover


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User, keep: str = "") -> int:
    """End all sessions of one's own account, except the one with the key `keep`; says how many ended."""
    person = User.objects.locked(person.pk)
    rules.may("sign_out_everywhere", person, by).enforce()

    ended = _end_sessions(person, keep=keep)

    record("person.signed_out_everywhere", person, by=by, sessions=ended)
    return ended


@transaction.atomic
def set_language(person: User, *, by: User, language: str) -> User:
    """Choose the language in which pages and messages come to this person."""
    person = User.objects.locked(person.pk)
    rules.may("set_language", person, by).enforce()

    person.language = language
    person.full_clean(exclude=["password"])
    person.save(update_fields=["language"])

    record("person.language_set", person, by=by, language=language)
    return person


@transaction.atomic
def change_own_password(person: User, *, by: User, password: str) -> User:
    """Take a password of one's own choice; the form has asked for the old one."""
    row = User.objects.locked(person.pk)
    rules.may("change_own_password", row, by).enforce()

    validate_password(password, row)
    row.set_password(password)
    row.password_is_temporary = False
    row.save(update_fields=["password", "password_is_temporary"])
    # The caller's own object carries the session hash that keeps the present session alive.
    person.password, person.password_is_temporary = row.password, False

    record("person.password_changed", row, by=by)
    return row


@transaction.atomic
def note_sign_in(person: User, *, by: User, session_key: str) -> int:
    """Note that somebody signed in, and end their oldest sessions beyond the limit; says how many ended."""
    person = User.objects.locked(person.pk)
    rules.may("note_sign_in", person, by).enforce()

    others = UserSession.objects.filter(user=person).exclude(session_key=session_key).order_by("-created_at", "-pk")
    ended = 0
    for session in others[rules.MAX_SESSIONS - 1 :]:
        session.end()
        ended += 1

    record("person.signed_in", person, by=by, sessions_ended=ended)
    return ended


def _end_sessions(person: User, *, keep: str = "") -> int:
    sessions = UserSession.objects.filter(user=person).exclude(session_key=keep)
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    return ended
