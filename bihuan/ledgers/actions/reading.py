"""Reading a confidential file: who did, and when, is on record for the household to see."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from bihuan.audit import record
from bihuan.audit.models import Entry
from bihuan.core.clock import now
from bihuan.ledgers import rules
from bihuan.ledgers.actions.loop import lock
from bihuan.ledgers.models import Item

SITTING = timedelta(minutes=15)  # pages of one file that somebody turns within this time are one reading


@transaction.atomic
def read_item(item: Item, *, by: Any) -> None:
    """Say for good that somebody has opened the file of a confidential item, and as what.

    Whether they may see it has been asked by whoever found it for them; of other items nothing is kept.
    """
    if not item.campaign.confidential or _has_just_read(item, by):
        return
    part = rules.parts_of(item.campaign, by)[0]
    held = lock(item)
    if not _has_just_read(item, by):  # two pages opened at once
        record(
            "item.read",
            held,
            by=by,
            on_behalf_of=part.on_behalf_of,
            campaign=held.campaign_id,
            role=part.post.role,
        )


def _has_just_read(item: Item, by: Any) -> bool:
    since = now() - SITTING
    return Entry.objects.about(item).filter(verb="item.read", by=by, at__gt=since).exists()
