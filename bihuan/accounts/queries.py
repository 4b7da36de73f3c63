"""Reads about people, units, duties and leave, scoped to who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from bihuan.accounts import rules
from bihuan.accounts.models import Cover, Duty, DutyKind, Unit, User
from bihuan.core.clock import today
from bihuan.core.personal import blind_index, normal_phone
from bihuan.core.text import normalise
from bihuan.territory.models import Area


def holders(kind: str, *, area: Area | None = None, unit: Unit | None = None) -> QuerySet[User]:
    """People who hold this duty today for exactly this area or unit or one above it, stand-ins included."""
    day = today()
    duties = Duty.objects.in_force(day).filter(kind=kind, person__is_active=True)
    if area is not None:
        duties = duties.filter(area__in=_ids(area.path))
    if unit is not None:
        duties = duties.filter(unit__in=_ids(unit.path))
    return with_stand_ins(duties.values("person"))


def holders_at(kinds: Iterable[str], area: Area) -> QuerySet[User]:
    """People who hold one of these duties today for this very area, stand-ins included."""
    duties = Duty.objects.in_force(today()).filter(kind__in=kinds, area=area, person__is_active=True)
    return with_stand_ins(duties.values("person"))


def with_stand_ins(people: QuerySet[Any, Any]) -> QuerySet[User]:
    """These people, given by their keys, and whoever stands in for one of them today."""
    covers = Cover.objects.in_force(today()).filter(absent__in=people, absent__is_active=True)
    found = Q(pk__in=people) | Q(pk__in=covers.values("stand_in"))
    return User.objects.active().filter(found).order_by("name", "pk")


def _ids(path: str) -> list[int]:
    """The ids in a materialised path: the thing itself and everything above it."""
    return [int(part) for part in path.split("/") if part]


def people_visible_to(user: User) -> QuerySet[User]:
    """Whose account pages this person may open: an administrator their area's people, everybody their own."""
    if rules.administers(user):
        return User.objects.all()
    reached = [
        held.area.path for held in user.duties_now() if held.kind == DutyKind.ADMINISTRATOR and held.area
    ]
    if not reached:
        return User.objects.filter(pk=user.pk)
    duties = Duty.objects.not_over(today()).filter(person=OuterRef("pk"))
    within = Q()
    for path in reached:
        within |= Q(area__path__startswith=path) | Q(unit__area__path__startswith=path)
    opened = rules.opened_by(user).filter(subject_id=OuterRef("pk"))
    return User.objects.filter(
        Q(pk=user.pk) | Exists(duties.filter(within)) | (~Exists(duties) & Exists(opened))
    )


def people_listed_for(user: User, *, text: str = "", kind: str = "", closed: bool = False) -> QuerySet[User]:
    """The people list: found by part of the name, the sign-in name, or a whole phone number."""
    people = people_visible_to(user).filter(is_active=not closed)
    text = normalise(text)
    if text:
        found = Q(name__icontains=text) | Q(username__icontains=text.lower())
        phone = _phone(text)
        if phone:
            found |= Q(phone_index=blind_index(phone))
        people = people.filter(found)
    if kind in DutyKind.values:
        people = people.filter(
            Exists(Duty.objects.in_force(today()).filter(person=OuterRef("pk"), kind=kind))
        )
    current = Duty.objects.not_over(today()).with_places().order_by("pk")
    return people.prefetch_related(Prefetch("duties", queryset=current, to_attr="current_duties"))


def _phone(text: str) -> str:
    try:
        return normal_phone(text)
    except ValueError:
        return ""


def person_with_phone(phone: str) -> User | None:
    """The person whose phone this is, looked up without decrypting anybody's."""
    number = _phone(phone)
    return User.objects.with_phone(number).first() if number else None


def person_named(username: str) -> User | None:
    """The person with this sign-in name."""
    return User.objects.filter(username=username).first()


def unit_coded(code: str) -> Unit | None:
    """The unit with this code."""
    return Unit.objects.filter(code=code).first()


def duties_of(user: User, person: User) -> QuerySet[Duty]:
    """All duties of a person this user may see, present ones first."""
    visible = people_visible_to(user).filter(pk=person.pk)
    return (
        Duty.objects.filter(person__in=visible)
        .with_places()
        .select_related("person")
        .order_by("-ended_at", "-starts_on", "-pk")
    )


def covers_of(user: User, person: User) -> QuerySet[Cover]:
    """Leave that concerns a person this user may see, on either side, the latest first."""
    if person.pk != user.pk and not people_visible_to(user).filter(pk=person.pk).exists():
        return Cover.objects.none()
    return (
        Cover.objects.filter(Q(absent=person) | Q(stand_in=person))
        .select_related("absent", "stand_in")
        .order_by("-starts_on", "-pk")
    )


