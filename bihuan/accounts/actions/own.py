"""What people do for their own account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q

from bihuan.accounts import rules
from bihuan.accounts.actions.covers import record_cover
from bihuan.accounts.models import Cover, User
from bihuan.audit import record
from bihuan.core.clock import now, today


@transaction.atomic
def sign_out_everywhere(person: User, *, by: User, keep: str = "") -> int:
    """End all sessions of one's own account, except the one with the key `keep`; says how many ended."""
    person = User.objects.locked(person.pk)
    rules.may("sign_out_everywhere", person, by).enforce()

    ended = end_sessions(person, keep=keep)

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

    others = (
        UserSession.objects.filter(user=person)
        .exclude(session_key=session_key)
        .order_by("-created_at", "-pk")
    )
    ended = 0
    for session in others[rules.MAX_SESSIONS - 1 :]:
        session.end()
        ended += 1

    record("person.signed_in", person, by=by, sessions_ended=ended)
    return ended


@transaction.atomic
def note_refused_sign_in(person: User) -> None:
    """Note that somebody tried to sign in as this person and was refused; their page shows it."""
    record("person.sign_in_refused", User.objects.locked(person.pk))


@transaction.atomic
def erase_account(person: User, *, by: User) -> User:
    """Close one's own account and have name, phone and second factors forgotten.

    Rooms above cut what hangs on it: reports stay without their reporter, addresses and notices go.
    """
    person = User.objects.locked(person.pk)
    rules.may("erase_account", person, by).enforce()

    moment = now()
    for cover in Cover.objects.not_over(today()).filter(Q(absent=person) | Q(stand_in=person)):
        cover.cancelled_at, cover.cancelled_by = moment, person
        cover.save(update_fields=["cancelled_at", "cancelled_by"])
        record_cover("cover.cancelled", cover, by=person, on_behalf_of=None)
    end_sessions(person)
    Authenticator.objects.filter(user=person).delete()
    person.name, person.username = "", f"erased-{person.pk}"
    person.write_phone("")
    person.set_unusable_password()
    person.is_active, person.password_is_temporary = False, False
    person.erased_at, person.last_login = moment, None
    person.save(
        update_fields=[
            "name", "username", "phone", "phone_index", "password", "is_active", "password_is_temporary",
            "erased_at", "last_login",
        ]
    )  # fmt: skip

    record("person.erased", person, by=None)
    return person


def end_sessions(person: User, *, keep: str = "") -> int:
    sessions = UserSession.objects.filter(user=person).exclude(session_key=keep)
    ended = 0
    for session in sessions:
        session.end()
        ended += 1
    return ended
