"""Reporting on the web page, with everything that people and phones send."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.audit.models import Entry
from bihuan.cases.models import Case, Report
from bihuan.files.models import Attachment, StoredFile
from bihuan.files.tests.samples import jpeg
from bihuan.intake.web.rules import VISITORS
from bihuan.territory.tests.factories import make_place

URL = "/report/"
WORDS = "楼下水管爆裂，水流了一地。"


def typed(**changes):
    return {"words": WORDS, "address": "人和街12号", "key": str(uuid4()), **changes}


def at(point):
    return {"lon": str(point[0]), "lat": str(point[1])}


def photo(*, seed=1, name="IMG_0001.jpg"):
    return SimpleUploadedFile(name, jpeg(seed=seed), "image/jpeg")


def compound(area):
    return make_place("良苑小区", area=area, lon=114.602, lat=33.602)


def test_anybody_reports_without_an_account(client, places):
    answer = client.post(URL, typed(**at(places.inside)))

    report = Report.objects.select_related("case").get()
    assert answer.status_code == 302
    assert answer.url == f"/report/{report.tracking_code}/received/"
    assert (report.reporter, report.phone, report.channel) == (None, None, "web")
    assert report.case.area == places.grid
    assert report.case.address == "人和街12号"

    page = client.get(answer.url).text
    assert report.tracking_code in page
    assert report.case.number in page
    assert reverse("cases:qr", args=[report.tracking_code]) in page
    assert places.street.name in page


def test_the_form_needs_no_script(client, places):
    page = client.get(URL).text

    assert 'enctype="multipart/form-data"' in page
    assert re.search(r'<input[^>]*name="address"', page)
    assert re.search(r'<input type="file" name="photos"', page)
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)
    assert "maxlength" not in re.search(r"<textarea[^>]*>", page).group()
    assert "<script>" not in page
    assert " style=" not in page


def test_a_typed_address_that_names_one_place_finds_it(client, places):
    place = compound(places.community)

    client.post(URL, typed(address=" 良苑小区 "))

    case = Case.objects.get()
    assert case.place == place
    assert (case.lon, case.lat) == (place.lon, place.lat)


def test_a_place_chosen_by_name_is_kept_and_a_vanished_one_does_no_harm(client, places):
    place = compound(places.community)

    client.post(URL, typed(place=str(place.pk), address=""))
    client.post(URL, typed(place="987654321"))
    client.post(URL, typed(place="\0nonsense"))

    first, second, third = Case.objects.order_by("id")
    assert (first.place, first.address) == (place, "良苑小区")
    assert second.place is None
    assert third.place is None


def test_photos_arrive_and_are_seen_by_whoever_follows(client, places, client_of_a_stranger):
    answer = client.post(URL, typed(photos=[photo(seed=1), photo(seed=2)]), follow=True)

    assert answer.status_code == 200
    case = Case.objects.get()
    attachments = Attachment.objects.filter(subject_type="cases.case", subject_id=case.pk)
    assert [found.role for found in attachments] == ["report", "report"]
    url = reverse("files:show", args=[attachments[0].pk])
    assert client.get(url).status_code == 200
    assert client_of_a_stranger.get(url).status_code == 404


def test_the_same_form_twice_is_one_report(client, places):
    form = typed(**at(places.inside))

    first = client.post(URL, form)
    second = client.post(URL, form)

    assert first.url == second.url
    assert Case.objects.count() == Report.objects.count() == 1


def test_going_back_to_write_about_something_else_makes_another_report(client, places):
    form = typed()

    client.post(URL, form)
    client.post(URL, form | {"words": "路灯不亮"})

    assert sorted(Case.objects.values_list("words", flat=True)) == sorted([WORDS, "路灯不亮"])


@pytest.mark.parametrize("key", ["", "nonsense", "\0", "9" * 5000])
def test_a_broken_key_does_no_harm(client, places, key):
    assert client.post(URL, typed(key=key)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": " \n\t\u200b\0"}, "words"),
        ({"words": "漏" * 20_000}, "words"),
        ({"words": "漏" * 5_001}, "words"),
        ({"address": ""}, "address"),
        ({"address": "路" * 201}, "address"),
        ({"lon": "NaN", "lat": "33.6"}, "address"),
        ({"lon": "inf", "lat": "33.6"}, "address"),
        ({"lon": "114.6", "lat": "here"}, "address"),
        ({"lon": "114.6"}, "address"),
        ({"lon": "\0", "lat": "\0"}, "address"),
        ({"lon": "9" * 400, "lat": "33.6"}, "address"),
        ({"lon": "500", "lat": "33"}, "address"),
        ({"phone": "call me", "may_call": "on"}, "phone"),
        ({"phone": "", "may_call": "on"}, "phone"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_mistake_is_named_and_nothing_is_lost(client, places, changes, field, language):
    client.cookies["django_language"] = language
    answer = client.post(URL, typed(**changes))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert Report.objects.count() == 0
    words = changes.get("words", WORDS).replace("\0", "")
    assert words.strip("\u200b \n\t") in answer.text
    again = {name: form[name].value() or "" for name in ("words", "address", "place", "lon", "lat", "key")}
    again |= {"words": WORDS, "address": "人和街12号"}
    assert client.post(URL, again).status_code == 302


@pytest.mark.parametrize(
    "words", ["路灯坏了💡👨‍👩‍👧", "𠮷野家门口积水", "漏" * 5_000, "NUL\0inside", "一行\r\n两行", "<b>&'\""]
)
def test_whatever_people_write_arrives(client, places, words):
    answer = client.post(URL, typed(words=words), follow=True)

    assert answer.status_code == 200
    assert Case.objects.get().words == words.replace("\0", "").replace("\r\n", "\n")


def test_a_file_that_is_no_photo_costs_neither_words_nor_the_other_photos(client, places):
    false = SimpleUploadedFile("IMG_0002.jpg", b"MZ this is a program", "image/jpeg")
    empty = SimpleUploadedFile("IMG_0003.jpg", b"", "image/jpeg")

    answer = client.post(URL, typed(photos=[photo(), false, empty]))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["photos"]
    assert WORDS in answer.text
    ticket = re.search(r'name="photos-kept" value="([^"]+)"', answer.text).group(1)
    assert client.post(URL, typed(**{"photos-kept": ticket})).status_code == 302
    assert Attachment.objects.count() == 1


def test_more_photos_than_fit_are_refused_with_words(client, places):
    answer = client.post(URL, typed(photos=[photo(seed=1) for _ in range(10)]))

    assert answer.status_code == 422
    assert StoredFile.objects.count() == 0


def test_exchanged_numbers_are_put_right_and_said(client, places):
    lon, lat = places.inside

    page = client.post(URL, typed(lon=str(lat), lat=str(lon)), follow=True)

    assert Case.objects.get().area == places.grid
    assert page.context["receipt"].swapped


def test_a_place_outside_goes_to_the_district_and_is_said(client, places):
    page = client.post(URL, typed(**at(places.outside)), follow=True)

    case = Case.objects.get()
    assert case.is_outside
    assert case.desk == places.district
    assert page.context["receipt"].outside


def test_a_number_is_kept_only_to_be_called(client, places):
    client.post(URL, typed(name="王女士", phone="138 0000-0001"))
    client.post(URL, typed(name="王女士", phone="１３８００００００01", may_call="on"))

    silent, called = Report.objects.order_by("id")
    assert (silent.name, silent.phone, silent.may_call) == ("王女士", None, False)
    assert (called.phone, called.may_call) == ("13800000001", True)


def test_who_is_signed_in_reports_as_themselves(client, resident):
    resident.write_phone("13900000009")
    resident.save()
    client.force_login(resident)

    page = client.get(URL).text
    client.post(URL, typed(name=resident.name, phone="13900000009", may_call="on"))

    assert "13900000009" in page
    assert Report.objects.get().reporter == resident


def test_a_grid_worker_reports_by_their_own_channel_and_goes_on_to_the_case(client, grid_worker, places):
    client.force_login(grid_worker)

    form = client.get(URL).text
    page = client.post(URL, typed(**at(places.inside)), follow=True)

    report = Report.objects.select_related("case").get()
    assert (report.channel, report.reporter) == ("grid", grid_worker)
    assert 'name="phone"' not in form
    assert reverse("cases:show", args=[report.case.number]) in page.text
    assert page.context["receipt"].may_handle


def test_the_receipt_is_for_whoever_reported(client, places, client_of_a_stranger):
    answer = client.post(URL, typed())
    code = Report.objects.get().tracking_code

    assert client.get(answer.url).status_code == 200
    found = client_of_a_stranger.get(answer.url)
    assert (found.status_code, found.url) == (302, f"/track/{code}/")
    assert client_of_a_stranger.get("/report/AAAA-BBBB-CCCC/received/").status_code == 302


def test_too_many_reports_from_one_address_wait_and_keep_their_words(client, places, monkeypatch):
    monkeypatch.setattr("bihuan.intake.web.views.rules.VISITORS", type(VISITORS)("web_report", 2, 600))
    for number in range(2):
        assert client.post(URL, typed(words=f"第{number}件")).status_code == 302

    answer = client.post(URL, typed(words="第三件", photos=[photo()], **at(places.inside)))

    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "第三件" in answer.text
    assert f'value="{places.inside[0]}"' in answer.text
    assert Case.objects.count() == 2
    assert StoredFile.objects.count() == 0
    assert client.post(URL, typed(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_who_is_signed_in_is_not_counted(client, grid_worker, monkeypatch):
    monkeypatch.setattr("bihuan.intake.web.views.rules.VISITORS", type(VISITORS)("web_report", 0, 600))
    client.force_login(grid_worker)

    assert client.post(URL, typed()).status_code == 302


def test_a_failure_half_way_leaves_nothing(client, places, breaking_record):
    broken = breaking_record("bihuan.cases.actions.intake")

    with pytest.raises(broken):
        client.post(URL, typed(photos=[photo()]))

    assert Case.objects.count() == Report.objects.count() == 0
    assert not Entry.objects.filter(subject_type="cases.case").exists()
    assert Attachment.objects.count() == 0


def test_before_set_up_a_report_is_refused_with_a_reason(client, db):
    assert client.get(URL).status_code == 200
    assert client.post(URL, typed()).status_code == 409


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_speaks_both_languages(client, places, language):
    client.cookies["django_language"] = language
    for page in (client.get(URL), client.get("/"), client.post(URL, typed(), follow=True)):
        assert page.status_code == 200
        assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in page.text
