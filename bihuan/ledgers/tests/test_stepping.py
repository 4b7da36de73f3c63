"""An item on its way: answers, evidence, gates, ways, sending back, four eyes, limits."""

from datetime import timedelta

import pytest

from bihuan.accounts.tests.factories import hold
from bihuan.core.clock import local, now, today, travel
from bihuan.files.access import ticket
from bihuan.files.queries import attachments_of
from bihuan.ledgers import actions, figures, queries, rules
from bihuan.ledgers.models import Item, Passage, Revision, Signature
from bihuan.ledgers.tests.factories import photo, plots, step_changed

pytestmark = pytest.mark.usefixtures("at_nine")


def again(item):
    return Item.objects.with_names().get(pk=item.pk)


def test_an_item_goes_through_its_steps_to_the_end(make_item, cast, force):
    item = make_item(at="finished")

    item = again(item)
    assert (item.state, item.path, item.due_at, item.step_at) == (
        "finished", ["survey", "clear", "accept"], None, None,
    )  # fmt: skip
    stays = (
        Passage.objects.filter(item=item).order_by("pk").values_list("step", "to_step", "left_by__username")
    )
    assert list(stays) == [
        ("survey", "clear", "member"), ("clear", "accept", "cleaner"), ("accept", "", "inspector"),
    ]  # fmt: skip


def test_only_what_the_step_asks_may_be_answered(make_item, make_campaign, force, refused, unchanged):
    definition = step_changed(plots(), "survey", fields=("owner", "reason"))
    item = make_item(campaign=make_campaign(definition=definition))

    with unchanged(), refused("item.not_asked"):
        actions.fill_item(item, by=force.member, answers={"cleared": "2025-09-01"})
    item = actions.fill_item(item, by=force.member, answers={"reason": "unable"})
    assert item.answers == {"owner": "王某", "reason": "unable", "total": item.answers["total"]}


def test_a_wrong_answer_is_refused_with_its_sentence(make_item, force, refused, unchanged):
    item = make_item()
    with unchanged(), refused("item.answers_unfit"):
        actions.fill_item(item, by=force.member, answers={"cleared": "2030-01-01"})
    with unchanged(), refused("item.answers_unfit"):
        actions.fill_item(item, by=force.member, answers={"plots": [{"size": "900"}]})


def test_a_form_reads_every_fault_beside_its_field(make_item):
    item = make_item(answers={})
    given = {"plots": [{"size": "900"}, {"size": "-"}], "reason": "refused", "before": photo(2)}

    def faults(complete):
        return sorted(one.path for one in queries.answers_checked(item, given, complete=complete).faults)

    assert faults(False) == ["plots[1].size", "plots[2].size"]
    assert faults(True) == ["owner", "plots[1].size", "plots[2].size"]
    assert queries.answers_checked(item, given, complete=False).values["before"] == "new"


def test_an_answer_that_is_kept_is_kept_whole_and_its_past_as_well(make_item, force):
    item = make_item()
    actions.fill_item(item, by=force.member, answers={"plots": [{"size": "10"}, {"size": "2.5"}]})
    item = actions.fill_item(item, by=force.member, answers={"reason": "refused", "owner": "李某"})

    assert item.answers["plots"][1] == {"size": "2.5", "price": "6.25"}
    assert item.answers["total"] == "12.5"
    last = Revision.objects.filter(item=item).last()
    assert last.answers == {"reason": "refused", "owner": "李某"}, "what changed, and nothing else"
    found = queries.items_of(force.member, item.campaign, {}, filters=queries.ItemFilters(text="李某"))
    assert list(found) == [item]


def test_files_lie_beside_the_item_and_others_files_are_refused(make_item, cast, force, refused, unchanged):
    item, other = make_item(), make_item()
    file = photo(3)
    actions.fill_item(item, by=force.member, answers={"reason": "refused", "before": file})
    item = again(item)
    attachment = attachments_of(item).get()
    assert item.answers["before"] == str(attachment.pk)

    actions.fill_item(other, by=force.member, answers={"reason": "refused", "basis": ticket(photo(4))})
    theirs = attachments_of(other).get()
    with unchanged(), refused("item.file_gone"):
        actions.fill_item(item, by=force.member, answers={"basis": str(theirs.pk)})
    assert queries.items.sees_item_file(force.member, attachment)
    assert not queries.items.sees_item_file(cast.stranger, attachment)


def test_without_evidence_a_step_is_not_done(make_item, cast, force, refused, unchanged):
    item = make_item(answers={})
    with unchanged(), refused("item.answers_unfit"):  # the owner is required
        actions.take_step(item, by=force.member)

    item = make_item(at="clear")
    definition = item.edition.definition
    item.answers.pop("before")
    verdict = rules.evidence_there(definition, definition.step("clear"), item.answers, at=now())
    assert (verdict.code, "Photo before" in str(verdict.sentence)) == ("item.evidence_missing", True)


