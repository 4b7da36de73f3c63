"""The case 案件: one problem on its way round the loop."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases.models.clocked import Clocked
from bihuan.cases.models.matter import Matter, Urgency
from bihuan.territory.models import Area, Place
from bihuan.territory.queries import all_areas, ids_within

if TYPE_CHECKING:
    from bihuan.accounts.models import User


class State(models.TextChoices):
    REPORTED = "reported", _("awaiting acceptance")  # 待受理
    VERIFYING = "verifying", _("awaiting verification")  # 待核实
    SELF_HANDLED = "self_handled", _("awaiting spot check")  # 待抽查
    FILED = "filed", _("awaiting assignment")  # 待交办
    ASSIGNED = "assigned", _("awaiting acknowledgement")  # 待签收
    HANDLING = "handling", _("in hand")  # 处置中
    SUSPENDED = "suspended", _("suspended")  # 缓办
    RESOLVED = "resolved", _("awaiting inspection")  # 待核查
    INSPECTED = "inspected", _("awaiting call-back")  # 待回访
    BACKLOG = "backlog", _("on the backlog")  # 挂账
    CLOSED = "closed", _("closed")  # 已结案
    DECLINED = "declined", _("not accepted")  # 不予受理
    WITHDRAWN = "withdrawn", _("withdrawn")  # 已撤回
    MERGED = "merged", _("merged")  # 已合并


FINISHED = (State.CLOSED, State.DECLINED, State.WITHDRAWN, State.MERGED)
OPEN = tuple(state for state in State if state not in FINISHED)
STANDING = (State.SUSPENDED, State.BACKLOG)  # open, and the clock stands still
AREAS = ("area", "desk", "subdistrict", "community")
WITH_UNIT = (State.ASSIGNED, State.HANDLING, *STANDING)


class Channel(models.TextChoices):
    WEB = "web", _("web page")
    GRID = "grid", _("grid worker")
    SHEET = "sheet", _("spreadsheet")
    DESK = "desk", _("intake desk")


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", _("satisfied")  # 满意
    FAIRLY = "fairly", _("fairly satisfied")  # 基本满意
    DISSATISFIED = "dissatisfied", _("dissatisfied")  # 不满意
    UNRATED = "unrated", _("not rated")  # 未评价, never counted as satisfied


class Extension(models.TextChoices):
    NONE = "", _("none")
    ASKED = "asked", _("asked for")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class Supervision(models.TextChoices):
    """How closely a case is watched 督办: it only ever rises until the case is closed."""

    NONE = "", _("none")
    ORDINARY = "ordinary", _("under supervision")  # 普通督办
    YELLOW = "yellow", _("yellow notice")  # 黄牌
    RED = "red", _("red notice")  # 红牌


class NumberTail(models.Func):
    """A number from its last digit to its first, without the check digit: what the index of ends holds."""

    template = "reverse(left(%(expressions)s, -2))"
    output_field = models.TextField()


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(state__in=OPEN)

    def within(self, area: Area) -> "CaseQuerySet":
        """Cases of an area and everything below it."""
        return self.filter(inside(area))

    def worked_on_by(self, user: "User | Any") -> "CaseQuerySet":
        """Cases that somebody's duties let them see; nothing for everybody else."""
        if not user.is_authenticated:
            return self.none()
        reached = _reached_by(user)
        return self if reached is None else self.filter(reached)

    def visible_to(self, user: "User | Any") -> "CaseQuerySet":
        """Cases that somebody's duties or own reports let them see; nothing for everybody else."""
        if not user.is_authenticated:
            return self.none()
        reached = _reached_by(user)
        own = Q(pk__in=models.Subquery(user.reports.values("case_id")))
        return self if reached is None else self.filter(reached | own)

    def locked(self, pk: int) -> "Case":
        """The case, held until the transaction ends: whoever comes second sees what the first one did.

        Held first and read then: beside a row that one has waited for would lie the unit of before.
        """
        self.select_for_update(of=("self",)).values_list("pk").get(pk=pk)
        return self.defer("search").select_related("unit").get(pk=pk)

    def with_names(self) -> "CaseQuerySet":
        """With everything that a list row or a rule asks for; its areas it has anyway."""
        return self.select_related("unit", "matter", "place").defer("search", "place__keys")


def _reached_by(user: "User | Any") -> Q | None:
    """The condition for cases within somebody's duties; None when those are all of them."""
    reached = Q(pk__in=())
    for held in user.duties_now():
        if held.unit is not None:
            reached |= Q(units__contains=[held.unit.pk])
        elif held.area is None or held.kind == "administrator":
            continue  # runs the installation; what residents wrote is none of its business
        elif held.area.kind == "district":
            return None
        else:
            reached |= inside(held.area)
    return reached


def inside(area: Area) -> Q:
    """The condition for cases of an area and everything below it, by the index of its level."""
    if area.kind == "district":
        return Q()
    if area.kind == "subdistrict":
        return Q(subdistrict=area.pk)
    if area.kind in ("community", "village"):
        return Q(community=area.pk)
    return Q(area__in=ids_within(area))


