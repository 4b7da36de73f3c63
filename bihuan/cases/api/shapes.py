"""How cases, desks and timelines look to programs."""

from datetime import datetime

from django.utils.translation import gettext_noop as _
from pydantic import Field

from bihuan.api.shapes import Number, Page, Shape


class Named(Shape):
    """Something that a case names."""

    id: int
    code: str
    name: str = Field(description=_("In the language asked for."))


class PlaceNamed(Shape):
    """A place."""

    id: int
    name: str


class Clock(Shape):
    """The clock of the present stage."""

    level: str = Field(description=_("ok, warn, over, stands or done."), examples=["ok"])
    due_at: datetime | None
    left: str = Field(description=_("How much is left or over, in words."), examples=["3 天 2 小时"])
    share: int = Field(description=_("Percent of the limit that is used, at most 100."))


class CaseLine(Shape):
    """A case in a list."""

    number: Number
    title: str = Field(examples=["楼下水管爆裂"])
    state: str = Field(examples=["handling"])
    state_label: str = Field(examples=["处置中"])
    urgency: str = Field(description=_("Empty until it is filed."), examples=["ordinary"])
    matter: Named | None
    area: Named
    desk: Named
    place: PlaceNamed | None
    address: str
    lon: float | None
    lat: float | None
    outside: bool = Field(description=_("Whether its point lies outside the district."))
    unit: Named | None = Field(description=_("The handling unit."))
    waits_for: str = Field(description=_("Whose turn it is, in words; empty when it is finished."))
    supervision: str = Field(description=_("Empty, ordinary, yellow or red."))
    clock: Clock
    reported_at: datetime
    promised_at: datetime | None
    changed_at: datetime
    url: str = Field(description=_("Its page."))


class CasePage(Page[CaseLine]):
    """A page of cases."""


class Event(Shape):
    """One line of a timeline."""

    at: datetime
    verb: str = Field(examples=["case.assigned"])
    sentence: str
    note: str
    who: str
    on_behalf_of: str


class FileShown(Shape):
    """A photo or document beside a case."""

    id: int
    role: str = Field(description=_("report, before, after or evidence."))
    kind: str = Field(description=_("image or document."))
    media_type: str
    size: int
    name: str
    caption: str
    url: str
    thumbnail_url: str = Field(description=_("Empty for documents."))


class ReportShown(Shape):
    """What one person reported. Names and phone numbers are read on the page alone."""

    at: datetime
    channel: str
    words: str
    may_call: bool
    solved: bool | None
    satisfaction: str
    comment: str


class ChoiceShown(Shape):
    """A verb whose turn may be now."""

    verb: str = Field(examples=["assign"])
    label: str = Field(examples=["交办"])
    allowed: bool
    code: str = Field(description=_("Why not, for programs; empty when allowed."))
    reason: str = Field(description=_("Why not, for people; empty when allowed."))
    url: str = Field(description=_("Where to send it; empty where only the page does it."))


class SideShown(Shape):
    """One unit's part of a case, or one department's call over it."""

    id: int
    unit: Named
    state: str = Field(description=_("In words."))
    ours: bool = Field(description=_("Whether it is your own unit's."))
    due_at: datetime | None
    actions: list[ChoiceShown]


class CaseShown(CaseLine):
    """A case with everything that its page shows."""

    words: str
    resolution: str
    reply: str
    waits_because: str = Field(description=_("The public reason why it stands still."))
    reports: list[ReportShown]
    files: list[FileShown]
    timeline: list[Event]
    parts: list[SideShown] = Field(description=_("What assisting units have to do."))
    calls: list[SideShown] = Field(description=_("Departments that a whistle called."))
    actions: list[ChoiceShown] = Field(
        description=_("The verbs you have the duty for: what you may do, and what not and why.")
    )


class Done(Shape):
    """What a verb led to. Your part may end here: the case is not always yours to see afterwards."""

    number: Number
    state: str = Field(examples=["assigned"])
    state_label: str = Field(examples=["待签收"])
    due_at: datetime | None
    event: str = Field(examples=["case.assigned"])
    sentence: str
    url: str


class DeskGroup(Shape):
    """What waits for one verb, the most urgent first."""

    verb: str = Field(examples=["file"])
    label: str
    total: int
    late: int
    items: list[CaseLine] = Field(description=_("The first ones; total says how many there are."))


class Desk(Shape):
    """What waits for the token's person now."""

    waiting: int
    late: int
    groups: list[DeskGroup]


class PublicEvent(Shape):
    """One line of what a reporter reads."""

    at: datetime
    sentence: str
    note: str


class PublicPhoto(Shape):
    """A photo that a reporter may see."""

    id: int
    role: str
    url: str


class Followed(Shape):
    """What became of a report: what its tracking page shows."""

    number: Number
    tracking_code: str = Field(examples=["ABCD-2345-EFGH"])
    title: str
    words: str = Field(description=_("As this reporter wrote them."))
    state: str = Field(examples=["handling"])
    state_label: str
    reported_at: datetime
    promised_at: datetime | None
    late: bool = Field(description=_("Whether the promised day has passed."))
    unit: str
    reply: str
    waits_because: str
    declined: str = Field(description=_("Why it was not accepted, and where to turn."))
    may_answer: bool
    may_withdraw: bool
    timeline: list[PublicEvent]
    photos: list[PublicPhoto]
    url: str


class MatterShown(Shape):
    """A matter of the catalogue."""

    id: int
    code: str = Field(examples=["01.03"])
    name: str = Field(examples=["自来水爆管"])
    name_en: str
    parent: int | None
    urgency: str = Field(examples=["urgent"])
    choosable: bool = Field(description=_("Whether a case can be filed under it: there is none finer."))
    self_handled: bool = Field(description=_("Whether it may be settled on the spot."))
    needs_before_photo: bool
    needs_after_photo: bool


class MatterPage(Page[MatterShown]):
    """A page of matters."""


class UnitShown(Shape):
    """A unit that cases are given to."""

    id: int
    code: str = Field(examples=["CG"])
    kind: str
    name: str = Field(examples=["城市管理局"])
    name_en: str
    parent: int | None


class UnitPage(Page[UnitShown]):
    """A page of units."""
