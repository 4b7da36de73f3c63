"""Things for every route of the site: what stands in its address, and a form that can be sent to it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from bihuan.accounts.actions import arrange_cover
from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.api.actions import create_token
from bihuan.cases import actions
from bihuan.cases.actions.catalogue import retire_matter
from bihuan.cases.models import Matter, Responsibility
from bihuan.cases.tests import verbs_joint
from bihuan.cases.tests.factories import CaseMaker, make_cast, make_ground
from bihuan.cases.tests.verbs_supervision import critical_case
from bihuan.core.clock import now, today
from bihuan.files.access import ticket
from bihuan.files.actions import accept_upload, attach_files
from bihuan.files.tests.samples import jpeg
from bihuan.intake.sheet.actions import receive_sheet
from bihuan.intake.sheet.queries import open_book
from bihuan.notices.models import Delivery, Notice
from bihuan.territory.actions import set_calendar_day
from bihuan.territory.tests.factories import make_area, make_place
from tests.world_ledgers import put_ledgers
from tests.world_tools import put_tools

PASSWORD = "quiet-river-42"

# For routes that need something in their address, but nothing special.
ADDRESSES: dict[str, list[Any]] = {
    "account_confirm_email": ["key"],
    "api_unknown": ["nonsense"],
    "no_email": ["email"],
    "account_reset_password_from_key": ["1", "set-password"],
    "mfa_remove_webauthn": [1],
    "mfa_edit_webauthn": [1],
}


class StreetCases(CaseMaker):
    """Cases that a visitor without an account reported: none of the cast sees one because it is their own."""

    def report(self, **changes: Any) -> Any:
        return super().report(**({"by": AnonymousUser()} | changes))


@dataclass
class World:
    """Everything the routes need in their addresses and forms."""

    cast: Any
    arguments: dict[str, list[Any]] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    foreign: Any = None

    def path(self, key: str) -> str:
        """The address of a route; `key` is its name, perhaps followed by a remark in brackets."""
        name = key.partition(" ")[0]
        return reverse(name, args=self.arguments.get(key) or self.arguments.get(name) or ADDRESSES.get(name))


def make_world() -> World:
    """A district with its cast and catalogue, and one thing of each kind for every route."""
    cast = make_cast(make_ground())
    cast.far_admin = make_person(
        "七一路管理员", username="far_admin", duties=[("administrator", cast.places.other)]
    )
    User.objects.update(password=make_password(PASSWORD))
    for person in vars(cast).values():
        if isinstance(person, User):
            person.refresh_from_db()  # sessions hang on the password
    made = World(cast)
    _put_cases(made)
    _put_set_up(made)
    _put_own_things(made)
    put_ledgers(made)
    return made


def _put_cases(world: World) -> None:
    cast, make = world.cast, StreetCases(world.cast)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    asked = make("handling")
    actions.ask_extension(asked, by=cast.handler, seconds=3600, reason="等待配件")
    supervised = actions.supervise_case(
        make("handling"), by=cast.supervisor, level="ordinary", words="请于周五前修复。"
    )
    verbs: dict[str, tuple[Any, dict[str, Any]]] = {
        "send_to_verify": (make("reported"), {}),
        "verify": (make("verifying"), {"finding": "exists"}),
        "decline": (make("reported"), {"reason": "elsewhere", "note": "请拨打水务公司电话"}),
        "file": (make("reported"), {"matter": cast.pipes.pk}),
        "self_handle": (make("reported"), {"matter": cast.litter.pk, "note": "已清扫"}),
        "spot_check": (make("self_handled"), {"passed": "yes"}),
        "assign": (make("filed"), {"unit": cast.bureau.pk}),
        "acknowledge": (make("assigned"), {}),
        "return": (make("assigned"), {"right_unit": cast.works.pk, "reason": "不属于本单位"}),
        "ask_extension": (make("handling"), {"days": 1, "reason": "等待配件"}),
        "decide_extension": (asked, {"granted": "yes"}),
        "suspend": (make("handling"), {"reason": "等待配件", "resume_on": tomorrow}),
        "resume": (make("suspended"), {}),
        "take_back_verification": (make("verifying"), {}),
        "arrive": (critical_case(cast, make), {}),
        "contact": (make("handling"), {"words": "下午四点前来水。"}),
        "supervise": (make("handling"), {"level": "ordinary", "words": "请于周五前修复。"}),
        "answer_supervision": (supervised, {"words": "周五修复。"}),
        "resolve": (make("handling"), {"note": "已修复"}),
        "inspect": (make("resolved"), {"reply": "已修复，感谢反映。"}),
        "rework": (make("resolved"), {"reason": "仍在漏水"}),
        "call_back": (
            make("inspected", consenting=True),
            {"answered": "yes", "solved": "yes", "satisfaction": ""},
        ),
        "close": (make("inspected"), {"reply": "已修复，感谢反映。"}),
    }
    verbs |= _joint_verbs(world, make) | _endings(world, make)
    put_tools(world, make)
    for verb, (case, form) in verbs.items():
        world.arguments[f"cases:{verb}"] = [case.number]
        world.forms[f"cases:{verb}"] = form
    case = verbs["resolve"][0]
    world.arguments["cases:show"] = world.arguments["cases:live"] = [case.number]
    own = make.report(by=cast.resident)
    world.arguments["cases:show (one's own)"] = [own.case.number]
    far = make.report(lon=cast.places.elsewhere[0], lat=cast.places.elsewhere[1])
    world.foreign = far.case
    for route in ("track", "answer", "withdraw", "qr"):
        world.arguments[f"cases:{route}"] = [far.tracking_code]
        world.arguments[f"cases:{route} (wrong code)"] = ["ABCD-2345-EFGH"]
    world.arguments["cases:answer"] = [make("inspected").reports.get().tracking_code]
    world.forms["cases:answer"] = {"solved": "yes"}
    for route in ("report_data", "export_report", "correct_report", "withdraw_consent", "erase_report"):
        world.arguments[f"cases:{route}"] = [far.tracking_code]
        world.arguments[f"cases:{route} (wrong code)"] = ["ABCD-2345-EFGH"]
    to_call = make("inspected", consenting=True)
    world.arguments["cases:read_contact"] = [to_call.number, to_call.reports.get().pk]
    world.arguments["intake:received"] = [far.tracking_code]
    world.forms["intake:report"] = {"words": "井盖破损", "address": "七一路口"}
    photo = accept_upload(SimpleUploadedFile("现场.jpg", jpeg(width=320, height=240)))
    attach_files([photo], case, role="report", by=None)
    attached = case.pk and photo.attachments.get().pk
    world.arguments["files:show"] = world.arguments["files:thumbnail"] = [attached]
    world.arguments["files:kept"] = [ticket(photo)]
    world.arguments["files:kept (forged)"] = ["forged"]


def _endings(world: World, make: StreetCases) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Merging, the backlog and appeals."""
    cast, other = world.cast, make("reported")
    case = make("reported")
    world.arguments["cases:alike"] = [case.number, other.number]
    world.arguments["cases:appeal"] = [make("declined").reports.get().tracking_code]
    world.arguments["cases:appeal (wrong code)"] = ["ABCD-2345-EFGH"]
    world.forms["cases:appeal"] = {"reason": "水管仍在漏水。"}
    appealed = actions.appeal_case(make("closed"), by=cast.handler, against="lateness", reason="等待停水。")
    ruling = {"appeal": appealed.appeals.get().pk, "upheld": "no", "ruling": "已提前告知。"}
    return {
        "merge": (case, {"into": other.number}),
        "unmerge": (make("merged"), {"reason": "是另一栋楼。"}),
        "backlog": (make("suspended"), {"reason": "等待管网改造。"}),
        "review_backlog": (make("backlog"), {"kept": "yes", "reason": "仍在改造。"}),
        "appeal_as_unit": (make("closed"), {"against": "lateness", "reason": "等待停水。"}),
        "decide_appeal": (appealed, ruling),
    }


