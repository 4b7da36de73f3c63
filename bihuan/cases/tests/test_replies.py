"""Standard replies: who writes them, what is checked, where they are offered, and that no words are lost."""

import pytest
from django.urls import reverse

from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, queries, replying, rules
from bihuan.cases.models import Reply
from bihuan.cases.tests.browsing import client_of
from bihuan.cases.views.acting import ACTS
from bihuan.files.tests.samples import jpeg, upload

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}
THANKS = "您好，您反映的问题（{number}）已由{unit}处理，感谢{reporter}。"


def write(cast, name="感谢", text=THANKS, *, by=None, area="street", **when):
    area = getattr(cast.places, area) if area else None
    return actions.write_reply(name, by=by or cast.dispatcher, text=text, area=area, **when)


def offered(case, verb):
    return [reply.name for reply in queries.replies_for(case, verb)]


def test_every_verb_with_a_text_has_that_field():
    for verb, field in replying.FIELDS.items():
        assert field in ACTS[verb].form.base_fields, verb


# -- writing --------------------------------------------------------------------------------------------


def test_who_writes_for_which_area(cast, refused):
    write(cast)
    write(cast, by=cast.district_dispatcher, area="district")
    write(cast, by=cast.administrator, area=None)
    for who, area in (
        ("dispatcher", "district"), ("dispatcher", "other"), ("dispatcher", None),
        ("district_dispatcher", None),
        ("clerk", "street"), ("inspector", "street"), ("leader", "street"), ("resident", None),
    ):  # fmt: skip
        with refused("reply.not_your_area"):
            write(cast, name="x", by=getattr(cast, who), area=area)
    assert Reply.objects.count() == 3
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("您好{name}", "There is no placeholder {name}."),
        ("{numbre}", "{number}, {matter}"),
        ("{}", "There is no placeholder {}."),
        ("{number", "A brace stands alone."),
        ("number}", "A brace stands alone."),
        ("{{number}}", "A brace stands alone."),
    ],
)
def test_a_faulty_placeholder_is_named(cast, refused, text, fault):
    with refused("reply.faulty"):
        write(cast, text=text)
    response = client_of(cast.dispatcher).post(
        "/replies/new/", {"name": "x", "text": text, "area": cast.places.street.pk}
    )
    assert response.status_code == 422
    assert fault in str(response.context["form"].errors["text"])


def test_a_name_serves_once_for_each_verb_and_area(cast, refused):
    write(cast, verb="close")
    write(cast, verb="inspect")
    with refused("reply.name_taken"):
        write(cast, verb="close")


def test_changing_and_deleting(cast, refused):
    reply = write(cast)
    for who in ("clerk", "stranger", "inspector"):
        with refused("reply.not_your_area"):
            actions.change_reply(reply, by=getattr(cast, who), name="x", text="x", area=cast.places.street)
        with refused("reply.not_your_area"):
            actions.delete_reply(reply, by=getattr(cast, who))
    with refused("reply.not_your_area"):
        actions.change_reply(reply, by=cast.dispatcher, name="x", text="x", area=cast.places.other)
    reply = actions.change_reply(
        reply, by=cast.dispatcher, name="谢", text="{today}", verb="close", area=cast.places.street
    )
    assert (reply.name, reply.verb, entries_about(reply).last().verb) == ("谢", "close", "reply.changed")
    actions.delete_reply(reply, by=cast.administrator)
    assert not Reply.objects.exists()


@pytest.mark.parametrize("verb", ["write", "change", "delete"])
def test_a_failure_half_way_leaves_nothing(cast, breaking_record, verb):
    reply = write(cast)
    before = list(Reply.objects.values_list())
    broken = breaking_record("bihuan.cases.actions.replying")
    calls = {
        "write": lambda: write(cast, name="x"),
        "change": lambda: actions.change_reply(
            reply, by=cast.dispatcher, name="x", text="x", area=cast.places.street
        ),
        "delete": lambda: actions.delete_reply(reply, by=cast.dispatcher),
    }
    with pytest.raises(broken):
        calls[verb]()
    assert list(Reply.objects.values_list()) == before


def test_the_pages_of_those_who_write_them(cast):
    reply, far = write(cast), write(cast, by=cast.administrator, area="other")
    for who in ("clerk", "inspector", "handler", "leader", "resident"):
        assert client_of(getattr(cast, who)).get("/replies/").status_code == 404
    client = client_of(cast.dispatcher)
    page = client.get("/replies/")
    assert [row.pk for row, _verb in page.context["rows"]] == [reply.pk]
    assert client.get(reverse("cases:change_reply", args=[far.pk])).status_code == 404
    page = client.get(reverse("cases:change_reply", args=[reply.pk])).content.decode()
    assert "{promised}" in page and "whole district" not in page and "None" not in page
    form = {"name": "新", "text": "{today}", "area": cast.places.street.pk, "verb": "close"}
    assert client.post(reverse("cases:change_reply", args=[reply.pk]), form).status_code == 302
    assert client.post(reverse("cases:delete_reply", args=[reply.pk])).status_code == 302
    assert [row.pk for row, _verb in client_of(cast.administrator).get("/replies/").context["rows"]] == [
        far.pk
    ]


# -- offering -------------------------------------------------------------------------------------------


