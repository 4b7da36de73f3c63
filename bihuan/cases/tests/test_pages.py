"""The case page, and every verb through its form: as a page, in place, with mistakes, refused."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from bihuan.accounts.models import Cover
from bihuan.cases import actions
from bihuan.cases.forms.acts import FileForm
from bihuan.cases.models import Case, Matter
from bihuan.cases.views.acting import ACTS
from bihuan.core.clock import now, today, travel
from bihuan.files.actions import accept_upload

HTMX = {"hx-request": "true"}


def client_of(person, language="en"):
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = language
    return client


def picture(colour="teal"):
    content = BytesIO()
    Image.new("RGB", (80, 60), colour).save(content, "JPEG")
    return SimpleUploadedFile("photo.jpg", content.getvalue(), "image/jpeg")


# Who does each verb, from which state, with what; `wrong` is a state in which it is refused, and a form that
# cannot be understood is `bad` (None: the form of that verb has nothing to get wrong).
VERBS = {
    "send_to_verify": ("clerk", "reported", {"question": "看看"}, "filed", {"question": "字" * 2_001}),
    "verify": ("grid_worker", "verifying", {"finding": "exists"}, "filed", {"finding": "maybe"}),
    "decline": (
        "clerk",
        "reported",
        {"reason": "elsewhere", "note": "请拨打水务公司"},
        "filed",
        {"reason": "whim"},
    ),
    "file": ("clerk", "reported", {"matter": "pipes"}, "closed", {"matter": "0"}),
    "self_handle": (
        "grid_worker",
        "reported",
        {"matter": "litter", "note": "已清扫"},
        "filed",
        {"matter": "pipes"},
    ),
    "spot_check": ("inspector", "self_handled", {"passed": "yes"}, "closed", {}),
    "assign": ("dispatcher", "filed", {"unit": "bureau"}, "handling", {"unit": ""}),
    "acknowledge": ("handler", "assigned", {}, "handling", None),
    "return": (
        "handler",
        "assigned",
        {"right_unit": "works", "reason": "不归我们"},
        "handling",
        {"right_unit": "works"},
    ),
    "ask_extension": (
        "handler",
        "handling",
        {"days": "1", "reason": "等配件"},
        "assigned",
        {"days": "0", "reason": "x"},
    ),
    "decide_extension": ("dispatcher", "extending", {"granted": "yes"}, "resolved", {}),
    "suspend": (
        "dispatcher",
        "handling",
        {"reason": "等配件", "resume_on": "soon"},
        "resolved",
        {"reason": "等"},
    ),
    "resume": ("dispatcher", "suspended", {"note": "配件到了"}, "handling", {"note": "字" * 2_001}),
    "resolve": ("handler", "handling", {"note": "已修好"}, "assigned", {"note": ""}),
    "inspect": ("inspector", "resolved", {"reply": "已修好，感谢反映"}, "handling", {"reply": ""}),
    "rework": ("inspector", "resolved", {"reason": "还在漏水"}, "handling", {"reason": ""}),
    "call_back": (
        "clerk",
        "inspected",
        {"answered": "yes", "solved": "yes"},
        "resolved",
        {"answered": "yes"},
    ),
    "close": ("inspector", "inspected", {"reply": "已修好"}, "resolved", {"reply": ""}),
}


@pytest.fixture
def case_at(cast, make_case):
    def make(state, verb=""):
        consenting = verb == "call_back"
        if state == "extending":
            case = make_case(at="handling")
            return actions.ask_extension(case, by=cast.handler, seconds=3_600, reason="等配件")
        return make_case(at=state, consenting=consenting)

    return make


@pytest.fixture
def filled(cast):
    """What somebody types into a verb's form, with the ids of this database."""

    def fill(values):
        found = {"pipes": cast.pipes, "litter": cast.litter, "bureau": cast.bureau, "works": cast.works}
        answer = {name: str(found[value].pk) if value in found else value for name, value in values.items()}
        if answer.get("resume_on") == "soon":
            answer["resume_on"] = (today() + timedelta(days=3)).isoformat()
        return answer

    return fill


def address(case, verb):
    return reverse(f"cases:{verb}", args=[case.number])


