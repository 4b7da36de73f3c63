"""Building and changing a ledger on a page: a draft that is kept at every step, and an edition in the end."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.verdicts import Verdict, no
from bihuan.ledgers import rules
from bihuan.ledgers.actions.keeping import keep_edition, keep_ledger
from bihuan.ledgers.definition import Definition, editing, to_json, tracing
from bihuan.ledgers.models import Edition, Ledger, LedgerDraft
from bihuan.ledgers.queries.editions import latest_edition
from bihuan.territory.models import Area


@transaction.atomic
def start_draft(definition: Definition, *, by: Any, area: Area) -> LedgerDraft:
    """Begin a new ledger on a page: empty but for its name, or from what somebody else has made."""
    verdict = rules.may_keep(area, by).enforce()
    User.objects.locked(by.pk)
    if LedgerDraft.objects.filter(ledger=None, by=by).exists():
        no(
            "draft.begun",
            _("You have begun a new ledger already. Keep it or discard it before you begin another."),
        ).enforce()
    draft = LedgerDraft.objects.create(area=area, by=by, content=to_json(definition), changed_at=now())
    record("ledger.draft_started", draft, by=by, on_behalf_of=verdict.on_behalf_of)
    return draft


@transaction.atomic
def change_draft(draft: LedgerDraft, *, by: Any, edit: editing.Edit, seen: str = "") -> LedgerDraft:
    """Put, move or remove one part. It stays in the draft until that is kept; nothing of it is lost.

    `seen` is what the form showed of the part: when that has changed since, the change is refused.
    """
    draft, verdict = _hold(draft, by)
    before = draft.definition
    key = getattr(edit, "key", "")
    if seen and seen != editing.seen_of(before, edit.kind, key):
        no(
            "draft.changed_meanwhile",
            _("This was changed in another window meanwhile. Open it again, then change it."),
        ).enforce()
    try:
        after = editing.edited(before, edit)
    except editing.NotPossible as error:
        no(error.code, error.sentence).enforce()
        raise
    if after == before:
        return draft
    draft.content, draft.changed_at = to_json(after), now()
    _store(draft)
    record(
        "ledger.draft_changed", draft, by=by, on_behalf_of=verdict.on_behalf_of,
        how=type(edit).__name__.lower(), kind=edit.kind,
    )  # fmt: skip
    return draft


@transaction.atomic
def rebase_draft(draft: LedgerDraft, *, by: Any) -> LedgerDraft:
    """Go on from one's own draft after reading what somebody else has kept meanwhile."""
    draft, verdict = _hold(draft, by)
    latest = latest_edition(draft.ledger) if draft.ledger else None
    if latest is None or latest.pk == draft.base_id:
        no("draft.nothing_newer", _("Nothing newer was kept.")).enforce()
    draft.base, draft.changed_at = latest, now()
    draft.save(update_fields=["base", "changed_at"])
    record("ledger.draft_rebased", draft, by=by, on_behalf_of=verdict.on_behalf_of, edition=draft.base_id)
    return draft


@transaction.atomic
def discard_draft(draft: LedgerDraft, *, by: Any) -> None:
    """Throw a draft away; the ledger stays as its newest edition says."""
    draft, verdict = _hold(draft, by)
    if draft.pk is None:
        no("draft.gone", _("This draft is no longer there.")).enforce()
    record("ledger.draft_discarded", draft, by=by, on_behalf_of=verdict.on_behalf_of)
    draft.delete()


@transaction.atomic
def keep_draft(draft: LedgerDraft, *, by: Any, note: str = "") -> Edition:
    """Make an edition of a draft that is whole: of a new ledger, or the next of one. The draft is done."""
    draft, _verdict = _hold(draft, by)
    latest = latest_edition(draft.ledger) if draft.ledger else None
    rules.may_keep_draft(draft, by, latest=latest).enforce()
    definition = tracing.settled(draft.definition)
    if draft.ledger is None:
        edition = keep_ledger(definition, by=by, area=draft.area, note=note)
    else:
        edition = keep_edition(draft.ledger, by=by, definition=definition, note=note)
    if draft.pk is not None:
        draft.delete()
    return edition


def _hold(draft: LedgerDraft, by: Any) -> tuple[LedgerDraft, Verdict]:
    """The draft as it now is, locked; one that is not stored yet is held by its ledger."""
    if draft.ledger_id is not None:
        ledger = Ledger.objects.select_for_update(of=("self",)).select_related("area").get(pk=draft.ledger_id)
        draft.ledger = ledger
    rows = LedgerDraft.objects.select_for_update(of=("self",)).select_related("ledger", "area", "base")
    found = rows.filter(ledger=draft.ledger_id, by=draft.by_id).first()
    if found is None and (draft.pk is not None or draft.ledger_id is None):
        no("draft.gone", _("This draft is no longer there.")).enforce()
    held = found or draft
    return held, rules.may_edit(held, by).enforce()


def _store(draft: LedgerDraft) -> None:
    if draft.pk is None:
        draft.save()
    else:
        draft.save(update_fields=["content", "changed_at"])
