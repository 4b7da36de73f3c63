"""Opening, changing and closing accounts, and one's own account."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import connection

from bihuan.accounts import queries
from bihuan.accounts.actions import (
    change_own_password,
    change_person,
    create_first_administrator,
    create_person,
    deactivate_person,
    give_duty,
    note_export,
    note_sign_in,
    reactivate_person,
    reset_second_factors,
    set_language,
    set_password,
    sign_out_everywhere,
)
from bihuan.accounts.models import Cover, Duty, User
from bihuan.accounts.rules import MAX_SESSIONS
from bihuan.accounts.tests.factories import make_person
from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about
from bihuan.core.clock import today

SECRET = "correct-horse-42"


def open_session(person):
    from allauth.usersessions.models import UserSession

    store = SessionStore()
    store["_auth_user_id"] = str(person.pk)
    store.create()
    return UserSession.objects.create(
        user=person, ip="127.0.0.1", session_key=store.session_key, user_agent=""
    )


def alive(session):
    return SessionStore().exists(session.session_key)


def test_create_person_opens_an_account(town):
    person = create_person(
        username="Li.Qiang", name=" 李强 ", phone="138 0000-0002", password=SECRET, by=town.admin
    )

    person.refresh_from_db()
    assert (person.username, person.name, person.phone) == ("li.qiang", "李强", "13800000002")
    assert person.masked_phone == "138****0002"
    assert person.check_password(SECRET) and person.password_is_temporary
    assert [entry.verb for entry in entries_about(person)] == ["person.created"]


def test_phones_are_encrypted_and_found_by_their_index(town):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM accounts_user WHERE id = %s", [town.clerk.pk])
        stored, index = cursor.fetchone()
    assert b"13800000001" not in bytes(stored) and b"13800000001" not in bytes(index)
    assert queries.person_with_phone("+86 138 0000 0001") == town.clerk
    assert queries.person_with_phone("13800000009") is None
    assert queries.person_with_phone("wang.fang") is None


def test_phones_are_not_in_the_audit(town):
    person = create_person(username="li", name="李", phone="13800000002", by=town.admin)
    change_person(person, name="李", phone="13800000003", by=town.admin)
    assert not any("1380000000" in str(entry.data) for entry in Entry.objects.all())


def test_create_person_refuses_what_is_taken(town, refused):
    with refused("person.username_taken"):
        create_person(username="WANG.fang", name="王芳", by=town.admin)
    with refused("person.phone_taken"):
        create_person(username="other", name="王芳", phone="138 0000 0001", by=town.admin)
    for fields in (
        {"username": "13800000009", "name": "数字"},
        {"username": "a b", "name": "空格"},
        {"username": "ok", "name": ""},
        {"username": "ok", "name": "短", "password": "12345"},
        {"username": "ok", "name": "电话", "phone": "abc"},
    ):
        with pytest.raises(ValidationError):
            create_person(**fields, by=town.admin)


def test_create_person_refuses_others(town, refused):
    with refused("accounts.not_administrator"):
        create_person(username="li", name="李", by=town.clerk)


def test_create_person_that_fails_half_way_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record("bihuan.accounts.actions.accounts")):
        create_person(username="li", name="李", by=town.admin)
    assert not User.objects.filter(username="li").exists()


def test_the_first_administrator_is_opened_once(town, refused):
    Duty.objects.all().delete()
    person = create_first_administrator(
        username="root", name="系统管理员", password=SECRET, district=town.district
    )
    assert person.holds("administrator", area=town.community)
    with refused("accounts.has_administrator"):
        create_first_administrator(username="two", name="二", password=SECRET, district=town.district)


def test_the_first_administrator_fails_whole(town, breaking_record):
    Duty.objects.all().delete()
    with pytest.raises(breaking_record("bihuan.accounts.actions.duties")):
        create_first_administrator(username="root", name="管", password=SECRET, district=town.district)
    assert not User.objects.filter(username="root").exists()


def test_change_person_by_themselves_and_by_an_administrator(town):
    change_person(town.clerk, name="王芳芳", phone="13800000005", by=town.clerk)
    changed = change_person(
        town.clerk, name="王芳芳", phone="13800000005", username="fang", by=town.north_admin
    )
    assert (changed.username, changed.phone) == ("fang", "13800000005")
    assert [entry.data["fields"] for entry in entries_about(changed)] == [["name", "phone"], ["username"]]

    change_person(town.clerk, name="王芳芳", phone="13800000005", by=town.clerk)
    assert entries_about(changed).count() == 2


def test_change_person_refuses_a_closed_account(town, refused):
    deactivate_person(town.clerk, by=town.admin)
    with refused("person.inactive"):
        change_person(town.clerk, name="X", phone="", by=town.admin)


def test_change_person_refuses_others(town, refused):
    with refused("accounts.not_administrator"):
        change_person(town.admin, name="X", phone="", by=town.clerk)
    with refused("accounts.not_administrator"):
        change_person(town.clerk, name="X", phone="", username="boss", by=town.clerk)
    with refused("person.beyond_your_area"):
        change_person(town.admin, name="X", phone="", by=town.north_admin)


def test_change_person_that_fails_half_way_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record("bihuan.accounts.actions.accounts")):
        change_person(town.clerk, name="X", phone="", by=town.admin)
    town.clerk.refresh_from_db()
    assert town.clerk.name == "王芳"


def test_set_password_ends_sessions(town):
    session = open_session(town.clerk)
    person = set_password(town.clerk, password=SECRET, by=town.north_admin)
    assert person.check_password(SECRET) and person.password_is_temporary and not alive(session)


def test_set_password_refuses_the_wrong_state_and_person(town, refused):
    with pytest.raises(ValidationError):
        set_password(town.clerk, password="short", by=town.admin)
    with refused("person.beyond_your_area"):
        set_password(town.admin, password=SECRET, by=town.north_admin)
    with refused("accounts.not_administrator"):
        set_password(town.admin, password=SECRET, by=town.clerk)
    deactivate_person(town.clerk, by=town.admin)
    with refused("person.inactive"):
        set_password(town.clerk, password=SECRET, by=town.admin)


def test_set_password_that_fails_half_way_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record("bihuan.accounts.actions.accounts")):
        set_password(town.clerk, password=SECRET, by=town.admin)
    town.clerk.refresh_from_db()
    assert not town.clerk.has_usable_password()


def test_deactivate_person_ends_sessions_duties_and_leave(town):
    session, stand_in = open_session(town.clerk), make_person()
    Cover.objects.create(absent=town.clerk, stand_in=stand_in, starts_on=today(), ends_on=today())

    deactivate_person(town.clerk, by=town.admin, reason="调离")

    town.clerk.refresh_from_db()
    assert not town.clerk.is_active and not alive(session)
    assert not town.clerk.duties_now() and not stand_in.duties_now()
    assert town.clerk.duties.get().ended_by == town.admin
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert verbs == {"duty.ended", "cover.cancelled", "person.deactivated"}


def test_deactivate_person_refuses_a_closed_account_and_oneself(town, refused):
    with refused("person.yourself"):
        deactivate_person(town.admin, by=town.admin)
    deactivate_person(town.clerk, by=town.admin)
    with refused("person.inactive"):
        deactivate_person(town.clerk, by=town.admin)


def test_deactivate_person_refuses_others_and_the_last_administrator(town, refused):
    with refused("accounts.not_administrator"):
        deactivate_person(town.admin, by=town.clerk)
    with refused("person.beyond_your_area"):
        deactivate_person(town.admin, by=town.north_admin)
    second = make_person(duties=[("administrator", town.district)])
    second_duty = second.duties.get()
    second_duty.ends_on = today()
    second_duty.save()
    with refused("accounts.last_administrator"):
        deactivate_person(town.admin, by=second)


def test_deactivate_person_that_fails_half_way_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record("bihuan.accounts.actions.accounts")):
        deactivate_person(town.clerk, by=town.admin)
    town.clerk.refresh_from_db()
    assert town.clerk.is_active and town.clerk.holds("clerk")


def test_reactivate_person_opens_the_account_without_duties(town, refused, breaking_record):
    with refused("person.active"):
        reactivate_person(town.clerk, by=town.admin)
    deactivate_person(town.clerk, by=town.admin)
    with refused("accounts.not_administrator"):
        reactivate_person(town.clerk, by=make_person())
    person = reactivate_person(town.clerk, by=town.admin)
    assert person.is_active and not person.duties_now()

    deactivate_person(town.clerk, by=town.admin)
    with pytest.raises(breaking_record("bihuan.accounts.actions.accounts")):
        reactivate_person(town.clerk, by=town.admin)
    town.clerk.refresh_from_db()
    assert not town.clerk.is_active


def test_reset_second_factors(town, refused, breaking_record):
    Authenticator.objects.create(user=town.clerk, type="totp", data={})
    assert queries.has_second_factor(town.clerk)
    with refused("accounts.not_administrator"):
        reset_second_factors(town.clerk, by=town.clerk)
    reset_second_factors(town.clerk, by=town.admin)
    assert not queries.has_second_factor(town.clerk)

    Authenticator.objects.create(user=town.clerk, type="totp", data={})
    with pytest.raises(breaking_record("bihuan.accounts.actions.accounts")):
        reset_second_factors(town.clerk, by=town.admin)
    assert queries.has_second_factor(town.clerk)


def test_reset_second_factors_refuses_a_closed_account(town, refused):
    deactivate_person(town.clerk, by=town.admin)
    with refused("person.inactive"):
        reset_second_factors(town.clerk, by=town.admin)


def test_sign_out_everywhere_ends_all_other_sessions(town, refused, breaking_record):
    here, there = open_session(town.clerk), open_session(town.clerk)
    with refused("person.not_you"):
        sign_out_everywhere(town.clerk, by=town.admin)
    assert sign_out_everywhere(town.clerk, by=town.clerk, keep=here.session_key) == 1
    assert alive(here) and not alive(there)
    assert sign_out_everywhere(town.clerk, by=town.clerk, keep=here.session_key) == 0
    with pytest.raises(breaking_record("bihuan.accounts.actions.own")):
        sign_out_everywhere(town.clerk, by=town.clerk)
    assert alive(here)


def test_signing_in_ends_the_oldest_sessions_beyond_the_limit(town, refused, breaking_record):
    sessions = [open_session(town.clerk) for _ in range(MAX_SESSIONS + 2)]
    with refused("person.not_you"):
        note_sign_in(town.clerk, by=town.admin, session_key="")
    newest = sessions[-1].session_key
    assert note_sign_in(town.clerk, by=town.clerk, session_key=newest) == 2
    assert [alive(session) for session in sessions] == [False, False, *[True] * MAX_SESSIONS]
    assert note_sign_in(town.clerk, by=town.clerk, session_key=newest) == 0
    open_session(town.clerk)
    with pytest.raises(breaking_record("bihuan.accounts.actions.own")):
        note_sign_in(town.clerk, by=town.clerk, session_key=newest)
    assert alive(sessions[2])


def test_set_language(town, refused, breaking_record):
    assert set_language(town.clerk, language="en", by=town.clerk).language == "en"
    with refused("person.not_you"):
        set_language(town.clerk, language="en", by=town.admin)
    with pytest.raises(ValidationError):
        set_language(town.clerk, language="fr", by=town.clerk)
    with pytest.raises(breaking_record("bihuan.accounts.actions.own")):
        set_language(town.clerk, language="zh-hans", by=town.clerk)
    town.clerk.refresh_from_db()
    assert town.clerk.language == "en"


def test_change_own_password(town, refused, breaking_record):
    set_password(town.clerk, password=SECRET, by=town.admin)
    with refused("person.not_you"):
        change_own_password(town.clerk, password="another-good-one", by=town.admin)
    with pytest.raises(ValidationError):
        change_own_password(town.clerk, password="1234567890", by=town.clerk)
    change_own_password(town.clerk, password="another-good-one", by=town.clerk)
    town.clerk.refresh_from_db()
    assert town.clerk.check_password("another-good-one") and not town.clerk.password_is_temporary
    with pytest.raises(breaking_record("bihuan.accounts.actions.own")):
        change_own_password(town.clerk, password=SECRET, by=town.clerk)
    town.clerk.refresh_from_db()
    assert town.clerk.check_password("another-good-one")


def test_note_export_is_for_the_districts_administrator(town, refused):
    note_export(by=town.admin)
    assert entries_about(town.admin).get().verb == "person.workbook_exported"
    with refused("accounts.not_district_administrator"):
        note_export(by=town.north_admin)


def test_who_sees_whom(town):
    south = make_person(duties=[("clerk", town.south)])
    team = make_person(duties=[("handler", town.team)])
    idle = make_person()
    opened = create_person(username="newcomer", name="新人", by=town.north_admin)

    assert {south, idle, opened} <= set(queries.people_visible_to(town.admin))
    assert set(queries.people_visible_to(town.north_admin)) == {town.north_admin, town.clerk, team, opened}
    assert list(queries.people_visible_to(town.clerk)) == [town.clerk]


def test_whoever_has_no_duties_is_not_a_street_administrators_to_take_over(town, refused):
    resident = make_person()
    with refused("person.of_the_district"):
        set_password(resident, password="another-good-one", by=town.north_admin)
    with refused("person.of_the_district"):
        give_duty(resident, kind="clerk", area=town.north, by=town.north_admin)
    set_password(resident, password="another-good-one", by=town.admin)

    newcomer = create_person(username="newcomer", name="新人", by=town.north_admin)
    give_duty(newcomer, kind="clerk", area=town.north, by=town.north_admin)
