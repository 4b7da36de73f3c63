"""People, the units they work in, the duties they hold and who stands in for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import now, today
from bihuan.core.models import Named
from bihuan.core.personal import EncryptedText, blind_index, mask_phone, normal_phone
from bihuan.territory.models import Area

if TYPE_CHECKING:
    from collections.abc import Iterable

# Each language under its own name, so that nobody has to read the other one to find theirs.
LANGUAGE_NAMES = [("zh-hans", "中文"), ("en", "English")]


class DutyKind(models.TextChoices):
    GRID_WORKER = "grid_worker", _("Grid worker")
    CLERK = "clerk", _("Intake clerk")
    DISPATCHER = "dispatcher", _("Dispatcher")
    HANDLER = "handler", _("Handler")
    INSPECTOR = "inspector", _("Inspector")
    SUPERVISOR = "supervisor", _("Supervisor")
    LEADER = "leader", _("Leader")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class UnitKind(models.TextChoices):
    DISTRICT = "district", _("District")
    DEPARTMENT = "department", _("Department")
    SUBDISTRICT = "subdistrict", _("Subdistrict office")
    COMMUNITY = "community", _("Community committee")
    OPERATOR = "operator", _("Network or utility operator")
    PROPERTY_COMPANY = "property_company", _("Property company")
    HOSPITAL = "hospital", _("Medical institution")
    OTHER = "other", _("Other unit")


def default_language() -> str:
    """What an installation speaks when a person has not chosen."""
    return settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Held:
    """A duty somebody can use today: their own, or that of a person they stand in for."""

    kind: str
    area: Area | None
    unit: Unit | None
    on_behalf_of: User | None = None

    @property
    def kind_label(self) -> str:
        return str(DutyKind(self.kind).label)

    @property
    def place(self) -> Area | Unit:
        """Where the duty holds: an area, or for handlers a unit."""
        place = self.area or self.unit
        assert place is not None
        return place

    def reaches(self, *, area: Area | None = None, unit: Unit | None = None) -> bool:
        """Whether the duty extends to this area or unit; with neither named, it does."""
        if area is not None and not (self.area and area.path.startswith(self.area.path)):
            return False
        return not (unit is not None and not (self.unit and unit.path.startswith(self.unit.path)))


class PersonQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def locked(self, pk: int) -> User:
        """This person's row, held until the transaction ends. What they do elsewhere meanwhile may name them:
        it would wait here with what it holds, and this for what it holds.
        """
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def with_phone(self, phone: str) -> Self:
        return self.filter(phone_index=blind_index(phone))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Finds people by sign-in name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """A person with an account. What they may do follows from their duties alone."""

    username = models.CharField(
        _("sign-in name"),
        max_length=64,
        unique=True,
        validators=[
            RegexValidator(
                r"^(?!\+?\d+$)[\w.@-]+$",
                _("Letters, digits and . - _ @ only, and not digits alone."),
            )
        ],
    )
    name = models.CharField(_("full name"), max_length=64)
    phone: Any = EncryptedText(_("phone"), null=True, blank=True)
    phone_index = models.BinaryField(null=True, unique=True, editable=False)
    language = models.CharField(
        _("language"), max_length=10, choices=LANGUAGE_NAMES, default=default_language
    )
    is_active = models.BooleanField(_("active"), default=True)
    password_is_temporary = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=Q(phone__isnull=True, phone_index__isnull=True)
                | Q(phone__isnull=False, phone_index__isnull=False),
                name="accounts_phone_with_index",
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="accounts_person_by_name")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return str(_("erased account")) if self.erased_at else self.name

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone) if self.phone else ""

    def write_phone(self, phone: str) -> None:
        """Set the phone and its blind index together; an empty phone clears both."""
        self.phone = normal_phone(phone) if phone else None
        self.phone_index = blind_index(self.phone) if self.phone else None

    def duties_now(self) -> list[Held]:
        """What this person may act as today: own duties, then those of people they stand in for."""
        return self._found_today()[0]

    def acts_for(self) -> dict[int, User | None]:
        """Who this person may act as today, by key: themselves (None), and whoever they stand in for."""
        return self._found_today()[1]

    def _found_today(self) -> Today:
        if self.__dict__.get("_duties", [None])[0] != today():
            remember_duties([self])
        found: Today = self.__dict__["_duties"][1]
        return found

    def holds(self, kind: str, *, area: Area | None = None, unit: Unit | None = None) -> Held | None:
        """The duty by which this person may act as `kind` there today, own duties before borrowed ones."""
        for held in self.duties_now():
            if held.kind == kind and held.reaches(area=area, unit=unit):
                return held
        return None

    def forget_duties(self) -> None:
        """Make the next question read the duties anew."""
        self.__dict__.pop("_duties", None)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.forget_duties()
        super().refresh_from_db(*args, **kwargs)


Today = tuple[list[Held], dict[int, User | None]]  # what somebody may act as, and for whom


def remember_duties(people: Iterable[User]) -> None:
    """Read what these people may act as today, in two queries however many they are."""
    day = today()
    by_pk = {person.pk: person for person in people}
    covers = Cover.objects.in_force(day).filter(stand_in__in=by_pk, absent__is_active=True)
    stands_in: dict[int, list[Cover]] = {}
    acts_for: dict[int, dict[int, User | None]] = {pk: {pk: None} for pk in by_pk}
    for cover in covers.select_related("absent").order_by("pk"):
        stands_in.setdefault(cover.absent_id, []).append(cover)
        acts_for[cover.stand_in_id].setdefault(cover.absent_id, cover.absent)
    duties = Duty.objects.in_force(day).filter(person_id__in=[*by_pk, *stands_in]).with_places()
    own: dict[int, list[Held]] = {pk: [] for pk in by_pk}
    borrowed: dict[int, list[Held]] = {pk: [] for pk in by_pk}
    for duty in duties.order_by("pk"):
        if duty.person_id in by_pk:
            own[duty.person_id].append(Held(duty.kind, duty.area, duty.unit))
        for cover in stands_in.get(duty.person_id, ()):
            borrowed[cover.stand_in_id].append(Held(duty.kind, duty.area, duty.unit, cover.absent))
    for pk, person in by_pk.items():
        found = (own[pk] + borrowed[pk], acts_for[pk]) if person.is_active else ([], {})
        person.__dict__["_duties"] = day, found


class UnitQuerySet(models.QuerySet["Unit"]):
    def locked(self, pk: int) -> Unit:
        """This unit's row, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def with_places(self) -> Self:
        """The unit above and the area in the same query, without the area's long boundary."""
        return self.select_related("area", "parent").defer("area__boundary", "area__keys")

    def within(self, unit: Unit) -> Self:
        """The unit itself and everything below it."""
        return self.filter(path__startswith=unit.path)