class Case(Clocked):
    """One problem. Its state, who holds it and until when are columns; everything else is its timeline.

    `units` are the units that work on it, lead and assisting, each with every unit above it: whom it shows
    itself to; `parts_open` counts the assisting ones that are not done. `climb_at` is when it goes one desk
    up, if it still waits at this one.
    """

    number = models.CharField(_("number"), max_length=24, unique=True)
    state = models.CharField(_("state"), max_length=14, choices=State, default=State.REPORTED)
    title = models.CharField(_("heading"), max_length=120)
    words = models.TextField(_("what was reported"))
    channel = models.CharField(max_length=10, choices=Channel)

    area = models.ForeignKey(Area, models.PROTECT, related_name="cases", verbose_name=_("area"))
    subdistrict = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    community = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    desk = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("desk"), db_index=False)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    is_outside = models.BooleanField(default=False)

    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, related_name="cases", verbose_name=_("matter"), db_index=False
    )
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, blank=True)
    promise = models.JSONField(default=dict)
    promised_at = models.DateTimeField(_("promised by"), null=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="cases", verbose_name=_("handling unit"), db_index=False
    )
    handlers = ArrayField(models.BigIntegerField(), default=list)

    units = ArrayField(models.BigIntegerField(), default=list)
    parts_open = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)

    climb_at = models.DateTimeField(null=True)
    on_site_due = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    contact_due = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)

    extension = models.CharField(max_length=8, choices=Extension, blank=True, default=Extension.NONE)
    extension_asked = models.PositiveIntegerField(default=0)
    resume_on = models.DateField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    reopened = models.BooleanField(default=False)
    suspensions = models.PositiveSmallIntegerField(default=0)
    supervision = models.CharField(max_length=8, choices=Supervision, blank=True, default=Supervision.NONE)
    agenda_on = models.DateField(null=True)
    whistled_at = models.DateTimeField(null=True)
    doubted_at = models.DateTimeField(null=True)
    waits_because = models.TextField(blank=True)
    call_attempts = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    handling_used = models.PositiveIntegerField(default=0)

    reported_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    resolution = models.TextField(_("what was done"), blank=True)
    reply = models.TextField(_("reply to the reporter"), blank=True)
    decline_reason = models.CharField(max_length=20, blank=True)
    satisfaction = models.CharField(max_length=12, choices=Satisfaction, blank=True)

    search = SearchVectorField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FINISHED) | Q(due_at__isnull=False), name="cases_case_open_has_deadline"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FINISHED) | Q(step_at=None, running_since=None),
                name="cases_case_finished_clock_stands",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_UNIT) | Q(unit__isnull=False), name="cases_case_held_by_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into=None)),
                name="cases_case_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed_at__isnull=False), name="cases_case_closed_at"
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None) | Q(lon__isnull=False, lat__isnull=False),
                name="cases_case_point_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["step_at"], name="cases_case_next_step", condition=Q(step_at__isnull=False)),
            models.Index(
                fields=["desk", "state", "due_at"], name="cases_case_on_desk", condition=Q(state__in=OPEN)
            ),
            models.Index(
                fields=["unit", "state", "due_at"], name="cases_case_at_unit", condition=Q(state__in=OPEN)
            ),
            models.Index(fields=["area", "state"], name="cases_case_in_grid", condition=Q(state__in=OPEN)),
            models.Index(fields=["due_at", "id"], name="cases_case_by_deadline", condition=Q(state__in=OPEN)),
            models.Index(fields=["subdistrict", "-id"], name="cases_case_by_subdistrict"),
            models.Index(fields=["community", "-id"], name="cases_case_by_community"),
            models.Index(fields=["unit", "-id"], name="cases_case_by_unit"),
            models.Index(fields=["matter", "-id"], name="cases_case_by_matter"),
            models.Index(fields=["climb_at"], name="cases_case_climbs", condition=Q(climb_at__isnull=False)),
            models.Index(
                fields=["on_site_due"],
                name="cases_case_on_site",
                condition=Q(on_site_due__isnull=False, arrived_at=None),
            ),
            models.Index(
                fields=["agenda_on"], name="cases_case_on_agenda", condition=Q(agenda_on__isnull=False)
            ),
            models.Index(
                fields=["lat", "lon"],
                name="cases_case_open_near",
                condition=Q(state__in=OPEN, lat__isnull=False),
            ),
            models.Index(
                fields=["resume_on", "id"], name="cases_case_on_backlog", condition=Q(state=State.BACKLOG)
            ),
            models.Index(fields=["reported_at", "id"], name="cases_case_by_day"),
            models.Index(
                fields=["state", "-id"],
                name="cases_case_set_aside",
                condition=Q(state__in=[state for state in FINISHED if state != State.CLOSED]),
            ),
            models.Index(fields=["place"], name="cases_case_at_place", condition=Q(place__isnull=False)),
            models.Index(
                fields=["merged_into"], name="cases_case_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(OpClass(NumberTail("number"), "text_pattern_ops"), name="cases_case_number_ends"),
            GinIndex(fields=["units"], name="cases_case_seen_by_units"),
            GinIndex(fields=["search"], name="cases_case_search"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @classmethod
    def from_db(cls, *row: Any, **how: Any) -> "Case":
        """Its areas come from memory: no list needs a join or a query for them."""
        case = super().from_db(*row, **how)
        known = all_areas()
        for name in AREAS:
            area = known.get(case.__dict__.get(f"{name}_id", 0))
            if area is not None:
                case._state.fields_cache[name] = area
        return case

    @property
    def place_in_words(self) -> str:
        """The place and the address; once, where they say the same: who picks a place leaves its name."""
        place = self.place.label if self.place else ""
        is_its_name = self.place is not None and self.address in (self.place.name, place)
        return " · ".join(filter(None, [place, "" if is_its_name else self.address]))

    @property
    def is_open(self) -> bool:
        return self.state not in FINISHED
