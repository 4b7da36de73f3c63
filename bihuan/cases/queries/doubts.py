"""Photos of results that look like other photos: finding them, and showing them to those who judge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bihuan.cases import rules
from bihuan.cases.models import Case, DoubtKind, PhotoDoubt, Recheck
from bihuan.cases.queries.lists import cases_worked_on_by
from bihuan.files import likeness
from bihuan.files.models import Attachment, Kind
from bihuan.files.queries import attachments_of, attachments_of_files, pictures_like

MOST = 5  # other cases that are named for one photo: the nearest, and of those the earliest


@dataclass(frozen=True)
class Found:
    """A photo of a result, and the photo that it looks like. `distance` None: the very same file."""

    photo: int
    other: int
    other_case: int
    kind: str
    distance: int | None


def find_look_alikes(case: Case) -> list[Found]:
    """What the photos of this case's result look like: its own photos from before, and earlier cases'.

    Cases that were merged with this one are this one.
    """
    pictures = [one for one in attachments_of(case) if one.file.kind == Kind.IMAGE]
    before = [one for one in pictures if one.role in ("report", "before")]
    found = []
    for photo in pictures:
        if photo.role == "after":
            found += [*_unchanged(case, photo, before), *_reused(case, photo)]
    return found


def _unchanged(case: Case, photo: Attachment, before: Iterable[Attachment]) -> Iterator[Found]:
    shades = None
    for other in before:
        distance = likeness.bits_apart(photo.file.phash or 0, other.file.phash or 0)
        if other.file_id == photo.file_id:
            yield Found(photo.pk, other.pk, case.pk, DoubtKind.UNCHANGED, None)
        elif distance <= likeness.FAR:
            shades = likeness.shades_of(photo.file) if shades is None else shades
            if likeness.is_one_picture(shades, likeness.shades_of(other.file)):
                yield Found(photo.pk, other.pk, case.pk, DoubtKind.UNCHANGED, distance)


def _reused(case: Case, photo: Attachment) -> list[Found]:
    apart: dict[int, int] = pictures_like(photo.file)
    uses = attachments_of_files([photo.file_id, *apart], like=case).filter(pk__lt=photo.pk)
    uses = uses.exclude(subject_id=case.pk).order_by("pk")
    others = [use for use in uses if use.role in ("report", "before", "after", "evidence")]
    family = _family(case, {use.subject_id for use in others})
    first: dict[int, Attachment] = {}
    for use in sorted(others, key=lambda use: (apart.get(use.file_id, -1), use.pk)):
        if use.subject_id not in family:
            first.setdefault(use.subject_id, use)
    return [
        Found(photo.pk, use.pk, use.subject_id, DoubtKind.REUSED, apart.get(use.file_id))
        for use in list(first.values())[:MOST]
    ]


def _family(case: Case, others: Iterable[int]) -> set[int]:
    """Which of these cases lie in this one, hold it, or lie in the same one."""
    roots = {case.pk, case.merged_into_id or case.pk}
    rows = Case.objects.filter(pk__in=others).values_list("pk", "merged_into")
    return {pk for pk, into in rows if pk in roots or into in roots}


@dataclass(frozen=True)
class DoubtShown:
    """One doubt for a reader: with the other picture and case only when that case is theirs to see."""

    doubt: PhotoDoubt
    other_case: Case | None

    @property
    def is_within(self) -> bool:
        """Whether both pictures are of the case at hand."""
        return self.doubt.kind == DoubtKind.UNCHANGED

    @property
    def shows_both(self) -> bool:
        return self.is_within or self.other_case is not None


def doubts_shown(case: Case, user: Any) -> list[DoubtShown]:
    """What was noticed about the photos of a case, open first; nothing for those whom it is not for."""
    if case.doubted_at is None or not rules.may_see_doubts(case, user):
        return []
    doubts = list(
        PhotoDoubt.objects.filter(case=case)
        .select_related("photo__file", "other__file", "settled_by")
        .order_by("settled_at", "pk")
    )
    doubts.sort(key=lambda doubt: doubt.settled_at is not None)
    wanted = {doubt.other_case_id for doubt in doubts if doubt.kind == DoubtKind.REUSED}
    visible = {other.pk: other for other in cases_worked_on_by(user).filter(pk__in=wanted)} if wanted else {}
    return [DoubtShown(doubt, visible.get(doubt.other_case_id)) for doubt in doubts]


def doubts_undecided(case: Case) -> bool:
    """Whether a closed case was passed in spite of a doubt, and nobody has looked once more since."""
    last = Recheck.objects.filter(case=case).order_by("-drawn_at").first()
    doubts = PhotoDoubt.objects.filter(case=case).exclude(passed=False)
    if last is not None:
        doubts = doubts.filter(found_at__gt=last.drawn_at)
    return doubts.exists()
