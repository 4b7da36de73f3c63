"""Drafts of ledgers: works; wrong state; wrong person; half a change leaves nothing."""

from dataclasses import replace
from io import BytesIO

import pytest

from bihuan.audit.models import Entry
from bihuan.ledgers import actions, queries
from bihuan.ledgers.actions import drafting, keeping
from bihuan.ledgers.definition import Definition, Field, Settings, Step, Words, read_workbook, write_workbook
from bihuan.ledgers.definition.editing import Move, Put, Remove, seen_of
from bihuan.ledgers.models import BLANK, Edition, Ledger, LedgerDraft
from bihuan.ledgers.queries import drafts
from bihuan.ledgers.tests.factories import plots

pytestmark = pytest.mark.usefixtures("at_nine")
EMPTY = Definition("路灯", settings=Settings(code="lamps"))
OWNER = Field("owner", "text", Words("管理人"))
DO_IT = Step("repair", Words("修复"), ("team",))


@pytest.fixture
def ledger(cast) -> Ledger:
    return actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street).ledger


@pytest.fixture
def new(cast) -> LedgerDraft:
    """A new ledger that the clerk has begun."""
    return actions.start_draft(EMPTY, by=cast.clerk, area=cast.places.street)


@pytest.fixture
def whole(cast, new) -> LedgerDraft:
    """One that could be kept."""
    actions.change_draft(new, by=cast.clerk, edit=Put("field", OWNER))
    return actions.change_draft(new, by=cast.clerk, edit=Put("step", DO_IT))


def broken(*_arguments, **_given):
    raise RuntimeError("the power is gone")


# -- beginning -------------------------------------------------------------------------------------------


def test_a_new_ledger_is_begun(cast, new, entry_of):
    assert new.definition == EMPTY
    assert drafts.draft_of(cast.clerk, BLANK) == new
    assert drafts.draft_of(cast.dispatcher, BLANK) is None
    assert entry_of(new).verb == "ledger.draft_started"


def test_a_second_new_ledger_waits_for_the_first(cast, new, refused, unchanged):
    with unchanged(), refused("draft.begun"):
        actions.start_draft(EMPTY, by=cast.clerk, area=cast.places.street)


@pytest.mark.parametrize("who", ["stranger", "resident", "grid_worker", "handler"])
def test_only_who_keeps_ledgers_there_begins_one(cast, refused, unchanged, who):
    with unchanged(), refused("ledger.not_yours"):
        actions.start_draft(EMPTY, by=getattr(cast, who), area=cast.places.street)


def test_beginning_leaves_nothing_half_done(cast, unchanged, monkeypatch):
    monkeypatch.setattr(drafting, "record", broken)
    with unchanged(), pytest.raises(RuntimeError):
        actions.start_draft(EMPTY, by=cast.clerk, area=cast.places.street)


# -- changing --------------------------------------------------------------------------------------------


def test_a_change_begins_a_draft_of_a_ledger(cast, ledger, entry_of):
    fresh = drafts.draft_of(cast.clerk, ledger.code)
    assert fresh.pk is None

    draft = actions.change_draft(fresh, by=cast.clerk, edit=Put("field", OWNER_OF_POT))

    assert draft.pk
    assert draft.definition.find("pot").label.zh == "花盆"
    assert draft.base == queries.latest_edition(ledger)
    assert queries.latest_edition(ledger).definition.find("pot") is None
    assert drafts.draft_of(cast.clerk, ledger.code) == draft
    entry = entry_of(draft)
    assert (entry.verb, entry.data) == ("ledger.draft_changed", {"how": "put", "kind": "field"})


OWNER_OF_POT = Field("pot", "text", Words("花盆"))


