"""The item 台账条目: one thing of a campaign on its way through the steps, with everything known of it."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Case
from bihuan.cases.models.clocked import Clocked
from bihuan.core.numbers import tracking_code
from bihuan.ledgers.models.campaign import Campaign, Team, remember_area
from bihuan.ledgers.models.ledger import Edition
from bihuan.territory.models import Area, Place, Pointed


class ItemState(models.TextChoices):
    OPEN = "open", pgettext_lazy("item", "under way")  # 办理中
    FINISHED = "finished", _("finished")  # 已完成
    DROPPED = "dropped", _("dropped")  # 已剔除: entered by mistake, twice, or not of this kind


class ItemQuerySet(models.QuerySet["Item"]):
    def locked(self, pk: int) -> "Item":
        """The item, held until the transaction ends: whoever comes second sees what the first one did.

        Held first and read then: beside a row that one has waited for would lie the team of before.
        """
        self.select_for_update().values_list("pk").get(pk=pk)
        return self.lean().get(pk=pk)

    def lean(self) -> "ItemQuerySet":
        """With what a rule asks for, and without what is long: definitions are remembered by the process."""
        return self.select_related(*NAMES).defer(*LONG)

    def with_names(self) -> "ItemQuerySet":
        """With everything that a list row or a rule asks for; its area it has anyway."""
        return self.lean().select_related("place", "responsible").defer(*LONG, "place__keys")

    def beside_campaign(self) -> "ItemQuerySet":
        """`with_names` for items asked of a campaign that is at hand: they know it without a join."""
        own = self.select_related("edition", "team", "place", "responsible")
        return own.defer("search", "edition__content", "place__keys")

    def open(self) -> "ItemQuerySet":
        return self.filter(state=ItemState.OPEN)


NAMES = ("campaign__edition", "edition", "team")
LONG = ("search", "campaign__edition__content", "edition__content")


class Item(Clocked, Pointed):
    """One plot, household, lane or firm. `step_code` is the code of the step that is to be done next.

    Who is `responsible` for it 包保责任 is one person; its team works on it with them. An item that was split
    分户 keeps its parts, and each part keeps where it comes from. `own_code` opens the file to the household
    itself. `path` lists the steps it has passed, `counts` what it adds to each figure now, so that a change
    moves figures by the difference. `grace_at` is when the grace period of a notice will be over.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="all_items")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name=_("place"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="items")
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.OPEN)
    step_code = models.CharField(max_length=60)
    path = ArrayField(models.CharField(max_length=60), default=list)
    remind_percent = models.PositiveSmallIntegerField(default=80)
    grace_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)  # by field, as `definition.check_answers` gives them
    counts = models.JSONField(default=dict)
    blocked_at = models.DateTimeField(null=True)
    blocked_why = models.CharField(max_length=200, blank=True)
    blocked_by_rule = models.BooleanField(default=False)  # the ledger says so of its answers, nobody did
    own_code = models.CharField(max_length=14, unique=True, default=tracking_code)
    source_key = models.CharField(max_length=120, blank=True)  # the row or draft it came with: once is once
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    search = SearchVectorField(null=True, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="ledgers_item_number"),
            models.UniqueConstraint(
                fields=["campaign", "source_key"], condition=~Q(source_key=""), name="ledgers_item_once"
            ),
            models.CheckConstraint(
                condition=(
                    Q(lon__isnull=True, lat__isnull=True)
                    | Q(
                        lon__isnull=False,
                        lat__isnull=False,
                        lon__range=(-180.0, 180.0),
                        lat__range=(-90.0, 90.0),
                    )
                ),
                name="ledgers_item_whole_point",
            ),
            models.CheckConstraint(
                condition=Q(blocked_at=None, blocked_why="")
                | (Q(blocked_at__isnull=False) & ~Q(blocked_why="")),
                name="ledgers_item_blocked_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "step_code", "due_at", "id", "area"],
                name="ledgers_item_board",
                condition=Q(state=ItemState.OPEN),
            ),
            models.Index(
                fields=["responsible", "due_at", "id"],
                name="ledgers_item_mine",
                condition=Q(state=ItemState.OPEN, responsible__isnull=False),
            ),
            models.Index(
                fields=["team", "due_at", "id"],
                name="ledgers_item_team",
                condition=Q(state=ItemState.OPEN, team__isnull=False),
            ),
            models.Index(
                fields=["campaign", "due_at", "id"],
                name="ledgers_item_due",
                condition=Q(state=ItemState.OPEN, due_at__isnull=False),
                include=["made_at"],  # a summary counts what is due without reading the items themselves
            ),
            models.Index(fields=["campaign", "-changed_at", "-id"], name="ledgers_item_changed"),
            models.Index(
                fields=["campaign", "blocked_at", "id"],
                name="ledgers_item_blocked",
                condition=Q(blocked_at__isnull=False),
            ),
            models.Index(fields=["campaign", "-id"], name="ledgers_item_newest"),
            models.Index(fields=["campaign", "place"], name="ledgers_item_place"),
            models.Index(fields=["step_at"], name="ledgers_item_next", condition=Q(step_at__isnull=False)),
            models.Index(fields=["grace_at"], name="ledgers_item_grace", condition=Q(grace_at__isnull=False)),
            GinIndex(fields=["search"], name="ledgers_item_search"),
            GinIndex(fields=["answers"], name="ledgers_item_answers", opclasses=["jsonb_path_ops"]),
            # A figure opens its items, also where few of very many add to it.
            GinIndex(KeyTransform("figures", "counts"), name="ledgers_item_adds"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} #{self.number}"

    @classmethod
    def from_db(cls, *row: Any, **how: Any) -> "Item":
        item = super().from_db(*row, **how)
        remember_area(item)
        return item

    @property
    def remind_share(self) -> float:
        return self.remind_percent / 100

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None

    @property
    def is_open(self) -> bool:
        return self.state == ItemState.OPEN


class Passage(models.Model):
    """One stay of an item in a step: who took it out of it, when, and whether forwards or back.

    What somebody “else than at step X” means is read here, and what a day's summary says was done. `left_for`
    is the absent person for whom a stand-in did it.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="passages")
    step = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    left_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    to_step = models.CharField(max_length=60, blank=True)
    back = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    inherited = models.BooleanField(default=False)  # of a part: from the item that was split
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(left_at=None), name="ledgers_passage_now"),
        ]
        indexes = [
            models.Index(fields=["item", "step"], name="ledgers_passage_of"),
            # A summary asks what was done since the last one.
            models.Index(
                fields=["left_at"],
                name="ledgers_passage_left",
                condition=Q(left_at__isnull=False, inherited=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.step}"


class Revision(models.Model):
    """What one change made of an item: the answers that changed, and where it stood after it.

    The answers of a moment are those of all revisions until then laid over each other; null takes one away.
    From these and the passages every figure can be recounted.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="revisions")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=ItemState)
    step_code = models.CharField(max_length=60)
    blocked = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)  # of a correction

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="ledgers_revision_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.item_id} {self.at}"


class LinkKind(models.TextChoices):
    OPENED = "opened", _("opened by a step")
    COMPLETES = "completes", _("completes a step")
    MENTIONED = "mentioned", _("belongs to it")


class CaseLink(models.Model):
    """An item and a case that have to do with each other, seen from both."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="case_links")
    case = models.ForeignKey(Case, models.PROTECT, related_name="item_links")
    kind = models.CharField(max_length=10, choices=LinkKind)
    step = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "case"], name="ledgers_caselink_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.case_id}"
