"""Reads about the matter catalogue: its tree, the quick finder, and who answers for a matter where."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from bihuan.accounts.models import Unit
from bihuan.cases import limits, rules
from bihuan.cases.models import Case, Matter, Report, Responsibility, Urgency
from bihuan.core.text import normalise, segment
from bihuan.territory.models import Area


def catalogue_visible_to(user: Any) -> QuerySet[Matter]:
    """The whole catalogue, retired matters too, for those who keep it; nothing for everybody else."""
    matters = Matter.objects.select_related("parent")
    return matters if rules.may_change_catalogue(user) else matters.none()


def matter_said(case: Case) -> Matter | None:
    """The matter under which a report was sent, where the catalogue has it: a step of a ledger names one."""
    said = Report.objects.filter(case=case).exclude(category="").order_by("pk").values("category")[:1]
    return Matter.objects.choosable().filter(name=said).first()


# -- the tree ---------------------------------------------------------------------------------------------


@dataclass
class Branch:
    """A matter in the tree with what lies below it."""

    matter: Matter
    depth: int = 0
    parts: list["Branch"] = field(default_factory=list)
    below: int = 0  # matters at the ends of its branches
    has_unit: bool = False  # a unit is named here or above
    found: bool = True  # false: only there because something below it was found
    is_open: bool = False


@dataclass(frozen=True)
class Filters:
    """What the catalogue page can be narrowed by."""

    text: str = ""
    urgency: str = ""
    only: str = ""  # "", "self_handled", "no_unit", "retired"

    def __bool__(self) -> bool:
        return bool(self.text or self.urgency or self.only)

    def fit(self, matter: Matter, words: str, words_above: str) -> bool:
        """Whether a matter is asked for. Some words may stand in the headings above, one must be its own."""
        if (matter.retired_at is not None) != (self.only == "retired"):
            return False
        if self.urgency and matter.urgency != self.urgency:
            return False
        if self.only == "self_handled" and not matter.self_handled:
            return False
        asked = normalise(self.text).casefold().split()
        return not asked or (
            any(word in words for word in asked) and all(word in f"{words_above} {words}" for word in asked)
        )


@dataclass(frozen=True)
class Tree:
    """The catalogue, or what was found in it."""

    roots: list[Branch]
    found: int
    matters: int
    without_unit: int


def matters_in_tree(user: Any, filters: Filters = Filters()) -> Tree:
    """The catalogue as a tree, each matter below the one above it; two queries whatever its size."""
    matters = list(catalogue_visible_to(user).order_by("code"))
    named = set(Responsibility.objects.values_list("matter_id", flat=True)) if matters else set()
    children: dict[int | None, list[Branch]] = {}
    for matter in matters:
        children.setdefault(matter.parent_id, []).append(Branch(matter))
    tally: Counter[str] = Counter()

    def grow(branch: Branch, depth: int, unit_above: bool, words_above: str) -> bool:
        matter = branch.matter
        parts = children.get(matter.pk, [])
        in_use = matter.retired_at is None
        is_end = not any(part.matter.retired_at is None for part in parts)
        branch.depth = depth
        branch.has_unit = unit_above or matter.pk in named
        words = _words_of(matter)
        branch.parts = [
            part for part in parts if grow(part, depth + 1, branch.has_unit, f"{words_above} {words}")
        ]
        branch.below = sum(part.below or 1 for part in branch.parts)
        branch.found = filters.fit(matter, words, words_above) and (
            filters.only != "no_unit" or (is_end and not branch.has_unit)
        )
        branch.is_open = bool(filters)
        tally["found"] += branch.found
        tally["ends"] += in_use and is_end
        tally["no_unit"] += in_use and is_end and not branch.has_unit
        return branch.found or bool(branch.parts)

    roots = [root for root in children.get(None, []) if grow(root, 0, False, "")]
    return Tree(roots, tally["found"], tally["ends"], tally["no_unit"])


def _words_of(matter: Matter) -> str:
    return normalise(f"{matter.code} {matter.name} {matter.name_en} {matter.keywords}").casefold()


# -- the quick finder -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A matter that answers to what somebody typed."""

    matter: Matter
    where: str
    rank: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """As the search box on a page wants it: a choice has no point on the map."""
        promised = limits_of(self.matter)[-1].words
        return {
            "id": self.matter.pk,
            "code": self.matter.code,
            "label": self.matter.label,
            "detail": " · ".join(
                [part for part in (self.where, self.matter.get_urgency_display(), promised) if part]
            ),
            "urgency": self.matter.urgency,
            "lon": None,
            "lat": None,
        }


def may_find_matters(user: Any) -> bool:
    """Whether the finder answers: to everybody who holds a duty."""
    return bool(getattr(user, "is_authenticated", False) and user.duties_now())


def matters_like(user: Any, text: str, *, limit: int = 12) -> list[Found]:
    """Matters a case can be filed under, by name, code or the words people use; the best first. One query."""
    words = normalise(text).casefold().split()
    if not words or not may_find_matters(user):
        return []
    matters = {matter.pk: matter for matter in Matter.objects.filter(retired_at=None)}
    inner = {matter.parent_id for matter in matters.values()}
    leaves = [matter for pk, matter in matters.items() if pk not in inner]
    found = list(_matching(leaves, matters, words))
    if not found:  # “楼道里有电动车飞线充电” holds the words of a matter without being part of its name
        parts = [part for part in segment(text).split() if len(part) > 1]
        found = list(_sharing(leaves, matters, parts))
    found.sort(key=lambda one: (one.rank, one.matter.code))
    return found[:limit]


