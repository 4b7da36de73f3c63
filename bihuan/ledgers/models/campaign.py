"""The campaign 专项整治: a ledger at work in an area and a period, with its task force and its goals."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Case
from bihuan.core.models import Named
from bihuan.ledgers.models.ledger import Edition
from bihuan.territory.models import Area
from bihuan.territory.queries import all_areas


class CampaignState(models.TextChoices):
    DRAFT = "draft", _("in preparation")  # 筹备中
    RUNNING = "running", _("running")  # 进行中
    FINISHED = "finished", pgettext_lazy("campaign", "finished")  # 已结束


class Visibility(models.TextChoices):
    """Who sees the items, besides the task force."""

    TASK_FORCE = "task_force", _("nobody else")  # 仅专班
    STAFF = "staff", _("whoever has a duty there")  # 辖区工作人员
    PUBLIC = "public", _("staff; its numbers everybody")  # 数字公开


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def locked(self, pk: int) -> "Campaign":
        """The campaign, held until the transaction ends; its items and their steps wait."""
        return self._held(pk)

    def numbering(self, pk: int) -> "Campaign":
        """The campaign, held by whoever gives numbers out; steps of its items go on meanwhile."""
        return self._held(pk, no_key=True)

    def _held(self, pk: int, *, no_key: bool = False) -> "Campaign":
        """Held first and read then: beside a row that one has waited for would lie the edition of before."""
        self.select_for_update(no_key=no_key).values_list("pk").get(pk=pk)
        return self.select_related("edition__ledger").defer("edition__content").get(pk=pk)


def remember_area(row: models.Model) -> None:
    """Its area comes from memory: no list needs a join or a query for it."""
    area = all_areas().get(row.__dict__.get("area_id") or 0)
    if area is not None:
        row._state.fields_cache["area"] = area


class Campaign(Named):
    """It begins under one edition; a later one applies to new items, and to those moved on purpose.

    Of a confidential campaign nobody but its task force sees an item, and its figures leave it only as
    counts of at least `least_count`: both stay as they were promised when it was made.
    """

    number = models.CharField(max_length=16, unique=True)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="campaigns")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    visibility = models.CharField(_("who sees it"), max_length=10, choices=Visibility)
    confidential = models.BooleanField(default=False)
    least_count = models.PositiveSmallIntegerField(default=10)
    goal = models.TextField(_("goal"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    starts_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    summary_at = models.TimeField(_("daily summary at"), null=True)
    items = models.PositiveIntegerField(default=0)  # numbers given out so far
    # The finding whose look-alikes are swept 举一反三: an item, or a case.
    swept_from_item = models.ForeignKey("ledgers.Item", models.PROTECT, null=True, related_name="sweeps")
    swept_from_case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="item_sweeps")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="ledgers_campaign_period"),
            models.CheckConstraint(
                condition=~Q(confidential=True) | Q(visibility=Visibility.TASK_FORCE),
                name="ledgers_campaign_confidential",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="ledgers_campaign_by_state")]

    @classmethod
    def from_db(cls, *row: Any, **how: Any) -> "Campaign":
        campaign = super().from_db(*row, **how)
        remember_area(campaign)
        return campaign


class Milestone(models.Model):
    """What a figure is to reach by a day 时间节点."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    figure = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"


class Team(Named):
    """A part of the task force 工作组, and what it answers for."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="teams")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    answers_for = models.CharField(_("answers for"), max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="ledgers_team_name"),
        ]

    @classmethod
    def from_db(cls, *row: Any, **how: Any) -> "Team":
        team = super().from_db(*row, **how)
        remember_area(team)
        return team


LEADER, MEMBER = "leader", "member"


class PostQuerySet(models.QuerySet["Post"]):
    def current(self) -> "PostQuerySet":
        return self.filter(until=None, person__is_active=True)


class Post(models.Model):
    """Somebody's place in the task force, from a moment to a moment: in a team, or over all of them.

    `role` is `leader`, `member`, or a word of the ledger's own such as 法律顾问.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="posts")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="posts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ledger_posts")
    role = models.CharField(max_length=40, default=MEMBER)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "team", "person", "role"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="ledgers_post_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "campaign"], name="ledgers_post_of", condition=Q(until=None)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.campaign_id}"
