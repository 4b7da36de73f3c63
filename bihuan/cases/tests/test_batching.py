"""Several cases at once: each under its own rules, each once, and nothing silently."""

from uuid import uuid4

import pytest
from django.urls import reverse

from bihuan.accounts.models import User
from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, queries
from bihuan.cases.models import Batch, BatchItem, Case
from bihuan.cases.tests.browsing import client_of, multiply

pytestmark = pytest.mark.usefixtures("at_nine")


def press(verb, person, cases, token=None, **arguments):
    batch = actions.start_batch(verb, by=person, token=token or uuid4(), cases=cases, arguments=arguments)
    return actions.carry_out_batch(batch, by=person)


def outcome(batch):
    found = queries.outcome_of(batch)
    return [item.case_id for item in found.done], {item.case_id: item.code for item in found.refused}


@pytest.mark.parametrize(
    ("verb", "who", "at", "then", "arguments"),
    [
        ("send_to_verify", "clerk", "reported", "verifying", {"question": "看看"}),
        ("assign", "dispatcher", "filed", "assigned", {"unit": "bureau", "note": "请处理"}),
        ("acknowledge", "handler", "assigned", "handling", {}),
        ("close", "inspector", "inspected", "closed", {}),
    ],
)
def test_a_verb_for_several_cases(make_case, cast, verb, who, at, then, arguments):
    cases = [make_case(at=at) for _ in range(3)]
    other = make_case(at="handling" if at != "handling" else "filed")
    if "unit" in arguments:
        arguments = arguments | {"unit": cast.bureau.pk}
    replies = [case.reply for case in cases]

    batch = press(verb, getattr(cast, who), [cases[0], other, *cases[1:]], **arguments)

    assert outcome(batch) == ([case.pk for case in cases], {other.pk: "case.wrong_state"})
    for case, reply in zip(cases, replies, strict=True):
        case.refresh_from_db()
        assert (case.state, case.reply) == (then, reply)
        entry = entries_about(case).exclude(verb__startswith="file.").last()
        assert (entry.by, entry.data["state"]) == (getattr(cast, who), then)
    refused = BatchItem.objects.get(case=other)
    assert "in hand" in refused.sentence
    started = entries_about(batch).get()
    assert (started.verb, started.data["of"], len(started.data["cases"])) == ("batch.started", verb, 4)
    assert list(faults()) == []


def test_each_case_asks_its_own_rules(make_case, cast):
    """A reporter who agreed to be called comes first; somebody's own work is not theirs to close."""
    plain, consenting = make_case(at="inspected"), make_case(at="inspected", consenting=True)
    batch = press("close", cast.inspector, [plain, consenting])
    assert outcome(batch) == ([plain.pk], {consenting.pk: "case.call_back_first"})


def test_the_same_form_twice_is_one_batch(make_case, cast):
    token, cases = uuid4(), [make_case(at="assigned") for _ in range(2)]
    first = press("acknowledge", cast.handler, cases, token)
    before = Entry.objects.count()
    second = press("acknowledge", cast.handler, cases, token)
    assert (second, Entry.objects.count()) == (first, before)
    assert outcome(second) == ([case.pk for case in cases], {})


def test_a_broken_off_batch_goes_on(make_case, cast, monkeypatch):
    from bihuan.cases.actions import batching

    cases = [make_case(at="assigned") for _ in range(3)]
    batch = actions.start_batch("acknowledge", by=cast.handler, token=uuid4(), cases=cases, arguments={})
    usual, seen = batching.PRESSES["acknowledge"], []

    class PowerCut(Exception):
        pass

    def failing(case, by, told):
        seen.append(case)
        if len(seen) == 2:
            usual(case, by, told)
            raise PowerCut
        return usual(case, by, told)

    monkeypatch.setitem(batching.PRESSES, "acknowledge", failing)
    with pytest.raises(PowerCut):
        actions.carry_out_batch(batch, by=cast.handler)
    found = queries.outcome_of(batch)
    assert (len(found.done), len(found.waiting)) == (1, 2)
    cases[1].refresh_from_db()
    assert cases[1].state == "assigned", "what was not noted did not happen"

    client = client_of(cast.handler)
    result = reverse("cases:batch_result", args=[batch.pk])
    assert "2 cases were not reached" in client.get(result).content.decode()
    assert client.post(reverse("cases:batch_go_on", args=[batch.pk])).status_code == 302
    assert len(queries.outcome_of(batch).done) == 3
    for case in cases:
        assert entries_about(case).filter(verb="case.acknowledged").count() == 1


