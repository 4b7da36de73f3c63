"""Changing the matter catalogue: what is handled, by whom, within which limits."""

from io import BytesIO
from typing import Any, BinaryIO, TypedDict, Unpack

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit, User
from bihuan.audit import record
from bihuan.cases import catalogue_book, rules
from bihuan.cases.models import Matter, Responsibility
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import Verdict, no
from bihuan.territory.models import Area

NAMES = ("code", "name", "name_en")
TEXTS = ("filing_standard", "closing_standard", "keywords")


class MatterFields(TypedDict, total=False):
    """What can be said about a matter; what is left out stays as it is."""

    parent: Matter | None
    code: str
    name: str
    name_en: str
    urgency: str
    assign_limit: str
    acknowledge_limit: str
    resolve_limit: str
    self_handled: bool
    spot_check_share: int
    needs_before_photo: bool
    needs_after_photo: bool
    filing_standard: str
    closing_standard: str
    keywords: str


@transaction.atomic
def create_matter(*, by: Any, **fields: Unpack[MatterFields]) -> Matter:
    """Add a matter: from now on cases can be filed under it. Without a code it gets the next free one."""
    _hold_catalogue()
    verdict = rules.may_change_catalogue(by).enforce()
    matter = Matter()
    _write(matter, fields)
    _check(matter)
    return _create(matter, by=by, verdict=verdict)


@transaction.atomic
def revise_matter(matter: Matter, *, by: Any, **fields: Unpack[MatterFields]) -> Matter:
    """Change what the catalogue says. Cases filed before keep what they were promised."""
    matter = _held(matter)
    verdict = rules.may_change_catalogue(by).enforce()
    _refuse_retired(matter)
    before = _stored(matter)
    _write(matter, fields)
    _check(matter)
    return _revise(matter, before, by=by, verdict=verdict)


@transaction.atomic
def retire_matter(matter: Matter, *, by: Any) -> Matter:
    """Take a matter out of use: nothing more is filed under it; open cases go on to their end."""
    matter = _held(matter)
    verdict = rules.may_change_catalogue(by).enforce()
    _refuse_retired(matter)
    if matter.children.filter(retired_at=None).exists():
        no("matter.has_parts", _("Retire the matters below it first.")).enforce()
    matter.retired_at = now()
    matter.save(update_fields=["retired_at"])

    record("matter.retired", matter, by=by, on_behalf_of=verdict.on_behalf_of, code=matter.code)
    return matter


@transaction.atomic
def restore_matter(matter: Matter, *, by: Any) -> Matter:
    """Bring a retired matter back into use, as it was."""
    matter = _held(matter)
    verdict = rules.may_change_catalogue(by).enforce()
    if matter.retired_at is None:
        no("matter.in_use", _("This matter is in use.")).enforce()
    matter.retired_at = None
    _check(matter)
    matter.save(update_fields=["retired_at"])

    record("matter.restored", matter, by=by, on_behalf_of=verdict.on_behalf_of, code=matter.code)
    return matter


@transaction.atomic
def name_unit(matter: Matter, *, area: Area, unit: Unit | None, by: Any) -> Responsibility | None:
    """Say which unit answers for a matter, and all below it, in an area; None: nobody is named there."""
    matter = _held(matter)
    verdict = rules.may_change_catalogue(by).enforce()
    _refuse_retired(matter)
    if unit is not None and area.retired_at is not None:
        no("matter.area_retired", _("This area no longer exists.")).enforce()
    return _name_unit(matter, area=area, unit=unit, by=by, verdict=verdict)


@transaction.atomic
def import_catalogue(file: BinaryIO | bytes, *, by: Any, name: str = "") -> catalogue_book.Plan:
    """Take over a workbook's matters, all or none; what the workbook does not mention stays as it is."""
    _hold_catalogue()
    verdict = rules.may_change_catalogue(by).enforce()
    content = BytesIO(file) if isinstance(file, bytes) else file
    name = name or str(getattr(content, "name", "")) or "catalogue.xlsx"
    plan = catalogue_book.read_plan(content, name)
    if plan.faults:
        no("matter.import_faulty", _("Some rows have errors; nothing was imported.")).enforce()

    matters: dict[int, Matter] = {}  # by the identity of the line
    for line in plan.in_order():
        matter = line.existing or Matter()
        fields: dict[str, Any] = {**line.values, "code": line.code, "name": line.name}
        if line.places:
            fields["parent"] = matters[id(line.parent)] if line.parent else None
        if line.outcome != "same":
            before = _stored(matter)
            _write(matter, fields)
            matter = (
                _create(matter, by=by, verdict=verdict)
                if line.existing is None
                else _revise(matter, before, by=by, verdict=verdict)
            )
        matters[id(line)] = matter
        for area, unit in line.unit_changes:
            _name_unit(matter, area=area, unit=unit, by=by, verdict=verdict)

    if plan.changes:
        counts = {outcome: plan.count(outcome) for outcome in ("new", "changed", "same")}
        person = User.objects.locked(by.pk)
        record(
            "matter.catalogue_imported", person, by=by, on_behalf_of=verdict.on_behalf_of, file=name, **counts
        )
    return plan


