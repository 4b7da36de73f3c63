"""Who keeps ledgers, makes campaigns and runs them, and who sees that there is one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import local, now
from bihuan.core.text import listed
from bihuan.core.verdicts import Verdict, no, yes
from bihuan.ledgers.definition.model import ROLE
from bihuan.ledgers.models import LEADER, MEMBER, Campaign, CampaignState, Item, Team
from bihuan.ledgers.rules.flow import CAMPAIGNS
from bihuan.ledgers.rules.standing import belongs_to, keeps_ledgers, may_take, runs, sees_item
from bihuan.ledgers.rules.ways import first_step
from bihuan.territory.models import Area

MOST_PARTS = 50


def may_keep(area: Area, by: Any) -> Verdict:
    """Whether somebody may make and change ledgers of this area, and campaigns in it."""
    held = keeps_ledgers(by, area)
    if held:
        return yes(held)
    return no(
        "ledger.not_yours",
        _("Ledgers of this area are kept by its intake clerks, dispatchers and administrators."),
    )


def may_run(verb: str, campaign: Campaign, by: Any) -> Verdict:
    """Whether somebody may do this to a campaign now."""
    move = CAMPAIGNS[verb]
    right = runs(campaign, by)
    if right is None:
        return no(
            "campaign.not_yours",
            _("Only the leader of the task force, or who keeps ledgers of this area, can do that."),
        )
    if campaign.state not in move.start:
        return wrong_state(campaign)
    return yes(right)


def wrong_state(campaign: Campaign) -> Verdict:
    return no(
        "campaign.wrong_state",
        _("This campaign is %(state)s.") % {"state": campaign.get_state_display()},
    )


def may_add_item(campaign: Campaign, by: Any, *, area: Area, team: Team | None = None) -> Verdict:
    """Whether somebody may add an item there: who runs it, who is of the team, who takes the first step."""
    if campaign.state != CampaignState.RUNNING:
        return wrong_state(campaign)
    item = Item(campaign=campaign, edition=campaign.edition, area=area, team=team)
    right = runs(campaign, by) or belongs_to(item, by)
    if right is None and sees_item(item, by):
        first = first_step(campaign.edition.definition, {}, at=local(now()))
        right = may_take(first, item, by) if first is not None else None
    if right is None:
        return no("campaign.not_on_task_force", _("Only the task force of this campaign can add items."))
    return yes(right)


def roles_of(campaign: Campaign) -> tuple[str, ...]:
    """What somebody can be in the task force of a campaign."""
    return (LEADER, MEMBER, *campaign.edition.definition.roles)


def is_role(campaign: Campaign, role: str) -> Verdict:
    if role.removeprefix(ROLE) in roles_of(campaign):
        return yes()
    return no(
        "campaign.no_such_role",
        _("This ledger knows no role “%(role)s”. There are: %(roles)s.")
        % {"role": role, "roles": listed(roles_of(campaign))},
    )
