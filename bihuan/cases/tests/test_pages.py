"""The case page, and what the forms of its verbs show."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from bihuan.accounts.models import Cover
from bihuan.cases import actions
from bihuan.cases.forms.acts import FileForm
from bihuan.cases.models import Matter
from bihuan.cases.tests.browsing import address, client_of
from bihuan.core.clock import now, today, travel
from bihuan.files.actions import accept_upload
from bihuan.territory.tests.factories import make_place

HTMX = {"hx-request": "true"}


def picture(colour="teal"):
    content = BytesIO()
    Image.new("RGB", (80, 60), colour).save(content, "JPEG")
    return SimpleUploadedFile("photo.jpg", content.getvalue(), "image/jpeg")


# -- what the forms show ------------------------------------------------------------------------------


def test_assigning_suggests_the_unit_of_the_catalogue(cast, make_case):
    page = client_of(cast.dispatcher).get(address(make_case(at="filed"), "assign")).content.decode()

    assert f'<option value="{cast.bureau.pk}" selected>' in page
    assert "The catalogue names Urban Management Bureau." in page


def test_filing_groups_matters_and_puts_first_what_the_words_suggest(cast, make_case):
    retired = Matter.objects.create(code="01.09", parent=cast.group, name="停用", retired_at=now())
    form = FileForm(case=make_case(), user=cast.clerk)

    choices = [label for label, _options in form.fields["matter"].choices]
    assert choices[0] == ""
    assert cast.group.label in choices
    html = str(form["matter"])
    assert f'<optgroup label="{cast.group.label}">' in html
    assert 'data-words="01.03' in html
    assert f'value="{retired.pk}"' not in html


def test_words_of_a_case_bring_matters_to_the_top(cast, make_case):
    Matter.objects.filter(pk=cast.litter.pk).update(keywords="垃圾 堆放 清运")
    case = make_case.report(words="楼下垃圾堆了三天没人清运").case

    page = client_of(cast.clerk).get(address(case, "file")).content.decode()

    first = page.index(f'<option value="{cast.litter.pk}"')
    assert page.index("suggested by the words") < first < page.index(f'<option value="{cast.plots.pk}"')


def test_resolving_shows_the_closing_standard_and_asks_for_the_photo(cast, make_case):
    cast.plots.closing_standard = "土地平整，绿化恢复"
    cast.plots.save(update_fields=["closing_standard"])
    case = make_case(at="handling", matter=cast.plots)
    client, url = client_of(cast.handler), address(case, "resolve")

    assert "土地平整，绿化恢复" in client.get(url).content.decode()
    assert client.post(url, {"note": "已复绿"}).status_code == 422
    assert client.post(url, {"note": "已复绿", "photos": [picture()]}).status_code == 302
    case.refresh_from_db()
    assert case.state == "resolved"


def test_the_inspector_compares_before_and_after(cast, make_case):
    report = make_case.report(photos=[accept_upload(picture("red"))])
    case = make_case.acknowledge(
        make_case.assign(make_case.file(report.case, cast.pipes), cast.pipes), cast.pipes
    )
    case = actions.resolve_case(case, by=cast.handler, note="修好", photos=[accept_upload(picture("green"))])
    client = client_of(cast.inspector)

    for url in (address(case, "inspect"), reverse("cases:show", args=[case.number])):
        page = client.get(url).content.decode()
        assert "data-compare" in page
        assert page.count("<figure") >= 4
    photo = re.search(r'src="(/files/\d+/)"', page)
    assert photo and client.get(photo[1]).status_code == 200
    assert client_of(cast.stranger).get(photo[1]).status_code == 404


def test_only_who_calls_back_is_offered_the_number(cast, make_case):
    case = make_case(at="inspected", consenting=True)
    url = reverse("cases:show", args=[case.number])

    for page in (url, address(case, "call_back")):
        assert "Show number to call" in client_of(cast.clerk).get(page).content.decode()
    for name in ("clerk", "inspector", "handler", "dispatcher", "leader"):
        page = client_of(getattr(cast, name)).get(url).content.decode()
        assert "13800000001" not in page, name
        assert "138****0001" in page, name
        assert ("Show number" in page) == (name == "clerk")


# -- the case page ------------------------------------------------------------------------------------


def test_the_page_offers_exactly_what_the_rules_allow(cast, make_case):
    case = make_case(at="reported")
    url = reverse("cases:show", args=[case.number])

    def offered(name):
        page = client_of(getattr(cast, name)).get(url).content.decode()
        return set(re.findall(rf'href="/cases/{case.number}/([a-z-]+)/"', page))

    assert offered("clerk") == {"file", "send-to-verify", "decline", "merge"}
    assert offered("grid_worker") == {"self-handle"}
    assert offered("dispatcher") == offered("auditor") == set()
    assert offered("leader") == offered("supervisor") == {"supervise"}


def test_a_refused_verb_says_why_in_text(cast, make_case):
    case = make_case(at="inspected", consenting=True)
    page = client_of(cast.inspector).get(reverse("cases:show", args=[case.number])).content.decode()

    assert 'aria-disabled="true"' in page
    assert re.search(r'class="refused-why"[^>]*>The reporter agreed to be called back', page)
    assert f'href="/cases/{case.number}/close/"' not in page


def test_the_timeline_names_who_acted_and_for_whom(cast, make_case):
    case = make_case()
    Cover.objects.create(absent=cast.clerk, stand_in=cast.stranger, starts_on=today(), ends_on=today())
    cast.stranger.forget_duties()
    actions.file_case(case, by=cast.stranger, matter=cast.pipes, note="请尽快处理")

    page = client_of(cast.leader).get(reverse("cases:show", args=[case.number])).content.decode()

    assert f"{cast.stranger.name}, for {cast.clerk.name}" in page
    assert "请尽快处理" in page


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_for_strangers_and_administrators_there_is_no_case(cast, make_case, who):
    case = make_case()
    client = client_of(getattr(cast, who))

    for name in ("cases:show", "cases:live"):
        assert client.get(reverse(name, args=[case.number])).status_code == 404
    assert client.get(reverse("cases:show", args=["990101-0000001-0"])).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "state",
    [
        "reported",
        "verifying",
        "declined",
        "self_handled",
        "filed",
        "assigned",
        "handling",
        "suspended",
        "resolved",
        "inspected",
        "closed",
    ],
)
def test_the_page_opens_in_every_state_and_language(cast, make_case, state, language):
    case = make_case(at=state)

    page = client_of(cast.leader, language).get(reverse("cases:show", args=[case.number]))

    assert page.status_code == 200
    assert case.number in page.content.decode()


def test_the_case_answers_304_until_something_changes(cast, make_case):
    case = make_case()
    with travel(now()):
        client = client_of(cast.clerk)
        url = reverse("cases:live", args=[case.number])
        first = client.get(url)
        assert first.status_code == 200
        assert "<html" not in first.content.decode()
        assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304

    with travel(now() + timedelta(seconds=1)):
        make_case.file(case, cast.pipes)
        changed = client.get(url, headers={"if-none-match": first["ETag"]})

    assert changed.status_code == 200
    assert "awaiting assignment" in changed.content.decode()


def test_whoever_loses_sight_of_a_case_returns_to_the_desk(cast, make_case):
    case = make_case(at="assigned")
    answer = client_of(cast.handler).post(
        address(case, "return"), {"right_unit": str(cast.works.pk), "reason": "不归我们"}
    )

    assert answer["Location"] == reverse("cases:desk")


def test_grid_workers_have_the_way_to_report_at_hand(cast):
    desk = client_of(cast.grid_worker).get("/desk/").content.decode()

    assert "report-now" in desk
    assert "report-now" not in client_of(cast.clerk).get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("address", "shown"),
    [("良苑小区", "良苑小区"), ("三号楼前", "良苑小区 · 三号楼前"), ("", "良苑小区")],
)
def test_a_place_and_its_address_are_named_once(cast, make_case, address, shown):
    """Who picks a place on the way in leaves its name as the address."""
    place = make_place("良苑小区", area=cast.places.community)
    case = make_case.report(place=place, address=address, lon=None, lat=None).case
    client = client_of(cast.clerk)
    assert case.place_in_words == shown
    for page in ("/cases/", f"/cases/{case.number}/", "/desk/"):
        text = client.get(page).content.decode()
        assert shown in text and "良苑小区 良苑小区" not in text and "良苑小区 · 良苑小区" not in text


def test_what_only_repeats_the_area_is_left_out(cast, make_case):
    area = cast.places.grid
    make_case.report(address=area.name)
    page = client_of(cast.clerk).get("/desk/").content.decode()
    assert f"{area.label} · {area.name}" not in page
