"""What figures are counted from: case facts, transitions, the open cases of each night, and their sums.

All of it follows from the cases and their entries and can be built anew from them (`rebuild_figures`);
nothing is decided here. Only the weights of the composite score are somebody's own words.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case


class Fact(models.Model):
    """A case as figures see it: where, whose, what about, its moments, and what it counts as on its due day.

    `seq` is the last entry that was counted. `area` is the community, or the deepest area above it that is
    known; `spot` is equal where two cases are about the same place. `took` is how long it was in hand.
    """

    case = models.OneToOneField(
        Case, models.DO_NOTHING, primary_key=True, related_name="+", db_constraint=False
    )
    seq = models.PositiveIntegerField()
    area = models.BigIntegerField()
    subdistrict = models.BigIntegerField(default=0)
    unit = models.BigIntegerField(null=True)
    matter = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)
    urgency = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=14)
    spot = models.CharField(max_length=60)
    reported_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    took = models.PositiveIntegerField(default=0)
    marks = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "area"], name="insight_fact_due"),
            models.Index(
                fields=["spot", "matter"], name="insight_fact_spot", condition=models.Q(matter__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class Transition(models.Model):
    """One step of a case: from which state to which, by which verb, how long it then stayed.

    There is one for each entry that changed the state or the deadline, or that is counted. Unit and matter
    are those of that moment. `day` and `left_on` are the days on which the state began and ended; on a night
    in between the case was in it, and overdue when `late_from` had come. `counted_on` is the day on which
    `marks` count.
    """

    pk = models.CompositePrimaryKey("case_id", "seq")
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    was = models.CharField(max_length=14, blank=True)
    state = models.CharField(max_length=14)
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    natural_seconds = models.PositiveIntegerField(null=True)
    working_seconds = models.PositiveIntegerField(null=True)
    day = models.DateField()
    left_on = models.DateField(null=True)
    late_from = models.DateField(null=True)
    area = models.BigIntegerField()
    subdistrict = models.BigIntegerField(default=0)
    unit = models.BigIntegerField(null=True)
    matter = models.BigIntegerField(null=True)
    counted_on = models.DateField(null=True)
    marks = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["counted_on", "area"],
                name="insight_transition_counted",
                condition=models.Q(counted_on__isnull=False),
            ),
            models.Index(fields=["left_on"], name="insight_transition_left"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.verb}"


class Cell(models.Model):
    """Where sums are kept: a period, an area, and a unit and a matter of which 0 means all of them."""

    kind = models.CharField(max_length=7)
    start = models.DateField()
    area = models.BigIntegerField()
    subdistrict = models.BigIntegerField(default=0)
    unit = models.BigIntegerField(default=0)
    matter = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class Tally(Cell):
    """How many lines carry each mark, summed up for each day and each month; nothing is kept as NULL.

    What it costs to read follows areas and days. The cells of a closed period never change again: the
    database refuses it.
    """

    pk = models.CompositePrimaryKey("kind", "matter", "unit", "start", "area")
    due = models.IntegerField(null=True)
    standing = models.IntegerField(null=True)
    closable = models.IntegerField(null=True)
    ended = models.IntegerField(null=True)
    in_time = models.IntegerField(null=True)
    extended = models.IntegerField(null=True)
    resolved = models.IntegerField(null=True)
    reworked = models.IntegerField(null=True)
    to_contact = models.IntegerField(null=True)
    contacted = models.IntegerField(null=True)
    to_call = models.IntegerField(null=True)
    called = models.IntegerField(null=True)
    solved = models.IntegerField(null=True)
    rated = models.IntegerField(null=True)
    satisfied = models.IntegerField(null=True)
    again = models.IntegerField(null=True)
    assigned = models.IntegerField(null=True)
    well_assigned = models.IntegerField(null=True)
    reported = models.IntegerField(null=True)
    acceptable = models.IntegerField(null=True)
    accepted = models.IntegerField(null=True)
    filed = models.IntegerField(null=True)
    closed = models.IntegerField(null=True)
    declined = models.IntegerField(null=True)
    withdrawn = models.IntegerField(null=True)
    merged = models.IntegerField(null=True)
    checked = models.IntegerField(null=True)
    check_held = models.IntegerField(null=True)
    ordinary = models.IntegerField(null=True)
    yellow = models.IntegerField(null=True)
    red = models.IntegerField(null=True)
    took = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "start", "matter"], name="insight_tally_units")]

    def __str__(self) -> str:
        return f"{self.kind} {self.start} {self.area}/{self.unit}/{self.matter}"


class HandlingTime(Cell):
    """How many cases took how long, in buckets: see `insight.buckets`."""

    pk = models.CompositePrimaryKey("kind", "matter", "unit", "start", "area", "bucket")
    bucket = models.SmallIntegerField()
    cases = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.start} {self.area}/{self.unit}/{self.matter} {self.bucket}"


class OpenDay(models.Model):
    """How many cases were open, and how many overdue, when a day ended; 0 means all units or matters."""

    pk = models.CompositePrimaryKey("matter", "unit", "day", "area", "state")
    day = models.DateField()
    area = models.BigIntegerField()
    subdistrict = models.BigIntegerField(default=0)
    unit = models.BigIntegerField(default=0)
    matter = models.BigIntegerField(default=0)
    state = models.CharField(max_length=14)
    open = models.IntegerField()
    overdue = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["day", "matter"], name="insight_openday_units")]

    def __str__(self) -> str:
        return f"{self.day} {self.area}/{self.unit}/{self.matter} {self.state}"


class Weighting(models.Model):
    """How much each indicator weighs in the composite score of periods that begin on `starts_on` or later."""

    starts_on = models.DateField(_("valid from"), unique=True)
    weights = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["starts_on"]

    def __str__(self) -> str:
        return f"{self.starts_on}"


class ClosedPeriod(models.Model):
    """A day or month whose figures are final: when it was closed, under which definitions.

    `digest` is the SHA-256 of all its sums; the entry “period.closed” carries it too, and so does the seal
    of that day.
    """

    kind = models.CharField(max_length=7)
    start = models.DateField()
    closed_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "start"], name="insight_closedperiod_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}"


class LateChange(Cell):
    """What would have changed the figures of a closed period: known beside them, and not counted in them.

    A line of a case (`seq` 0: the case itself, else one of its transitions) lost or won these marks there.
    """

    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="+", db_constraint=False)
    seq = models.PositiveIntegerField()
    lost = models.BigIntegerField(default=0)
    won = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "start"], name="insight_latechange_period")]

    def __str__(self) -> str:
        return f"{self.kind} {self.start} {self.case_id}#{self.seq}"