def _joint_verbs(world: World, make: StreetCases) -> dict[str, tuple[Any, dict[str, Any]]]:
    """The works assist the bureau, or are called; the stranger handles their cases."""
    cast = world.cast

    def whistled() -> Any:
        return verbs_joint.whistled(make("filed"), cast, units=[cast.works])

    for verb, form in {
        "acknowledge_assistance": {},
        "finish_assistance": {"note": "阀门已关"},
        "redo_assistance": {"reason": "还在渗水"},
        "withdraw_assistance": {"reason": "不再需要"},
        "answer_whistle": {"comes": "yes"},
        "attend_whistle": {},
        "rate_department": {"rating": "5"},
        "answer_rating": {"words": "感谢"},
    }.items():
        table = verbs_joint.PARTS if verb in verbs_joint.PARTS else verbs_joint.CALLS
        subject = table[verb].ready(make)
        case = subject.case if hasattr(subject, "case") else subject.whistle.case
        world.arguments[f"cases:{verb}"] = [case.number, subject.pk]
        world.forms[f"cases:{verb}"] = form
    return {
        "ask_assistance": (make("handling"), {"unit": cast.works.pk, "task": "关闭阀门"}),
        "whistle": (make("filed"), {"question": "归谁管？", "units": [cast.works.pk]}),
        "rule_whistle": (whistled(), {"ruling": "城管主办", "unit": cast.bureau.pk}),
        "call_off_whistle": (whistled(), {"reason": "已查明归属"}),
    }


