"""The look-alike sweep 举一反三: one finding, and every place of its kind is looked at."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.core.verdicts import no
from bihuan.ledgers import figures, rules
from bihuan.ledgers.actions.campaigns import begin_campaign, make_campaign
from bihuan.ledgers.actions.intake import add_items
from bihuan.ledgers.definition.model import STEP
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Campaign, Edition, Item, Milestone, Visibility
from bihuan.ledgers.queries.sweeps import common_area, places_to_sweep
from bihuan.territory.models import Area

MOST_PLACES = 5_000


@transaction.atomic
def sweep_alike(
    finding: Item | Case,
    *,
    by: Any,
    edition: Edition,
    name: str,
    kind: str,
    areas: Sequence[Area],
    starts_on: date,
    ends_on: date,
    visibility: str = Visibility.STAFF,
    name_en: str = "",
) -> Campaign:
    """Begin a campaign with one item for each place of a kind in these areas, because of what was found."""
    if not _sees(finding, by):
        no("campaign.finding_not_yours", _("You cannot see what this sweep would begin with.")).enforce()
    if not areas:
        no("campaign.no_areas", _("Choose at least one area.")).enforce()
    places = places_to_sweep(kind, areas, most=MOST_PLACES + 1)
    if not places:
        no("campaign.no_places", _("There is no place of this kind in these areas.")).enforce()
    if len(places) > MOST_PLACES:
        no(
            "campaign.too_many_places",
            _("These are more than %(most)s places. Choose fewer areas.") % {"most": MOST_PLACES},
        ).enforce()
    campaign = make_campaign(
        edition,
        by=by,
        name=name,
        name_en=name_en,
        area=common_area(areas),
        starts_on=starts_on,
        ends_on=ends_on,
        visibility=visibility,
        found_in=finding,
    )
    campaign = begin_campaign(campaign, by=by)
    drafts = [Draft(title=one.name, place=one, source_key=f"place:{one.pk}") for one in places]
    add_items(campaign, by=by, drafts=drafts)
    _aim(campaign, len(places))
    return Campaign.objects.select_related("edition__ledger").get(pk=campaign.pk)


def _aim(campaign: Campaign, places: int) -> None:
    """A goal that its ledger has for all items is every place of a sweep; others are another campaign's."""
    definition = campaign.edition.definition
    passed_over = {f"{STEP}{step.code}" for step in definition.steps if step.relevant}
    whole = {
        one.code
        for one in definition.figures
        if figures.is_count_of_items(one) and not one.where and one.of not in passed_over
    }
    Milestone.objects.bulk_create(
        Milestone(
            campaign=campaign,
            figure=goal.figure,
            name=(goal.name.zh or goal.name.en)[:120],
            on=min(campaign.starts_on + timedelta(days=goal.day), campaign.ends_on),
            amount=places,
        )
        for goal in definition.goals
        if goal.figure in whole
    )


def _sees(finding: Item | Case, by: Any) -> bool:
    if isinstance(finding, Item):
        return rules.sees_item(finding, by)
    return Case.objects.worked_on_by(by).filter(pk=finding.pk).exists()
