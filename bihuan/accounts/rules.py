"""Who may look after people, units, duties and leave. Decides, never writes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Cover, Duty, DutyKind, Held, Unit, User
from bihuan.audit.models import Entry, EntryQuerySet
from bihuan.core.clock import today
from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.territory.models import Area

MAX_SESSIONS = 5

# From the dispatcher's desk upwards a stolen password would open other people's cases.
SECOND_FACTOR_DUTIES = frozenset(
    {
        DutyKind.DISPATCHER,
        DutyKind.INSPECTOR,
        DutyKind.SUPERVISOR,
        DutyKind.LEADER,
        DutyKind.AUDITOR,
        DutyKind.ADMINISTRATOR,
    }
)


def held(user: Any, kind: str, *, area: Area | None = None, unit: Unit | None = None) -> Held | None:
    """`user.holds(…)`, also for visitors without an account."""
    return user.holds(kind, area=area, unit=unit) if isinstance(user, User) else None


def needs_second_factor(user: User) -> bool:
    """Whether this person's duties today ask for more than a password."""
    return settings.REQUIRE_MFA and any(duty.kind in SECOND_FACTOR_DUTIES for duty in user.duties_now())


def administers(user: Any, area: Area | None = None) -> Held | None:
    """The duty by which `user` looks after people of this area; without an area, of the whole district."""
    if not isinstance(user, User):
        return None
    for duty in user.duties_now():
        if duty.kind != DutyKind.ADMINISTRATOR or duty.area is None:
            continue
        if duty.reaches(area=area) if area is not None else duty.area.parent_id is None:
            return duty
    return None


def administers_somewhere(user: Any) -> Held | None:
    """The administrator's duty of `user`, wherever it is."""
    return held(user, DutyKind.ADMINISTRATOR)


def may(verb: str, subject: Any, by: User) -> Verdict:
    """Whether `by` may do `verb` to a person, unit, duty or cover as they now are."""
    return RULES[verb](subject, by)


def _not_administrator() -> Verdict:
    return no("accounts.not_administrator", _("Only the administrator of this area can do that."))


def _create_person(subject: None, by: User) -> Verdict:
    found = administers_somewhere(by)
    return yes(found) if found else _not_administrator()


def opened_by(user: User) -> EntryQuerySet:
    """The entries that say whose accounts this person has opened."""
    return Entry.objects.filter(verb="person.created", subject_type=User._meta.label_lower, by=user)


def _may_begin_with(person: User, by: User) -> bool:
    """Whether somebody may look after a person who has no duties."""
    return bool(administers(by)) or opened_by(by).filter(subject_id=person.pk).exists()


def _of_the_district() -> Verdict:
    return no(
        "person.of_the_district",
        _("This person has no duties in your area; ask the district's administrator."),
    )


def _look_after(person: User, by: User) -> Verdict:
    """An administrator reaches a person when they reach everything that person answers for.

    Whoever answers for nothing, a resident above all, is the district's to look after, and of the
    administrator who opened the account until it has its first duty.
    """
    found = administers_somewhere(by)
    if not found:
        return _not_administrator()
    duties = list(Duty.objects.not_over(today()).filter(person=person).with_places())
    if not duties and not _may_begin_with(person, by):
        return _of_the_district()
    for duty in duties:
        if not administers(by, _ground(duty.area, duty.unit)):
            return no(
                "person.beyond_your_area",
                _("This person has duties outside your area; ask the district's administrator."),
            )
    return yes(found)


def _change_person(person: User, by: User) -> Verdict:
    if not person.is_active:
        return no("person.inactive", _("This account has been closed."))
    return YES if person.pk == by.pk else _look_after(person, by)


def _administer_person(person: User, by: User) -> Verdict:
    if not person.is_active:
        return no("person.inactive", _("This account has been closed."))
    return _look_after(person, by)


def _deactivate_person(person: User, by: User) -> Verdict:
    verdict = _administer_person(person, by)
    if verdict and person.pk == by.pk:
        return no("person.yourself", _("You cannot close your own account; another administrator can."))
    if (
        verdict
        and _administers_district(person)
        and not _another_administrator(Duty.objects.exclude(person=person))
    ):
        return _last_administrator()
    return verdict


def _reactivate_person(person: User, by: User) -> Verdict:
    if person.is_active:
        return no("person.active", _("This account is open."))
    if person.erased_at:
        return no("person.erased", _("This person had their account erased. Open a new one instead."))
    return _look_after(person, by)


def _administer_unit(unit: Unit, by: User) -> Verdict:
    found = administers(by, unit.area)
    return yes(found) if found else _not_administrator()


def _give_duty(duty: Duty, by: User) -> Verdict:
    if not duty.person.is_active:
        return no("person.inactive", _("This account has been closed."))
    found = administers(by, _ground(duty.area, duty.unit))
    if not found:
        return _not_administrator()
    held = Duty.objects.not_over(today()).filter(person=duty.person)
    if not held.exists() and not _may_begin_with(duty.person, by):
        return _of_the_district()
    if duty.ends_on and duty.ends_on < today():
        return no("duty.in_the_past", _("The last day lies in the past."))
    same = Duty.objects.not_over(duty.starts_on).filter(
        person=duty.person, kind=duty.kind, area=duty.area, unit=duty.unit
    )
    if duty.ends_on:
        same = same.filter(starts_on__lte=duty.ends_on)
    if same.exists():
        return no("duty.already_held", _("This person already has this duty in these days."))
    return yes(found)