def test_who_may_not_does_not_begin(make_case, cast, refused, unchanged):
    case = make_case(at="assigned")
    for person in (cast.clerk, cast.leader, cast.administrator, cast.resident):
        with unchanged(), refused("batch.not_your_duty"):
            press("acknowledge", person, [case])
    with unchanged(), refused("batch.not_your_duty"):
        press("inspect", cast.inspector, [case])
    with unchanged(), refused("batch.nothing"):
        press("acknowledge", cast.handler, [])
    with unchanged(), refused("batch.too_many"):
        press("acknowledge", cast.handler, [case] * 101)
    assert not Batch.objects.exists()


def test_nobody_goes_on_with_anothers(make_case, cast, refused):
    batch = press("acknowledge", cast.handler, [make_case(at="assigned")])
    with refused("batch.not_yours"):
        actions.carry_out_batch(batch, by=cast.clerk)


def test_a_failure_at_the_start_leaves_nothing(make_case, cast, breaking_record):
    case = make_case(at="assigned")
    broken = breaking_record("bihuan.cases.actions.batching")
    with pytest.raises(broken):
        press("acknowledge", cast.handler, [case])
    assert not Batch.objects.exists()
    case.refresh_from_db()
    assert case.state == "assigned"


@pytest.mark.threads
@pytest.mark.django_db(transaction=True)
def test_eight_presses_at_once_do_each_case_once(make_case, cast):
    from tests.test_threads import at_once

    cases, token = [make_case(at="assigned") for _ in range(4)], uuid4()
    people = [User.objects.get(pk=cast.handler.pk) for _ in range(8)]

    said = at_once([lambda p=person: press("acknowledge", p, cases, token).pk for person in people])

    batch = Batch.objects.get()
    assert set(said) == {batch.pk}
    assert outcome(batch) == ([case.pk for case in cases], {})
    for case in cases:
        assert entries_about(case).filter(verb="case.acknowledged").count() == 1
    assert list(faults()) == []


# -- pages ----------------------------------------------------------------------------------------------


def test_from_the_list_to_the_result(make_case, cast):
    cases = [make_case(at="filed") for _ in range(2)] + [make_case(at="handling")]
    client = client_of(cast.dispatcher)
    page = client.get("/cases/").content.decode()
    assert page.count('name="case"') == 3 and 'value="assign"' in page and 'value="close"' not in page

    numbers = [case.number for case in cases]
    page = client.get("/cases/batch/", {"do": "assign", "case": [*numbers, "000000-0000000-0"]})
    text = page.content.decode()
    assert page.status_code == 200
    assert "000000-0000000-0" in text and text.count("Will be refused") == 1

    wrong = client.post("/cases/batch/", {"do": "assign", "case": numbers, "token": uuid4()})
    assert wrong.status_code == 422
    assert not Batch.objects.exists()

    form = {"do": "assign", "case": numbers, "token": uuid4(), "unit": cast.bureau.pk}
    done = client.post("/cases/batch/", form)
    assert client.post("/cases/batch/", form)["Location"] == done["Location"]
    text = client.get(done["Location"]).content.decode()
    assert "1 case was refused" in text and "in hand" in text
    assert Case.objects.filter(state="assigned", unit=cast.bureau).count() == 2
    assert client_of(cast.inspector).get(done["Location"]).status_code == 404


def test_nothing_ticked_and_nothing_of_ones_own(make_case, cast):
    case = make_case(at="filed")
    client = client_of(cast.stranger)
    for query in ({"do": "assign"}, {"do": "assign", "case": case.number}, {"do": "print"}):
        response = client.get("/cases/batch/", query, follow=True)
        assert (response.status_code, "No case is ticked" in response.content.decode()) == (422, True)


def test_a_list_for_paper(make_case, cast):
    cases = [make_case(at="filed") for _ in range(2)]
    response = client_of(cast.leader).get(
        "/cases/batch/", {"do": "print", "case": [case.number for case in cases]}, follow=True
    )
    assert response.redirect_chain[0][0].startswith("/cases/print/?case=")
    text = response.content.decode()
    assert all(case.number in text for case in cases) and "data-print" in text


def test_choosing_and_printing_cost_the_same_for_ten_and_a_hundred(
    make_case, cast, django_assert_max_num_queries
):
    copies = multiply(make_case(at="filed"), 99)
    client = client_of(cast.dispatcher)
    client.get("/cases/print/", {"case": copies[0].number})
    for count in (10, 99):
        numbers = [case.number for case in copies[:count]]
        with django_assert_max_num_queries(12):
            assert client.get("/cases/print/", {"case": numbers}).status_code == 200
        with django_assert_max_num_queries(14):
            assert client.get("/cases/batch/", {"do": "assign", "case": numbers}).status_code == 200
