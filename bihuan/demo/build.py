"""Builds the demo district by calling the real actions under a moved clock."""

import gc
import heapq
import logging
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing.queues import Queue
from queue import Empty
from random import Random
from typing import Any

import shapely
from django.db import connection, connections, transaction
from django.utils import timezone
from tqdm import tqdm

from bihuan.accounts.models import Duty, DutyKind, Unit, User, remember_duties
from bihuan.audit import record
from bihuan.audit.actions import seal_days
from bihuan.audit.models import Entry
from bihuan.audit.reactions import at_once
from bihuan.cases.actions import create_matter, name_unit
from bihuan.cases.models import Matter, Report
from bihuan.core.clock import local, real_now, today, travel
from bihuan.core.verdicts import Refusal
from bihuan.demo.campaigns import CHAPTERS, shares, spring
from bihuan.demo.catalogue import GROUPS, lines
from bihuan.demo.divisions import DISTRICT
from bihuan.demo.geography import ground, scatter
from bihuan.demo.people import XIAOQIAO, Settling
from bihuan.demo.players import play
from bihuan.demo.story import Setting, Story
from bihuan.insight.actions import close_periods, rebuild_figures
from bihuan.ledgers.actions import keep_ledger
from bihuan.ledgers.templates_shipped import shipped
from bihuan.territory.actions import create_areas, create_places
from bihuan.territory.models import Area, AreaKind, Place, PlaceKind
from bihuan.territory.queries import areas_by_id, district, locate, trail
from bihuan.territory.rows import PlaceRow

log = logging.getLogger(__name__)

CASES = 3_000
DAYS = 90
CHANGING = {"draw_spot_check", "compare_photos", "draw_closed_case", "draw_doubted_case"}
INBOXES = timedelta(days=14)  # what people were told before that would lie read in their inboxes
PHASES_BEFORE = 6  # steps of the progress bar before the cases
LIANGYUAN = {"buildings": 12, "households_each": 26, "built": 1998}
ROADS = [
    "文昌大道",
    "七一路",
    "人民路",
    "五一路",
    "中州大道",
    "太昊路",
    "工农路",
    "建设大道",
    "大庆路",
    "交通大道",
]
BY_HOUR = [1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 10, 8, 6, 6, 9, 10, 10, 9, 9, 8, 6, 5, 3, 2]  # of a day
LANES = ["一巷", "二巷", "东巷", "西巷", "后街"]
COMPOUNDS = ["家园", "花园", "小区", "新村"]


def is_built() -> bool:
    """Whether the district was built to the end."""
    return Entry.objects.filter(verb="demo.built").exists()


def is_begun() -> bool:
    """Whether this database is a demo's, finished or not."""
    return Entry.objects.filter(verb="demo.begun").exists()


def build(*, cases: int = CASES, processes: int | None = None, quiet: bool = False) -> None:
    """Build what is missing. Killed half-way, the next start goes on where this one ended."""
    with tqdm(
        total=cases + len(CHAPTERS) + PHASES_BEFORE, desc="演示数据", unit="", disable=quiet, smoothing=0
    ) as bar:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")  # a killed build starts again anyway
        if not areas_by_id():
            settle(bar)
        else:
            bar.update(PHASES_BEFORE)
        _play(cases, processes or min(4, os.cpu_count() or 1), bar)
    rebuild_figures()
    close_periods()
    seal_days()
    with transaction.atomic():
        record("demo.built", Area.objects.locked(district().pk), cases=cases)


# -- before the first case ----------------------------------------------------------------------------


@transaction.atomic
def settle(bar: "tqdm[Any]") -> None:
    """Areas, places, units, people, duties, catalogue and ledgers, as of a while before anything happens."""
    first = min(_first_day() - timedelta(days=7), spring() - timedelta(days=14))
    start = datetime.combine(first, time(9), timezone.get_default_timezone())
    with travel(start):
        made = ground()
        bar.update()
        areas = {area.code: area for area in create_areas(made.rows)}
        record("demo.begun", areas[DISTRICT[0]])
        bar.update(2)
        _places(areas, made.shapes)
        bar.update()
        people = Settling(areas).run()
        bar.update()
        _catalogue(people.administrator, people.units, areas)
        for one in shipped():
            keep_ledger(one.definition, by=people.administrator, area=district())
        bar.update()


def _first_day() -> date:
    return local(real_now()).date() - timedelta(days=DAYS)


