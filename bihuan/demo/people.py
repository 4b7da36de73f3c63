"""Units, people and duties of the demo district. Nobody here is a real person: names are roles."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count

from bihuan.accounts import actions
from bihuan.accounts.models import DutyKind, Unit, UnitKind, User
from bihuan.territory.models import Area, AreaKind

# code, Chinese name, English name, kind
DEPARTMENTS = [
    ("CGJ", "区城市管理局", "Urban Management Bureau", UnitKind.DEPARTMENT),
    ("HWZ", "区环境卫生中心", "Sanitation Centre", UnitKind.DEPARTMENT),
    ("YLJ", "区园林绿化中心", "Parks and Greenery Centre", UnitKind.DEPARTMENT),
    ("ZJJ", "区住房和城乡建设局", "Housing and Construction Bureau", UnitKind.DEPARTMENT),
    ("SZC", "区市政服务中心", "Municipal Works Centre", UnitKind.DEPARTMENT),
    ("JJD", "交警大队", "Traffic Police", UnitKind.DEPARTMENT),
    ("XFD", "消防救援大队", "Fire and Rescue", UnitKind.DEPARTMENT),
    ("HBJ", "生态环境分局", "Environment Office", UnitKind.DEPARTMENT),
    ("SWJ", "区水利局", "Water Bureau", UnitKind.DEPARTMENT),
    ("ZRJ", "自然资源分局", "Natural Resources Office", UnitKind.DEPARTMENT),
    ("NYJ", "区农业农村局", "Agriculture Bureau", UnitKind.DEPARTMENT),
    ("JTJ", "区交通运输局", "Transport Bureau", UnitKind.DEPARTMENT),
    ("RSJ", "区人力资源和社会保障局", "Employment and Social Insurance Bureau", UnitKind.DEPARTMENT),
    ("MZJ", "区民政局", "Civil Affairs Bureau", UnitKind.DEPARTMENT),
    ("JYJ", "区教育体育局", "Education Bureau", UnitKind.DEPARTMENT),
    ("WJW", "区卫生健康委员会", "Health Commission", UnitKind.DEPARTMENT),
    ("TXB", "通信运营商联合专班", "Joint Office of the Operators", UnitKind.OPERATOR),
    ("GDG", "供电公司", "Power Company", UnitKind.OPERATOR),
    ("RQG", "燃气热力公司", "Gas and Heat Company", UnitKind.OPERATOR),
]
OPERATORS = [("TXB-1", "移动", "Mobile"), ("TXB-2", "联通", "Unicom"), ("TXB-3", "电信", "Telecom")]
PROPERTY_COMPANIES = ["一", "二", "三"]
XIAOQIAO = "411602005"
CAST_COMMUNITY = "411602005006"  # 富民社区
CAST_GRID = f"{CAST_COMMUNITY}-01"


@dataclass
class People:
    """Who works where, for building cases: by role, by the code of the area or unit."""

    administrator: User
    resident: User
    units: dict[str, Unit] = field(default_factory=dict)
    clerks: dict[str, User] = field(default_factory=dict)
    dispatchers: dict[str, User] = field(default_factory=dict)
    inspectors: dict[str, User] = field(default_factory=dict)
    handlers: dict[str, User] = field(default_factory=dict)
    grid_workers: dict[str, list[User]] = field(default_factory=lambda: defaultdict(list))


class Settling:
    """Fills the district with units and people, by the actions an administrator would use."""

    def __init__(self, areas: dict[str, Area]):
        self.areas = areas
        self.district = next(area for area in areas.values() if area.kind == AreaKind.DISTRICT)
        self.serial = count(1)

    def run(self) -> People:
        administrator = actions.create_first_administrator(
            username="administrator", name="系统管理员", password="", district=self.district
        )
        self.by = administrator
        self.made = People(administrator, self._person("resident", "居民"))
        self._units()
        self._desk("", "区", self.district, cast=False)
        for area in self.areas.values():
            if area.kind == AreaKind.SUBDISTRICT:
                short = area.name.removesuffix("街道")
                self._desk(area.code, short, area, cast=area.code == XIAOQIAO)
            elif area.kind == AreaKind.COMMUNITY:
                cast = area.code == CAST_COMMUNITY
                username = "community_worker" if cast else f"worker_{area.code}"
                self._person(username, f"{area.name}工作者")
            elif area.kind == AreaKind.GRID:
                self._grid_worker(area)
        for kind, name in (
            (DutyKind.SUPERVISOR, "督办员"),
            (DutyKind.LEADER, "区领导"),
            (DutyKind.AUDITOR, "审计员"),
        ):
            self._person(kind, name, (kind, self.district))
        return self.made

    def _units(self) -> None:
        code, name = self.district.code, self.district.name
        root = self._unit(
            code, f"{name}人民政府", "District Government", UnitKind.DISTRICT, None, self.district
        )
        for department, chinese, english, kind in DEPARTMENTS:
            unit = self._unit(department, chinese, english, kind, root, self.district)
            self._handler(unit)
        for operator, chinese, english in OPERATORS:
            joint = self.made.units["TXB"]
            self._unit(operator, f"{chinese}公司", english, UnitKind.OPERATOR, joint, self.district)
        for number, sign in enumerate(PROPERTY_COMPANIES, start=1):
            self._unit(
                f"WY-{number}",
                f"示范物业{sign}公司",
                f"Property Company {number}",
                UnitKind.PROPERTY_COMPANY,
                root,
                self.district,
            )
        for area in self.areas.values():
            if area.kind == AreaKind.SUBDISTRICT:
                english = f"{area.name_en} Office"
                office = self._unit(
                    area.code, f"{area.name}办事处", english, UnitKind.SUBDISTRICT, root, area
                )
                self._handler(office, cast=area.code == XIAOQIAO)
            elif area.kind in (AreaKind.COMMUNITY, AreaKind.VILLAGE):
                self._unit(
                    area.code,
                    f"{area.name}居民委员会" if area.kind == AreaKind.COMMUNITY else f"{area.name}村民委员会",
                    "",
                    UnitKind.COMMUNITY,
                    self.made.units[area.code[:9]],
                    area,
                )

    def _unit(self, code: str, name: str, english: str, kind: str, parent: Unit | None, area: Area) -> Unit:
        unit = actions.create_unit(
            name=name, name_en=english, kind=kind, code=code, parent=parent, area=area, by=self.by
        )
        self.made.units[code] = unit
        return unit

    def _handler(self, unit: Unit, *, cast: bool = False) -> None:
        username = "handler" if cast else f"handler{next(self.serial)}"
        self.made.handlers[unit.code] = self._person(username, f"{unit.name}承办人", (DutyKind.HANDLER, unit))

    def _desk(self, code: str, name: str, area: Area, *, cast: bool) -> None:
        for kind, title, found in (
            (DutyKind.CLERK, "受理员", self.made.clerks),
            (DutyKind.DISPATCHER, "调度员", self.made.dispatchers),
            (DutyKind.INSPECTOR, "核查员", self.made.inspectors),
        ):
            username = str(kind) if cast else f"{kind}{next(self.serial)}"
            found[code] = self._person(username, f"{name}{title}", (kind, area))

    def _grid_worker(self, grid: Area) -> None:
        cast = grid.code == CAST_GRID
        username = "grid_worker" if cast else f"grid{next(self.serial)}"
        worker = self._person(username, f"{grid.name}网格员", (DutyKind.GRID_WORKER, grid))
        self.made.grid_workers[grid.code].append(worker)

    def _person(self, username: str, name: str, *duties: tuple[str, Area | Unit]) -> User:
        person = actions.create_person(username=username, name=name, by=self.by)
        for kind, place in duties:
            where = {"unit": place} if isinstance(place, Unit) else {"area": place}
            actions.give_duty(person, kind=kind, by=self.by, **where)
        return person