def test_evidence_that_is_not_asked_of_this_item_is_not_missing(make_item):
    definition = make_item.make_campaign().edition.definition
    step = definition.step("clear")
    assert rules.evidence_there(definition, step, {"owner": "王某"}, at=now()), "the group is not relevant"
    assert not rules.evidence_there(definition, step, {"reason": "refused"}, at=now())


def test_a_correction_is_today_s_and_says_why(make_item, cast, force, refused, unchanged):
    item = make_item(at="finished", answers={"owner": "王某", "plots": [{"size": "30"}]})
    evening = today()
    with unchanged(), refused("item.reason_missing"):
        actions.correct_item(item, by=cast.clerk, answers={"plots": [{"size": "28"}]}, reason=" ")
    with unchanged(), refused("item.answers_unfit"):
        actions.correct_item(item, by=cast.clerk, answers={"plots": [{"size": "-1"}]}, reason="量错了")
    with travel(now() + timedelta(days=1)):
        actions.correct_item(item, by=cast.clerk, answers={"plots": [{"size": "28"}]}, reason="量错了")
        assert Revision.objects.filter(item=item).last().reason == "量错了"
        assert figures.value_at(item.campaign, "area", evening) == 30
        assert figures.value_at(item.campaign, "area", today()) == 28
        assert figures.sums_at(item.campaign, today()) == figures.recount(item.campaign, now())
    with unchanged(), refused("item.wrong_state"):
        actions.fill_item(item, by=cast.inspector, answers={"owner": "李某"})


# -- gates -----------------------------------------------------------------------------------------------


def test_a_gate_shows_each_condition_and_opens_when_all_are_met(make_item, cast, force, refused, unchanged):
    item = make_item()
    shown = queries.item_shown(cast.leader, item).gates[0]
    assert [one.verdict.code for one in shown.conditions] == [
        "item.no_expression", "item.no_notice", "item.no_document", "item.no_signature",
    ]  # fmt: skip
    assert [bool(one) for one in shown.may_sign] == [False, False, False, True]
    with unchanged(), refused("item.gate_closed"):
        actions.take_step(item, by=force.member)

    item = make_item.open_gate(item)

    shown = queries.item_shown(cast.leader, item).gates[0]
    assert shown.is_open
    assert shown.conditions[3].signature.by == cast.leader
    assert actions.take_step(item, by=force.member).step_code == "clear"


def test_a_grace_period_counts_from_the_first_notice_that_stands(make_item, cast, force, refused):
    item = make_item()
    actions.fill_item(item, by=force.member, answers={"reason": "refused", "basis": photo(5)})
    actions.sign_condition(item, by=force.lawyer, gate="lawful", condition=3)
    first = actions.give_notice(item, by=force.member, channel="wechat", text="十五日内清理")
    start = now()
    assert again(item).grace_at == start + timedelta(days=15)
    with travel(start + timedelta(days=3)):
        actions.give_notice(item, by=force.member, channel="door", text="再次告知")
        assert again(item).grace_at == start + timedelta(days=15)
        actions.withdraw_notice(item, by=force.member, notice=first, why="送错了门")
        assert again(item).grace_at == start + timedelta(days=18)
    with travel(start + timedelta(days=17)), refused("item.gate_closed"):
        actions.take_step(item, by=force.member)
    with travel(start + timedelta(days=18)):
        assert actions.take_step(item, by=force.member).step_code == "clear"


def test_a_notice_is_noted_once_it_was_given_with_its_words(make_item, force, refused, unchanged):
    item = make_item()
    first = local(now()).replace(hour=0) - timedelta(days=20)
    for code, told in (
        ("item.notice_to_come", {"text": "明天告知", "given_at": now() + timedelta(days=1)}),
        ("item.notice_too_old", {"text": "早就告知", "given_at": first - timedelta(minutes=1)}),
        ("item.notice_empty", {"text": " "}),
    ):
        with unchanged(), refused(code):
            actions.give_notice(item, by=force.member, channel="phone", **told)
    actions.give_notice(item, by=force.member, channel="phone", text="第一天就告知", given_at=first)
    notice = actions.give_notice(item, by=force.member, channel="phone", text="已告知", proof=photo(6))
    assert notice.proof is not None
    actions.withdraw_notice(item, by=force.member, notice=notice, why="误登")
    with unchanged(), refused("item.notice_withdrawn"):
        actions.withdraw_notice(item, by=force.member, notice=notice, why="误登")


def test_nobody_signs_twice_for_another_gate_or_for_what_is_no_signature(make_item, cast, refused, unchanged):
    item = make_item()
    actions.sign_condition(item, by=cast.leader, gate="lawful", condition=3)
    for gate, place, code in (
        ("lawful", 3, "item.signed_already"), ("lawful", 0, "item.not_signer"),
        ("lawful", 9, "item.no_such_gate"), ("other", 0, "item.no_such_gate"),
    ):  # fmt: skip
        with unchanged(), refused(code):
            actions.sign_condition(item, by=cast.leader, gate=gate, condition=place)
    done = make_item(at="clear")
    with unchanged(), refused("item.gate_not_ahead"):
        actions.sign_condition(done, by=cast.leader, gate="lawful", condition=3)


