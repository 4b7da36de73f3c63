"""A small district with two subdistricts, and the people who look after it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bihuan.accounts.models import Unit, User
from bihuan.accounts.tests.factories import make_person, make_unit
from bihuan.territory.models import Area


def make_area(pk: int, name: str, kind: str, parent: Area | None = None, **fields: object) -> Area:
    path = f"{parent.path if parent else ''}{pk}/"
    return Area.objects.create(pk=pk, name=name, kind=kind, code=f"A{pk}", parent=parent, path=path, **fields)


@dataclass
class Town:
    district: Area
    north: Area
    south: Area
    community: Area
    office: Unit
    team: Unit
    admin: User
    north_admin: User
    clerk: User


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def town(db: None) -> Town:
    district = make_area(1, "川汇区", "district", name_en="Chuanhui District")
    north = make_area(2, "北街道", "subdistrict", district, name_en="North Street")
    south = make_area(3, "南街道", "subdistrict", district, name_en="South Street")
    community = make_area(4, "庆丰社区", "community", north, name_en="Qingfeng")
    office = make_unit("城市管理局", code="CG", area=district, name_en="Urban Management")
    team = make_unit("北街道执法队", code="CG-N", parent=office, area=north)
    return Town(
        district,
        north,
        south,
        community,
        office,
        team,
        admin=make_person("管理员", username="admin", duties=[("administrator", district)]),
        north_admin=make_person("北管理员", username="north", duties=[("administrator", north)]),
        clerk=make_person("王芳", username="wang.fang", duties=[("clerk", north)], phone="13800000001"),
    )
