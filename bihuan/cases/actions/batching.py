"""Several cases, one press: each case in a transaction of its own, under its own rules."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from bihuan.accounts.models import Unit, User
from bihuan.audit import record
from bihuan.cases import rules
from bihuan.cases.actions.checking import close_case
from bihuan.cases.actions.handling import acknowledge_case, assign_case
from bihuan.cases.actions.intake import send_to_verify
from bihuan.cases.models import Batch, BatchItem, Case
from bihuan.core.clock import now
from bihuan.core.verdicts import Refusal


def _assign(case: Case, by: Any, told: dict[str, Any]) -> Case:
    return assign_case(case, by=by, unit=Unit.objects.get(pk=told["unit"]), note=told.get("note", ""))


PRESSES: dict[str, Callable[[Case, Any, dict[str, Any]], Case]] = {
    "send_to_verify": lambda case, by, told: send_to_verify(case, by=by, question=told.get("question", "")),
    "assign": _assign,
    "acknowledge": lambda case, by, told: acknowledge_case(case, by=by),
    "close": lambda case, by, told: close_case(case, by=by),
}


@transaction.atomic
def start_batch(
    verb: str, *, by: Any, token: UUID, cases: Sequence[Case], arguments: dict[str, Any]
) -> Batch:
    """Write down what is to be done to which cases. The same form sent twice is the same batch."""
    rules.may_batch(verb, by, cases).enforce()
    User.objects.locked(by.pk)
    known = Batch.objects.filter(by=by, token=token).first()
    if known is not None:
        return known
    batch = Batch.objects.create(by=by, token=token, verb=verb, arguments=arguments, at=now())
    BatchItem.objects.bulk_create(BatchItem(batch=batch, case=case) for case in cases)
    record("batch.started", batch, by=by, of=verb, cases=[case.pk for case in cases])
    return batch


def carry_out_batch(batch: Batch, *, by: Any) -> Batch:
    """Do what is not done yet, one case after the other; what a case's rules refuse is noted and passed over.

    Begun twice at once, or broken off and begun again, each case is still done once.
    """
    rules.may_go_on(batch, by).enforce()
    for pk in batch.items.filter(done_at=None).order_by("pk").values_list("pk", flat=True):
        _carry_out(pk, batch, by)
    return batch


@transaction.atomic
def _carry_out(pk: int, batch: Batch, by: Any) -> None:
    """What becomes of one case, and the note of it, commit together."""
    item = BatchItem.objects.select_for_update(of=("self",)).select_related("case").get(pk=pk)
    if item.done_at is not None:
        return
    item.ok, item.done_at = True, now()
    try:
        with transaction.atomic():
            PRESSES[batch.verb](item.case, by, batch.arguments)
    except Refusal as refusal:
        item.ok, item.code, item.sentence = False, refusal.code, str(refusal.sentence)
    item.save(update_fields=["ok", "done_at", "code", "sentence"])
