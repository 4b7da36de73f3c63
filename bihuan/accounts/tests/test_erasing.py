"""Erasing one's own account: what goes, what stays, and who must wait."""

from typing import Any

import pytest
from django.test import Client

from bihuan.accounts.actions import erase_account, reactivate_person
from bihuan.accounts.models import Cover, User
from bihuan.accounts.tests.factories import make_person
from bihuan.audit.queries import entries_about, faults
from bihuan.core.clock import today


@pytest.fixture
def leaver(db: None) -> User:
    person = make_person("赵敏", username="zhao.min")
    person.write_phone("13800000031")
    person.save()
    return person


def test_name_phone_and_sign_in_are_gone(leaver: User, town: Any) -> None:
    cover = Cover.objects.create(
        absent=town.clerk, stand_in=leaver, starts_on=today(), ends_on=today(), reason="年假"
    )
    client = Client()
    client.force_login(leaver, backend="allauth.account.auth_backends.AuthenticationBackend")

    erased = erase_account(leaver, by=leaver)

    assert (erased.name, erased.username, erased.phone, erased.phone_index) == (
        "", f"erased-{leaver.pk}", None, None,
    )  # fmt: skip
    assert not erased.is_active and not erased.has_usable_password() and erased.erased_at
    assert erased.label == "erased account"
    cover.refresh_from_db()
    assert cover.cancelled_at
    assert client.get("/me/").status_code == 302
    entry = entries_about(leaver).last()
    assert (entry.verb, entry.by, entry.data) == ("person.erased", None, {})
    assert list(faults()) == []


def test_whoever_holds_duties_waits(town: Any, refused: Any) -> None:
    with refused("person.has_duties"):
        erase_account(town.clerk, by=town.clerk)


def test_nobody_erases_somebody_else(leaver: User, town: Any, refused: Any) -> None:
    with refused("person.not_you"):
        erase_account(leaver, by=town.admin)


def test_an_erased_account_stays_closed(leaver: User, town: Any, refused: Any) -> None:
    erased = erase_account(leaver, by=leaver)
    with refused("person.inactive"):
        erase_account(erased, by=erased)
    with refused("person.erased"):
        reactivate_person(erased, by=town.admin)


def test_a_failure_half_way_leaves_the_account(leaver: User, breaking_record: Any) -> None:
    broken = breaking_record("bihuan.accounts.actions.own")
    with pytest.raises(broken):
        erase_account(leaver, by=leaver)
    leaver.refresh_from_db()
    assert (leaver.name, leaver.phone, leaver.is_active) == ("赵敏", "13800000031", True)


def test_an_administrator_corrects_a_person_without_seeing_the_number(leaver: User, town: Any) -> None:
    client = Client()
    client.force_login(town.admin, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = f"/people/{leaver.pk}/change/"
    page = client.get(url).text
    assert "13800000031" not in page and "138****0031" in page

    client.post(url, {"name": "赵敏敏", "username": "zhao.min", "phone": ""})
    leaver.refresh_from_db()
    assert (leaver.name, leaver.phone) == ("赵敏敏", "13800000031")

    client.post(url, {"name": "赵敏敏", "username": "zhao.min", "phone": "", "remove_phone": "on"})
    leaver.refresh_from_db()
    assert leaver.phone is None