def duties_within_reach(user: User) -> QuerySet[Duty]:
    """Duties that belong to people this user may see."""
    return Duty.objects.filter(person__in=people_visible_to(user)).with_places().select_related("person")


def covers_within_reach(user: User) -> QuerySet[Cover]:
    """Leave of people this user may see, and leave for which they stand in."""
    return Cover.objects.filter(Q(absent__in=people_visible_to(user)) | Q(stand_in=user)).select_related(
        "absent", "stand_in"
    )


def stand_ins_for(person: User) -> QuerySet[User]:
    """Colleagues who could stand in: with a duty in the same units, or in the areas one step up."""
    own = Duty.objects.not_over(today()).filter(person=person).with_places()
    near = Q(pk__in=[])
    for duty in own:
        if duty.unit:
            near |= Q(unit__path__startswith=duty.unit.path)
        elif duty.area:
            above = duty.area.path.rstrip("/").rpartition("/")[0]
            near |= Q(area__path__startswith=f"{above}/" if above else duty.area.path)
    colleagues = Duty.objects.not_over(today()).filter(near)
    return (
        User.objects.active()
        .filter(pk__in=colleagues.values("person"))
        .exclude(pk=person.pk)
        .order_by("name", "pk")
    )


def units_visible_to(user: User) -> QuerySet[Unit]:
    """The directory of units: names of offices, open to everybody who works here."""
    if not (isinstance(user, User) and user.duties_now()):
        return Unit.objects.none()
    return Unit.objects.with_places()


def units_like(text: str, *, limit: int = 10) -> QuerySet[Unit]:
    """Units whose code is this text, or whose name contains it, the shortest names first."""
    text = normalise(text)
    return Unit.objects.filter(
        Q(code__iexact=text) | Q(name__icontains=text) | Q(name_en__icontains=text)
    ).order_by("path")[:limit]


@dataclass(frozen=True)
class Branch:
    """One line of the tree of units."""

    unit: Unit
    people: int

    @property
    def steps(self) -> range:
        """How far to indent."""
        return range(self.unit.depth)


def unit_tree(user: User) -> list[Branch]:
    """Every unit with how many people handle its work today, parents before their children."""
    units = list(units_visible_to(user))
    handlers: dict[int, set[int]] = {}
    rows = Duty.objects.in_force(today()).filter(unit__isnull=False, person__is_active=True)
    for unit_id, person_id in rows.values_list("unit_id", "person_id"):
        handlers.setdefault(unit_id or 0, set()).add(person_id)
    order = {unit.pk: unit.code for unit in units}
    units.sort(key=lambda unit: [order.get(pk, "") for pk in _ids(unit.path)])
    return [Branch(unit, len(handlers.get(unit.pk, ()))) for unit in units]


def people_of_unit(user: User, unit: Unit) -> QuerySet[Duty]:
    """Today's handlers of this unit, as far as the user may see them."""
    return (
        Duty.objects.in_force(today())
        .filter(unit=unit, person__in=people_visible_to(user))
        .select_related("person", "unit")
        .order_by("person__name", "pk")
    )


def nearest(word: str, known: list[str]) -> str:
    """The known spelling closest to a mistaken one, or nothing when none is close."""
    found = get_close_matches(word, known, n=1, cutoff=0.4)
    return found[0] if found else ""


@dataclass(frozen=True)
class OpenSession:
    """Where and since when a person is signed in."""

    key: str
    since: datetime
    ip: str
    device: str


def sessions_of(user: User) -> list[OpenSession]:
    """This person's open sessions, the newest first."""
    found = sorted(UserSession.objects.purge_and_list(user), key=lambda row: row.created_at, reverse=True)
    return [OpenSession(row.session_key, row.created_at, row.ip, device_of(row.user_agent)) for row in found]


BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Browser and system, as a person would name them; the raw text when neither is known."""
    names = [next((name for mark, name in known if mark in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, names)) or user_agent[:40]


def second_factors_of(person: User) -> QuerySet[Authenticator]:
    """What this person can prove themselves with besides the password."""
    return Authenticator.objects.filter(user=person).order_by("created_at")


def has_second_factor(person: User) -> bool:
    """Recovery codes alone do not count: they are the way back in, not a second factor."""
    return second_factors_of(person).exclude(type="recovery_codes").exists()


def workbook_rows(user: User) -> dict[str, Any]:
    """Units, people and duties in force, for the export."""
    return {
        "units": Unit.objects.with_places().order_by("path"),
        "people": people_visible_to(user).filter(is_active=True).order_by("pk"),
        "duties": Duty.objects.not_over(today())
        .filter(person__is_active=True, person__in=people_visible_to(user))
        .with_places()
        .select_related("person")
        .order_by("person_id", "pk"),
    }