def test_every_verb_is_tried_here():
    assert set(VERBS) == set(ACTS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_through_its_page(cast, case_at, filled, verb):
    who, state, values, _wrong, _bad = VERBS[verb]
    case = case_at(state, verb)
    client = client_of(getattr(cast, who))
    url = address(case, verb)

    page = client.get(url)
    assert page.status_code == 200
    assert f'action="{url}"' in page.content.decode()
    assert case.title in page.content.decode()

    answer = client.post(url, filled(values))
    assert answer.status_code == 302, answer.content.decode()[:3_000]
    after = client.get(answer["Location"])
    assert after.status_code == 200
    assert f"{case.title}: " in after.content.decode()  # the message of what was done
    before = case.changed_at
    case.refresh_from_db()
    assert case.changed_at > before


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_in_place_on_the_page(cast, case_at, filled, verb):
    who, state, values, _wrong, _bad = VERBS[verb]
    case = case_at(state, verb)
    client = client_of(getattr(cast, who))
    url = f"{address(case, verb)}?from=desk"

    dialog = client.get(url, headers=HTMX).content.decode()
    assert dialog.lstrip().startswith("<dialog")
    assert f'hx-post="{url}"' in dialog
    assert "<html" not in dialog

    answer = client.post(url, filled(values), headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == reverse("cases:desk")


@pytest.mark.parametrize("verb", [verb for verb, row in VERBS.items() if row[4] is not None])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_form_with_a_mistake_comes_back_with_what_was_typed(cast, case_at, filled, verb, headers):
    who, state, _values, _wrong, bad = VERBS[verb]
    case = case_at(state, verb)
    client = client_of(getattr(cast, who))
    typed = {"note": "已经写好的话"} if "note" not in bad else {}

    answer = client.post(address(case, verb), filled(bad) | typed, headers=headers)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "field-error" in page
    assert ("<html" in page) is not bool(headers)
    if typed and "note" in ACTS[verb].form.base_fields:
        assert "已经写好的话" in page
    case.refresh_from_db()
    assert case.state == ("handling" if state == "extending" else state)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_at_the_wrong_time_is_refused_in_words(cast, case_at, filled, verb):
    who, _state, values, wrong, _bad = VERBS[verb]
    case = case_at(wrong, verb)
    client = client_of(getattr(cast, who))

    for answer in (
        client.get(address(case, verb)),
        client.post(address(case, verb), filled(values)),
        client.post(address(case, verb), filled(values), headers=HTMX),
    ):
        assert answer.status_code in (404, 409)
        if answer.status_code == 409:
            assert "This is not possible now" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == wrong


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_by_the_wrong_person(cast, case_at, filled, verb):
    _who, state, values, _wrong, _bad = VERBS[verb]
    case = case_at(state, verb)
    expected = {"stranger": 404, "administrator": 404, "resident": 404, "leader": 409, "auditor": 409}

    for name, status in expected.items():
        answer = client_of(getattr(cast, name)).post(address(case, verb), filled(values))
        assert answer.status_code == status, name
    assert Client().post(address(case, verb)).status_code == 302
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.changed_at) == (case.state, case.changed_at)


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


def test_only_who_calls_back_sees_the_number(cast, make_case):
    case = make_case(at="inspected", consenting=True)
    url = reverse("cases:show", args=[case.number])

    assert "13800000001" in client_of(cast.clerk).get(url).content.decode()
    assert "13800000001" in client_of(cast.clerk).get(address(case, "call_back")).content.decode()
    for name in ("inspector", "handler", "dispatcher", "leader"):
        page = client_of(getattr(cast, name)).get(url).content.decode()
        assert "13800000001" not in page, name
        assert "138****0001" in page, name


# -- the case page ------------------------------------------------------------------------------------


def test_the_page_offers_exactly_what_the_rules_allow(cast, make_case):
    case = make_case(at="reported")
    url = reverse("cases:show", args=[case.number])

    def offered(name):
        page = client_of(getattr(cast, name)).get(url).content.decode()
        return set(re.findall(rf'href="/cases/{case.number}/([a-z-]+)/"', page))

    assert offered("clerk") == {"file", "send-to-verify", "decline"}
    assert offered("grid_worker") == {"self-handle"}
    assert offered("dispatcher") == offered("leader") == offered("auditor") == set()


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
