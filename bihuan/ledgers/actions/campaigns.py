"""Campaigns 专项整治: made of a ledger, changed, begun, finished."""

from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.audit import record
from bihuan.cases.models import Case, Matter
from bihuan.core.clock import local, now
from bihuan.core.rows import next_values
from bihuan.core.text import clean, listed
from bihuan.core.verdicts import Verdict, no
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Definition
from bihuan.ledgers.models import (
    LEADER,
    Campaign,
    CampaignState,
    Edition,
    Item,
    ItemState,
    Milestone,
    Post,
    Visibility,
)
from bihuan.territory.models import Area

SEQUENCE = "ledgers_campaign_id_seq"


@transaction.atomic
def make_campaign(
    edition: Edition,
    *,
    by: Any,
    name: str,
    area: Area,
    starts_on: date,
    ends_on: date,
    visibility: str = Visibility.STAFF,
    name_en: str = "",
    goal: str = "",
    summary_at: time | None = None,
    leader: User | None = None,
    found_in: Item | Case | None = None,
) -> Campaign:
    """Prepare a campaign in an area. Whoever makes it leads its task force, unless somebody else is named.

    Of a confidential ledger only the task force will see items, whatever is asked for. Its milestones are the
    goals of the ledger, counted from its first day. `found_in` is what a look-alike sweep began with, whose
    goals follow from its places.
    """
    verdict = rules.may_keep(area, by).enforce()
    _check_period(starts_on, ends_on)
    definition, at = edition.definition, now()
    if edition.ledger.retired_at is not None:
        no("ledger.retired", _("This ledger is no longer used.")).enforce()
    pk = next_values(SEQUENCE)[0]
    campaign = Campaign.objects.create(
        pk=pk,
        number=f"{local(at):%y%m}-{pk:04d}",
        name=clean(name)[:120],
        name_en=clean(name_en)[:160],
        edition=edition,
        area=area,
        visibility=Visibility.TASK_FORCE if definition.settings.confidential else visibility,
        confidential=definition.settings.confidential,
        least_count=definition.settings.least_count,
        goal=clean(goal),
        starts_on=starts_on,
        ends_on=ends_on,
        summary_at=summary_at or _hour_of(definition),
        swept_from_item=found_in if isinstance(found_in, Item) else None,
        swept_from_case=found_in if isinstance(found_in, Case) else None,
        made_at=at,
        made_by=by,
    )
    Post.objects.create(campaign=campaign, person=leader or by, role=LEADER, since=at)
    Milestone.objects.bulk_create(
        Milestone(
            campaign=campaign,
            figure=goal.figure,
            name=(goal.name.zh or goal.name.en)[:120],
            on=starts_on + timedelta(days=goal.day),
            amount=goal.amount,
        )
        for goal in (definition.goals if found_in is None else ())
    )
    record(
        "campaign.made",
        campaign,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        is_first=True,
        edition=edition.pk,
        leader=(leader or by).pk,
        visibility=str(campaign.visibility),
    )
    return campaign


def _check_period(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        no("campaign.ends_before", _("A campaign cannot end before it begins.")).enforce()


def _hour_of(definition: Definition) -> time | None:
    """When the ledger's own daily summary is due."""
    daily = next((one for one in definition.documents if one.period == "daily"), None)
    return time.fromisoformat(daily.hour) if daily is not None else None


def hold_campaign(verb: str, campaign: Campaign, by: Any, *, alone: bool = False) -> tuple[Campaign, Verdict]:
    """Lock a campaign and ask the rules; `alone`, no item of it is given to anybody meanwhile."""
    rows = Campaign.objects
    campaign = rows.locked(campaign.pk) if alone else rows.numbering(campaign.pk)
    return campaign, rules.may_run(verb, campaign, by).enforce()


def keep_campaign(
    campaign: Campaign, verb: str, fields: list[str], *, by: Any, verdict: Verdict, **data: Any
) -> Campaign:
    """Save the named fields and record the verb. `data` holds keys and codes, nobody's name."""
    if fields:
        campaign.save(update_fields=fields)
    record(
        rules.CAMPAIGNS[verb].event,
        campaign,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        **{key: value for key, value in data.items() if value not in (None, "")},
    )
    return campaign


@transaction.atomic
def change_campaign(
    campaign: Campaign,
    *,
    by: Any,
    name: str,
    starts_on: date,
    ends_on: date,
    visibility: str,
    name_en: str = "",
    goal: str = "",
    lessons: str = "",
    summary_at: time | None = None,
) -> Campaign:
    """Correct what a campaign is called, what it wants, how long it lasts, and who sees it."""
    campaign, verdict = hold_campaign("change", campaign, by)
    _check_period(starts_on, ends_on)
    if campaign.confidential and visibility != Visibility.TASK_FORCE:
        no("campaign.confidential", _("A confidential campaign is the task force's alone.")).enforce()
    values = {
        "name": clean(name)[:120],
        "name_en": clean(name_en)[:160],
        "goal": clean(goal),
        "lessons": clean(lessons),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "visibility": visibility,
        "summary_at": summary_at,
    }
    changed = [key for key, value in values.items() if getattr(campaign, key) != value]
    for key in changed:
        setattr(campaign, key, values[key])
    return keep_campaign(campaign, "change", changed, by=by, verdict=verdict, changed=sorted(changed))


@transaction.atomic
def begin_campaign(campaign: Campaign, *, by: Any) -> Campaign:
    """Let a campaign run: from now on items come in and go their way."""
    campaign, verdict = hold_campaign("begin", campaign, by)
    wanted = {step.opens_case for step in campaign.edition.definition.steps if step.opens_case}
    missing = wanted - set(Matter.objects.choosable().filter(code__in=wanted).values_list("code", flat=True))
    if missing:
        no(
            "campaign.no_such_matter",
            _("Steps of this ledger open cases of matters that the catalogue has not: %(codes)s.")
            % {"codes": listed(sorted(missing))},
        ).enforce()
    campaign.state, campaign.begun_at = CampaignState.RUNNING, now()
    return keep_campaign(campaign, "begin", ["state", "begun_at"], by=by, verdict=verdict)


@transaction.atomic
def finish_campaign(campaign: Campaign, *, by: Any, lessons: str = "") -> Campaign:
    """End a campaign. What is still open stays as it is; nobody is reminded of it any more."""
    campaign = Campaign.objects.locked(campaign.pk)
    verdict = rules.may_run("finish", campaign, by).enforce()
    campaign.state, campaign.finished_at = CampaignState.FINISHED, now()
    campaign.lessons = clean(lessons) or campaign.lessons
    left = Item.objects.filter(campaign=campaign, state=ItemState.OPEN)
    left.filter(step_at__isnull=False).update(step_at=None)
    left.filter(grace_at__isnull=False).update(grace_at=None)
    fields = ["state", "finished_at", "lessons"]
    return keep_campaign(campaign, "finish", fields, by=by, verdict=verdict, left_open=left.count())


@transaction.atomic
def use_edition(campaign: Campaign, *, by: Any, edition: Edition) -> Campaign:
    """Let new items begin under another edition; those that are there keep theirs until they are moved."""
    campaign, verdict = hold_campaign("use_edition", campaign, by)
    if edition.ledger_id != campaign.edition.ledger_id:
        no("item.other_ledger", _("This edition belongs to another ledger.")).enforce()
    was, campaign.edition = campaign.edition, edition
    return keep_campaign(
        campaign, "use_edition", ["edition"], by=by, verdict=verdict, was=was.number, edition=edition.number
    )
