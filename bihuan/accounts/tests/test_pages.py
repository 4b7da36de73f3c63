"""The pages: who may open them, what they show, how many queries they take."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.accounts.actions import set_password
from bihuan.accounts.models import Cover, Duty, Unit, User
from bihuan.accounts.tests.factories import make_person, make_unit
from bihuan.accounts.tests.test_workbook import DUTIES, PEOPLE, book, good
from bihuan.accounts.workbook import write_template
from bihuan.core.clock import today


def client_of(person, language="en"):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = language
    return client


ADMIN_PAGES = [
    "accounts:index",
    "accounts:new_person",
    "accounts:import",
    "accounts:import_template",
    "accounts:units",
    "accounts:new_unit",
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_administrators_open_every_page(town, language):
    client = client_of(town.admin, language)
    Cover.objects.create(absent=town.clerk, stand_in=town.admin, starts_on=today(), ends_on=today())
    duty, pk = town.clerk.duties.get(), town.clerk.pk
    pages = [reverse(name) for name in ADMIN_PAGES]
    for name in (
        "person",
        "change_person",
        "set_password",
        "deactivate_person",
        "give_duty",
        "arrange_cover",
    ):
        pages.append(reverse(f"accounts:{name}", args=[pk]))
    pages.append(reverse("accounts:end_duty", args=[duty.pk]))
    pages += [reverse(f"accounts:{name}", args=[town.team.pk]) for name in ("unit", "change_unit")]
    pages += [reverse("accounts:me"), reverse("accounts:change_me"), reverse("accounts:my_leave")]
    for page in pages:
        assert client.get(page).status_code == 200, page


def test_for_others_they_do_not_exist(town):
    client, visitor = client_of(town.clerk), Client()
    for name in ADMIN_PAGES:
        assert client.get(reverse(name)).status_code == 404, name
        assert visitor.get(reverse(name)).status_code == 302, name
    assert client.get(reverse("accounts:person", args=[town.clerk.pk])).status_code == 404
    assert client_of(town.north_admin).get(reverse("accounts:import")).status_code == 404


def test_a_subdistricts_administrator_does_not_see_the_others_people(town):
    south = make_person(duties=[("clerk", town.south)])
    client = client_of(town.north_admin)
    assert client.get(reverse("accounts:person", args=[south.pk])).status_code == 404
    assert client.get(reverse("accounts:end_duty", args=[south.duties.get().pk])).status_code == 404
    assert south.name not in client.get(reverse("accounts:index")).content.decode()


def test_the_list_masks_phones_and_finds_by_them(town):
    client = client_of(town.admin)
    page = client.get(reverse("accounts:index"), {"q": "13800000001"}).content.decode()
    assert "王芳" in page and "138****0001" in page and ">13800000001" not in page
    assert "北管理员" not in page
    assert "王芳" in client.get(reverse("accounts:index"), {"q": "芳"}).content.decode()
    assert "王芳" not in client.get(reverse("accounts:index"), {"duty": "inspector"}).content.decode()
    assert "138****0001" in client.get(reverse("accounts:person", args=[town.clerk.pk])).content.decode()
    assert "13800000001" in client_of(town.clerk).get(reverse("accounts:me")).content.decode()


def test_the_list_takes_the_same_queries_at_10_and_1000_people(town):
    def fill(count, offset):
        people = User.objects.bulk_create(
            User(name=f"人{offset + n}", username=f"p{offset + n}", password="!") for n in range(count)
        )
        Duty.objects.bulk_create(
            Duty(person=person, kind="clerk", area=town.community, starts_on=today()) for person in people
        )

    client, taken = client_of(town.admin), []
    client.get(reverse("accounts:index"))  # what a process remembers is read once
    for count, offset in ((10, 0), (990, 10)):
        fill(count, offset)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("accounts:index"))
        assert response.status_code == 200
        taken.append(len(captured))
    assert taken[0] == taken[1], taken
    assert response.content.decode().count("/people/") > 30
    following = re.search(r'rel="next" href="(\?[^"]+)"', response.content.decode())
    assert (
        following
        and client.get(reverse("accounts:index") + following[1].replace("&amp;", "&")).status_code == 200
    )


def test_a_person_is_opened_changed_given_a_duty_and_closed(town):
    client = client_of(town.admin)
    answer = client.post(
        reverse("accounts:new_person"), {"name": "李强", "username": "li", "phone": "", "password": ""}
    )
    person = User.objects.get(username="li")
    assert answer.headers["Location"] == reverse("accounts:person", args=[person.pk])

    wrong = client.post(
        reverse("accounts:give_duty", args=[person.pk]), {"kind": "clerk", "starts_on": today().isoformat()}
    )
    assert wrong.status_code == 422
    client.post(
        reverse("accounts:give_duty", args=[person.pk]),
        {"kind": "clerk", "area": town.north.pk, "starts_on": today().isoformat()},
    )
    assert person.holds("clerk", area=town.community)
    again = client.post(
        reverse("accounts:give_duty", args=[person.pk]),
        {"kind": "clerk", "area": town.north.pk, "starts_on": today().isoformat()},
    )
    assert again.status_code == 409
    client.post(reverse("accounts:end_duty", args=[person.duties.get().pk]), {"last_day": ""})
    client.post(
        reverse("accounts:change_person", args=[person.pk]),
        {"name": "李强强", "username": "li", "phone": "13800000007"},
    )
    client.post(reverse("accounts:set_password", args=[person.pk]), {"password": "correct-horse-42"})
    client.post(reverse("accounts:deactivate_person", args=[person.pk]), {"reason": "调离"})
    person.refresh_from_db()
    assert (person.name, person.is_active, person.duties_now()) == ("李强强", False, [])
    client.post(reverse("accounts:reactivate_person", args=[person.pk]))
    person.refresh_from_db()
    assert person.is_active


def test_taken_names_and_phones_come_back_as_form_errors(town):
    client = client_of(town.admin)
    answer = client.post(
        reverse("accounts:new_person"),
        {"name": "王", "username": "Wang.Fang", "phone": "+86 138 0000 0001", "password": "123"},
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"username", "phone", "password"}
    answer = client.post(reverse("accounts:new_unit"), {"name": "X", "kind": "other", "code": "CG"})
    assert answer.status_code == 422 and "code" in answer.context["form"].errors


def test_a_unit_is_added_and_changed(town):
    client = client_of(town.admin)
    client.post(
        reverse("accounts:new_unit"),
        {"name": "二中队", "kind": "department", "code": "X", "parent": town.team.pk, "area": town.north.pk},
    )
    unit = Unit.objects.get(code="X")
    assert unit.path.startswith(town.team.path)
    client.post(
        reverse("accounts:change_unit", args=[unit.pk]), {"name": "三中队", "kind": "department", "code": "X"}
    )
    unit.refresh_from_db()
    assert (unit.name, unit.parent) == ("三中队", None)


def test_a_workbook_goes_from_preview_to_import(town):
    client = client_of(town.admin)
    upload = SimpleUploadedFile("people.xlsx", good())
    preview = client.post(reverse("accounts:import"), {"file": upload})
    assert preview.status_code == 200 and not User.objects.filter(username="zhang.san").exists()
    key = re.search(r'name="key" value="([^"]+)"', preview.content.decode())[1]

    other = client_of(make_person(duties=[("administrator", town.district)]))
    assert other.post(reverse("accounts:import_confirm"), {"key": key}).status_code == 422
    assert client.post(reverse("accounts:import_confirm"), {"key": key}).status_code == 302
    assert User.objects.filter(username="zhang.san").exists()
    assert client.post(reverse("accounts:import_confirm"), {"key": key}).status_code == 422


def test_the_preview_shows_errors_and_can_leave_them_out(town):
    client = client_of(town.admin)
    content = book(人员=(PEOPLE, [["ok.one", "甲", "", ""], ["bad", "乙", "12", ""]]), 职责=(DUTIES, []))
    preview = client.post(reverse("accounts:import"), {"file": SimpleUploadedFile("p.xlsx", content)})
    page = preview.content.decode()
    assert "手机号" in page and "skip_faulty" in page
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    assert client.post(reverse("accounts:import_confirm"), {"key": key}).status_code == 409
    assert (
        client.post(reverse("accounts:import_confirm"), {"key": key, "skip_faulty": "on"}).status_code == 302
    )
    assert User.objects.filter(username="ok.one").exists()
    bad = client.post(reverse("accounts:import"), {"file": SimpleUploadedFile("p.xlsx", b"junk\x00")})
    assert bad.status_code == 422


def test_template_and_export_download(town):
    client = client_of(town.admin)
    assert client.get(reverse("accounts:import_template")).content[:4] == write_template()[:4]
    assert client.post(reverse("accounts:export")).content[:2] == b"PK"
    assert client.get(reverse("accounts:export")).status_code == 405


def test_who_has_no_colleague_is_told_who_arranges_a_stand_in(town):
    alone = make_person(duties=[("handler", make_unit("自来水公司", code="ZLS"))])
    hint = "An administrator can arrange a stand-in"
    assert hint in client_of(alone).get(reverse("accounts:my_leave")).content.decode()
    make_person(duties=[("clerk", town.north)])
    assert hint not in client_of(town.clerk).get(reverse("accounts:my_leave")).content.decode()


def test_my_account(town):
    client = client_of(town.clerk)
    colleague = make_person(duties=[("clerk", town.north)])
    client.post(reverse("accounts:change_me"), {"name": "王芳芳", "phone": "13800000008"})
    answer = client.post(reverse("accounts:language"), {"language": "en"})
    assert answer.cookies["django_language"].value == "en"
    client.post(
        reverse("accounts:my_leave"),
        {"stand_in": colleague.pk, "starts_on": today().isoformat(), "ends_on": today().isoformat()},
    )
    cover = Cover.objects.get()
    assert cover.absent == town.clerk
    assert (
        client_of(make_person()).post(reverse("accounts:cancel_my_leave", args=[cover.pk])).status_code == 404
    )
    client.post(reverse("accounts:cancel_my_leave", args=[cover.pk]))
    client.post(reverse("accounts:sign_out_everywhere"))
    cover.refresh_from_db()
    town.clerk.refresh_from_db()
    assert cover.cancelled_at and (town.clerk.name, town.clerk.language) == ("王芳芳", "en")


def test_a_person_reads_pages_in_their_language(town):
    town.clerk.language = "en"
    town.clerk.save()
    client = Client()
    client.force_login(town.clerk, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert 'lang="en"' in client.get(reverse("accounts:me")).content.decode()


def test_a_temporary_password_is_changed_before_anything_else(town):
    set_password(town.clerk, password="correct-horse-42", by=town.admin)
    town.clerk.refresh_from_db()
    client = client_of(town.clerk)
    assert client.get(reverse("accounts:me")).headers["Location"] == reverse("accounts:first_steps")
    assert client.get(reverse("accounts:first_steps")).status_code == 200
    fragment = client.get(reverse("accounts:me"), headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == reverse("accounts:first_steps")
    client.post(
        reverse("account_change_password"),
        {"oldpassword": "correct-horse-42", "password1": "my-own-words-7", "password2": "my-own-words-7"},
    )
    assert client.get(reverse("accounts:me")).status_code == 200
    town.clerk.refresh_from_db()
    assert town.clerk.check_password("my-own-words-7")
