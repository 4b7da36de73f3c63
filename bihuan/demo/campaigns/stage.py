"""What the demo's campaigns share: who and what there is, drawn papers, and a script of moments."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from itertools import count
from random import Random
from typing import Any

import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from bihuan.accounts.actions import create_person
from bihuan.accounts.models import Duty, DutyKind, User
from bihuan.core.clock import local, real_now, travel
from bihuan.demo.geography import ground, scatter
from bihuan.demo.people import CAST_COMMUNITY
from bihuan.demo.pictures import photo
from bihuan.files.actions import accept_upload
from bihuan.files.models import StoredFile
from bihuan.ledgers.actions import Goal, set_milestones
from bihuan.ledgers.models import Campaign, Edition
from bihuan.territory.models import Area, Place

RENHE, QIYI, XIAOQIAO, XUWAN, CHENGNAN = "411602004", "411602002", "411602005", "411602014", "411602006"
SCENES = 8  # drawn photos, which items share
PAPER = (420, 594)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on the district's clocks."""
    return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())


def ago(days: int) -> date:
    """So many days before today; negative ones are to come."""
    return local(real_now()).date() - timedelta(days=days)


def spring() -> date:
    """The last 20 February from which fourteen days led to 5 March, as in 征迁, and are over by now."""
    today = local(real_now()).date()
    year = today.year
    while date(year, 3, 8) >= today or (date(year, 3, 5) - date(year, 2, 20)).days != 13:
        year -= 1
    return date(year, 2, 20)


class Stage:
    """The district as the campaigns find it, read once in each process.

    `share` tells processes apart: each draws photos and papers of its own, since who attaches a file holds it
    until the end of the transaction.
    """

    def __init__(self, share: int = 0) -> None:
        self.share = share
        self.areas = {area.code: area for area in Area.objects.light()}
        self.shapes = ground().shapes
        for shape in self.shapes.values():
            shapely.prepare(shape)
        self.administrator = User.objects.get(username="administrator")
        people = {user.pk: user for user in User.objects.all()}
        self.by_name = {user.username: user for user in people.values()}
        self.by_duty: dict[tuple[str, int], User] = {}
        for duty in Duty.objects.order_by("pk"):
            where = duty.unit_id if duty.kind == DutyKind.HANDLER else duty.area_id
            self.by_duty.setdefault((duty.kind, where or 0), people[duty.person_id])

    def on_duty(self, kind: str, area: Area) -> User:
        return self.by_duty[kind, area.pk]

    def under(self, code: str, kind: str) -> list[Area]:
        """The areas of a kind in another one, by their codes."""
        found = (area for area in self.areas.values() if area.code.startswith(code) and area.kind == kind)
        return sorted(found, key=lambda area: area.code)

    def point(self, area: Area, chance: Random) -> dict[str, Any]:
        lon, lat = scatter(self.shapes[area.code], chance)
        return {"lon": lon, "lat": lat}

    def person(self, username: str, name: str) -> User:
        """Somebody who is in the demo for a campaign: a role, nobody real."""
        if username not in self.by_name:
            self.by_name[username] = create_person(username=username, name=name, by=self.administrator)
        return self.by_name[username]

    def community_worker(self, community: Area) -> User:
        """The 社区工作者 of a community."""
        cast = community.code == CAST_COMMUNITY
        return self.by_name["community_worker" if cast else f"worker_{community.code}"]

    def snap(self, scene: int, after: bool = False) -> StoredFile:
        """A drawn photo; the same few serve all items."""
        return _drawn(40_000 + 100 * self.share + scene % SCENES, after)

    def sheet(self, kind: int) -> StoredFile:
        """A drawn paper."""
        return _written(100 * self.share + kind)

    def edition(self, code: str) -> Edition:
        return Edition.objects.select_related("ledger").get(ledger__code=code, number=1)

    def places(self, kind: str, area: Area) -> list[Place]:
        rows = Place.objects.filter(kind=kind, area__path__startswith=area.path).select_related("area")
        return list(rows.defer("keys", "area__boundary").order_by("pk"))


@lru_cache(maxsize=64)
def _drawn(scene: int, after: bool) -> StoredFile:
    return photo(scene, after=after)


@lru_cache(maxsize=64)
def _written(kind: int) -> StoredFile:
    """A drawn page with lines instead of words: nobody's real paper."""
    chance = Random(kind)
    image = Image.new("RGB", PAPER, (252, 252, 248))
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 44, 300, 58), fill=(60, 60, 60))
    for line in range(100, 480, 22):
        draw.rectangle((48, line, chance.randint(240, 372), line + 7), fill=(150, 150, 150))
    draw.ellipse((268, 470, 348, 550), outline=(190, 40, 40), width=5)
    file = BytesIO()
    image.save(file, "JPEG", quality=60)
    return accept_upload(SimpleUploadedFile("sheet.jpg", file.getvalue(), "image/jpeg"))


class Script:
    """What happens when. What lies in the future does not happen: there the campaign stands now."""

    def __init__(self) -> None:
        self.lines: list[tuple[datetime, int, Callable[[], Any]]] = []
        self.numbers = count()

    def at(self, when: datetime, do: Callable[..., Any], *told: Any, **more: Any) -> None:
        heapq.heappush(self.lines, (when, next(self.numbers), lambda: do(*told, **more)))

    def run(self) -> None:
        """Play every line in the order of its moment; a line may add others that come after it."""
        end = real_now()
        while self.lines and self.lines[0][0] <= end:
            when, _number, do = heapq.heappop(self.lines)
            with travel(when):
                do()


def renewed(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_related("edition__ledger").get(pk=campaign.pk)


def set_goals(campaign: Campaign, by: User, *goals: tuple[str, str, int, int]) -> None:
    """Figure, name, day after the start and amount of each milestone 时间节点."""
    milestones = [
        Goal(figure, name, campaign.starts_on + timedelta(days=day), Decimal(amount))
        for figure, name, day, amount in goals
    ]
    set_milestones(campaign, by=by, milestones=milestones)