def _matching(leaves: Iterable[Matter], matters: dict[int, Matter], words: list[str]) -> Iterable[Found]:
    whole = " ".join(words)
    for matter in leaves:
        names = [normalise(name).casefold() for name in (matter.name, matter.name_en) if name]
        own, above = _words_of(matter), _above(matter, matters)
        everything = f"{own} {' '.join(_words_of(one) for one in above)}"
        if not all(word in everything for word in words):
            continue
        if matter.code.casefold() == whole or whole in names:
            rank = 0
        elif any(name.startswith(whole) for name in names):
            rank = 1
        elif any(word in name for name in names for word in words):
            rank = 2
        elif any(word in own for word in words):
            rank = 3
        else:
            rank = 4
        yield Found(matter, _path(above), (rank, len(matter.name)))


def _sharing(leaves: Iterable[Matter], matters: dict[int, Matter], parts: list[str]) -> Iterable[Found]:
    for matter in leaves:
        own = _words_of(matter)
        shared = sum(len(part) for part in set(parts) if part in own)
        if shared:
            yield Found(matter, _path(_above(matter, matters)), (-shared, len(matter.name)))


def _above(matter: Matter, matters: dict[int, Matter]) -> list[Matter]:
    found: list[Matter] = []
    step = matters.get(matter.parent_id or 0)
    while step is not None:
        found.append(step)
        step = matters.get(step.parent_id or 0)
    return found[::-1]


def _path(above: list[Matter]) -> str:
    return " › ".join(matter.label for matter in above)


# -- one matter -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LimitInWords:
    """One limit of a matter as people read it, and whether it is the matter's own or its urgency's."""

    label: str
    words: str
    own: bool


def limits_of(matter: Matter) -> list[LimitInWords]:
    """What filing under this matter promises: to assign, to acknowledge, to resolve."""
    usual = limits.DEFAULTS[Urgency(matter.urgency)]
    found = []
    for name, written in (
        ("assign_limit", usual.assign),
        ("acknowledge_limit", usual.acknowledge),
        ("resolve_limit", usual.resolve),
    ):
        own = getattr(matter, name)
        words = limits.in_words(limits.seconds_of(own or written, usual.clock), usual.clock)
        label = str(getattr(Matter._meta.get_field(name), "verbose_name", name))
        found.append(LimitInWords(label, words, bool(own)))
    return found


def trail_of(matter: Matter) -> list[Matter]:
    """The matters above this one, the topmost first."""
    return list(
        Matter.objects.raw(
            """
            WITH RECURSIVE up AS (
                SELECT id, parent_id, 0 AS steps FROM cases_matter WHERE id = %s
                UNION ALL
                SELECT above.id, above.parent_id, up.steps + 1
                FROM cases_matter above JOIN up ON above.id = up.parent_id
            )
            SELECT matter.* FROM cases_matter matter JOIN up USING (id)
            WHERE up.steps > 0 ORDER BY up.steps DESC
            """,
            [matter.pk],
        )
    )


def possible_parents(user: Any, matter: Matter | None = None) -> QuerySet[Matter]:
    """Matters another one may stand under: those in use, and not the matter itself or what lies below it."""
    matters = catalogue_visible_to(user)
    above = dict(matters.values_list("pk", "parent_id"))
    below = {matter.pk} if matter else set()
    while more := {pk for pk, parent in above.items() if parent in below} - below:
        below |= more
    return matters.filter(retired_at=None).exclude(pk__in=below).order_by("code")


def parts_of(matter: Matter) -> QuerySet[Matter]:
    """The matters directly below this one, those in use first."""
    return matter.children.order_by("retired_at", "code")


def open_cases_under(matter: Matter) -> int:
    """How many unfinished cases are filed under it. A number only: who keeps the catalogue sees no case."""
    return Case.objects.open().filter(matter=matter).count()


@dataclass(frozen=True)
class Answering:
    """A unit that answers for a matter in an area, and the matter where this is written down."""

    responsibility: Responsibility
    inherited: bool


def units_answering(matter: Matter, trail: list[Matter]) -> list[Answering]:
    """Who answers for a matter, its own entries before those of matters above; the widest area first."""
    rows = (
        Responsibility.objects.filter(matter__in=[matter, *trail])
        .select_related("matter", "area", "unit")
        .defer("area__boundary", "area__keys")
    )
    nearness = {one.pk: steps for steps, one in enumerate([matter, *reversed(trail)])}
    found: list[Answering] = []
    seen: set[int] = set()
    for row in sorted(rows, key=lambda row: (nearness[row.matter_id], row.area.path)):
        if row.area_id not in seen:  # for the same area, the nearer matter has the word
            seen.add(row.area_id)
            found.append(Answering(row, inherited=row.matter_id != matter.pk))
    return found


def responsible_unit(matter: Matter, area: Area) -> Unit | None:
    """The unit that answers for a matter in an area: the deepest area decides, then the nearest matter."""
    rows = Unit.objects.raw(
        """
        WITH RECURSIVE up AS (
            SELECT id, parent_id, 0 AS steps FROM cases_matter WHERE id = %s
            UNION ALL
            SELECT above.id, above.parent_id, up.steps + 1
            FROM cases_matter above JOIN up ON above.id = up.parent_id
        )
        SELECT unit.*
        FROM cases_responsibility answer
        JOIN up ON answer.matter_id = up.id
        JOIN accounts_unit unit ON unit.id = answer.unit_id
        WHERE answer.area_id = ANY(%s)
        ORDER BY array_position(%s::bigint[], answer.area_id::bigint) DESC, up.steps
        LIMIT 1
        """,
        [matter.pk, area.ids, area.ids],
    )
    return next(iter(rows), None)