def _places(areas: dict[str, Area], shapes: dict[str, Any]) -> None:
    chance = Random(1998)
    rows: list[PlaceRow] = []

    def add(
        kind: str, name: str, code: str, parent: int | None = None, address: str = "", **facts: int
    ) -> int:
        lon, lat = scatter(shapes[code], chance)
        rows.append(PlaceRow(kind, name, areas[code], parent, address=address, lon=lon, lat=lat, facts=facts))
        return len(rows) - 1

    for area in areas.values():
        if area.kind in (AreaKind.COMMUNITY, AreaKind.VILLAGE):
            short = area.name.removesuffix("社区").removesuffix("村")
            add(PlaceKind.COMPOUND, short + chance.choice(COMPOUNDS), area.code)
            add(PlaceKind.LANE, short + chance.choice(LANES), area.code)
    for name in ("孝道巷", "论语巷", "节气巷"):
        add(PlaceKind.LANE, name, "411602005006")
    add(PlaceKind.SITE, "富民社区党群服务中心", "411602005006")
    add(PlaceKind.SITE, "高庄社区党群服务中心", "411602005005")
    each = LIANGYUAN["households_each"]
    compound = add(
        PlaceKind.COMPOUND, "良苑小区", "411602002006", address="七一路 · 周滨社区（1998 年建）",
        households=LIANGYUAN["buildings"] * each, buildings=LIANGYUAN["buildings"],
        built_in=LIANGYUAN["built"],
    )  # fmt: skip
    for building in range(1, LIANGYUAN["buildings"] + 1):
        block = add(
            PlaceKind.BUILDING, f"良苑小区{building}号楼", "411602002006", compound,
            households=each, built_in=LIANGYUAN["built"],
        )  # fmt: skip
        for household in range(1, each + 1):
            floor, door = divmod(household - 1, 4)
            add(PlaceKind.HOUSEHOLD, f"良苑小区{building}号楼{floor + 1}0{door + 1}室", "411602002006", block)
    create_places(rows)


def _catalogue(by: User, units: dict[str, Unit], areas: dict[str, Area]) -> None:
    root = next(area for area in areas.values() if area.kind == AreaKind.DISTRICT)
    streets = [area for area in areas.values() if area.kind == AreaKind.SUBDISTRICT]
    for number, (name, name_en, group) in enumerate(GROUPS, start=1):
        parent = create_matter(by=by, code=f"{number:02}", name=name, name_en=name_en)
        for position, line in enumerate(group, start=1):
            matter = create_matter(
                by=by,
                parent=parent,
                code=f"{number:02}.{position:02}",
                name=line.name,
                name_en=line.name_en,
                urgency=line.urgency,
                resolve_limit=line.limit,
                self_handled="s" in line.flags,
                needs_before_photo="b" in line.flags,
                needs_after_photo="a" in line.flags,
                keywords=line.words,
                filing_standard=f"地点清楚，属于“{line.name}”，在本区管辖范围内。",
                closing_standard="现场恢复正常，有处理后照片或文字说明，反映人知情。",
            )
            if line.unit == "@street":
                for street in streets:
                    name_unit(matter, area=street, unit=units[street.code], by=by)
            else:
                name_unit(matter, area=root, unit=units[line.unit], by=by)


# -- the campaigns and the cases -----------------------------------------------------------------------


def _play(cases: int, processes: int, bar: "tqdm[Any]") -> None:
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    done: Queue[int] = context.Queue()
    players = [
        context.Process(target=play, args=(range(part, cases, processes), chapters, done), daemon=True)
        for part, chapters in enumerate(shares(processes))
    ]
    for player in players:
        player.start()
    told = 0
    while told < cases + len(CHAPTERS):
        try:
            done.get(timeout=5)
        except Empty:
            if any(player.exitcode for player in players):
                raise RuntimeError("a part of the demo could not be built; see above") from None
            continue
        told += 1
        bar.update()
    for player in players:
        player.join()


def play_stories(indices: Iterable[int], done: Callable[[int], None]) -> None:
    """Play stories side by side in the order of their moments, up to the present."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    scene = Scene()
    known = set(Report.objects.filter(source="demo").values_list("source_key", flat=True))
    end = real_now()
    queue: list[tuple[datetime, int, Iterator[datetime]]] = []
    for index in indices:
        if str(index) in known:
            done(index)
            continue
        story = Story(scene.setting(index), pictures=True).tell()
        heapq.heappush(queue, (next(story), index, story))
    day: date | None = None
    gc.set_threshold(100_000)  # a short life with plenty of memory
    while queue:
        moment, index, story = heapq.heappop(queue)
        if moment > end:
            done(index)
            continue
        with travel(moment), at_once(_all_of_them if moment > end - INBOXES else _changes_a_case):
            if day != today():
                day = today()
                remember_duties(scene.desk_people)
            following = _go_on(story, index)
        if following is None:
            done(index)
        else:
            heapq.heappush(queue, (following, index, story))


def _go_on(story: Iterator[datetime], index: int) -> datetime | None:
    """The story's next moment. One that the rules stop ends where it is; the demo does not fail for it."""
    try:
        return next(story, None)
    except Refusal as refusal:
        log.warning("story %s is stopped by the rules: %s", index, refusal.code)
        return None