def _end_duty(duty: Duty, by: User) -> Verdict:
    found = administers(by, _ground(duty.area, duty.unit))
    if not found:
        return _not_administrator()
    if duty.is_over:
        return no("duty.over", _("This duty has already ended."))
    if _is_district_administration(duty) and not _another_administrator(Duty.objects.exclude(pk=duty.pk)):
        return _last_administrator()
    return yes(found)


def _arrange_cover(cover: Cover, by: User) -> Verdict:
    if cover.absent_id == cover.stand_in_id:
        return no("cover.oneself", _("Nobody can stand in for themselves."))
    verdict = YES if cover.absent_id == by.pk else _look_after(cover.absent, by)
    if not verdict:
        return no(
            "cover.not_yours", _("Only the absent person or their administrator can arrange this cover.")
        )
    if not (cover.absent.is_active and cover.stand_in.is_active):
        return no("person.inactive", _("This account has been closed."))
    if cover.ends_on < today():
        return no("cover.in_the_past", _("The last day lies in the past."))
    meanwhile = Cover.objects.overlapping(cover.starts_on, cover.ends_on)
    if meanwhile.filter(absent=cover.absent, stand_in=cover.stand_in).exists():
        return no("cover.already_arranged", _("This cover is already arranged in these days."))
    if meanwhile.filter(absent=cover.stand_in).exists():
        return no("cover.stand_in_away", _("The stand-in is away on these days; cover is not passed on."))
    return verdict


def _cancel_cover(cover: Cover, by: User) -> Verdict:
    verdict = YES if by.pk in (cover.absent_id, cover.stand_in_id) else _look_after(cover.absent, by)
    if not verdict:
        return no(
            "cover.not_yours",
            _("Only the two people concerned or their administrator can cancel this cover."),
        )
    if cover.is_over:
        return no("cover.over", _("This cover has already ended."))
    return verdict


def _own_account(person: User, by: User) -> Verdict:
    if person.pk != by.pk:
        return no("person.not_you", _("Everybody does this for their own account."))
    return YES


def _erase_account(person: User, by: User) -> Verdict:
    if person.pk != by.pk:
        return no("person.not_you", _("Everybody does this for their own account."))
    if not person.is_active:
        return no("person.inactive", _("This account has been closed."))
    if Duty.objects.not_over(today()).filter(person=person).exists():
        return no(
            "person.has_duties",
            _("You still hold duties. Once an administrator has ended them, you can erase the account."),
        )
    return YES


def _import(subject: None, by: User) -> Verdict:
    found = administers(by)
    return (
        yes(found)
        if found
        else no(
            "accounts.not_district_administrator",
            _("Only an administrator of the whole district can do that."),
        )
    )


def _last_administrator() -> Verdict:
    return no("accounts.last_administrator", _("At least one administrator of the district must remain."))


def _is_district_administration(duty: Duty) -> bool:
    return duty.kind == DutyKind.ADMINISTRATOR and duty.area is not None and duty.area.parent_id is None


def _administers_district(person: User) -> bool:
    return any(
        _is_district_administration(duty)
        for duty in Duty.objects.not_over(today())
        .filter(person=person, kind=DutyKind.ADMINISTRATOR)
        .select_related("area")
    )


def _another_administrator(duties: Any) -> bool:
    """Whether among these duties somebody stays administrator of the district without an end in sight."""
    return bool(
        duties.in_force(today())
        .filter(kind=DutyKind.ADMINISTRATOR, area__parent=None, ends_on=None, person__is_active=True)
        .exists()
    )


def _ground(area: Area | None, unit: Unit | None) -> Area | None:
    """The area in which an administrator must sit to decide about this place; None for the district."""
    return area if unit is None else unit.area


RULES: dict[str, Callable[[Any, User], Verdict]] = {
    "create_person": _create_person,
    "change_person": _change_person,
    "rename_person": _administer_person,
    "set_password": _administer_person,
    "reset_second_factors": _administer_person,
    "deactivate_person": _deactivate_person,
    "reactivate_person": _reactivate_person,
    "create_unit": _administer_unit,
    "change_unit": _administer_unit,
    "give_duty": _give_duty,
    "end_duty": _end_duty,
    "arrange_cover": _arrange_cover,
    "cancel_cover": _cancel_cover,
    "sign_out_everywhere": _own_account,
    "set_language": _own_account,
    "change_own_password": _own_account,
    "note_sign_in": _own_account,
    "erase_account": _erase_account,
    "import_people": _import,
}


def covers_scope(present: Collection[str], kept: Collection[str]) -> bool:
    """Whether all that somebody saw by `kept` is seen by `present` still.

    Both are words like “area 1/5/”: what lies within begins with what holds it.
    """
    return all(any(part.startswith(own) for own in present) for part in kept)