def test_what_has_changed_since_it_was_shown_is_not_overwritten(cast, ledger, refused, unchanged):
    draft = drafts.draft_of(cast.clerk, ledger.code)
    one = draft.definition.find("owner")
    seen = seen_of(draft.definition, "field", "owner")
    first = replace(one, hint=Words("写姓"))
    draft = actions.change_draft(draft, by=cast.clerk, edit=Put("field", first, "owner"), seen=seen)

    with unchanged(), refused("draft.changed_meanwhile"):
        actions.change_draft(
            draft, by=cast.clerk, edit=Put("field", replace(one, hint=Words("写名")), "owner"), seen=seen
        )


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (Put("field", replace(OWNER, name="size")), "draft.code_taken"),
        (Put("field", OWNER, "nobody"), "draft.part_gone"),
        (Put("field", OWNER_OF_POT, inside="nowhere"), "draft.part_gone"),
        (Put("field", Field("clearing", "text", Words("清")), "clearing"), "draft.group_not_empty"),
        (Put("field", Field("plots", "repeat", Words("地")), "plots", "plots"), "draft.group_in_itself"),
        (Remove("field", "size"), "draft.referred_to"),
        (Remove("gate", "lawful"), "draft.referred_to"),
        (Remove("list", "reason"), "draft.referred_to"),
        (Remove("settings", "all"), "draft.stays"),
        (Move("settings", "all", True), "draft.stays"),
        (Move("field", "nobody", True), "draft.part_gone"),
    ],
)
def test_what_cannot_be_changed_is_refused(cast, ledger, refused, unchanged, edit, code):
    draft = drafts.draft_of(cast.clerk, ledger.code)
    with unchanged(), refused(code):
        actions.change_draft(draft, by=cast.clerk, edit=edit)
    assert not LedgerDraft.objects.exists()


def test_a_draft_is_changed_by_its_own_person_only(cast, new, refused, unchanged):
    with unchanged(), refused("draft.not_yours"):
        actions.change_draft(new, by=cast.dispatcher, edit=Put("field", OWNER))


def test_a_draft_of_a_retired_ledger_stays_as_it_is(cast, ledger, refused, unchanged):
    draft = drafts.draft_of(cast.clerk, ledger.code)
    draft = actions.change_draft(draft, by=cast.clerk, edit=Put("field", OWNER_OF_POT))
    actions.retire_ledger(ledger, by=cast.clerk)
    with unchanged(), refused("ledger.retired"):
        actions.change_draft(draft, by=cast.clerk, edit=Remove("field", "pot"))


def test_a_draft_that_is_gone_is_not_written_again(cast, new, refused, unchanged):
    actions.discard_draft(LedgerDraft.objects.get(), by=cast.clerk)
    with unchanged(), refused("draft.gone"):
        actions.change_draft(new, by=cast.clerk, edit=Put("field", OWNER))


def test_changing_leaves_nothing_half_done(cast, new, unchanged, monkeypatch):
    monkeypatch.setattr(drafting, "record", broken)
    with unchanged(), pytest.raises(RuntimeError):
        actions.change_draft(new, by=cast.clerk, edit=Put("field", OWNER))
    new.refresh_from_db()
    assert new.definition == EMPTY


# -- keeping ---------------------------------------------------------------------------------------------


def test_a_whole_draft_becomes_a_ledger(cast, whole):
    edition = actions.keep_draft(whole, by=cast.clerk, note="第一版")

    assert (edition.ledger.code, edition.number, edition.note) == ("lamps", 1, "第一版")
    assert edition.definition == read_workbook(BytesIO(write_workbook(edition.definition)), "x.xlsx")
    assert edition.definition.step("repair").name.zh == "修复"
    assert not LedgerDraft.objects.exists()


def test_a_draft_of_a_ledger_becomes_its_next_edition(cast, ledger):
    draft = drafts.draft_of(cast.clerk, ledger.code)
    draft = actions.change_draft(draft, by=cast.clerk, edit=Put("field", OWNER_OF_POT))
    assert [change.name for change in drafts.changes_of(draft)] == ["pot"]

    edition = actions.keep_draft(draft, by=cast.clerk)

    assert (edition.ledger, edition.number) == (ledger, 2)
    assert edition.definition.find("pot") is not None


def test_a_draft_with_faults_is_not_kept(cast, new, refused, unchanged):
    with unchanged(), refused("draft.faulty"):
        actions.keep_draft(new, by=cast.clerk)


def test_a_draft_is_kept_by_its_own_person_only(cast, whole, refused, unchanged):
    with unchanged(), refused("draft.not_yours"):
        actions.keep_draft(whole, by=cast.dispatcher)