class Unit(Named):
    """An office, company or institution that work is given to, in a tree."""

    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    code = models.CharField(_("code"), max_length=32, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("above it")
    )
    path = models.TextField(editable=False, default="")
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("where it sits")
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="accounts_unit_not_own_parent"
            ),
        ]
        indexes = [models.Index(fields=["path"], name="accounts_unit_path", opclasses=["text_pattern_ops"])]

    @property
    def depth(self) -> int:
        """How many units stand above this one."""
        return self.path.count("/") - 1

    def covers(self, other: Unit) -> bool:
        """Whether the other unit is this one or stands below it."""
        return other.path.startswith(self.path)


class DutyQuerySet(models.QuerySet["Duty"]):
    def locked(self, pk: int) -> Duty:
        """This duty's row, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def in_force(self, day: date) -> Self:
        """Duties that count on this day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, ended_at=None)

    def with_places(self) -> Self:
        """Area and unit in the same query, without the areas' long boundaries."""
        return self.select_related("area", "unit__area").defer(
            "area__boundary", "area__keys", "unit__area__boundary", "unit__area__keys"
        )

    def not_over(self, day: date) -> Self:
        """Duties that count on this day or will later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), ended_at=None)


class Duty(models.Model):
    """One thing a person answers for: a kind of work, for an area or (handlers) in a unit."""

    person = models.ForeignKey(User, models.PROTECT, related_name="duties", verbose_name=_("person"))
    kind = models.CharField(_("duty"), max_length=20, choices=DutyKind)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name=_("area")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name=_("unit")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=DutyKind.HANDLER, unit__isnull=False, area__isnull=True)
                | (~Q(kind=DutyKind.HANDLER) & Q(unit__isnull=True, area__isnull=False)),
                name="accounts_duty_handler_in_unit_others_in_area",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="accounts_duty_dates_ordered",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="accounts_duty_ended_at_with_by",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "starts_on"], name="accounts_duty_by_person"),
            models.Index(fields=["kind", "area"], name="accounts_duty_by_kind_area"),
            models.Index(fields=["kind", "unit"], name="accounts_duty_by_kind_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.place.label}"

    @property
    def place(self) -> Area | Unit:
        """Where the duty holds: an area, or for handlers a unit."""
        place = self.area or self.unit
        assert place is not None
        return place

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or (self.ends_on is not None and self.ends_on < today())


class CoverQuerySet(models.QuerySet["Cover"]):
    def locked(self, pk: int) -> Cover:
        """This cover's row, held until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)

    def in_force(self, day: date) -> Self:
        """Covers that count on this day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, cancelled_at=None)

    def not_over(self, day: date) -> Self:
        """Covers that count on this day or will later."""
        return self.filter(ends_on__gte=day, cancelled_at=None)

    def overlapping(self, starts_on: date, ends_on: date) -> Self:
        """Covers that share at least one day with this span."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on, cancelled_at=None)


class Cover(models.Model):
    """Leave: for some days one person may do what another answers for."""

    absent = models.ForeignKey(User, models.PROTECT, related_name="covers", verbose_name=_("away"))
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="stands_in", verbose_name=_("stand-in"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = CoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave cover")
        verbose_name_plural = _("leave covers")
        constraints = [
            models.CheckConstraint(condition=~Q(absent=F("stand_in")), name="accounts_cover_not_oneself"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="accounts_cover_dates_ordered"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="accounts_cover_cancelled_at_with_by",
            ),
        ]
        indexes = [
            models.Index(fields=["stand_in", "ends_on"], name="accounts_cover_by_stand_in"),
            models.Index(fields=["absent", "ends_on"], name="accounts_cover_by_absent"),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in} ← {self.absent}"

    @property
    def is_over(self) -> bool:
        return self.cancelled_at is not None or self.ends_on < today()