# -- what several of them do ----------------------------------------------------------------------------


def _hold_catalogue() -> None:
    """Two changes at once could tie the tree into a ring or make a code twice, so they queue up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('cases.catalogue', 0))")


def _held(matter: Matter) -> Matter:
    _hold_catalogue()
    return Matter.objects.select_for_update(of=("self",)).select_related("parent").get(pk=matter.pk)


def _refuse_retired(matter: Matter) -> None:
    if matter.retired_at is not None:
        no("matter.retired", _("This matter has been retired.")).enforce()


def _stored(matter: Matter) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(matter, name) for name in catalogue_book.FIELDS}
    values["parent"] = matter.parent.code if matter.parent else ""
    return values


def _write(matter: Matter, fields: MatterFields | dict[str, Any]) -> None:
    for name, value in fields.items():
        if name in NAMES:
            value = " ".join(clean(str(value)).split())
        elif name in TEXTS:
            value = clean(str(value))
        setattr(matter, name, value)
    if not matter.code:
        matter.code = catalogue_book.next_code(
            matter.parent.code if matter.parent else "", set(Matter.objects.values_list("code", flat=True))
        )


def _check(matter: Matter) -> None:
    """Refuse what would make the catalogue ambiguous; shape alone raises a ValidationError."""
    matter.clean_fields(exclude=["parent"])
    catalogue_book.check_limits(matter)
    others = Matter.objects.exclude(pk=matter.pk)
    if others.filter(code=matter.code).exists():
        no("matter.code_taken", _("Another matter has this code.")).enforce()
    if others.filter(parent=matter.parent, name=matter.name, retired_at=None).exists():
        no("matter.name_taken", _("There is already a matter of this name in the same place.")).enforce()
    if matter.parent is None:
        return
    if matter.parent.retired_at is not None:
        no("matter.parent_retired", _("The matter above it has been retired.")).enforce()
    above = dict(Matter.objects.values_list("pk", "parent_id"))
    step: int | None = matter.parent.pk
    while step is not None and matter.pk is not None:
        if step == matter.pk:
            no("matter.ring", _("A matter cannot stand under itself or under a matter below it.")).enforce()
        step = above.get(step)


def _create(matter: Matter, *, by: Any, verdict: Verdict) -> Matter:
    matter.save(force_insert=True)
    record(
        "matter.created",
        matter,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        code=matter.code,
        name=matter.name,
        parent=matter.parent.code if matter.parent else "",
    )
    return matter


def _revise(matter: Matter, before: dict[str, Any], *, by: Any, verdict: Verdict) -> Matter:
    after = _stored(matter)
    # Every value before and after: the trail must show what people were promised when.
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        matter.save(update_fields=list(changed))
        record(
            "matter.revised",
            matter,
            by=by,
            on_behalf_of=verdict.on_behalf_of,
            code=matter.code,
            changed=changed,
        )
    return matter


def _name_unit(
    matter: Matter, *, area: Area, unit: Unit | None, by: Any, verdict: Verdict
) -> Responsibility | None:
    known = Responsibility.objects.filter(matter=matter, area=area).select_related("unit").first()
    before = known.unit if known else None
    if before == unit:
        return known
    if unit is None:
        assert known is not None
        known.delete()
        named = None
    else:
        named, _created = Responsibility.objects.update_or_create(
            matter=matter, area=area, defaults={"unit": unit}
        )
    record(
        "matter.unit_named" if unit else "matter.unit_dropped",
        matter,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        area=area,
        was=before.code if before else "",
        unit=unit.code if unit else "",
    )
    return named
