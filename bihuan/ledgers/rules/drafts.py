"""Who may change a draft of a ledger, and what stands in the way of keeping it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bihuan.core.text import listed
from bihuan.core.verdicts import YES, Verdict, no
from bihuan.ledgers.definition import editing, tracing
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import Definition
from bihuan.ledgers.definition.parts import KINDS, title_of
from bihuan.ledgers.models import Edition, LedgerDraft
from bihuan.ledgers.rules.campaigns import may_keep

RESERVED = ("new", "blank")  # stand in addresses beside the codes of ledgers


def may_edit(draft: LedgerDraft, by: Any) -> Verdict:
    """Whether somebody may change this draft: their own, of a ledger that they keep and that is in use."""
    if draft.by_id != getattr(by, "pk", None):
        return no("draft.not_yours", _("This is the draft of somebody else."))
    if draft.ledger is not None and draft.ledger.retired_at is not None:
        return no("ledger.retired", _("This ledger is no longer used."))
    return may_keep(draft.area, by)


def may_keep_draft(draft: LedgerDraft, by: Any, *, latest: Edition | None) -> Verdict:
    """Whether a draft can become an edition now: it is whole, and made from the newest edition."""
    verdict = may_edit(draft, by)
    if not verdict:
        return verdict
    if latest is not None and latest.pk != draft.base_id:
        return no(
            "draft.base_moved",
            _("Somebody has kept another edition meanwhile. Look at what it changed first."),
        )
    faults = tracing.faults_of(draft.definition)
    if faults:
        sentence = ngettext_lazy(
            "%(count)s thing must be put right first.", "%(count)s things must be put right first.", "count"
        )
        return no("draft.faulty", sentence % {"count": len(faults)})
    return verdict


def may_remove_part(definition: Definition, kind: str, key: str) -> Verdict:
    """Whether a part can go: nothing else uses it."""
    others = editing.holding_back(definition, kind, key)
    if not others:
        return YES
    names = listed(f"{KINDS[of]} “{title_of(part)}”" for of, _own, part in others)
    return no("draft.referred_to", say(_("It is still used: %(names)s. Change that first."), names=names))
