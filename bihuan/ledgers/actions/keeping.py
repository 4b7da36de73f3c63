"""Ledgers and their editions: made from a definition, which came from a workbook or from a page."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.files.actions import attach_file
from bihuan.files.models import Role, StoredFile
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Definition, digest, to_json
from bihuan.ledgers.models import Edition, Ledger
from bihuan.territory.models import Area


@transaction.atomic
def keep_ledger(
    definition: Definition, *, by: Any, area: Area, workbook: StoredFile | None = None, note: str = ""
) -> Edition:
    """Keep a new ledger with its first edition; the area's clerks can make campaigns of it from now on."""
    verdict = rules.may_keep(area, by).enforce()
    at = now()
    ledger = Ledger(
        name=definition.name[:120],
        name_en=definition.name_en[:160],
        code=definition.settings.code[:40],
        area=area,
        made_at=at,
        made_by=by,
    )
    _one_at_a_time()
    if ledger.code and Ledger.objects.filter(code=ledger.code).exists():
        no(
            "ledger.code_taken",
            _("There is a ledger “%(code)s” already. Keep this as its new edition, or give it another code.")
            % {"code": ledger.code},
        ).enforce()
    if ledger.code in rules.RESERVED:
        no(
            "ledger.code_reserved",
            _("“%(code)s” cannot be the code of a ledger. Give it another one.") % {"code": ledger.code},
        ).enforce()
    ledger.code = ledger.code or f"L{at:%y%m%d%H%M%S%f}"
    ledger.save()
    record("ledger.made", ledger, by=by, on_behalf_of=verdict.on_behalf_of, code=ledger.code)
    return _add(ledger, definition, by=by, number=1, workbook=workbook, note=note)


def _one_at_a_time() -> None:
    """Let who keeps a new ledger at the same moment wait, so that they see the code that is taken."""
    list(Area.objects.select_for_update(no_key=True).filter(parent=None).values_list("pk"))


@transaction.atomic
def keep_edition(
    ledger: Ledger, *, by: Any, definition: Definition, workbook: StoredFile | None = None, note: str = ""
) -> Edition:
    """Keep a new edition of a ledger. One that says the same as the last is that one."""
    ledger = Ledger.objects.select_for_update(of=("self",)).select_related("area").get(pk=ledger.pk)
    rules.may_keep(ledger.area, by).enforce()
    if ledger.retired_at is not None:
        no("ledger.retired", _("This ledger is no longer used.")).enforce()
    last = ledger.editions.order_by("-number")[:1].get()
    if bytes(last.digest) == bytes.fromhex(digest(definition)):
        return last
    if definition.settings.confidential != last.definition.settings.confidential:
        no(
            "ledger.confidence_promised",
            _("Whether a ledger is confidential cannot change. Make another ledger."),
        ).enforce()
    edition = _add(ledger, definition, by=by, number=last.number + 1, workbook=workbook, note=note)
    ledger.name, ledger.name_en = definition.name[:120], definition.name_en[:160]
    ledger.save(update_fields=["name", "name_en"])
    return edition


def _add(
    ledger: Ledger, definition: Definition, *, by: Any, number: int, workbook: StoredFile | None, note: str
) -> Edition:
    edition = Edition.objects.create(
        ledger=ledger,
        number=number,
        content=to_json(definition),
        digest=bytes.fromhex(digest(definition)),
        workbook=workbook,
        note=clean(note)[:200],
        made_at=now(),
        made_by=by,
    )
    if workbook is not None:
        attach_file(workbook, edition, role=Role.EVIDENCE, by=by)
    record(
        "ledger.edition_added",
        ledger,
        by=by,
        edition=edition.pk,
        number=number,
        digest=bytes(edition.digest).hex(),
    )
    return edition


@transaction.atomic
def retire_ledger(ledger: Ledger, *, by: Any) -> Ledger:
    """Offer a ledger for no new campaign any more; those that run go on."""
    ledger = Ledger.objects.select_for_update(of=("self",)).select_related("area").get(pk=ledger.pk)
    verdict = rules.may_keep(ledger.area, by).enforce()
    if ledger.retired_at is not None:
        no("ledger.retired", _("This ledger is no longer used.")).enforce()
    ledger.retired_at = now()
    ledger.save(update_fields=["retired_at"])
    record("ledger.retired", ledger, by=by, on_behalf_of=verdict.on_behalf_of)
    return ledger


@transaction.atomic
def reuse_ledger(ledger: Ledger, *, by: Any) -> Ledger:
    """Offer a ledger that was retired for new campaigns again, as it was."""
    ledger = Ledger.objects.select_for_update(of=("self",)).select_related("area").get(pk=ledger.pk)
    verdict = rules.may_keep(ledger.area, by).enforce()
    if ledger.retired_at is None:
        no("ledger.in_use", _("This ledger is in use.")).enforce()
    ledger.retired_at = None
    ledger.save(update_fields=["retired_at"])
    record("ledger.reused", ledger, by=by, on_behalf_of=verdict.on_behalf_of)
    return ledger
