"""The task force 工作专班 and its milestones: teams, who is in them, what is to be reached by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.ledgers import rules
from bihuan.ledgers.actions.campaigns import hold_campaign, keep_campaign
from bihuan.ledgers.actions.intake import is_at_work
from bihuan.ledgers.models import MEMBER, Campaign, Item, ItemState, Milestone, Post, Team
from bihuan.territory.models import Area


@transaction.atomic
def add_team(
    campaign: Campaign,
    *,
    by: Any,
    name: str,
    area: Area | None = None,
    answers_for: str = "",
    name_en: str = "",
) -> Team:
    """Form a team. Where it has an area, new items in it are the team's."""
    campaign, verdict = hold_campaign("add_team", campaign, by)
    name = _free_name(campaign, name)
    team = Team.objects.create(
        campaign=campaign,
        name=name,
        name_en=clean(name_en)[:160],
        area=area,
        answers_for=clean(answers_for)[:200],
    )
    keep_campaign(campaign, "add_team", [], by=by, verdict=verdict, team=team.pk)
    return team


@transaction.atomic
def change_team(
    team: Team,
    *,
    by: Any,
    name: str,
    area: Area | None = None,
    answers_for: str = "",
    name_en: str = "",
) -> Team:
    """Correct what a team is called, where it works and what it answers for. Its items stay its items."""
    campaign, verdict = hold_campaign("change_team", team.campaign, by)
    team = Team.objects.select_related("campaign").get(pk=team.pk)
    team.name = _free_name(campaign, name, but=team)
    team.name_en, team.answers_for = clean(name_en)[:160], clean(answers_for)[:200]
    team.area = area
    team.save(update_fields=["name", "name_en", "answers_for", "area"])
    keep_campaign(campaign, "change_team", [], by=by, verdict=verdict, team=team.pk)
    return team


def _free_name(campaign: Campaign, name: str, *, but: Team | None = None) -> str:
    name = clean(name)[:120]
    others = campaign.teams.exclude(pk=but.pk) if but is not None else campaign.teams.all()
    if not name or others.filter(name=name).exists():
        no("campaign.team_name", _("Give every team of the campaign a name of its own.")).enforce()
    return name


@transaction.atomic
def retire_team(team: Team, *, by: Any) -> Team:
    """Dissolve a team that has no open items any more; its people leave it."""
    campaign, verdict = hold_campaign("retire_team", team.campaign, by, alone=True)
    team = Team.objects.select_related("campaign").get(pk=team.pk)
    if team.retired_at is not None:
        no("campaign.team_retired", _("This team is dissolved already.")).enforce()
    if Item.objects.filter(team=team, state=ItemState.OPEN).exists():
        no("campaign.team_has_items", _("Give the open items of this team to another one first.")).enforce()
    posts = Post.objects.filter(team=team, until=None)
    for person in set(posts.values_list("person", flat=True)):
        _check_handed_over(campaign, person, posts)
    team.retired_at = now()
    team.save(update_fields=["retired_at"])
    posts.update(until=team.retired_at)
    keep_campaign(campaign, "retire_team", [], by=by, verdict=verdict, team=team.pk)
    return team


@transaction.atomic
def join_campaign(
    campaign: Campaign, *, by: Any, person: User, team: Team | None = None, role: str = MEMBER
) -> Post:
    """Take somebody into the task force: into a team, or over all of them; as leader, member or in a role."""
    campaign, verdict = hold_campaign("join", campaign, by)
    rules.is_role(campaign, role).enforce()
    if not person.is_active:
        no("person.inactive", _("This account has been closed.")).enforce()
    if team is not None and not is_at_work(team, campaign.pk):
        no("item.other_campaigns_team", _("This team is dissolved, or another campaign's.")).enforce()
    there = Post.objects.filter(campaign=campaign, team=team, person=person, role=role, until=None)
    if there.exists():
        no("campaign.there_already", _("This person has that place in the task force already.")).enforce()
    post = Post.objects.create(campaign=campaign, team=team, person=person, role=role, since=now())
    keep_campaign(
        campaign,
        "join",
        [],
        by=by,
        verdict=verdict,
        person=person.pk,
        team=team.pk if team else None,
        role=role,
    )
    return post


@transaction.atomic
def leave_campaign(post: Post, *, by: Any) -> Post:
    """Take somebody off their place. Whoever still answers for open items hands these over first."""
    campaign, verdict = hold_campaign("leave", post.campaign, by, alone=True)
    post = Post.objects.select_related("campaign").get(pk=post.pk)
    if post.until is not None:
        no("campaign.left_already", _("This person has left that place already.")).enforce()
    _check_handed_over(campaign, post.person_id, Post.objects.filter(pk=post.pk))
    post.until = now()
    post.save(update_fields=["until"])
    keep_campaign(
        campaign,
        "leave",
        [],
        by=by,
        verdict=verdict,
        person=post.person_id,
        team=post.team_id,
        role=post.role,
    )
    return post


def _check_handed_over(campaign: Campaign, person: int, leaving: QuerySet[Post]) -> None:
    """Who leaves these places answers for no open item that their other ones do not reach."""
    others = Post.objects.current().filter(campaign=campaign, person=person).exclude(pk__in=leaving)
    teams = set(others.values_list("team", flat=True))
    if None in teams:
        return
    left = Item.objects.filter(campaign=campaign, responsible=person, state=ItemState.OPEN)
    if teams:  # an item that no team has is anybody's of the task force
        left = left.exclude(team__in=teams).filter(team__isnull=False)
    if left.exists():
        no(
            "campaign.answers_for_items",
            _("This person still answers for open items. Give them to somebody else first."),
        ).enforce()


@dataclass(frozen=True)
class Goal:
    """A milestone to be: what a figure is to reach by a day."""

    figure: str
    name: str
    on: date
    amount: Decimal


@transaction.atomic
def set_milestones(campaign: Campaign, *, by: Any, milestones: Sequence[Goal]) -> list[Milestone]:
    """Say what is to be reached by when 时间节点, in place of what was said before."""
    campaign, verdict = hold_campaign("set_milestones", campaign, by)
    known = {figure.code for figure in campaign.edition.definition.figures}
    foreign = [one.figure for one in milestones if one.figure not in known]
    if foreign:
        no(
            "campaign.no_such_figure",
            _("This ledger has no figure “%(figure)s”.") % {"figure": foreign[0]},
        ).enforce()
    campaign.milestones.all().delete()
    rows = Milestone.objects.bulk_create(
        Milestone(
            campaign=campaign, figure=one.figure, name=clean(one.name)[:120], on=one.on, amount=one.amount
        )
        for one in milestones
    )
    keep_campaign(
        campaign,
        "set_milestones",
        [],
        by=by,
        verdict=verdict,
        milestones=[[one.figure, one.on.isoformat(), str(one.amount)] for one in milestones],
    )
    return rows
