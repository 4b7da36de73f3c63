"""Ledgers and their editions: who keeps which, and what moving an item to another edition would mean."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from bihuan.core.paging import Page, page_of
from bihuan.files.models import Attachment
from bihuan.files.queries import attachments_by_subject
from bihuan.ledgers import rules
from bihuan.ledgers.definition import Definition, changes, check_answers, digest, from_json
from bihuan.ledgers.definition.changes import Change
from bihuan.ledgers.models import Campaign, Edition, Item, Ledger
from bihuan.territory.models import Area, AreaKind, AreaQuerySet
from bihuan.territory.queries import areas_in_tree

# Where ledgers are kept and campaigns made; a grid is too small for either.
KEPT_KINDS = (AreaKind.DISTRICT, AreaKind.SUBDISTRICT, AreaKind.COMMUNITY, AreaKind.VILLAGE)

RETIRED = "retired"  # the filter of the list


def ledgers_for(user: Any) -> QuerySet[Ledger]:
    """The ledgers of the areas in which somebody keeps ledgers, and those of the areas above: to be used."""
    return _ledgers_near(user).filter(retired_at=None)


def ledgers_retired(user: Any) -> QuerySet[Ledger]:
    """Those among them that are offered for no new campaign any more."""
    return _ledgers_near(user).filter(retired_at__isnull=False)


def _ledgers_near(user: Any) -> QuerySet[Ledger]:
    """Both: to be looked at. Campaigns of a retired ledger go on, and lead to its page."""
    found = Q(pk__in=())
    for area in rules.areas_of_keeping(user):
        found |= Q(area__path__startswith=area.path) | Q(area__in=area.ids)
    return Ledger.objects.filter(found).select_related("area").defer("area__boundary")


def editions_of(user: Any, ledger: Ledger) -> QuerySet[Edition]:
    """The editions of a ledger that somebody may look at, the newest first."""
    rows = Edition.objects.filter(ledger__in=_ledgers_near(user), ledger=ledger)
    return rows.select_related("made_by").defer("content").order_by("-number")


def sees_edition(user: Any, pk: int) -> bool:
    """Whether somebody may fetch the workbook that an edition was read from."""
    return Edition.objects.filter(pk=pk, ledger__in=_ledgers_near(user)).exists()


def areas_kept(user: Any) -> AreaQuerySet:
    """The areas in which somebody keeps ledgers and makes campaigns, each after the one it lies in."""
    found = Q(pk__in=())
    for area in rules.areas_of_keeping(user):
        found |= Q(path__startswith=area.path)
    return areas_in_tree().filter(found, kind__in=KEPT_KINDS)


def ledgers_listed(user: Any, query: Mapping[str, str]) -> Page[Any]:
    """A page of the ledgers that somebody may use, or of those retired; editions and campaigns counted."""
    chosen = ledgers_retired(user) if query.get("state") == RETIRED else ledgers_for(user)
    rows: Any = chosen.annotate(
        latest=Subquery(
            Edition.objects.filter(ledger=OuterRef("pk")).order_by("-number").values("number")[:1]
        ),
        campaigns=Subquery(
            Campaign.objects.filter(edition__ledger=OuterRef("pk"))
            .order_by()
            .values("edition__ledger")
            .annotate(number=Count("pk"))
            .values("number")
        ),
    )
    return page_of(rows, query, key="code")


def says_the_same(edition: Edition, definition: Definition) -> bool:
    """Whether keeping this would add nothing."""
    return bytes(edition.digest) == bytes.fromhex(digest(definition))


def with_free_code(definition: Definition, area: Area) -> Definition:
    """A definition under its own code, or under that of the area besides where somebody has it already."""
    code = definition.settings.code
    if not Ledger.objects.filter(code=code).exists():
        return definition
    return replace(definition, settings=replace(definition.settings, code=f"{code}-{area.code}"[:40]))


def ledger_coded(user: Any, code: str) -> QuerySet[Ledger]:
    """The ledger of this code, if somebody may use it."""
    return ledgers_for(user).filter(code=code)


def ledger_seen(user: Any, code: str) -> QuerySet[Ledger]:
    """The ledger of this code, if somebody may look at it, retired or not."""
    return _ledgers_near(user).filter(code=code)


@dataclass(frozen=True)
class EditionShown:
    """An edition with what differs from the one before it, and the workbook that it was read from."""

    edition: Edition
    changes: list[Change] | None  # of the first edition: nothing to compare with
    workbook: Attachment | None


def editions_shown(user: Any, ledger: Ledger, query: Mapping[str, str], *, size: int = 10) -> Page[Any]:
    """A page of a ledger's editions, the newest first, each with its changes; costs five queries."""
    page = page_of(editions_of(user, ledger), query, key="-number", size=size)
    numbers = [edition.number for edition in page]
    wanted = {*numbers, min(numbers, default=1) - 1}
    contents = dict(ledger.editions.filter(number__in=wanted).values_list("number", "content"))
    read = {number: from_json(content) for number, content in contents.items()}
    books = attachments_by_subject(page.items)
    shown = [
        EditionShown(
            edition,
            changes(read[number - 1], read[number]) if (number := edition.number) - 1 in read else None,
            next(iter(books[edition.pk]), None),
        )
        for edition in page
    ]
    return Page(shown, page.next_cursor, page.previous_cursor)


def edition_numbered(user: Any, ledger: Ledger, number: int) -> QuerySet[Edition]:
    """One edition of a ledger that somebody may use."""
    return editions_of(user, ledger).filter(number=number)


def latest_edition(ledger: Ledger) -> Edition:
    """The newest edition of a ledger: every ledger has one."""
    return ledger.editions.order_by("-number")[:1].get()


@dataclass(frozen=True)
class Moved:
    """What moving an item to an edition would mean: what differs, what it would hold, what would be lost."""

    changes: list[Change]
    values: Mapping[str, Any]
    lost: frozenset[str]
    lost_labels: tuple[str, ...]
    step_stays: bool


def move_shown(item: Item, edition: Edition, *, at: datetime) -> Moved:
    """What moving an item would mean, for the page that asks and for the action that does it."""
    old, new = item.edition.definition, edition.definition
    checked = check_answers(new, item.answers, at=at, before=item.answers, asked=())
    lost = frozenset(_lost(item.answers, checked.values, {one.name for one in old.walk() if one.asks}))
    labels = [str(one.label or one.name) for one in old.walk() if one.name in lost]
    return Moved(
        changes=changes(old, new),
        values=checked.values,
        lost=lost,
        lost_labels=tuple(labels),
        step_stays=new.step(item.step_code) is not None,
    )


def _lost(was: Mapping[str, Any], now: Mapping[str, Any], asked: set[str]) -> set[str]:
    """The names of answers that somebody gave and that the new values do not have."""
    found = set()
    for name, value in was.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            entries = now.get(name)
            entries = entries if isinstance(entries, list) else []
            for place, entry in enumerate(value):
                other = entries[place] if place < len(entries) else {}
                found |= _lost(entry, other if isinstance(other, Mapping) else {}, asked)
        elif name in asked and name not in now:
            found.add(name)
    return found
