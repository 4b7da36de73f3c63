"""Where things are: the tree of areas with boundaries, the places in them, the district's calendar."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core.models import Named


class AreaKind(models.TextChoices):
    DISTRICT = "district", pgettext_lazy("area", "District")
    SUBDISTRICT = "subdistrict", _("Subdistrict")
    COMMUNITY = "community", _("Community")
    VILLAGE = "village", _("Village")
    GRID = "grid", _("Grid")
    MICROGRID = "microgrid", _("Micro-grid")


class PlaceKind(models.TextChoices):
    COMPOUND = "compound", _("Compound")
    BUILDING = "building", _("Building")
    HOUSEHOLD = "household", _("Household")
    LANE = "lane", _("Lane")
    SITE = "site", _("Site")


def _point_checks(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            name=f"{name}_whole_point",
            condition=Q(lon__isnull=True, lat__isnull=True)
            | Q(lon__isnull=False, lat__isnull=False, lon__range=(-180.0, 180.0), lat__range=(-90.0, 90.0)),
        )
    ]


class Searchable(models.Model):
    """Found by part of a name or alias, by pinyin and by initials. Actions keep the search columns."""

    aliases = ArrayField(
        models.CharField(max_length=120), verbose_name=_("also called"), default=list, blank=True
    )
    pinyin = models.TextField(editable=False, default="", blank=True)
    initials = models.TextField(editable=False, default="", blank=True)
    keys = SearchVectorField(editable=False, null=True)

    class Meta:
        abstract = True


class Pointed(models.Model):
    """Has a point on the map, in WGS-84."""

    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def point(self) -> tuple[float, float] | None:
        """(lon, lat), or None."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


class AreaQuerySet(models.QuerySet["Area"]):
    def current(self) -> AreaQuerySet:
        """Areas that still exist."""
        return self.filter(retired_at__isnull=True)

    def within(self, area: Area) -> AreaQuerySet:
        """The area itself and everything below it."""
        return self.filter(path__startswith=area.path)

    def light(self) -> AreaQuerySet:
        """Without the boundaries, which are long."""
        return self.defer("boundary", "keys")

    def locked(self, pk: int) -> Area:
        return self.select_for_update(of=("self",)).get(pk=pk)


class Area(Named, Searchable, Pointed):
    """A piece of the district, from the district itself down to the micro-grid.

    `path` lists the ids from the district down to this area ("1/5/33/"): an area lies within another when its
    path begins with the other's. `lon`, `lat` say where the name is written on a map.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=AreaKind)
    code = models.CharField(_("code"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("lies in")
    )
    path = models.TextField(editable=False)
    boundary = models.JSONField(_("boundary"), null=True, blank=True)
    has_desk = models.BooleanField(_("has an intake desk"), default=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            models.CheckConstraint(name="territory_area_kind", condition=Q(kind__in=AreaKind.values)),
            models.CheckConstraint(
                name="territory_area_root_is_the_district",
                condition=Q(kind="district", parent__isnull=True)
                | (~Q(kind="district") & Q(parent__isnull=False)),
            ),
            models.UniqueConstraint(
                name="territory_area_one_district", fields=["kind"], condition=Q(kind="district")
            ),
            models.CheckConstraint(
                name="territory_area_path_ends_here",
                condition=Q(path__endswith=Concat(Cast(F("id"), TextField()), Value("/"))),
            ),
            models.CheckConstraint(name="territory_area_code_given", condition=~Q(code="")),
            *_point_checks("territory_area"),
        ]
        indexes = [
            models.Index(fields=["path"], name="territory_area_path", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["keys"], name="territory_area_keys"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ids(self) -> list[int]:
        """Ids from the district down to this area."""
        return [int(part) for part in self.path.split("/") if part]

    @property
    def depth(self) -> int:
        """0 for the district, 1 for what lies directly in it."""
        return self.path.count("/") - 1

    def covers(self, other: Area) -> bool:
        """Whether the other area is this one or lies in it."""
        return other.path.startswith(self.path)

    def is_within(self, other: Area) -> bool:
        return other.covers(self)

    def ancestors(self) -> list[Area]:
        """The areas this one lies in, from the district downwards."""
        return list(Area.objects.light().filter(pk__in=self.ids[:-1]).order_by("path"))


class PlaceQuerySet(models.QuerySet["Place"]):
    def within(self, area: Area) -> PlaceQuerySet:
        return self.filter(area__path__startswith=area.path)

    def locked(self, pk: int) -> Place:
        return self.select_for_update(of=("self",)).get(pk=pk)


class Place(Named, Searchable, Pointed):
    """Somewhere with a name: a compound, a building in it, a household, a lane, any other site."""

    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind)
    area = models.ForeignKey(Area, models.PROTECT, related_name="places", verbose_name=_("area"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.CheckConstraint(name="territory_place_kind", condition=Q(kind__in=PlaceKind.values)),
            models.CheckConstraint(
                name="territory_place_not_part_of_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
            ),
            *_point_checks("territory_place"),
        ]
        indexes = [
            GinIndex(fields=["keys"], name="territory_place_keys"),
            models.Index(fields=["area", "name"], name="territory_place_by_area"),
            models.Index(fields=["name"], name="territory_place_name", opclasses=["text_pattern_ops"]),
            models.Index(fields=["pinyin"], name="territory_place_pinyin", opclasses=["text_pattern_ops"]),
            models.Index(
                fields=["initials"], name="territory_place_initials", opclasses=["text_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceFacts(models.Model):
    """What is known of a place beside where it is: counted once, corrected here, asked for nowhere else."""

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="facts")
    households = models.PositiveIntegerField(_("number of households"), null=True, blank=True)
    buildings = models.PositiveIntegerField(_("number of buildings"), null=True, blank=True)
    built_in = models.PositiveSmallIntegerField(_("built in the year"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.place_id}"


FACTS = ("households", "buildings", "built_in")
FACT_BOUNDS = {"households": (0, 1_000_000), "buildings": (0, 100_000), "built_in": (1000, 2200)}


class OfficeHours(models.Model):
    """The hours of a normal working day from a day onwards, until the next such row.

    `spans` is [["08:30", "12:00"], ["14:30", "18:00"]]. A district that has none keeps the usual ones.
    """

    starts_on = models.DateField(_("in force from"), unique=True)
    spans = models.JSONField(_("hours"))

    class Meta:
        ordering = ["starts_on"]
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")

    def __str__(self) -> str:
        return f"{self.starts_on}: " + ", ".join("–".join(span) for span in self.spans)

    def lines(self) -> list[str]:
        """Each span as a person writes it."""
        return ["–".join(span) for span in self.spans]


class CalendarDay(models.Model):
    """A day on which the district decides otherwise than the official calendar."""

    day = models.DateField(_("day"), unique=True)
    works = models.BooleanField(_("is a working day"))
    name = models.CharField(_("name"), max_length=60)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = _("calendar exception")
        verbose_name_plural = _("calendar exceptions")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
