"""The steps of the kill test that need the product: founding a small district, letting time pass, counting.

python -m bench.torture_inside prepare | check FILE PATIENCE
"""

import json
import sys
import time
from collections import Counter
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

from bihuan.config.embedded import ensure_server

STEPS = ("case.reminded", "case.became_overdue", "case.yellow_noticed", "case.red_noticed")
SILENCE = 15  # seconds without a heartbeat after which a worker counts as killed here


def prepare() -> dict[str, Any]:
    """A district with one desk, one unit and four people with tokens."""
    call_command("migrate", verbosity=0)
    call_command("create_district", "411602", "川汇区", stdout=sys.stderr)
    from bihuan.accounts import actions as accounts
    from bihuan.api.actions import create_token
    from bihuan.api.models import Scope
    from bihuan.cases.actions import create_matter, name_unit
    from bihuan.core.clock import today
    from bihuan.territory.models import Area

    district = Area.objects.get()
    by = accounts.create_first_administrator(username="admin", name="管理员", password="", district=district)
    unit = accounts.create_unit(name="养护队", kind="other", code="YH", by=by, area=district)
    matter = create_matter(by=by, code="01", name="路面破损", urgency="ordinary")
    name_unit(matter, area=district, unit=unit, by=by)
    duties = {
        "file": ("clerk", {"area": district}),
        "assign": ("dispatcher", {"area": district}),
        "acknowledge": ("handler", {"unit": unit}),
    }
    tokens = {}
    for verb, (kind, where) in duties.items():
        person = accounts.create_person(username=kind, name=kind, by=by)
        accounts.give_duty(person, kind=kind, by=by, **where)
        _token, tokens[verb] = create_token(
            person,
            by=person,
            name="torture",
            scopes=[Scope.CASES_ACT],
            expires_on=today() + timedelta(days=7),
        )
    tokens["resolve"] = tokens["acknowledge"]
    bodies = {
        "file": {"matter": matter.pk, "urgency": "ordinary"},
        "assign": {"unit": unit.pk},
        "acknowledge": {},
        "resolve": {"note": "已修补。"},
    }
    return {"tokens": tokens, "bodies": bodies}


def age() -> None:
    """Let a month pass for every third unfinished case whose clock runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET running_since = running_since - interval '30 days',"
            " stage_started_at = stage_started_at - interval '30 days',"
            " due_at = due_at - interval '30 days', step_at = now()"
            " WHERE step = 0 AND step_at IS NOT NULL AND id % 3 = 0"
        )


def check(told: dict[str, Any], patience: float) -> dict[str, Any]:
    """Wait until everything is worked off, then compare what was acknowledged with what is there."""
    age()
    _wait_until_calm(patience)
    faults = [
        *_lost_or_doubled_reports(told["reports"]),
        *_lost_or_doubled_acts(told["acts"]),
        *_missing_effects(),
        *_doubled_notices(),
        *_doubled_steps(),
        *_stuck_jobs(),
    ]
    from bihuan.audit.models import Effect, Entry
    from bihuan.notices.models import Notice

    return {
        "reports": len(told["reports"]),
        "acts": len(told["acts"]),
        "entries": Entry.objects.count(),
        "effects": Effect.objects.count(),
        "notices": Notice.objects.count(),
        "steps": Entry.objects.filter(verb__in=STEPS).count(),
        "jobs": len(_stuck_jobs()),
        "faults": faults,
    }


def _wait_until_calm(patience: float) -> None:
    """Until no job waits, or for so many seconds none was done.

    Those of killed workers are given back, clocks are looked at beside the workers.
    """
    from bihuan.audit import actions
    from bihuan.cases.actions import take_due_steps

    actions.WORKER_SILENCE = SILENCE
    deadline = time.monotonic() + patience
    least: int | None = None
    while time.monotonic() < deadline:
        take_due_steps()
        actions.rescue_jobs()
        left = len(_stuck_jobs())
        if not left:
            return
        if least is None or left < least:
            deadline, least = time.monotonic() + patience, left
        time.sleep(0.3)


def _stuck_jobs() -> list[str]:
    """Reactions that are not done. Jobs that run by the clock wait for their next turn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, status, args FROM procrastinate_jobs"
            " WHERE queue_name <> 'periodic' OR status = 'failed'"
        )
        return [f"job {pk} is {status}: {args}" for pk, status, args in cursor.fetchall()]


