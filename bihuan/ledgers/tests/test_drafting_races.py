"""Several windows of one person at the same moment: one draft, and every change in it."""

from collections import Counter

import pytest

from bihuan.ledgers import actions
from bihuan.ledgers.definition import Definition, Field, Words
from bihuan.ledgers.definition.editing import Put
from bihuan.ledgers.models import Edition, LedgerDraft
from bihuan.ledgers.queries.drafts import fresh_draft
from bihuan.ledgers.tests.factories import plots
from tests.test_threads import at_once, once_more

pytestmark = [pytest.mark.threads, pytest.mark.django_db(transaction=True)]


def test_eight_windows_change_a_draft_that_is_not_there_yet(cast):
    ledger = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street).ledger

    def add(number):
        by = once_more(cast.clerk)
        edit = Put("field", Field(f"x{number}", "text", Words("甲")))
        return actions.change_draft(fresh_draft(ledger, by=by), by=by, edit=edit).pk

    found = at_once([lambda number=number: add(number) for number in range(8)])
    draft = LedgerDraft.objects.get()
    assert set(found) == {draft.pk}
    assert {f"x{number}" for number in range(8)} <= {one.name for one in draft.definition.walk()}


def test_one_new_ledger_is_begun_and_one_edition_kept(cast):
    def start():
        return actions.start_draft(Definition("路灯"), by=once_more(cast.clerk), area=cast.places.street).code

    assert Counter(at_once([start] * 4)) == {"blank": 1, "draft.begun": 3}
    actions.discard_draft(LedgerDraft.objects.get(), by=cast.clerk)

    ledger = actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street).ledger
    edit = Put("field", Field("x", "text", Words("甲")))
    for person in (cast.clerk, cast.dispatcher):
        actions.change_draft(fresh_draft(ledger, by=person), by=person, edit=edit)
    drafts = list(LedgerDraft.objects.select_related("by"))
    said = Counter(
        at_once([lambda one=one: actions.keep_draft(one, by=once_more(one.by)).number for one in drafts])
    )
    assert said == {2: 1, "draft.base_moved": 1}
    assert Edition.objects.filter(ledger=ledger).count() == 2
