"""Who is told when a case waits too long: first who has it, then level by level those above."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, User
from bihuan.accounts.queries import holders_at, with_stand_ins
from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.cases import climbing
from bihuan.cases.background.telling import case_of, holders_of, tell_reporters, tell_staff
from bihuan.cases.models import Case, State, Supervision, SupervisionNotice
from bihuan.notices.kinds import DEADLINES, register
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id, district, trail

WHERE = _("Case %(number)s, %(place)s")
register("case.reminded", title=_("80 %% of the limit is used: %(title)s"), body=WHERE, group=DEADLINES)
register("case.became_overdue", title=_("Overdue: %(title)s"), body=WHERE, group=DEADLINES)
register("case.yellow_noticed", title=_("Yellow notice: %(title)s"), body=WHERE, group=DEADLINES)
register(
    "case.red_noticed",
    title=_("Red notice, on the weekly agenda: %(title)s"),
    body=WHERE,
    group=DEADLINES,
    urgent=True,
)
register(
    "case.on_site_missed", title=_("Not on site in time: %(title)s"), body=WHERE, group=DEADLINES, urgent=True
)
register("case.climbed", title=_("Waited too long, now one desk up: %(title)s"), body=WHERE, group=DEADLINES)
register("case.verification_lapsed", title=_("Not verified in time: %(title)s"), body=WHERE, group=DEADLINES)
register(
    "case.verification_taken_back",
    title=_("No longer to be verified: %(title)s"),
    body=WHERE,
    group=DEADLINES,
)
register("case.supervised", title=_("Under supervision: %(title)s"), body=WHERE, group=DEADLINES)
register("case.supervision_answered", title=_("Notice answered: %(title)s"), body=WHERE, group=DEADLINES)
register("report.message", title=_("A message about your report: %(title)s"), body=_("Number %(number)s"))

AT_DESK = (DutyKind.SUPERVISOR, DutyKind.DISPATCHER)
ABOVE = (DutyKind.SUPERVISOR, DutyKind.LEADER)


def told_at(level: str, case: Case) -> list[User]:
    """Whom a level of supervision reaches: holders and desk; from yellow the street, at red the district."""
    people = [*holders_of(case), *nearest(AT_DESK, case.desk)]
    if level in (Supervision.YELLOW, Supervision.RED) and case.subdistrict is not None:
        people += nearest(ABOVE, case.subdistrict)
    if level == Supervision.RED:
        people += nearest(ABOVE, district())
    return people


def nearest(kinds: Iterable[str], area: Area) -> list[User]:
    """Those with one of these duties at this very level; where nobody has one, at the next level that has."""
    for place in reversed(trail(area)):
        people = list(holders_at(kinds, place))
        if people:
            return people
    return []


@on("case.reminded")
def tell_holders(entry: Entry) -> None:
    tell_staff(entry, holders_of(case_of(entry)), entry.verb)


@on("case.became_overdue", "case.on_site_missed")
def tell_of_delay(entry: Entry) -> None:
    tell_staff(entry, told_at(Supervision.ORDINARY, case_of(entry)), entry.verb)


@on("case.yellow_noticed")
def tell_of_yellow(entry: Entry) -> None:
    tell_staff(entry, told_at(Supervision.YELLOW, case_of(entry)), entry.verb)


@on("case.red_noticed")
def tell_of_red(entry: Entry) -> None:
    tell_staff(entry, told_at(Supervision.RED, case_of(entry)), entry.verb)


@on("case.supervised")
def tell_of_notice(entry: Entry) -> None:
    level = entry.data["level"]
    tell_staff(entry, told_at(level, case_of(entry)), entry.verb, urgent=level == Supervision.RED)


@on("case.supervision_answered")
def tell_who_supervises(entry: Entry) -> None:
    """Whoever asked or stands in for them, and the supervisors of the desk, read the answer."""
    answered = SupervisionNotice.objects.filter(number__in=entry.data["notices"], issued_by__isnull=False)
    asked = with_stand_ins(answered.values("issued_by"))
    tell_staff(entry, [*asked, *nearest([DutyKind.SUPERVISOR], case_of(entry).desk)], entry.verb)


@on("case.climbed")
def tell_both_desks(entry: Entry) -> None:
    known = areas_by_id()
    duty = climbing.WAITS_AT_DESK.get(State(entry.data["state"]), DutyKind.CLERK)
    desks = [known[pk] for key in ("desk", "from_desk") if (pk := entry.data[key]) in known]
    tell_staff(entry, [person for desk in desks for person in holders_at([duty], desk)], entry.verb)


@on("case.verification_lapsed")
def tell_desk_of_lapse(entry: Entry) -> None:
    case = case_of(entry)
    desk, walkers = holders_at([DutyKind.CLERK], case.desk), holders_at([DutyKind.GRID_WORKER], case.area)
    tell_staff(entry, [*desk, *walkers], entry.verb)


@on("case.verification_taken_back")
def tell_grid_workers(entry: Entry) -> None:
    tell_staff(entry, holders_at([DutyKind.GRID_WORKER], case_of(entry).area), entry.verb)


@on("case.contacted")
def tell_reporters_of_message(entry: Entry) -> None:
    tell_reporters(entry, "report.message")