def _lost_or_doubled_reports(told: dict[str, str]) -> list[str]:
    from bihuan.cases.models import Report

    found: dict[str, list[str]] = {}
    for words, number in Report.objects.values_list("words", "case__number"):
        found.setdefault(words.removeprefix("torture "), []).append(number)
    faults = [f"report {mark} is there {len(there)} times" for mark, there in found.items() if len(there) > 1]
    for mark, number in told.items():
        if found.get(mark, [])[:1] != [number]:
            faults.append(f"report {mark} was acknowledged as {number}: {found.get(mark)}")
    return faults


def _lost_or_doubled_acts(told: list[tuple[str, str]]) -> list[str]:
    from bihuan.audit.models import Entry
    from bihuan.cases.models import Case

    numbers = dict(Case.objects.values_list("pk", "number"))
    entries = Entry.objects.filter(subject_type="cases.case", by__isnull=False).values_list(
        "subject_id", "verb"
    )
    found = Counter((numbers[pk], verb) for pk, verb in entries)
    faults = [
        f"{verb} of {number} happened {times} times" for (number, verb), times in found.items() if times > 1
    ]
    for number, event in told:
        if not found[number, event]:
            faults.append(f"{event} of {number} was acknowledged and is not there")
    return faults


def _missing_effects() -> list[str]:
    from bihuan.audit.models import Effect, Entry
    from bihuan.audit.reactions import reactions_to

    done: dict[int, list[str]] = {}
    for entry, reaction in Effect.objects.values_list("entry", "reaction"):
        done.setdefault(entry, []).append(reaction)
    faults = []
    for pk, verb in Entry.objects.values_list("pk", "verb"):
        if sorted(done.get(pk, [])) != sorted(reactions_to(verb)):
            faults.append(f"entry {pk} ({verb}): {done.get(pk)} took effect of {reactions_to(verb)}")
    return faults


def _doubled_notices() -> list[str]:
    """Nobody is told twice of one thing, and the unit is told of each case once."""
    from bihuan.audit.models import Entry
    from bihuan.notices.models import Notice

    told = Counter(Notice.objects.exclude(entry_id=None).values_list("entry_id", "recipient", "kind"))
    faults = [f"notice {notice} was made {times} times" for notice, times in told.items() if times > 1]
    of_cases = Counter(Notice.objects.filter(kind="case.to_acknowledge").values_list("entry_id", flat=True))
    for pk in Entry.objects.filter(verb="case.assigned").values_list("pk", flat=True):
        if of_cases[pk] != 1:
            faults.append(f"of entry {pk} the unit was told {of_cases[pk]} times")
    return faults


def _doubled_steps() -> list[str]:
    """Between two acts of people each step of a clock is taken once at most, in their order."""
    from bihuan.audit.models import Entry

    faults = []
    entries = Entry.objects.filter(subject_type="cases.case").order_by("subject_id", "seq")
    rows = entries.values_list("subject_id", "verb", "by")
    for pk, chain in groupby(rows, key=lambda row: row[0]):
        taken: list[str] = []
        for _pk, verb, by in chain:
            if by is not None:
                taken = []
            elif verb in STEPS:
                taken.append(verb)
                if taken != list(STEPS[: len(taken)]):
                    faults.append(f"case {pk}: the clock's steps were {taken}")
    return faults


if __name__ == "__main__":
    ensure_server()
    django.setup()
    if sys.argv[1] == "prepare":
        answer = prepare()
    else:
        answer = check(json.loads(Path(sys.argv[2]).read_text()), float(sys.argv[3]))
    json.dump(answer, sys.stdout, ensure_ascii=False)
