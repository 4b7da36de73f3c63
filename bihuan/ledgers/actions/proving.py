"""What a gate asks for: notices given and taken back, conditions signed for."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.core.text import clean
from bihuan.core.verdicts import Refusal, no
from bihuan.files.actions import attach_file
from bihuan.files.models import Role, StoredFile
from bihuan.ledgers import rules
from bihuan.ledgers.actions.loop import hold, keep, lock
from bihuan.ledgers.definition import Gate
from bihuan.ledgers.models import Item, NoticeGiven, Signature


@transaction.atomic
def give_notice(
    item: Item,
    *,
    by: Any,
    channel: str,
    text: str,
    given_at: datetime | None = None,
    proof: StoredFile | None = None,
) -> NoticeGiven:
    """Note that somebody was told 告知: how, when and in which words. The grace period counts from then."""
    held = hold("give_notice", item, by)
    at = given_at or held.at
    text = clean(text)
    rules.may_be_given(held.item.campaign, at).enforce()
    if not text:
        no("item.notice_empty", _("Write down what was said.")).enforce()
    if proof is not None:
        attach_file(proof, held.item, role=Role.EVIDENCE, by=by)
    notice = NoticeGiven.objects.create(
        item=held.item, channel=channel, text=text, given_at=at, by=by, proof=proof, noted_at=held.at
    )
    keep(held, "give_notice", [], notice=notice.pk, channel=channel, given=at.isoformat())
    return notice


@transaction.atomic
def withdraw_notice(item: Item, *, by: Any, notice: NoticeGiven, why: str) -> NoticeGiven:
    """Take back a notice that was noted in error. It stays on record, and no grace period counts from it."""
    held = hold("withdraw_notice", item, by)
    notice = NoticeGiven.objects.get(pk=notice.pk, item=held.item)
    why = clean(why)[:200]
    if notice.withdrawn_at is not None:
        no("item.notice_withdrawn", _("This notice was taken back already.")).enforce()
    if not why:
        no("item.reason_missing", _("Please say why.")).enforce()
    notice.withdrawn_at, notice.withdrawn_why = held.at, why
    notice.save(update_fields=["withdrawn_at", "withdrawn_why"])
    keep(held, "withdraw_notice", [], notice=notice.pk)
    return notice


@transaction.atomic
def sign_condition(item: Item, *, by: Any, gate: str, condition: int, note: str = "") -> Signature:
    """Answer with one's name for a condition of the gate ahead. Sent back, it is signed for anew."""
    asked = _gate(item, gate, condition)
    held = hold("sign", item, by, condition=asked.conditions[condition])
    item = held.item
    step = rules.present_step(item)
    ahead = rules.gates_ahead(item.edition.definition, step, item.answers, at=held.here)
    if asked not in ahead:
        no("item.gate_not_ahead", _("This gate does not lie before the next step.")).enforce()
    if Signature.objects.filter(item=item, gate=gate, condition=condition, lapsed_at=None).exists():
        no("item.signed_already", _("Somebody has signed for this already.")).enforce()
    signature = Signature.objects.create(
        item=item,
        gate=gate,
        condition=condition,
        sentence=str(asked.conditions[condition].sentence),
        at=held.at,
        by=by,
        note=clean(note),
    )
    keep(held, "sign", [], gate=gate, condition=condition, signature=signature.pk)
    return signature


def _gate(item: Item, code: str, condition: int) -> Gate:
    """The gate in the edition that the item has now; one that it has not is refused."""
    found = lock(item).edition.definition.gate(code)
    if found is None or not 0 <= condition < len(found.conditions):
        raise Refusal("item.no_such_gate", _("This ledger has no such gate."))
    return found
