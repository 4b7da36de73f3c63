"""The verbs of items and campaigns as tables: by whom, in which state, recorded as what."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.models import CampaignState, ItemState

# Who: whoever may take the present step; whoever works on the item; whoever decides about it; anybody who may
# sign for the condition.
STEP, FORCE, LEAD, SIGNER = "step", "force", "lead", "signer"


@dataclass(frozen=True)
class Move:
    """One verb of an item, most often of one that is under way."""

    label: Any
    who: str
    event: str
    guards: tuple[str, ...] = field(default=())
    start: frozenset[str] = frozenset({ItemState.OPEN})


FLOW: dict[str, Move] = {
    "fill": Move(_("Fill in"), STEP, "item.filled"),
    "take_step": Move(
        _("Take the step"), STEP, "item.step_taken", ("other_than", "case_closed", "money_checked")
    ),
    "send_back": Move(_("Send back"), STEP, "item.sent_back", ("has_way_back",)),
    "split": Move(_("Split"), FORCE, "item.split", ("ledger_splits",)),
    "block": Move(_("Report as blocked"), FORCE, "item.blocked", ("not_blocked",)),
    "unblock": Move(_("No longer blocked"), FORCE, "item.unblocked", ("blocked_by_hand",)),
    "assign": Move(_("Give to a team or person"), LEAD, "item.assigned"),
    "rename": Move(_("Change the heading"), LEAD, "item.renamed"),
    "correct": Move(
        _("Correct"), LEAD, "item.corrected", start=frozenset({ItemState.OPEN, ItemState.FINISHED})
    ),
    "drop": Move(_("Drop"), LEAD, "item.dropped"),
    "move": Move(_("Move to another edition"), LEAD, "item.moved", ("older_edition",)),
    "give_notice": Move(_("Record a notice given"), FORCE, "item.notice_given"),
    "withdraw_notice": Move(_("Take a notice back"), FORCE, "item.notice_withdrawn"),
    "sign": Move(_("Sign"), SIGNER, "item.signed"),
    "open_case": Move(_("Open a case"), STEP, "item.case_opened", ("step_opens_case",)),
    "link_case": Move(_("Link a case"), FORCE, "item.case_linked"),
}


@dataclass(frozen=True)
class CampaignMove:
    """One verb of a campaign, for whoever runs it."""

    label: Any
    start: frozenset[str]
    event: str


PREPARED, RUNNING = CampaignState.DRAFT, CampaignState.RUNNING
ALIVE = frozenset({PREPARED, RUNNING})

CAMPAIGNS: dict[str, CampaignMove] = {
    "change": CampaignMove(_("Change"), ALIVE, "campaign.changed"),
    "begin": CampaignMove(_("Begin"), frozenset({PREPARED}), "campaign.begun"),
    "finish": CampaignMove(_("Finish"), frozenset({RUNNING}), "campaign.finished"),
    "add_team": CampaignMove(_("Add a team"), ALIVE, "campaign.team_added"),
    "change_team": CampaignMove(_("Change a team"), ALIVE, "campaign.team_changed"),
    "retire_team": CampaignMove(_("Dissolve a team"), ALIVE, "campaign.team_retired"),
    "join": CampaignMove(_("Add somebody to the task force"), ALIVE, "campaign.joined"),
    "leave": CampaignMove(_("Take somebody off the task force"), ALIVE, "campaign.left"),
    "set_milestones": CampaignMove(_("Set milestones"), ALIVE, "campaign.milestones_set"),
    "use_edition": CampaignMove(_("Use a newer edition"), ALIVE, "campaign.edition_used"),
    "set_rates": CampaignMove(_("Set rates"), ALIVE, "campaign.rates_set"),
}
