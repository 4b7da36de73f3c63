"""A small district, its cast, and cases brought to any state by real actions."""

from types import SimpleNamespace
from typing import Any

from bihuan.accounts.models import UnitKind
from bihuan.accounts.tests.factories import make_person, make_unit
from bihuan.cases import actions
from bihuan.cases.models import Case, Matter, Report, Responsibility
from bihuan.territory.tests.factories import make_area, make_district, square


def make_ground() -> SimpleNamespace:
    """District 川汇 with subdistricts 人和 and 七一 (both with desks), a community in each, and a grid."""
    district = make_district(boundary=square(114.60, 33.60, 0.1))
    street = make_area("人和街", code="411602001", boundary=square(114.60, 33.60, 0.05), has_desk=True)
    other = make_area("七一路", code="411602002", boundary=square(114.65, 33.60, 0.05), has_desk=True)
    community = make_area(
        "庆丰", kind="community", parent=street, code="411602001001", boundary=square(114.60, 33.60, 0.02)
    )
    far = make_area(
        "周滨", kind="community", parent=other, code="411602002001", boundary=square(114.65, 33.60, 0.02)
    )
    grid = make_area(
        "庆丰一格", kind="grid", parent=community, code="411602001001-1", boundary=square(114.60, 33.60, 0.01)
    )
    return SimpleNamespace(
        district=district,
        street=street,
        other=other,
        community=community,
        far=far,
        grid=grid,
        inside=(114.605, 33.605),
        beside=(114.615, 33.615),  # in the community, but in no grid
        elsewhere=(114.66, 33.61),
        outside=(113.0, 33.0),
    )


def make_cast(places: Any) -> SimpleNamespace:
    """The named cast, their two units, and a catalogue of three matters."""
    bureau = make_unit("城市管理局", code="CG", name_en="Urban Management Bureau")
    works = make_unit("住房和城乡建设局", code="ZJ", name_en="Housing Bureau")
    office = make_unit("人和街街道办事处", code="RH", kind=UnitKind.SUBDISTRICT, area=places.street)
    street = places.street
    group = Matter.objects.create(code="01", name="市容环境", name_en="City appearance")
    plots = Matter.objects.create(
        code="01.01",
        parent=group,
        name="小菜园",
        name_en="Vegetable plots",
        urgency="ordinary",
        needs_after_photo=True,
    )
    litter = Matter.objects.create(
        code="01.02", parent=group, name="暴露垃圾", name_en="Litter", urgency="ordinary", self_handled=True
    )
    pipes = Matter.objects.create(
        code="01.03", parent=group, name="自来水爆管", name_en="Burst pipe", urgency="urgent"
    )
    Responsibility.objects.create(matter=group, area=places.district, unit=bureau)
    return SimpleNamespace(
        places=places,
        bureau=bureau,
        works=works,
        office=office,
        group=group,
        plots=plots,
        litter=litter,
        pipes=pipes,
        resident=make_person("居民", username="resident"),
        grid_worker=make_person("网格员", username="grid_worker", duties=[("grid_worker", places.grid)]),
        clerk=make_person("受理员", username="clerk", duties=[("clerk", street)]),
        dispatcher=make_person("调度员", username="dispatcher", duties=[("dispatcher", street)]),
        handler=make_person("承办人", username="handler", duties=[("handler", bureau)]),
        inspector=make_person("核查员", username="inspector", duties=[("inspector", street)]),
        supervisor=make_person("督办员", username="supervisor", duties=[("supervisor", places.district)]),
        leader=make_person("领导", username="leader", duties=[("leader", places.district)]),
        auditor=make_person("审计员", username="auditor", duties=[("auditor", places.district)]),
        administrator=make_person(
            "管理员", username="administrator", duties=[("administrator", places.district)]
        ),
        district_dispatcher=make_person(
            "区调度", username="district_dispatcher", duties=[("dispatcher", places.district)]
        ),
        district_inspector=make_person(
            "区核查", username="district_inspector", duties=[("inspector", places.district)]
        ),
        stranger=make_person(
            "外人", username="stranger", duties=[("clerk", places.other), ("handler", works)]
        ),
    )


