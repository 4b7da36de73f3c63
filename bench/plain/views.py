"""Takes a report in as a first Django project would: the rows it needs, one after another, and one job."""

import json
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.audit.models import Entry
from bihuan.cases.models import Case, Report
from bihuan.territory.models import Area

DISTRICT: list[int] = []


@transaction.atomic
def report(request: HttpRequest) -> JsonResponse:
    data = json.loads(request.body)
    if not DISTRICT:
        DISTRICT.append(Area.objects.get(kind="district").pk)
    at = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_case_serial')")
        serial = cursor.fetchone()[0]
    case = Case.objects.create(
        number=f"000000-{serial:07}-0",
        title=data["words"][:40],
        words=data["words"],
        channel="web",
        area_id=DISTRICT[0],
        desk_id=DISTRICT[0],
        address=data["address"],
        lon=data["lon"],
        lat=data["lat"],
        reported_at=at,
        changed_at=at,
        stage_started_at=at,
        running_since=at,
        due_at=at + timedelta(days=1),
        step_at=at + timedelta(hours=20),
    )
    made = Report.objects.create(
        case=case, at=at, channel="web", words=data["words"], name=data.get("name", "")
    )
    entry = Entry.objects.create(
        at=at,
        day=at.date(),
        verb="case.reported",
        subject_type="cases.case",
        subject_id=case.pk,
        seq=1,
        area_id=case.area_id,
        data={"report": made.pk, "channel": "web", "photos": 0, "state": case.state},
        previous_hash=bytes(32),
        hash=bytes(32),
    )
    app.configure_task("audit.react", queue="plain").defer(entry_id=entry.pk, reaction="plain")
    response = JsonResponse({"number": case.number, "code": made.tracking_code}, status=201)
    response["Content-Length"] = len(response.content)  # else it goes out in chunks
    return response
