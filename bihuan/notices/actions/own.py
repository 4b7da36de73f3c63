"""What people decide for themselves: where they are reached outside the inbox, what for, and when."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable
from datetime import time
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.personal import blind_index
from bihuan.core.verdicts import no
from bihuan.notices import rules
from bihuan.notices.channels.email import Email
from bihuan.notices.channels.webhook import PREFIX
from bihuan.notices.models import Address, Notice, Wishes

if TYPE_CHECKING:
    from bihuan.notices.channels.base import Outcome


@transaction.atomic
def name_address(person: User, *, by: User, channel: str, value: str) -> Address:
    """Say where one wants to be told. A worker sends an e-mail address its code, and tries a webhook out."""
    person = User.objects.locked(person.pk)
    rules.may("name_address", person, by).enforce()
    known = Address.objects.filter(person=person, channel=channel).first()
    if channel == Email.code:
        rules.may("new_code", known, by).enforce()

    at = now()
    address = known or Address(person=person, channel=channel)
    address.value, address.value_index = value, blind_index(value.lower())
    address.tried_at, address.error, address.code_tries = None, "", 0
    if channel == Email.code:
        address.code, address.code_made_at = f"{secrets.randbelow(10**6):06d}", at
        address.confirmed_at = None
    else:
        address.secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
        address.confirmed_at = at
    address.save()

    record("person.address_named", person, by=by, channel=channel)
    return address


@transaction.atomic
def confirm_address(person: User, *, by: User, channel: str, code: str) -> Address | None:
    """Type in the code that came by e-mail. A wrong one counts, and gives None."""
    address = Address.objects.select_for_update().filter(person=person, channel=channel).first()
    rules.may("confirm_address", address, by).enforce()
    assert address is not None

    if not hmac.compare_digest(str(address.code).encode(), code.strip().encode()):
        address.code_tries += 1
        address.save(update_fields=["code_tries"])
        return None
    address.confirmed_at, address.code, address.code_made_at = now(), None, None
    address.save(update_fields=["confirmed_at", "code", "code_made_at"])

    record("person.address_confirmed", User.objects.locked(person.pk), by=by, channel=channel)
    return address


@transaction.atomic
def remove_address(person: User, *, by: User, channel: str) -> None:
    """Be told in the inbox only. The address is gone from the database at once."""
    person = User.objects.locked(person.pk)
    rules.may("remove_address", person, by).enforce()

    if not Address.objects.filter(person=person, channel=channel).delete()[0]:
        no("address.none", _("There is no address here.")).enforce()

    record("person.address_removed", person, by=by, channel=channel)


@transaction.atomic
def set_wishes(
    person: User,
    *,
    by: User,
    off: Iterable[str],
    quiet_from: time | None,
    quiet_until: time | None,
    digest_hour: int | None,
    urgent_anyway: bool,
) -> Wishes:
    """Choose what comes outside the inbox, and when. The inbox itself always has everything."""
    person = User.objects.locked(person.pk)
    rules.may("set_wishes", person, by).enforce()

    wishes, _made = Wishes.objects.update_or_create(
        person=person,
        defaults={
            "off": sorted(set(off)),
            "quiet_from": quiet_from if quiet_until else None,
            "quiet_until": quiet_until if quiet_from else None,
            "digest_hour": digest_hour,
            "urgent_anyway": urgent_anyway,
        },
    )

    record("person.wishes_set", person, by=by)
    return wishes


@transaction.atomic
def note_trial(address: Address, outcome: Outcome) -> Address:
    """What became of the letter with the code, or of the trial of a webhook; shown to its owner."""
    address = Address.objects.select_for_update().get(pk=address.pk)
    address.tried_at, address.error = now(), outcome.error[:300]
    address.save(update_fields=["tried_at", "error"])
    return address


@transaction.atomic
def forget_person(person: User) -> None:
    """Somebody erased their account: addresses, wishes and what they were told go as well."""
    Address.objects.filter(person=person).delete()
    Wishes.objects.filter(person=person).delete()
    Notice.objects.filter(recipient=person).delete()