def _all_of_them(reaction: str) -> bool:
    """Every reaction but the figures', which are counted once, at the end."""
    return not reaction.startswith("insight.")


def _changes_a_case(reaction: str) -> bool:
    """Whether a reaction does more than tell people something."""
    return reaction.rpartition(".")[2] in CHANGING


class Scene:
    """What stories choose from, read once for each process."""

    def __init__(self) -> None:
        self.shapes = ground().shapes
        for shape in self.shapes.values():
            shapely.prepare(shape)
        self.areas = {area.code: area for area in Area.objects.light()}
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.matters = {matter.name: matter for matter in Matter.objects.select_related("parent")}
        self.lines = lines()
        self.shares = [8 if "s" in line.flags else 1 for line in self.lines]  # small things are frequent
        self.places: dict[int, list[Place]] = {}
        for place in Place.objects.exclude(kind=PlaceKind.HOUSEHOLD).order_by("pk"):
            self.places.setdefault(place.area_id, []).append(place)
        self.people = {user.pk: user for user in User.objects.all()}
        self.by_duty: dict[tuple[str, int], User] = {}
        for duty in Duty.objects.order_by("pk"):
            where = duty.unit_id if duty.kind == DutyKind.HANDLER else duty.area_id
            self.by_duty.setdefault((duty.kind, where or 0), self.people[duty.person_id])
        self.desk_people = {
            user.pk: user for (kind, _place), user in self.by_duty.items() if kind != DutyKind.GRID_WORKER
        }.values()
        self.handlers = {
            unit.pk: self.by_duty[(DutyKind.HANDLER, unit.pk)]
            for unit in self.units.values()
            if (DutyKind.HANDLER, unit.pk) in self.by_duty
        }
        self.resident = next(user for user in self.people.values() if user.username == "resident")
        self.root = next(area for area in self.areas.values() if area.kind == AreaKind.DISTRICT)
        self.communities = [
            area for area in self.areas.values() if area.kind in (AreaKind.COMMUNITY, AreaKind.VILLAGE)
        ]
        self.weights = [6 if area.code.startswith(XIAOQIAO) else 1 for area in self.communities]
        self.first = _first_day()

    def setting(self, index: int) -> Setting:
        chance = Random(f"setting {index}")
        community = chance.choices(self.communities, self.weights)[0]
        lon, lat = scatter(self.shapes[community.code], chance)
        area = locate(lon, lat) or community  # a point at the very edge may lie across it
        street = next(step for step in trail(area) if step.kind == AreaKind.SUBDISTRICT)
        line = chance.choices(self.lines, self.shares)[0]
        unit = self.units[street.code if line.unit == "@street" else line.unit]
        others = [self.units["CGJ"], self.units["SZC"], self.units[street.code]]
        places = self.places.get(community.pk, [])
        place = chance.choice(places).name if places and chance.random() < 0.7 else ""
        place = place or f"{chance.choice(ROADS)}{chance.randint(1, 200)}号"
        return Setting(
            index=index,
            reported_at=self._moment(chance),
            lon=lon,
            lat=lat,
            place=place,
            matter=self.matters[line.name],
            thing=line.words.split()[0] + ("问题" if len(line.words.split()[0]) < 3 else ""),
            unit=unit,
            other_unit=next(other for other in others if other.pk != unit.pk),
            clerk=self.by_duty[(DutyKind.CLERK, street.pk)],
            dispatcher=self.by_duty[(DutyKind.DISPATCHER, street.pk)],
            inspector=self.by_duty[(DutyKind.INSPECTOR, street.pk)],
            handlers=self.handlers,
            district_dispatcher=self.by_duty[(DutyKind.DISPATCHER, self.root.pk)],
            district_inspector=self.by_duty[(DutyKind.INSPECTOR, self.root.pk)],
            grid_worker=self.by_duty.get((DutyKind.GRID_WORKER, area.pk)),
            resident=self.resident if index % 300 == 7 else None,
        )

    def _moment(self, chance: Random) -> datetime:
        """A moment of the last ninety days, more of them by day, and enough of them today."""
        day = self.first + timedelta(days=round(DAYS * chance.random() ** 0.7))
        hour = chance.choices(range(24), BY_HOUR)
        moment = datetime.combine(
            day, time(hour[0], chance.randint(0, 59), chance.randint(0, 59)), timezone.get_default_timezone()
        )
        return min(moment.astimezone(UTC), real_now() - timedelta(minutes=chance.randint(5, 240)))
