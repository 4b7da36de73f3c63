"""Campaigns that somebody may see, with their task force; and the progress of their batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from bihuan.accounts.models import User
from bihuan.core.verdicts import Verdict
from bihuan.ledgers import rules
from bihuan.ledgers.models import Campaign, ItemBatch, Post, Team, Visibility
from bihuan.ledgers.queries.items import items_in


def campaigns_for(user: Any, *, state: str = "") -> QuerySet[Campaign]:
    """The campaigns this person may see, the newest first: in whose task force they are, those of their area.

    Of one that is the task force's alone, others see that it is there only if they keep ledgers of its area.
    """
    rows = Campaign.objects.filter(_visible(user)).select_related("edition__ledger")
    rows = rows.defer("edition__content").order_by("-pk")
    return rows.filter(state=state) if state else rows


def _visible(user: Any) -> Q:
    if not isinstance(user, User):
        return Q(pk__in=())
    people = rules.people_for(user)
    found = Q(pk__in=Post.objects.current().filter(person__in=people).values("campaign"))
    for held in user.duties_now():
        area = held.area if held.unit is None else held.unit.area
        if area is None:
            continue
        if held.kind in rules.KEEPERS:
            found |= Q(area__path__startswith=area.path)
        if held.kind != "administrator":
            near = Q(area__path__startswith=area.path) | Q(area__in=area.ids)
            found |= near & ~Q(visibility=Visibility.TASK_FORCE)
    return found


def campaign_numbered(user: Any, number: str) -> QuerySet[Campaign]:
    """The campaign with this number, if this person may see it."""
    return campaigns_for(user).filter(number=number)


def verbs_of_campaign(user: Any, campaign: Campaign) -> dict[str, Verdict]:
    """What this person may do to a campaign now, by verb."""
    return {verb: rules.may_run(verb, campaign, user) for verb in rules.CAMPAIGNS}


@dataclass(frozen=True)
class Force:
    """The task force as a page shows it: who is over all teams, and each team with its people."""

    over_all: list[Post]
    teams: list[tuple[Team, list[Post]]]


def task_force(user: Any, campaign: Campaign) -> Force:
    """Who is in a campaign that this person may see."""
    if not campaigns_for(user).filter(pk=campaign.pk).exists():
        return Force([], [])
    posts = list(
        Post.objects.current().filter(campaign=campaign).select_related("person").order_by("role", "pk")
    )
    teams = campaign.teams.filter(retired_at=None).order_by("pk")
    return Force(
        [post for post in posts if post.team_id is None],
        [(team, [post for post in posts if post.team_id == team.pk]) for team in teams],
    )


@dataclass(frozen=True)
class Progress:
    """How far a batch has come."""

    batch: ItemBatch
    done: int
    refused: int

    @property
    def left(self) -> int:
        return self.batch.total - self.done - self.refused


def batch_progress(user: Any, pk: int) -> Progress | None:
    """A batch that this person began, with how far it has come."""
    counts = {
        "done": Count("rows", filter=Q(rows__ok=True)),
        "refused": Count("rows", filter=Q(rows__ok=False)),
    }
    rows: Any = ItemBatch.objects.filter(by=user, pk=pk).select_related("campaign").annotate(**counts)
    batch = rows.first()
    return None if batch is None else Progress(batch, batch.done, batch.refused)


def refusals_of(user: Any, batch: ItemBatch) -> list[Mapping[str, Any]]:
    """What was refused of a batch, each with its item and the sentence that says why; what this person sees
    no more is left out.
    """
    seen = items_in(user, batch.campaign).values("pk")
    rows = batch.rows.filter(ok=False, item__in=seen).order_by("pk")
    return list(rows.values("item__number", "item__title", "code", "sentence"))
