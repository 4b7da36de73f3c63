"""The figures of an evening: totals, by team, by area, each with what it moved since the report before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from bihuan.ledgers.definition import Definition, Document, Words
from bihuan.ledgers.definition.model import COUNT
from bihuan.ledgers.definition.model import Figure as Defined
from bihuan.ledgers.models import Campaign, Change, Team
from bihuan.reports.documents import Column, Figure, Summary, Table, Value, table_of
from bihuan.territory.models import Area
from bihuan.territory.queries import all_areas

NEW = Words("新增", "new")
NO_TEAM = Words("未分组", "No team")
OWN = (  # of a ledger that counts nothing itself
    Defined("items_open", Words("办理中", "Under way"), COUNT, "state:open"),
    Defined("items_finished", Words("已完成", "Finished"), COUNT, "state:finished"),
)


def figures_of(definition: Definition, document: Document | None = None) -> tuple[Defined, ...]:
    """The figures that a report tells: those that its document names, else all of the ledger."""
    known = definition.figures or OWN
    wanted = document.figures if document is not None else ()
    return tuple(one for code in wanted for one in known if one.code == code) or known


def stored_as(figure: Defined) -> str:
    """The name under which the sums of a figure are kept."""
    return figure.of if figure.of.startswith("state:") else figure.code


def totals(campaign: Campaign, day: date, figures: Iterable[Defined]) -> dict[str, Decimal]:
    """What each figure came to at the end of a day, in one query."""
    codes = {stored_as(one): one.code for one in figures}
    rows = Change.objects.filter(campaign=campaign, figure__in=codes, day__lte=day)
    found = dict(rows.values_list("figure").annotate(total=Sum("amount")))
    return {own: plain(found.get(stored, Decimal(0))) for stored, own in codes.items()}


def plain(amount: Decimal) -> Decimal:
    """Without the noughts behind the point."""
    whole = amount.to_integral_value()
    return whole if whole == amount else amount.normalize()


def told_figures(
    figures: Sequence[Defined],
    values: Mapping[str, Decimal],
    before: Mapping[str, Decimal],
    targets: Mapping[str, Decimal],
) -> tuple[Figure, ...]:
    """What moved is reckoned from what the report before said: so the summaries add up to the total."""
    return tuple(
        Figure(
            one.code,
            one.name,
            values[one.code],
            one.unit,
            values[one.code] - before.get(one.code, Decimal(0)),
            targets.get(one.code, one.target),
        )
        for one in figures
    )


def values_in(summary: Summary | None, part: int = 0) -> dict[str, Decimal]:
    """What a report said of each figure."""
    if summary is None or part >= len(summary.parts):
        return {}
    return {one.code: one.value for one in summary.parts[part].figures if isinstance(one.value, Decimal)}


def targets_of(campaign: Campaign) -> dict[str, Decimal]:
    """What each figure is to reach in the end: the last milestone of the campaign counts."""
    rows = campaign.milestones.order_by("on", "pk").values_list("figure", "amount")
    return {figure: plain(amount) for figure, amount in rows}


def by_group(
    campaign: Campaign, code: str, day: date, figures: Sequence[Defined], before: Summary | None
) -> Table:
    """The table of teams, or of the areas below the campaign's, with a column for each figure."""
    names = _teams(campaign) if code == "teams" else _areas(campaign)
    column = "team" if code == "teams" else "area"
    stored = {stored_as(one): one.code for one in figures}
    rows = Change.objects.filter(campaign=campaign, figure__in=stored, day__lte=day)
    sums: dict[Words, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for key, figure, total in rows.values_list(column, "figure").annotate(total=Sum("amount")):
        sums[names.get(key, NO_TEAM)][stored[figure]] += total
    said = _said_before(before, code)
    lines: list[dict[str, Value]] = []
    for name in dict.fromkeys([*names.values(), *sums]):
        if name not in sums:
            continue
        line: dict[str, Value] = {"name": name}
        for one in figures:
            value = plain(sums[name][one.code])
            was = said.get((name, one.code))
            line[one.code] = value
            line[f"{one.code}.change"] = value - (was if isinstance(was, Decimal) else Decimal(0))
        lines.append(line)
    extra = [
        column
        for one in figures
        for column in (Column(one.code, one.name), Column(f"{one.code}.change", NEW))
    ]
    return table_of(code, lines, extra)


def _said_before(before: Summary | None, code: str) -> dict[tuple[Value, str], Value]:
    found: dict[tuple[Value, str], Value] = {}
    for part in before.parts[:1] if before is not None else ():
        for table in part.tables:
            if table.code == code:
                for row in table.rows:
                    cells = dict(zip((one.code for one in table.columns), row, strict=True))
                    found |= {(cells["name"], key): value for key, value in cells.items()}
    return found


def _teams(campaign: Campaign) -> dict[int, Words]:
    teams = Team.objects.filter(campaign=campaign).order_by("pk")
    return {team.pk: Words(team.name, team.name_en) for team in teams}


def _areas(campaign: Campaign) -> dict[int, Words]:
    """Every area within, under the name of the one right below the campaign's."""
    known = all_areas()
    top = campaign.area
    found = {}
    for pk, area in sorted(known.items(), key=lambda one: one[1].path):
        if area.path.startswith(top.path):
            way = [one for one in area.ids if one in known]
            place = way.index(top.pk)
            shown = known[way[place + 1]] if place + 1 < len(way) else top
            found[pk] = area_words(shown)
    return found


def area_words(area: Area) -> Words:
    return Words(area.name, area.name_en)
