"""From a report to a filed case: 上报, 即办, 撤回, 核实, 不予受理, 立案."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.cases import climbing, clocks, limits, queries
from bihuan.cases.actions.loop import add_handler, add_photos, hold, keep
from bihuan.cases.models import Case, Channel, Matter, Report, State
from bihuan.core.clock import local, now
from bihuan.core.numbers import case_number
from bihuan.core.personal import blind_index, normal_phone
from bihuan.core.rows import insert, insert_if_new, next_values
from bihuan.core.text import clean, segment
from bihuan.core.verdicts import no
from bihuan.files.models import StoredFile
from bihuan.territory.models import Area, Place
from bihuan.territory.queries import district, looks_swapped, trail

TITLE_LENGTH = 40
SEQUENCES = ("cases_case_id_seq", "cases_case_serial")


@transaction.atomic
def report_case(
    *,
    by: Any,
    words: str,
    title: str = "",
    place: Place | None = None,
    address: str = "",
    lon: float | None = None,
    lat: float | None = None,
    photos: Iterable[StoredFile] = (),
    channel: str = Channel.WEB,
    name: str = "",
    phone: str = "",
    may_call: bool = False,
    source: str = "",
    source_key: str = "",
    area: Area | None = None,
    said_at: datetime | None = None,
    category: str = "",
) -> Report:
    """Take in what somebody saw. From now on it cannot get lost: it has a number, a desk and a deadline.

    `lon`, `lat` are WGS-84 degrees; outside the district they are kept, marked, and go to the district's
    desk. The same `source_key` from the same `source` gives the report that is already there. `area` counts
    where there is neither place nor point. Whoever hands in a list of other people's reports is not their
    reporter; when each was first made (`said_at`) and under what (`category`) is kept beside it.
    """
    at = now()
    words = clean(words)
    swapped = lon is not None and lat is not None and looks_swapped(lon, lat)
    if swapped:
        lon, lat = lat, lon
    if place is not None and lon is None:
        lon, lat = place.lon, place.lat
    found = queries.area_of(place=place, lon=lon, lat=lat)
    area = found or (area if lon is None else None)
    levels = queries.levels_of(area or district())
    case_id, serial = next_values(*SEQUENCES)
    case = Case(
        pk=case_id,
        number=case_number(local(at).date(), serial),
        title=clean(title)[:120] or queries.heading_of(words, TITLE_LENGTH),
        words=words,
        channel=channel,
        area=area or levels.district,
        subdistrict=levels.subdistrict,
        community=levels.community,
        desk=levels.desk,
        place=place,
        address=clean(address)[:200],
        lon=lon,
        lat=lat,
        is_outside=area is None and lon is not None,
        climb_at=climbing.leaves_by(levels.desk, at),
        reported_at=at,
        changed_at=at,
    )
    clocks.start_stage(case, at, limits.ACCEPT)
    case.search = search_words(case)
    number = normal_phone(phone) if phone else None
    signed_in = by if getattr(by, "is_authenticated", False) else None
    report = Report(
        case=case,
        at=at,
        channel=channel,
        source=source,
        source_key=source_key,
        words=words,
        said_at=said_at,
        category=clean(category)[:60],
        reporter=signed_in if channel != Channel.SHEET else None,
        name=clean(name)[:60],
        phone=number,
        phone_index=blind_index(number) if number else None,
        may_call=bool(may_call and number),
    )
    if not insert_if_new(report):  # before its case, which nobody needs if the report is there already
        return Report.objects.select_related("case").get(source=source, source_key=source_key)
    insert(case)
    photos = list(photos)
    add_photos(case, photos, role="report", by=signed_in)
    record(
        "case.reported",
        case,
        by=signed_in,
        is_first=not photos,  # each photo has an entry of its own
        report=report.pk,
        channel=channel,
        photos=len(photos),
        state=case.state,
        due=case.due_at.isoformat() if case.due_at else None,
        **({"outside": True} if case.is_outside else {}),
        **({"swapped": True} if swapped else {}),
    )
    return report


def search_words(case: Case) -> str:
    """What full-text search finds a case by, cut into words: what was said, and the names of where it is."""
    names = [part.name for part in trail(case.area)[1:]]
    if case.place is not None:
        names += [case.place.name, *case.place.aliases]
    told = [case.title, case.address, case.words[:5_000]]
    return " ".join([case.number, *(segment(text) for text in (*told, *names) if text)])


@transaction.atomic
def withdraw_case(case: Case, *, by: Any, report: Report | None) -> Case:
    """Take a report back before anybody has acted on it. Nothing more will happen."""
    case, verdict = hold("withdraw", case, by, report=report)
    was, at = case.state, now()
    case.state = State.WITHDRAWN
    clocks.stop(case, at)
    return keep(case, "withdraw", [], by=by, verdict=verdict, was=was)


@transaction.atomic
def send_to_verify(case: Case, *, by: Any, question: str = "") -> Case:
    """Ask the grid worker to go and look."""
    case, verdict = hold("send_to_verify", case, by)
    was = case.state
    case.state = State.VERIFYING
    clocks.start_stage(case, now(), limits.VERIFY)
    return keep(case, "send_to_verify", [], by=by, verdict=verdict, was=was, note=question)


@transaction.atomic
def verify_case(
    case: Case, *, by: Any, finding: str, note: str = "", photos: Iterable[StoredFile] = ()
) -> Case:
    """Say what was found on the spot: it exists, it does not, or one cannot tell. The clerk decides."""
    case, verdict = hold("verify", case, by)
    was = case.state
    case.state = State.REPORTED
    clocks.start_stage(case, now(), limits.ACCEPT)
    photos = list(photos)
    add_photos(case, photos, role="before", by=by)
    return keep(
        case, "verify", [], by=by, verdict=verdict, was=was, finding=finding, note=note, photos=len(photos)
    )


@transaction.atomic
def decline_case(case: Case, *, by: Any, reason: str, note: str, turn_to: str = "") -> Case:
    """Do not accept a report. Its reporter is told why, and where to turn instead."""
    case, verdict = hold("decline", case, by)
    was, at = case.state, now()
    case.state = State.DECLINED
    case.decline_reason = reason
    case.reply = clean(note)
    clocks.stop(case, at)
    return keep(
        case,
        "decline",
        ["decline_reason", "reply"],
        by=by,
        verdict=verdict,
        was=was,
        reason=reason,
        note=note,
        turn_to=turn_to,
    )


@transaction.atomic
def file_case(case: Case, *, by: Any, matter: Matter, urgency: str = "", note: str = "") -> Case:
    """Accept a report under a matter. What is promised now stays promised."""
    case, verdict = hold("file", case, by)
    was, at = case.state, now()
    _file_under(case, matter, urgency)
    case.state = State.FILED
    case.filed_at = at
    promise = limits.Promise.read(case.promise)
    case.promised_at = promise.kept_by(at)
    clocks.start_stage(case, at, promise.assign, promise.clock)
    return keep(
        case,
        "file",
        ["matter", "urgency", "promise", "promised_at", "filed_at"],
        by=by,
        verdict=verdict,
        was=was,
        matter=matter.code,
        urgency=case.urgency,
        promised=case.promised_at.isoformat(),
        note=note,
    )


def _file_under(case: Case, matter: Matter, urgency: str) -> None:
    if matter.retired_at is not None:
        no(
            "case.matter_retired", _("This matter is no longer in the catalogue. Choose another one.")
        ).enforce()
    case.matter = matter
    case.urgency = urgency or matter.urgency
    case.promise = limits.Promise.of(matter, case.urgency).as_json()


@transaction.atomic
def self_handle_case(
    case: Case, *, by: Any, matter: Matter, note: str, photos: Iterable[StoredFile] = ()
) -> Case:
    """Settle a small matter on the spot. Some of these are checked; nobody can foresee which."""
    case, verdict = hold("self_handle", case, by)
    was, at = case.state, now()
    photos = list(photos)
    if not matter.self_handled:
        no(
            "case.not_small", _("This matter is not one to handle on the spot. Let the desk file it.")
        ).enforce()
    if matter.needs_after_photo and not photos:
        no("case.after_photo_missing", _("This matter asks for a photo of the result.")).enforce()
    _file_under(case, matter, "")
    case.state = State.SELF_HANDLED
    case.resolution = clean(note)
    case.resolved_at = at
    add_handler(case, by, verdict)
    add_photos(case, photos, role="after", by=by)
    clocks.start_stage(case, at, limits.SPOT_CHECK)
    return keep(
        case,
        "self_handle",
        ["matter", "urgency", "promise", "resolution", "resolved_at", "handlers"],
        by=by,
        verdict=verdict,
        was=was,
        matter=matter.code,
        note=note,
        photos=len(photos),
    )