def test_a_signature_does_not_outlive_the_document_it_rests_on(make_item, cast, force, refused):
    item = make_item.open_gate(make_item())
    item = actions.fill_item(item, by=force.member, answers={"owner": "李某"})
    assert Signature.objects.get(item=item).lapsed_at is None, "the gate asks for no other document"
    item = actions.fill_item(item, by=force.member, answers={"basis": photo(9)})
    assert Signature.objects.get(item=item).lapsed_at == now()
    with refused("item.gate_closed"):
        actions.take_step(item, by=force.member)
    actions.sign_condition(item, by=force.lawyer, gate="lawful", condition=3)
    with refused("item.gate_closed"):
        actions.take_step(item, by=force.member, answers={"basis": photo(10)})
    assert actions.take_step(item, by=force.member).step_code == "clear"


# -- ways ------------------------------------------------------------------------------------------------


def test_of_several_ways_the_person_chooses(make_item, make_campaign, force, refused, unchanged):
    definition = step_changed(step_changed(plots(), "clear", gate=""), "survey", next=("clear", "accept"))
    item = make_item(campaign=make_campaign(definition=definition))
    with unchanged(), refused("item.choose_step"):
        actions.take_step(item, by=force.member)
    with unchanged(), refused("item.no_such_way"):
        actions.take_step(item, by=force.member, to="")
    assert actions.take_step(item, by=force.member, to="accept").step_code == "accept"


def test_a_step_that_is_not_for_the_item_is_passed_over(make_item, make_campaign, force):
    definition = step_changed(plots(), "clear", relevant="${reason} = 'refused'")
    item = make_item(campaign=make_campaign(definition=definition))
    item = actions.take_step(item, by=force.member, answers={"reason": "unable"})
    assert (item.step_code, item.path) == ("accept", ["survey"]), "and its gate is not asked"


def test_sent_back_an_item_is_done_and_signed_for_again(make_item, cast, force, refused, unchanged):
    item = make_item(at="clear")
    with unchanged(), refused("item.reason_missing"):
        actions.send_back_item(item, by=force.cleaner, to="survey", reason=" ")
    with unchanged(), refused("item.no_way_back"):
        actions.send_back_item(item, by=force.cleaner, to="accept", reason="不对")

    item = actions.send_back_item(item, by=force.cleaner, to="survey", reason="面积不对")

    assert (item.step_code, item.path) == ("survey", [])
    assert Signature.objects.get(item=item).lapsed_at == now()
    assert Passage.objects.filter(item=item, back=True).get().reason == "面积不对"
    with refused("item.gate_closed"):
        actions.take_step(item, by=force.member)


def test_whoever_did_the_step_does_not_check_it_nor_their_stand_in(
    make_item, cast, force, stand_in_for, refused, unchanged
):
    item = make_item(at="clear")
    hold(force.cleaner, "inspector", cast.places.street)
    item = make_item.clear(item)
    with unchanged(), refused("item.other_person"):
        actions.take_step(item, by=force.cleaner)
    sub = stand_in_for(force.cleaner)
    with unchanged(), refused("item.other_person"):
        actions.take_step(item, by=sub)  # for the very person who did it
    assert actions.take_step(item, by=cast.inspector).state == "finished"


def test_what_a_stand_in_did_their_principal_does_not_check(
    make_item, cast, force, stand_in_for, refused, unchanged
):
    item = make_item(at="clear")
    sub = stand_in_for(force.cleaner)
    item = actions.take_step(item, by=sub)
    left = Passage.objects.get(item=item, step="clear")
    assert (left.left_by, left.left_for) == (sub, force.cleaner)
    hold(force.cleaner, "inspector", cast.places.street)
    with unchanged(), refused("item.other_person"):
        actions.take_step(item, by=force.cleaner)


# -- blocks and limits -----------------------------------------------------------------------------------


def test_going_on_lifts_a_block_and_the_ledger_blocks_by_itself(make_item, cast, force, refused, unchanged):
    item = make_item.open_gate(make_item())
    item = actions.block_item(item, by=force.member, why="下雨")
    with unchanged(), refused("item.already_blocked"):
        actions.block_item(item, by=force.member, why="还在下雨")
    item = actions.take_step(item, by=force.member)
    # The step “clear” counts as blocked while the grower refuses.
    assert (item.blocked_by_rule, item.blocked_why) == (True, "${reason} = 'refused'")
    with unchanged(), refused("item.blocked_by_rule"):
        actions.unblock_item(item, by=force.cleaner)
    item = actions.fill_item(item, by=force.cleaner, answers={"reason": "unable"})
    assert not item.is_blocked


def test_a_step_has_its_own_limit_and_share_or_none(make_item, make_campaign, force):
    definition = step_changed(plots(), "survey", remind_at=50)
    item = make_item(campaign=make_campaign(definition=definition))
    assert item.clock == "working"
    assert item.due_at == now() + timedelta(days=7), "five working days from Wednesday morning"
    assert item.step_at < item.due_at - timedelta(days=3)
    last = make_item(at="accept")
    assert (last.due_at, last.step_at, last.running_since) == (None, None, None)
