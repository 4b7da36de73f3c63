"""Who reads which version of a report, who makes one by hand, and who keeps templates and forms."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.verdicts import Verdict, no, yes
from bihuan.ledgers import rules as ledgers
from bihuan.ledgers.models import Campaign, CampaignState, Visibility
from bihuan.ledgers.queries import sees_all
from bihuan.reports.models import ReportForm, ReportTemplate
from bihuan.territory.models import Area

WHOLE, FIGURES = "whole", "figures"
MOST_REMARK = 2000
MOST_PARTS = 20


def version_for(user: Any, campaign: Campaign) -> str:
    """Which version of its reports somebody reads, who sees that a campaign is there; empty for none.

    Whoever sees every item reads everything. Others read figures alone; of a campaign that is its task
    force's and not confidential they read nothing, for nothing was promised to be safe to tell.
    """
    if sees_all(user, campaign):
        return WHOLE
    if campaign.confidential or campaign.visibility != Visibility.TASK_FORCE:
        return FIGURES
    return ""


def may_make(campaign: Campaign, by: Any) -> Verdict:
    """Whether somebody may look at how things stand in a report of this moment."""
    right = ledgers.runs(campaign, by)
    if right is None or version_for(by, campaign) != WHOLE:
        return no("report.not_yours", _("Only who runs the campaign and sees all of it can do that."))
    if campaign.state != CampaignState.RUNNING:
        return no(
            "campaign.wrong_state", _("This campaign is %(state)s.") % {"state": campaign.get_state_display()}
        )
    return yes(right)


def may_hand_on(campaign: Campaign, by: Any) -> Verdict:
    """Whether somebody may save a campaign's experience for others: whoever runs it and sees all of it."""
    right = ledgers.runs(campaign, by)
    if right is None or version_for(by, campaign) != WHOLE:
        return no("report.not_yours", _("Only who runs the campaign and sees all of it can do that."))
    if campaign.state == CampaignState.DRAFT:
        return no(
            "campaign.wrong_state", _("This campaign is %(state)s.") % {"state": campaign.get_state_display()}
        )
    return yes(right)


def may_keep_template(template: ReportTemplate, by: Any) -> Verdict:
    verdict = ledgers.may_keep(template.area, by)
    if verdict and template.retired_at is not None:
        return no("template.retired", _("This template is no longer used."))
    return verdict


def may_keep_form(form: ReportForm, by: Any) -> Verdict:
    verdict = ledgers.may_keep(form.area, by)
    if verdict and form.retired_at is not None:
        return no("form.retired", _("This form is no longer used."))
    return verdict


def gives_lists(area: Area, campaign: Campaign) -> bool:
    """Whether a form of this area may list items of a campaign: where its people see them anyway."""
    open_one = not campaign.confidential and campaign.visibility != Visibility.TASK_FORCE
    return open_one and area.covers(campaign.area)


def may_draw_on(campaign: Campaign, by: Any) -> Verdict:
    """Whether somebody may put a campaign into a form: whoever reads its reports in one version or other."""
    if version_for(by, campaign):
        return yes()
    return no("form.not_yours", _("The figures of this campaign are its task force's alone."))
