"""Opening, changing and closing accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts import rules
from bihuan.accounts.actions.covers import record_cover
from bihuan.accounts.actions.duties import end_now, lock_administrations, record_duty
from bihuan.accounts.actions.own import end_sessions
from bihuan.accounts.models import Cover, Duty, DutyKind, User
from bihuan.audit import record
from bihuan.core.clock import now, today
from bihuan.core.text import normalise
from bihuan.core.verdicts import no
from bihuan.territory.models import Area


@transaction.atomic
def create_first_administrator(*, username: str, name: str, password: str, district: Area) -> User:
    """Open the district's first account at the command line; refused once anybody administers it."""
    Area.objects.select_for_update().get(pk=district.pk)
    if Duty.objects.not_over(today()).filter(kind=DutyKind.ADMINISTRATOR, area__parent=None).exists():
        no(
            "accounts.has_administrator",
            _("The district already has an administrator, who can open accounts."),
        ).enforce()
    person = _fill(User(), username=username, name=name, phone="")
    if password:
        validate_password(password, person)
    person.set_password(password or None)
    person.save()
    duty = Duty.objects.create(person=person, kind=DutyKind.ADMINISTRATOR, area=district, starts_on=today())
    record("person.created", person, by=None, area=district, username=person.username)
    record_duty("duty.given", duty, by=None)
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
    """Open an account. A password given here is for the first sign-in only."""
    verdict = rules.may("create_person", None, by).enforce()

    person = _fill(User(), username=username, name=name, phone=phone)
    if language:
        person.language = language
    if password:
        validate_password(password, person)
    person.set_password(password or None)
    person.password_is_temporary = bool(password)
    person.save()

    record("person.created", person, by=by, on_behalf_of=verdict.on_behalf_of, username=person.username)
    return person


@transaction.atomic
def change_person(
    person: User, *, by: User, name: str, phone: str | None = None, username: str | None = None
) -> User:
    """Correct a person's name and phone (None keeps it); an administrator may also rename them."""
    person = User.objects.locked(person.pk)
    verdict = rules.may("change_person", person, by).enforce()
    if username is not None and normalise(username).lower() != person.username:
        verdict = rules.may("rename_person", person, by).enforce()

    before = {"name": person.name, "username": person.username, "phone": person.phone}
    _fill(
        person,
        username=person.username if username is None else username,
        name=name,
        phone=str(person.phone or "") if phone is None else phone,
    )
    changed = [field for field, value in before.items() if getattr(person, field) != value]
    if not changed:
        return person
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
    person.clean_fields(exclude=["password"])
    others = User.objects.exclude(pk=person.pk)
    if others.filter(username=person.username).exists():
        no("person.username_taken", _("This sign-in name is taken.")).enforce()
    if person.phone and others.with_phone(person.phone).exists():
        no("person.phone_taken", _("Another account already has this phone.")).enforce()
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
    end_sessions(person)

    record("person.password_set", person, by=by, on_behalf_of=verdict.on_behalf_of)
    return person


@transaction.atomic
def reset_second_factors(person: User, *, by: User) -> User:
    """Take away a person's second factors after a lost phone; they set up new ones at the next sign-in."""
    person = User.objects.locked(person.pk)
    verdict = rules.may("reset_second_factors", person, by).enforce()

    removed, _detail = Authenticator.objects.filter(user=person).delete()
    end_sessions(person)

    record("person.second_factors_reset", person, by=by, on_behalf_of=verdict.on_behalf_of, removed=removed)
    return person


@transaction.atomic
def deactivate_person(person: User, *, by: User, reason: str = "") -> User:
    """Close an account: its sessions end, its duties end today, its leave arrangements fall away."""
    lock_administrations()
    person = User.objects.locked(person.pk)
    verdict = rules.may("deactivate_person", person, by).enforce()

    moment = now()
    duties = Duty.objects.not_over(today()).filter(person=person).with_places().select_related("person")
    for duty in duties.select_for_update(of=("self",)).order_by("pk"):
        end_now(duty, by=by)
        record_duty("duty.ended", duty, by=by, on_behalf_of=verdict.on_behalf_of)
    covers = Cover.objects.not_over(today()).filter(Q(absent=person) | Q(stand_in=person))
    for cover in covers.select_for_update().order_by("pk"):
        cover.cancelled_at, cover.cancelled_by = moment, by
        cover.save(update_fields=["cancelled_at", "cancelled_by"])
        record_cover("cover.cancelled", cover, by=by, on_behalf_of=verdict.on_behalf_of)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)

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