def _put_set_up(world: World) -> None:
    cast = world.cast
    day, soon = today(), today() + timedelta(days=3)
    somebody = make_person("王芳", username="somebody", duties=[("inspector", cast.places.community)])
    gone = make_person("李强", username="gone", is_active=False)
    cover = arrange_cover(
        cast.clerk, by=cast.clerk, stand_in=somebody, starts_on=soon, ends_on=soon, reason="年假"
    )
    corner = make_area("庆丰一格一微", kind="microgrid", parent=cast.places.grid)
    place = make_place("良苑小区", area=cast.places.community)
    set_calendar_day(soon, works=False, name="停水检修", by=None)
    old = Matter.objects.create(code="01.09", parent=cast.group, name="旧事项")
    retire_matter(old, by=cast.administrator)
    Responsibility.objects.create(matter=cast.plots, area=cast.places.district, unit=cast.bureau)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('reactions', 'cases.background.remind', '{}', 'todo') RETURNING id"
        )
        (job,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job])
    world.arguments |= {
        "audit:run_again": [job],
        "territory:area": [cast.places.community.pk],
        "territory:change_area": [cast.places.community.pk],
        "territory:change_boundary": [cast.places.community.pk],
        "territory:retire_area": [corner.pk],
        "territory:place": [place.pk],
        "territory:calendar_year": [day.year],
        "territory:remove_day": [soon.isoformat()],
        "accounts:end_duty": [somebody.duties.get().pk],
        "accounts:cancel_cover": [cover.pk],
        "accounts:cancel_my_leave": [cover.pk],
        "accounts:unit": [cast.bureau.pk],
        "accounts:change_unit": [cast.bureau.pk],
        "accounts:reactivate_person": [gone.pk],
        "cases:matter": [cast.litter.pk],
        "cases:revise_matter": [cast.litter.pk],
        "cases:retire_matter": [cast.litter.pk],
        "cases:restore_matter": [old.pk],
        "cases:name_unit": [cast.litter.pk],
        "cases:drop_unit": [cast.plots.pk],
        "demo:sign_in": ["clerk"],
    }
    for verb in (
        "person", "change_person", "set_password", "reset_second_factors", "deactivate_person", "give_duty",
        "arrange_cover",
    ):  # fmt: skip
        world.arguments[f"accounts:{verb}"] = [somebody.pk]
    world.forms |= {
        "territory:new_area": {
            "name": "新社区", "kind": "community", "code": "411602001099", "parent": cast.places.street.pk,
        },
        "territory:change_area": {"name": "庆丰新区", "parent": cast.places.street.pk},
        "territory:change_boundary": {"boundary": ""},
        "territory:new_place": {"name": "新小区", "kind": "compound", "area": cast.places.community.pk},
        "territory:place": {"name": "良苑新区", "kind": "compound", "area": cast.places.community.pk},
        "territory:set_day": {"day": soon.isoformat(), "works": "0", "name": "放假"},
        "accounts:new_person": {"name": "新人", "username": "newcomer", "password": "quiet-river-42"},
        "accounts:change_person": {"name": "王芳", "username": "somebody"},
        "accounts:set_password": {"password": "quiet-river-42"},
        "accounts:give_duty": {
            "kind": "clerk", "area": cast.places.community.pk, "starts_on": day.isoformat(),
        },
        "accounts:arrange_cover": {
            "stand_in": cast.inspector.pk, "starts_on": soon.isoformat(), "ends_on": soon.isoformat(),
        },
        "accounts:new_unit": {"name": "新单位", "code": "XX", "kind": "department"},
        "accounts:change_unit": {"name": "城市管理局", "code": "CG", "kind": "department"},
        "accounts:change_me": {"name": "新名字"},
        "accounts:language": {"language": "en"},
        "cases:new_matter": {
            "code": "01.77", "parent": cast.group.pk, "name": "新事项", "urgency": "ordinary",
        },
        "cases:revise_matter": {
            "code": "01.02", "parent": cast.group.pk, "name": "垃圾", "urgency": "ordinary",
        },
        "cases:name_unit": {"area": cast.places.district.pk, "unit": cast.bureau.pk},
        "cases:drop_unit": {"area": cast.places.district.pk},
        "notices:mark_all_read": {"up_to": 10**9},
    }  # fmt: skip


