"""The nouns of this room: ledgers, campaigns with teams, items with their proofs and money."""

from bihuan.ledgers.models.batch import BatchRow, ItemBatch
from bihuan.ledgers.models.campaign import (
    LEADER,
    MEMBER,
    Campaign,
    CampaignState,
    Milestone,
    Post,
    Team,
    Visibility,
)
from bihuan.ledgers.models.draft import BLANK, LedgerDraft
from bihuan.ledgers.models.figures import Change
from bihuan.ledgers.models.household import Remark
from bihuan.ledgers.models.item import CaseLink, Item, ItemQuerySet, ItemState, LinkKind, Passage, Revision
from bihuan.ledgers.models.ledger import Edition, Ledger
from bihuan.ledgers.models.money import MoneyLine, RateTable, Reckoning
from bihuan.ledgers.models.proof import NoticeChannel, NoticeGiven, Signature
from bihuan.ledgers.models.sending import Sending
from bihuan.ledgers.models.sheet import ItemExport, ItemSheet, ItemSheetQuerySet, RefusedItemRow

__all__ = [
    "BLANK",
    "LEADER",
    "MEMBER",
    "BatchRow",
    "Campaign",
    "CampaignState",
    "CaseLink",
    "Change",
    "Edition",
    "Item",
    "ItemBatch",
    "ItemExport",
    "ItemQuerySet",
    "ItemSheet",
    "ItemSheetQuerySet",
    "ItemState",
    "Ledger",
    "LedgerDraft",
    "LinkKind",
    "Milestone",
    "MoneyLine",
    "NoticeChannel",
    "NoticeGiven",
    "Passage",
    "Post",
    "RateTable",
    "Reckoning",
    "RefusedItemRow",
    "Remark",
    "Revision",
    "Sending",
    "Signature",
    "Team",
    "Visibility",
]