def test_what_is_offered_where(cast, make_case):
    case = make_case(at="resolved", matter=cast.pipes)
    write(cast, "any")
    write(cast, "inspect", verb="inspect")
    write(cast, "close", verb="close")
    write(cast, "group", matter=cast.group)
    write(cast, "pipes", matter=cast.pipes)
    write(cast, "litter", matter=cast.litter)
    write(cast, "district", by=cast.administrator, area=None)
    write(cast, "community", area="community")
    write(cast, "elsewhere", by=cast.administrator, area="other")
    assert set(offered(case, "inspect")) == {"any", "inspect", "group", "pipes", "district", "community"}
    assert offered(case, "inspect")[:2] == ["group", "pipes"], "the most particular first"
    assert offered(case, "assign") == []


def test_placeholders_are_filled_in(cast, make_case):
    case = make_case(at="resolved")
    text = replying.fill(THANKS + "{resolution}{district}{area}", case)
    assert text == (
        f"您好，您反映的问题（{case.number}）已由Urban Management Bureau处理，感谢reporter。"
        f"已修复川汇区人和街 · 庆丰 · 庆丰一格"
    )
    assert replying.fill("{unit}{promised}", make_case()) == "{unit}{promised}", "left to the writer"


def test_no_placeholder_tells_what_a_reporter_wrote_or_left(cast, make_case):
    report = make_case.report(
        name="王小明", phone="13800138000", may_call=True, words="王小明家漏水", address="王小明家门口"
    )
    text = replying.fill("".join(f"{{{name}}}" for name in replying.PLACEHOLDERS), report.case)
    assert "王小明" not in text and "138" not in text.replace(report.case.number, "")


@pytest.fixture
def inspecting(cast, make_case):
    case = make_case(at="resolved")
    reply = write(cast)
    other = write(cast, "简短", "已处理。")
    client = client_of(cast.inspector)
    url = reverse("cases:inspect", args=[case.number])

    def send(**form):
        response = client.post(url, form, headers=HTMX)
        case.refresh_from_db()
        return response, response.context["form"]["reply"].value() if response.context else None

    return case, reply, other, send


def test_a_text_goes_into_an_untouched_form(inspecting, cast):
    case, reply, other, send = inspecting
    page = client_of(cast.inspector).get(reverse("cases:inspect", args=[case.number])).content.decode()
    assert page.count('name="use_reply"') == 2

    response, text = send(use_reply=reply.pk, reply="已修复", note="给同事")  # what the form had proposed
    assert (response.status_code, case.state) == (422, "resolved")
    assert text == replying.fill(THANKS, case)
    page = response.content.decode()
    assert "给同事" in page and "field-error" not in page and 'role="alert"' not in page

    _response, text = send(use_reply=other.pk, reply=text)  # another text, untouched, may go
    assert text == "已处理。"


def test_ones_own_words_are_asked_about(inspecting):
    case, reply, _other, send = inspecting
    response, text = send(use_reply=reply.pk, reply="我自己写的话")
    assert text == "我自己写的话"
    assert "You have already written something" in response.content.decode()
    filled = replying.fill(THANKS, case)
    for how, expected in (
        ("below", f"我自己写的话\n{filled}"),
        ("replace", filled),
        ("keep", "我自己写的话"),
    ):
        response, text = send(use_reply=f"{reply.pk}:{how}", reply="我自己写的话")
        assert text == expected
        assert "You have already written something" not in response.content.decode()
    assert case.state == "resolved"


@pytest.mark.parametrize("chosen", ["0", "x", "", "9999:replace"])
def test_a_text_that_is_not_offered_changes_nothing(inspecting, chosen):
    case, _reply, _other, send = inspecting
    _response, text = send(use_reply=chosen, reply="我自己写的话")
    assert (text, case.state) == ("我自己写的话", "resolved")


def test_a_placeholder_left_over_is_pointed_at(cast, make_case):
    case = make_case(at="reported")
    write(cast, text="请联系{unit}", verb="decline")
    client = client_of(cast.clerk)
    url = reverse("cases:decline", args=[case.number])
    response = client.post(url, {"reason": "elsewhere", "note": "请联系{unit}"}, headers=HTMX)
    assert response.status_code == 422
    assert "{unit}" in str(response.context["form"].errors["note"])
    assert client.post(url, {"reason": "elsewhere", "note": "请联系水务公司 {x}"}).status_code == 302


def test_photos_survive_the_choice(cast, make_case):
    case = make_case(at="handling")
    reply = write(cast, text="已处理。", verb="resolve")
    client = client_of(cast.handler)
    url = reverse("cases:resolve", args=[case.number])
    response = client.post(
        url, {"use_reply": reply.pk, "note": "", "photos": upload(jpeg(seed=3))}, headers=HTMX
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert 'name="photos-kept"' in page and "已处理。" in page
    assert rules.may("resolve", case, cast.handler)


def test_offering_costs_the_same_for_one_text_and_thirty(cast, make_case, django_assert_num_queries):
    case = make_case(at="resolved")
    for number in range(30):
        write(cast, str(number))
    case = queries.case_by_number(cast.inspector, case.number).get()
    assert case.matter.parent
    with django_assert_num_queries(1):
        assert len(offered(case, "inspect")) == 30
