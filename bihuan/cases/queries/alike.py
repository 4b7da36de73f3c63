"""Open cases that may be the same problem as a new one: by place, by distance, by what they are about."""

from dataclasses import dataclass, field
from datetime import timedelta
from math import cos, radians
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.cases.models.case import OPEN
from bihuan.core.clock import now
from bihuan.core.text import normalise, segment

DAYS = 60
NEAR = 200  # metres
METRES = 111_320  # of one degree of latitude
AT_MOST = 5
LOOKED_AT = 30  # of the best ones, whether this person may see them
NEWEST = 400  # of the same area, whose words are compared
WORDS = 60  # of a report that are compared
FEW = 2  # words in common that are worth a mention
SIMILAR = 0.3  # of the words


@dataclass(frozen=True)
class Alike:
    """An open case that may be the same problem, and why one may think so."""

    case: Case
    reasons: list[Any] = field(default_factory=list)
    score: float = 0


def alike_cases(case: Case, user: Any) -> list[Alike]:
    """The open cases of the last weeks, among those this person may see, that are most like this one.

    Two queries whatever the number of cases: indexes give those at the same place, those near by, and the
    newest of the same area; of these, the words are compared.
    """
    words = _words_of(case)
    found = {row[0]: row[1:] for row in _candidates(case, words)}
    if not found:
        return []
    rows = Case.objects.worked_on_by(user).with_names().filter(pk__in=found)
    alike = [_judge(case, other, *found[other.pk], words=len(words)) for other in rows]
    likely = [one for one in alike if one.reasons]
    return sorted(likely, key=lambda one: (-one.score, -one.case.pk))[:AT_MOST]


def _words_of(case: Case) -> list[str]:
    """The words that tell one problem from another; single signs are in every report."""
    return sorted({word for word in segment(f"{case.title} {case.words}").split() if len(word) > 1})[:WORDS]


# A row of the newest in the same area is looked at only once it is known to be open and to share words.
CANDIDATES = """
    WITH near AS (
        ({at_place}) UNION ({around}) UNION ({same_area})
    ), judged AS (
        SELECT one.id, one.place_id, one.lon, one.lat, (
            SELECT count(*) FROM unnest(tsvector_to_array(one.search)) AS word WHERE word = ANY(%(words)s)
        ) AS shared
        FROM near JOIN cases_case one USING (id)
        WHERE one.id <> %(id)s AND one.state = ANY(%(open)s) AND one.reported_at >= %(since)s
    )
    SELECT id, shared,
           CASE WHEN lon IS NULL OR %(lon)s::float8 IS NULL THEN NULL
                ELSE sqrt(((lon - %(lon)s) * %(east)s) ^ 2 + ((lat - %(lat)s) * %(north)s) ^ 2) END AS metres
    FROM judged
    ORDER BY coalesce(place_id = %(place)s, false) DESC, shared DESC, metres NULLS LAST, id DESC
    LIMIT %(limit)s
"""
AT_PLACE = """
    SELECT id FROM cases_case WHERE place_id = %(place)s AND state = ANY(%(open)s)
    AND reported_at >= %(since)s LIMIT %(newest)s
"""
AROUND = """
    SELECT id FROM cases_case WHERE {open} AND lat IS NOT NULL
    AND lat BETWEEN %(lat)s - %(high)s AND %(lat)s + %(high)s
    AND lon BETWEEN %(lon)s - %(wide)s AND %(lon)s + %(wide)s LIMIT %(newest)s
"""
SAME_AREA = """
    SELECT id FROM (
        SELECT id, state FROM cases_case WHERE {column} = %(area)s ORDER BY id DESC LIMIT %(newest)s
    ) newest WHERE state = ANY(%(open)s)
"""
NOTHING = "SELECT NULL::bigint AS id WHERE false"


def _candidates(case: Case, words: list[str]) -> list[tuple[int, int, float | None]]:
    """Key, number of words in common, and metres away, of the most promising ones."""
    north = METRES
    east = METRES * cos(radians(case.lat)) if case.lat is not None else METRES
    column, area = _area_of(case)
    open_ones = f"state IN ({', '.join(repr(str(state)) for state in OPEN)})"  # as the index says it
    sql = CANDIDATES.format(
        at_place=AT_PLACE if case.place_id else NOTHING,
        around=AROUND.format(open=open_ones) if case.lat is not None else NOTHING,
        same_area=SAME_AREA.format(column=column) if column else NOTHING,
    )
    values: dict[str, Any] = {
        "id": case.pk,
        "open": [str(state) for state in OPEN],
        "since": now() - timedelta(days=DAYS),
        "words": words,
        "place": case.place_id,
        "lon": case.lon,
        "lat": case.lat,
        "east": east,
        "north": north,
        "high": NEAR / north,
        "wide": NEAR / east,
        "area": area,
        "newest": NEWEST,
        "limit": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _area_of(case: Case) -> tuple[str, int | None]:
    """Where its neighbours are looked for, as far as is known."""
    if case.community_id:
        return "community_id", case.community_id
    return ("subdistrict_id", case.subdistrict_id) if case.subdistrict_id else ("", None)


def _judge(case: Case, other: Case, shared: int, metres: float | None, *, words: int) -> Alike:
    """Why it may be the same problem: where it is, and what it is about. Without the latter it is not named.

    At the same place a few words in common are enough; somewhere in the same area it takes more of them.
    """
    where, score = _where(case, other, metres)
    share = shared / words if words else 0
    about: list[Any] = []
    if where and _is_about(other, case):
        about.append(_("same matter"))
        score += 2
    if shared >= FEW and (where or share >= SIMILAR):
        about.append(_("similar words"))
        score += 3 * share
    return Alike(other, [*where, *about], score) if about else Alike(other)


def _where(case: Case, other: Case, metres: float | None) -> tuple[list[Any], float]:
    if case.place_id and case.place_id == other.place_id:
        return [_("same place")], 3
    if metres is None or metres > NEAR:
        return [], 0
    told = _("%(metres)s m away") % {"metres": max(10, int(round(metres, -1)))}
    return [told if metres >= 5 else _("same spot")], 3 - 2 * metres / NEAR


def _is_about(other: Case, case: Case) -> bool:
    """Whether the matter of the other case is this one's, or is what this one's words speak of."""
    if other.matter is None:
        return False
    if case.matter_id:
        return case.matter_id == other.matter_id
    text = normalise(f"{case.title} {case.words}").casefold()
    names = normalise(f"{other.matter.name} {other.matter.keywords}").casefold().split()
    return any(len(name) > 1 and name in text for name in names)
