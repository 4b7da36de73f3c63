"""From what the queries find to what programs are shown."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from bihuan.api.shapes import words
from bihuan.cases import queries, rules
from bihuan.cases.api import shapes
from bihuan.cases.models import Case, Report
from bihuan.cases.queries.following import decline_of, is_later_than_promised, photos_for, story_of
from bihuan.cases.views.acting import ACTS
from bihuan.files.models import Attachment


def address(request: HttpRequest, route: str, *args: Any) -> str:
    return request.build_absolute_uri(reverse(route, args=args))


def _named(row: Any) -> shapes.Named:
    return shapes.Named(id=row.pk, code=row.code, name=row.label)


def line(request: HttpRequest, case: Case) -> shapes.CaseLine:
    return shapes.CaseLine(**_line(request, case))


def _line(request: HttpRequest, case: Case) -> dict[str, Any]:
    face, holder = queries.clock_face(case), queries.holder_of(case)
    return {
        "number": case.number,
        "title": case.title,
        "state": case.state,
        "state_label": case.get_state_display(),
        "urgency": case.urgency,
        "matter": _named(case.matter) if case.matter else None,
        "area": _named(case.area),
        "desk": _named(case.desk),
        "place": shapes.PlaceNamed(id=case.place.pk, name=case.place.label) if case.place else None,
        "address": case.address,
        "lon": case.lon,
        "lat": case.lat,
        "outside": case.is_outside,
        "unit": _named(case.unit) if case.unit else None,
        "waits_for": " · ".join(filter(None, (words(holder.duty), holder.place))) if holder else "",
        "supervision": case.supervision,
        "clock": shapes.Clock(level=face.level, due_at=face.due_at, left=face.left, share=face.share),
        "reported_at": case.reported_at,
        "promised_at": case.promised_at,
        "changed_at": case.changed_at,
        "url": address(request, "cases:show", case.number),
    }


def whole(request: HttpRequest, case: Case) -> shapes.CaseShown:
    photos, joint = queries.photos_of(case), queries.joint_work(case, request.user)
    calls = [shown for whistle in joint.whistles for shown in whistle.calls]
    return shapes.CaseShown(
        **_line(request, case),
        words=case.words,
        resolution=case.resolution,
        reply=case.reply,
        waits_because=case.waits_because,
        reports=[_report(report) for report in case.reports.all()],
        files=[_file(request, one) for one in (*photos.before, *photos.after, *photos.others)],
        timeline=[_event(event) for event in queries.timeline(case, public=False)],
        parts=[_side(request, case, one, one.subject.get_state_display()) for one in joint.parts],
        calls=[_side(request, case, one, one.subject.get_answer_display()) for one in calls],
        actions=[
            _choice(choice, address(request, f"v1:{choice.verb}", case.number) if choice.verb in ACTS else "")
            for choice in queries.choices_for(case, request.user)
        ],
    )


def _side(request: HttpRequest, case: Case, shown: Any, state: Any) -> shapes.SideShown:
    return shapes.SideShown(
        id=shown.subject.pk,
        unit=_named(shown.unit),
        state=words(state),
        ours=shown.ours,
        due_at=shown.subject.due_at,
        actions=[
            _choice(choice, address(request, f"v1:{choice.verb}", case.number, shown.subject.pk))
            for choice in shown.choices
        ],
    )


def _report(report: Report) -> shapes.ReportShown:
    return shapes.ReportShown(
        at=report.at,
        channel=report.channel,
        words=report.words,
        may_call=report.may_call,
        solved=report.solved,
        satisfaction=report.satisfaction,
        comment=report.comment,
    )


def _file(request: HttpRequest, attachment: Attachment) -> shapes.FileShown:
    file = attachment.file
    return shapes.FileShown(
        id=attachment.pk,
        role=attachment.role,
        kind=file.kind,
        media_type=file.media_type,
        size=file.size,
        name=attachment.download_name,
        caption=attachment.caption,
        url=address(request, "v1:open_file", attachment.pk),
        thumbnail_url=address(request, "v1:open_thumbnail", attachment.pk) if file.is_image else "",
    )


def _event(event: Any) -> shapes.Event:
    return shapes.Event(
        at=event.at,
        verb=event.verb,
        sentence=words(event.sentence),
        note=words(event.note),
        who=event.who,
        on_behalf_of=event.on_behalf_of,
    )


def _choice(choice: queries.Choice, url: str) -> shapes.ChoiceShown:
    return shapes.ChoiceShown(
        verb=choice.verb,
        label=words(choice.label),
        allowed=bool(choice.verdict),
        code=choice.verdict.code,
        reason=words(choice.verdict.sentence),
        url=url,
    )


def followed(request: HttpRequest, report: Report) -> shapes.Followed:
    """A report as its reporter reads it."""
    case, photos, declined = report.case, photos_for(report), decline_of(report.case)
    told = (declined.reason, declined.note, declined.turn_to) if declined else ()
    return shapes.Followed(
        number=report.own_case.number,
        tracking_code=report.tracking_code,
        title=report.own_case.title,
        words=report.words,
        state=case.state,
        state_label=case.get_state_display(),
        reported_at=report.at,
        promised_at=case.promised_at,
        late=is_later_than_promised(case),
        unit=case.unit.label if case.unit else "",
        reply=case.reply,
        waits_because=case.waits_because,
        declined=" · ".join(words(part) for part in told if part),
        may_answer=bool(rules.may("answer", case, request.user, report=report)),
        may_withdraw=bool(rules.may("withdraw", case, request.user, report=report)),
        timeline=[
            shapes.PublicEvent(at=event.at, sentence=words(event.sentence), note=words(event.note))
            for event in story_of(report)
        ],
        photos=[
            shapes.PublicPhoto(
                id=photo.pk,
                role=photo.role,
                url=address(request, "v1:open_report_photo", report.tracking_code, photo.pk),
            )
            for photo in (*photos.before, *photos.after)
        ],
        url=address(request, "cases:track", report.tracking_code),
    )