def _put_own_things(world: World) -> None:
    """What belongs to the clerk, and in part to the desk."""
    clerk = world.cast.clerk
    token, _secret = create_token(
        clerk, by=clerk, name="采集程序", scopes=["cases:read"], expires_on=today() + timedelta(days=30)
    )
    world.arguments["api:revoke_token"] = [token.pk]
    sheet = SimpleUploadedFile("reports.csv", "内容,地址\n井盖破损,七一路口\n".encode())
    sheet_import = receive_sheet(accept_upload(sheet), by=world.cast.clerk, area=world.cast.places.street)
    for route in ("sheet", "check_sheet", "confirm_sheet", "discard_sheet", "sheet_progress", "refused_rows"):
        world.arguments[f"intake:{route}"] = [sheet_import.pk]
    name = open_book(sheet_import).sheets[0].name
    world.forms["intake:check_sheet"] = world.forms["intake:confirm_sheet"] = {"sheet": name, "header": "1"}
    world.arguments["help_topic"] = ["reporting"]
    world.arguments["help_topic (of the desk)"] = ["sheets"]
    notice = Notice.objects.create(
        recipient=world.cast.clerk, kind="case.assigned", subject_type="cases.case",
        subject_id=world.foreign.pk, url="/desk/", params={},
    )  # fmt: skip
    world.arguments["notices:show"] = [notice.pk]
    failed = Delivery.objects.create(
        notice=notice,
        channel="email",
        state="failed_for_good",
        failed_at=now(),
        attempts=9,
        error="550 unknown",
    )
    world.arguments["notices:send_again"] = [failed.pk]
    world.forms["notices:send_all_again"] = {"channel": "email"}
    for route in ("name_address", "confirm_address", "remove_address"):
        world.arguments[f"notices:{route}"] = ["email"]
    world.forms["notices:name_address"] = {"value": "clerk@example.cn"}
    world.forms["notices:confirm_address"] = {"code": "123456"}