class CaseMaker:
    """Brings a case to a state by the actions that lead there."""

    def __init__(self, cast: Any):
        self.cast = cast

    def __call__(
        self, at: str = "reported", *, consenting: bool = False, matter: Matter | None = None
    ) -> Case:
        report = self.report(consenting=consenting)
        case = report.case
        for step in self.way_to(at):
            case = getattr(self, step)(case, matter or self.cast.pipes)
        return case

    def report(self, *, consenting: bool = False, **changes: Any) -> Report:
        lon, lat = self.cast.places.inside
        fields: dict[str, Any] = {
            "by": self.cast.resident,
            "words": "楼下水管爆裂，水流了一地。",
            "lon": lon,
            "lat": lat,
            "phone": "13800000001" if consenting else "",
            "may_call": consenting,
        }
        return actions.report_case(**(fields | changes))

    @staticmethod
    def way_to(state: str) -> list[str]:
        ways: dict[str, list[str]] = {"reported": []}
        ways["verifying"] = ["send_to_verify"]
        ways["declined"] = ["decline"]
        ways["self_handled"] = ["self_handle"]
        ways["merged"] = ["merge"]
        ways["filed"] = ["file"]
        ways["assigned"] = [*ways["filed"], "assign"]
        ways["handling"] = [*ways["assigned"], "acknowledge"]
        ways["suspended"] = [*ways["handling"], "suspend"]
        ways["backlog"] = [*ways["suspended"], "backlog"]
        ways["resolved"] = [*ways["handling"], "resolve"]
        ways["inspected"] = [*ways["resolved"], "inspect"]
        ways["closed"] = [*ways["inspected"], "close"]
        return ways[state]

    def send_to_verify(self, case: Case, _matter: Matter) -> Case:
        return actions.send_to_verify(case, by=self.cast.clerk)

    def decline(self, case: Case, _matter: Matter) -> Case:
        return actions.decline_case(case, by=self.cast.clerk, reason="elsewhere", note="请拨打水务公司电话")

    def merge(self, case: Case, _matter: Matter) -> Case:
        return actions.merge_case(case, by=self.cast.clerk, into=self.report().case)

    def self_handle(self, case: Case, _matter: Matter) -> Case:
        return actions.self_handle_case(
            case, by=self.cast.grid_worker, matter=self.cast.litter, note="已清扫"
        )

    def file(self, case: Case, matter: Matter) -> Case:
        return actions.file_case(case, by=self.cast.clerk, matter=matter)

    def assign(self, case: Case, _matter: Matter) -> Case:
        return actions.assign_case(case, by=self.cast.dispatcher, unit=self.cast.bureau)

    def acknowledge(self, case: Case, _matter: Matter) -> Case:
        return actions.acknowledge_case(case, by=self.cast.handler)

    def suspend(self, case: Case, _matter: Matter) -> Case:
        from datetime import timedelta

        from bihuan.core.clock import today

        return actions.suspend_case(
            case, by=self.cast.dispatcher, reason="等待配件", resume_on=today() + timedelta(days=5)
        )

    def backlog(self, case: Case, _matter: Matter) -> Case:
        return actions.backlog_case(case, by=self.cast.district_dispatcher, reason="等待管网改造")

    def resolve(self, case: Case, _matter: Matter) -> Case:
        return actions.resolve_case(case, by=self.cast.handler, note="已修复")

    def inspect(self, case: Case, _matter: Matter) -> Case:
        return actions.inspect_case(case, by=self.cast.inspector, reply="水管已修复，感谢反映。")

    def close(self, case: Case, _matter: Matter) -> Case:
        return actions.close_case(case, by=self.cast.inspector, reply="水管已修复，感谢反映。")
