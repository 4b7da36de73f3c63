"""Among whom an item is given: the teams of its campaign and the people of its task force."""

from typing import Any

from django.db.models import QuerySet

from bihuan.accounts.models import User
from bihuan.ledgers import rules
from bihuan.ledgers.models import Campaign, Post, Team


def teams_for_items(user: Any, campaign: Campaign) -> QuerySet[Team]:
    """The teams to which somebody may give items: all for who runs the campaign, else those they are in."""
    rows = Team.objects.filter(campaign=campaign, retired_at=None).order_by("pk")
    if rules.runs(campaign, user) is not None:
        return rows
    return rows.filter(pk__in=[part.post.team_id for part in rules.parts_of(campaign, user)])


def people_for_items(user: Any, campaign: Campaign) -> QuerySet[User]:
    """The people of the task force who can answer for items: all of them, or those of one's own teams."""
    posts = Post.objects.current().filter(campaign=campaign)
    if rules.runs(campaign, user) is None:
        posts = posts.filter(team__in=[part.post.team_id for part in rules.parts_of(campaign, user)])
    return User.objects.filter(pk__in=posts.values("person")).order_by("name", "pk")


def teams_of(campaign: Campaign) -> QuerySet[Team]:
    """The teams of a campaign, for a filter."""
    return Team.objects.filter(campaign=campaign, retired_at=None).order_by("pk")


def force_of(campaign: Campaign) -> QuerySet[User]:
    """The people of its task force, for a filter."""
    posts = Post.objects.current().filter(campaign=campaign)
    return User.objects.filter(pk__in=posts.values("person")).order_by("name", "pk")
