"""Every verb through its form: as a page, in place, with mistakes, at the wrong time, by the wrong person."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases import actions
from bihuan.cases.models import Appeal, Case
from bihuan.cases.tests.browsing import address, client_of
from bihuan.cases.tests.verbs_joint import whistled
from bihuan.cases.tests.verbs_supervision import critical_case
from bihuan.cases.views.acting import ACTS
from bihuan.core.clock import today

HTMX = {"hx-request": "true"}

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
    "take_back_verification": ("clerk", "verifying", {"note": "问清了"}, "filed", {"note": "字" * 2_001}),
    "arrive": ("handler", "critical", {}, "assigned", None),
    "contact": ("handler", "handling", {"words": "下午四点前来水"}, "filed", {"words": ""}),
    "supervise": (
        "supervisor",
        "handling",
        {"level": "ordinary", "words": "请于周五前修复"},
        "closed",
        {"level": "red", "words": "请尽快"},
    ),
    "answer_supervision": ("handler", "supervised", {"words": "周五修复"}, "closed", {"words": ""}),
    "suspend": (
        "dispatcher",
        "handling",
        {"reason": "等配件", "resume_on": "soon"},
        "resolved",
        {"reason": "等"},
    ),
    "resume": ("dispatcher", "suspended", {"note": "配件到了"}, "handling", {"note": "字" * 2_001}),
    "merge": ("clerk", "merging", {"into": "other"}, "filed", {"into": "990101-0000000-0"}),
    "unmerge": ("clerk", "merged", {"reason": "另一栋楼"}, "reported", {"reason": ""}),
    "backlog": ("district_dispatcher", "suspended", {"reason": "等管网改造"}, "handling", {"reason": ""}),
    "review_backlog": (
        "district_dispatcher",
        "backlog",
        {"kept": "yes", "reason": "仍在改造"},
        "handling",
        {"kept": "yes", "reason": ""},
    ),
    "appeal_as_unit": (
        "handler",
        "closed",
        {"against": "lateness", "reason": "等停水"},
        "handling",
        {"against": "mood", "reason": "等停水"},
    ),
    "decide_appeal": (
        "district_dispatcher",
        "appealed",
        {"appeal": "appeal", "upheld": "no", "ruling": "已告知"},
        "handling",
        {"appeal": "appeal", "upheld": "no", "ruling": ""},
    ),
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
    "recheck": ("district_inspector", "drawn", {"held": "yes"}, "handling", {"held": "maybe"}),
    "ask_assistance": (
        "dispatcher",
        "handling",
        {"unit": "works", "task": "关阀门", "limit": "4h"},
        "filed",
        {"unit": "works", "task": "关阀门", "limit": "很快"},
    ),
    "whistle": (
        "dispatcher",
        "filed",
        {"question": "归谁管？", "units": "works", "meet_where": "三号楼前"},
        "closed",
        {"question": "归谁管？"},
    ),
    "rule_whistle": (
        "dispatcher",
        "whistled",
        {"ruling": "住建主办", "unit": "works", "assist_1_unit": "bureau", "assist_1_task": "清扫"},
        "closed",
        {"ruling": "住建主办", "unit": "works", "assist_1_unit": "works", "assist_1_task": "清扫"},
    ),
    "call_off_whistle": ("dispatcher", "whistled", {"reason": "已查明"}, "closed", {"reason": ""}),
}

# What a case is in, of which the table says more than its state.
MADE_FROM = {
    "drawn": "closed",
    "merging": "reported",
    "appealed": "closed",
    "extending": "handling",
    "critical": "handling",
    "supervised": "handling",
    "whistled": "filed",
}


@pytest.fixture
def case_at(cast, make_case):
    def make(state, verb=""):
        consenting = verb == "call_back"
        if state == "extending":
            case = make_case(at="handling")
            return actions.ask_extension(case, by=cast.handler, seconds=3_600, reason="等配件")
        if state == "merging":
            case = make_case()
            make_case()
            return case
        if state == "appealed":
            case = make_case(at="closed")
            return actions.appeal_case(case, by=cast.handler, against="lateness", reason="等停水")
        if state == "critical":
            return critical_case(cast)
        if state == "supervised":
            case = make_case(at="handling")
            return actions.supervise_case(case, by=cast.supervisor, level="ordinary", words="请尽快")
        if state == "drawn":
            case = make_case(at="closed")
            actions.draw_recheck(case, why="lot")
            case.refresh_from_db()
            return case
        if state == "whistled":
            return whistled(make_case(at="filed"), cast, units=[cast.bureau])
        return make_case(at=state, consenting=consenting)

    return make


@pytest.fixture
def filled(cast):
    """What somebody types into a verb's form, with the ids of this database."""

    def fill(values):
        found = {"pipes": cast.pipes, "litter": cast.litter, "bureau": cast.bureau, "works": cast.works}
        answer = {name: str(found[value].pk) if value in found else value for name, value in values.items()}
        if answer.get("into") == "other":
            answer["into"] = Case.objects.latest("pk").number
        if answer.get("appeal") == "appeal":
            answer["appeal"] = getattr(Appeal.objects.first(), "pk", "")
        if answer.get("resume_on") == "soon":
            answer["resume_on"] = (today() + timedelta(days=3)).isoformat()
        return answer

    return fill


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
    assert case.state == MADE_FROM.get(state, state)


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
    if verb == "supervise":
        del expected["leader"]  # whose duty it is as well

    for name, status in expected.items():
        answer = client_of(getattr(cast, name)).post(address(case, verb), filled(values))
        assert answer.status_code == status, name
    assert Client().post(address(case, verb)).status_code == 302
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.changed_at) == (case.state, case.changed_at)