def test_keeping_leaves_nothing_half_done(cast, whole, unchanged, monkeypatch):
    monkeypatch.setattr(keeping, "_add", broken)
    with unchanged(), pytest.raises(RuntimeError):
        actions.keep_draft(whole, by=cast.clerk)
    assert LedgerDraft.objects.get().definition == whole.definition


def test_some_codes_stand_for_something_else(cast, refused, unchanged):
    definition = replace(plots(), settings=Settings(code=BLANK))
    with unchanged(), refused("ledger.code_reserved"):
        actions.keep_ledger(definition, by=cast.clerk, area=cast.places.street)


# -- two people ------------------------------------------------------------------------------------------


def test_whoever_keeps_second_reads_what_the_first_has_changed(cast, ledger, refused, unchanged):
    mine = actions.change_draft(
        drafts.draft_of(cast.clerk, ledger.code), by=cast.clerk, edit=Put("field", OWNER_OF_POT)
    )
    theirs = actions.change_draft(
        drafts.draft_of(cast.dispatcher, ledger.code),
        by=cast.dispatcher,
        edit=Put("field", Field("tree", "text", Words("树"))),
    )
    assert [other.person for other in drafts.others_editing(mine)] == [cast.dispatcher]
    actions.keep_draft(theirs, by=cast.dispatcher)

    with unchanged(), refused("draft.base_moved"):
        actions.keep_draft(mine, by=cast.clerk)
    news = drafts.news_for(mine)
    assert [change.name for change in news.changes] == ["tree"]

    mine = actions.rebase_draft(mine, by=cast.clerk)

    assert drafts.news_for(mine) is None
    assert [(change.what, change.name) for change in drafts.changes_of(mine)] == [
        ("removed", "tree"),
        ("added", "pot"),
    ]
    assert actions.keep_draft(mine, by=cast.clerk).number == 3
    assert Edition.objects.get(number=2).definition.find("tree") is not None


def test_there_is_something_newer_or_not(cast, ledger, refused, unchanged):
    draft = actions.change_draft(
        drafts.draft_of(cast.clerk, ledger.code), by=cast.clerk, edit=Put("field", OWNER_OF_POT)
    )
    with unchanged(), refused("draft.nothing_newer"):
        actions.rebase_draft(draft, by=cast.clerk)
    with unchanged(), refused("draft.not_yours"):
        actions.rebase_draft(draft, by=cast.dispatcher)


def test_going_on_leaves_nothing_half_done(cast, ledger, unchanged, monkeypatch):
    mine = actions.change_draft(
        drafts.draft_of(cast.clerk, ledger.code), by=cast.clerk, edit=Put("field", OWNER_OF_POT)
    )
    actions.keep_edition(ledger, by=cast.dispatcher, definition=replace(plots(), name="小菜园整治"))
    monkeypatch.setattr(drafting, "record", broken)
    with unchanged(), pytest.raises(RuntimeError):
        actions.rebase_draft(mine, by=cast.clerk)
    mine.refresh_from_db()
    assert mine.base.number == 1


# -- throwing away ---------------------------------------------------------------------------------------


def test_a_draft_is_thrown_away(cast, new):
    actions.discard_draft(new, by=cast.clerk)

    assert not LedgerDraft.objects.exists()
    assert Entry.objects.filter(verb="ledger.draft_discarded").count() == 1


def test_what_was_never_stored_is_not_thrown_away(cast, ledger, refused, unchanged):
    with unchanged(), refused("draft.gone"):
        actions.discard_draft(drafts.draft_of(cast.clerk, ledger.code), by=cast.clerk)


def test_a_draft_is_thrown_away_by_its_own_person_only(cast, new, refused, unchanged):
    with unchanged(), refused("draft.not_yours"):
        actions.discard_draft(new, by=cast.dispatcher)


def test_throwing_away_leaves_nothing_half_done(cast, new, unchanged, monkeypatch):
    monkeypatch.setattr(LedgerDraft, "delete", broken)
    with unchanged(), pytest.raises(RuntimeError):
        actions.discard_draft(new, by=cast.clerk)
    assert LedgerDraft.objects.exists()
