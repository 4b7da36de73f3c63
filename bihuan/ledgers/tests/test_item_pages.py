"""The page of an item, its form without script, and its verbs."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from bihuan.core.clock import today
from bihuan.core.verdicts import Refusal
from bihuan.files.tests.samples import jpeg, upload
from bihuan.ledgers import actions, queries
from bihuan.ledgers.models import Item, NoticeGiven, Passage, Sending, Signature
from bihuan.ledgers.tests.factories import photo, plots, step_changed

pytestmark = pytest.mark.django_db


def address(item: Item, name: str = "item") -> str:
    return reverse(f"ledgers:{name}", args=[item.campaign.number, item.number])


def sent(item: Item, *, done: bool = False, **answers: Any) -> dict[str, Any]:
    """What a browser sends of the form."""
    fields = {f"a.{name}": value for name, value in answers.items()}
    return {"key": str(uuid4()), "step": item.step_code, "done": "1" if done else "0", **fields}


def test_the_page_shows_the_step_its_gate_and_what_is_known(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    page = client.get(address(item))
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("Survey", "统一清理关卡", "街道领导签字", "王某", 'name="a.owner"', 'name="a.reason"'):
        assert words in text


def test_who_may_only_look_gets_no_form(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.lawyer)
    text = client.get(address(item)).content.decode()
    assert "data-ledger-form" not in text


def test_a_case_is_linked_to_for_who_finds_its_page_and_named_to_the_others(
    client: Any, make_item: Any, make_campaign: Any, force: Any
) -> None:
    definition = step_changed(plots(), "survey", opens_case="01.01")
    item = make_item(campaign=make_campaign(definition=definition))
    case = actions.open_case(item, by=force.member, words="绿地被占，请处理。").case
    page = reverse("cases:show", args=[case.number])
    for person, status in (
        (force.member, 302),
        (force.team_leader, 404),
    ):  # a reporter is led to their tracking
        client.force_login(person)
        text = client.get(address(item)).content.decode()
        assert case.number in text
        assert (f'href="{page}"' in text) == (status == 302)
        assert client.get(page).status_code == status


def test_what_the_desk_reads_of_an_item_stands_beside_the_words(
    client: Any, make_item: Any, make_campaign: Any, force: Any
) -> None:
    client.force_login(force.member)
    for confidential, words in ((False, "heading and the place"), (True, "not which household it is")):
        definition = step_changed(plots(confidential=confidential), "survey", opens_case="01.01")
        item = make_item(campaign=make_campaign(definition=definition))
        dialog = client.get(address(item, "item_open_case"))
        assert words in dialog.content.decode()


def test_a_stranger_does_not_find_it(client: Any, make_item: Any, cast: Any) -> None:
    item = make_item()
    client.force_login(cast.stranger)
    assert client.get(address(item)).status_code == 404
    assert client.post(address(item, "item_send"), sent(item)).status_code == 404


def test_answers_are_kept_and_the_step_is_taken(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    told = {"a.plots[1]": "0", "a.plots[1].size": "12.50", "a.reason": "refused", "a.owner": "李某"}
    response = client.post(address(item, "item_send"), {**sent(item), **told})
    assert response.status_code == 302
    item.refresh_from_db()
    assert item.answers["plots"] == [{"size": "12.5", "price": "31.25"}]
    assert (item.answers["owner"], item.answers["total"]) == ("李某", "12.5")
    make_item.open_gate(item)
    item.refresh_from_db()
    kept = {"a.before.kept": item.answers["before"], "a.basis.kept": item.answers["basis"]}
    told = {**sent(item, done=True, owner="李某", reason="refused"), **kept}
    response = client.post(address(item, "item_send"), told)
    assert response.status_code == 302
    item.refresh_from_db()
    assert item.step_code == "clear"


def test_the_same_key_again_does_nothing_more(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    make_item.open_gate(item)
    item.refresh_from_db()
    client.force_login(force.member)
    form = {**sent(item, done=True, owner="李某"), "touched": "owner"}
    first = client.post(address(item, "item_send"), form, headers={"Accept": "application/json"})
    again = client.post(address(item, "item_send"), form, headers={"Accept": "application/json"})
    assert first.json()["done"] is True
    assert again.json()["done"] is True
    assert Passage.objects.filter(item=item, left_at__isnull=False).count() == 1
    assert Sending.objects.get(item=item).verb == "take_step"


def test_faults_stand_at_their_fields(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    told = {"a.plots[4]": "0", "a.plots[4].size": "900", "a.owner": ""}
    page = client.post(address(item, "item_send"), {**sent(item, done=True), **told})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Between 0 and 500" in text
    told_script = client.post(
        address(item, "item_send"), {**sent(item, done=True), **told}, headers={"Accept": "application/json"}
    )
    assert {one["path"] for one in told_script.json()["faults"]} == {"owner", "plots[1].size"}
    item.refresh_from_db()
    assert item.answers["owner"] == "王某"


def test_a_photo_outlasts_a_mistake_elsewhere(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    told = {**sent(item), "a.reason": "refused", "a.before": upload(jpeg(seed=3)), "a.cleared": "2999-01-01"}
    page = client.post(address(item, "item_send"), told)
    assert page.status_code == 422
    form = page.context["form"]
    ticket = form.values["before"]
    again = {**sent(item), "a.reason": "refused", "a.before.kept": ticket, "a.owner": "王某"}
    response = client.post(address(item, "item_send"), again)
    assert response.status_code == 302
    item.refresh_from_db()
    assert item.answers["before"].isdecimal()


def test_what_was_filled_in_outlasts_a_gate_that_is_closed(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    told = sent(item, done=True, owner="赵某", reason="unable") | {"note": "户主明天在家"}
    page = client.post(address(item, "item_send"), told | {"a.before": upload(jpeg(seed=4))})
    text = page.content.decode()
    assert page.status_code == 409
    assert "Still missing" in text and 'value="赵某"' in text and "户主明天在家" in text
    assert ":" in page.context["form"].values["before"], "the photo is kept by its ticket"
    item.refresh_from_db()
    assert item.answers["owner"] == "王某" and not Sending.objects.exists()
    kept = client.post(address(item, "item_send"), told | {"done": "0"})
    assert kept.status_code == 302
    for_script = {"Accept": "application/json"}
    script = client.post(address(item, "item_send"), sent(item, done=True, owner="赵某"), headers=for_script)
    assert (script.status_code, script.json()["code"]) == (409, "item.gate_closed")


def test_entries_come_and_go_without_script(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    more = client.post(address(item, "item_send"), {**sent(item), "a.owner": "赵某", "more": "a.plots"})
    assert more.status_code == 200
    text = more.content.decode()
    assert 'name="a.plots[1].size"' in text
    assert 'value="赵某"' in text
    told = {"a.plots[1]": "0", "a.plots[1].size": "1", "a.plots[2]": "0", "a.plots[2].size": "2"}
    less = client.post(address(item, "item_send"), {**sent(item), **told, "less": "a.plots[1]"})
    assert [one["size"] for one in less.context["form"].given["plots"]] == ["2"]
    item.refresh_from_db()
    assert item.answers["owner"] == "王某"


def test_only_what_was_changed_is_kept_of_an_old_page(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    old = {**sent(item, owner="王某", reason="unable"), "touched": "reason"}
    actions.fill_item(item, by=force.team_leader, answers={"owner": "新名"})
    assert client.post(address(item, "item_send"), old).status_code == 302
    item.refresh_from_db()
    assert (item.answers["owner"], item.answers["reason"]) == ("新名", "unable")


def test_what_was_filled_in_for_another_step_is_refused(client: Any, make_item: Any, force: Any) -> None:
    item = make_item()
    old = sent(item, owner="李某")
    make_item.survey(item)
    client.force_login(force.cleaner)
    answer = client.post(address(item, "item_send"), old, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "item.gone_on"
    assert not Sending.objects.exists()


def test_the_verbs_have_pages(client: Any, make_item: Any, force: Any, cast: Any) -> None:
    item = make_item()
    client.force_login(force.member)
    for verb in ("give_notice", "block", "split"):
        assert client.get(address(item, f"item_{verb}")).status_code == 200, verb
    client.post(address(item, "item_block"), {"why": "门锁着"})
    told = {"channel": "door", "text": "请清理", "given_at": "2025-01-01T09:00"}
    too_early = client.post(address(item, "item_give_notice"), told)
    assert too_early.status_code == 422 and "请清理" in too_early.content.decode()
    client.post(address(item, "item_give_notice"), told | {"given_at": f"{today()}T00:00"})
    item.refresh_from_db()
    assert item.blocked_why == "门锁着"
    notice = NoticeGiven.objects.get(item=item)
    client.post(address(item, "item_withdraw_notice"), {"notice": notice.pk, "why": "写错门"})
    notice.refresh_from_db()
    assert notice.withdrawn_why == "写错门"
    client.post(address(item, "item_split"), {"titles": "甲户\n乙户\n"})
    assert item.parts.count() == 2
    assert client.get(address(item)).status_code == 200
    client.force_login(cast.leader)


def test_signing_names_its_condition(client: Any, make_item: Any, cast: Any) -> None:
    item = make_item()
    client.force_login(cast.leader)
    where = f"{address(item, 'item_sign')}?gate=lawful&condition=3"
    page = client.get(where)
    assert "街道领导签字" in page.content.decode()
    assert client.post(where, {"gate": "lawful", "condition": 3}).status_code == 302
    assert Signature.objects.get(item=item).by == cast.leader
    assert client.get(f"{address(item, 'item_sign')}?gate=lawful&condition=1").status_code == 409


def test_a_leader_corrects_with_a_reason(client: Any, make_item: Any, force: Any, cast: Any) -> None:
    item = make_item()
    client.force_login(force.team_leader)
    assert client.post(address(item, "item_correct"), {"a.owner": "更正"}).status_code == 422
    told = {"a.owner": "更正", "reason": "登记有误"}
    assert client.post(address(item, "item_correct"), told).status_code == 302
    item.refresh_from_db()
    assert item.answers["owner"] == "更正"
    own = client.get(address(item)).content.decode()
    assert "登记有误" in own
    client.force_login(cast.inspector)
    assert "登记有误" not in client.get(address(item)).content.decode()


def test_a_new_item_is_entered_once(client: Any, make_campaign: Any, cast: Any) -> None:
    campaign = make_campaign()
    client.force_login(cast.clerk)
    where = reverse("ledgers:new_item", args=[campaign.number])
    assert client.get(where).status_code == 200
    lon, lat = cast.places.inside
    told = {"title": "新菜园", "lon": lon, "lat": lat, "key": str(uuid4())}
    client.post(where, told)
    client.post(where, told)
    assert Item.objects.filter(campaign=campaign).count() == 1


def sending(step: str = "survey") -> dict[str, Any]:
    return {"key": uuid4(), "step": step, "done": False, "answers": {"owner": "李某"}}


def test_a_sending_that_breaks_off_leaves_nothing(
    make_item: Any, force: Any, monkeypatch: Any, unchanged: Any
) -> None:
    item = make_item()

    def broken(**_fields: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Sending.objects, "create", broken)
    with unchanged(), pytest.raises(RuntimeError):
        actions.send_answers(item, by=force.member, **sending())


def test_a_stranger_sends_nothing(make_item: Any, cast: Any, unchanged: Any) -> None:
    item = make_item()
    with unchanged(), pytest.raises(Refusal):
        actions.send_answers(item, by=cast.stranger, **sending())


def test_where_the_answers_open_several_ways_one_is_chosen(
    client: Any, make_item: Any, make_campaign: Any, force: Any
) -> None:
    forked = step_changed(plots(), "survey", next=("clear", "accept"))
    forked = step_changed(forked, "clear", gate="", relevant="${reason} != ''")
    item = make_item(campaign=make_campaign(definition=forked))
    client.force_login(force.member)
    told = {**sent(item, done=True, reason="refused"), "touched": "reason"}
    page = client.post(address(item, "item_send"), told)
    assert page.status_code == 422
    assert page.content.decode().count('name="to"') == 2
    asked = client.post(address(item, "item_send"), told, headers={"Accept": "application/json"}).json()
    assert [way["code"] for way in asked["ways"]] == ["clear", "accept"]
    assert client.post(address(item, "item_send"), {**told, "to": "accept"}).status_code == 302
    item.refresh_from_db()
    assert item.step_code == "accept"


def test_parts_that_went_to_another_team_are_not_named(
    client: Any, make_campaign: Any, make_item: Any, cast: Any, force: Any
) -> None:
    campaign = make_campaign(definition=plots(confidential=True))
    item = make_item(campaign=campaign)
    kept, given = actions.split_item(item, by=force.member, titles=["甲户", "乙户"])
    other = campaign.teams.get(name="二组")
    actions.assign_item(given, by=cast.clerk, team=other, responsible=force.other_member)

    client.force_login(force.member)
    text = client.get(address(item)).content.decode()
    assert kept.title in text and given.title not in text
    client.force_login(force.other_member)
    assert item.title not in client.get(address(given)).content.decode()


def test_a_part_keeps_the_files_that_it_was_split_off_with(
    client: Any, make_item: Any, cast: Any, force: Any
) -> None:
    told = {"reason": "refused", "basis": photo()}
    item = actions.fill_item(make_item(), by=force.member, answers=told)
    [part] = actions.split_item(item, by=force.member, titles=["甲户"])
    client.force_login(force.member)
    kept = {"a.reason": "refused", "a.basis.kept": part.answers["basis"], "a.owner": "李某"}
    assert client.post(address(part, "item_send"), {**sent(part), **kept}).status_code == 302
    part.refresh_from_db()
    assert (part.answers["owner"], part.answers["basis"]) == ("李某", item.answers["basis"])
    told = {"reason": "refused", "basis": photo(9)}
    other = actions.fill_item(make_item(), by=force.member, answers=told)
    foreign = {"a.reason": "refused", "a.basis.kept": other.answers["basis"], "a.owner": "赵某"}
    assert client.post(address(part, "item_send"), {**sent(part), **foreign}).status_code == 409


def test_reasons_stay_beside_what_they_were_given_for(
    make_campaign: Any, make_item: Any, cast: Any, force: Any
) -> None:
    campaign = make_campaign()
    item = make_item("clear", campaign=campaign)
    definition = step_changed(campaign.edition.definition, "clear", limit="9d")
    edition = actions.keep_edition(campaign.edition.ledger, by=cast.clerk, definition=definition)
    item = actions.move_to_edition(item, by=cast.clerk, edition=edition, step="survey")
    actions.drop_item(item, by=cast.clerk, reason="重复登记")
    told = {str(one.sentence): one.note for one in queries.history_of(cast.clerk, item) if one.note}
    assert told == {"Dropped from the campaign": "重复登记"}


def test_the_past_of_an_item_says_that_photos_were_added(client: Any, make_item: Any, force: Any) -> None:
    item = make_item(at="accept")
    client.force_login(force.member)
    page = client.get(reverse("ledgers:item", args=[item.campaign.number, item.number])).content.decode()
    assert "Photos or files added: 2" in page
