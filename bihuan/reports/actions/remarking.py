"""What somebody writes for the next report of a campaign: what comes next 下一步."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.ledgers.models import Campaign
from bihuan.reports import rules
from bihuan.reports.models import Remark
from bihuan.reports.writing.periods import document_of


@transaction.atomic
def write_remark(campaign: Campaign, *, by: Any, document: str, text: str) -> Remark | None:
    """Write what the next report of this document will say of the work ahead; an empty text takes it away."""
    campaign = Campaign.objects.locked(campaign.pk)
    verdict = rules.may_make(campaign, by).enforce()
    if document_of(campaign, document) is None:
        no("report.no_document", _("This campaign has no report of this kind.")).enforce()
    text = clean(text)[: rules.MOST_REMARK]
    waiting = Remark.objects.filter(campaign=campaign, document=document, report=None).first()
    record(
        "campaign.remark_written",
        campaign,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        document=document,
        length=len(text),
    )
    if not text:
        if waiting is not None:
            waiting.delete()
        return None
    if waiting is None:
        return Remark.objects.create(campaign=campaign, document=document, text=text, at=now(), by=by)
    waiting.text, waiting.at, waiting.by = text, now(), by
    waiting.save(update_fields=["text", "at", "by"])
    return waiting
