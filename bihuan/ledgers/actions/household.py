"""A household and its own file: its code handed out, the file opened, a correction asked for and answered."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.ledgers import rules
from bihuan.ledgers.actions.loop import lock
from bihuan.ledgers.models import Item, Remark

LONGEST = 2_000


@transaction.atomic
def show_own_code(item: Item, *, by: Any) -> Item:
    """Take out the code that opens an item's file, to hand it to the household. Who did is on record."""
    item = lock(item)
    verdict = rules.may_household("show_code", item, by).enforce()
    _record("item.code_shown", item, by=by, on_behalf_of=verdict.on_behalf_of)
    return item


@transaction.atomic
def open_own_file(item: Item, *, by: Any = None) -> Item:
    """Somebody has shown the code of an item, and reads its file: that is on record, without who it was."""
    item = lock(item)
    _record("item.file_opened", item, by=by)
    return item


@transaction.atomic
def ask_correction(item: Item, *, text: str, by: Any = None) -> Remark:
    """A household says what is wrong in its file. Who answers for the item is told, and answers in words."""
    item = lock(item)
    text = clean(text)[:LONGEST]
    if not text:
        no("household.empty", _("Please write what should be corrected.")).enforce()
    waiting = Remark.objects.filter(item=item, answered_at=None).count()
    rules.may_remark(item, waiting).enforce()
    remark = Remark.objects.create(item=item, text=text, at=now())
    _record("item.remark_made", item, by=by, remark=remark.pk)
    return remark


@transaction.atomic
def answer_remark(remark: Remark, *, by: Any, answer: str) -> Remark:
    """Tell a household what became of what it asked for; it reads the answer in its file."""
    item = lock(remark.item)
    remark = Remark.objects.get(pk=remark.pk)
    verdict = rules.may_household("answer", item, by, remark=remark).enforce()
    answer = clean(answer)[:LONGEST]
    if not answer:
        no("household.no_answer", _("Please write an answer.")).enforce()
    remark.answer, remark.answered_at, remark.answered_by = answer, now(), by
    remark.save(update_fields=["answer", "answered_at", "answered_by"])
    _record("item.remark_answered", item, by=by, on_behalf_of=verdict.on_behalf_of, remark=remark.pk)
    return remark


def _record(event: str, item: Item, *, by: Any, on_behalf_of: Any = None, **data: Any) -> None:
    record(event, item, by=by, on_behalf_of=on_behalf_of, campaign=item.campaign_id, **data)
