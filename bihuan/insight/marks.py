"""What a line of the case facts or of the transitions counts as: one bit for each thing that is ever counted.

Every number on the Numbers page is how many lines carry a mark. The bit is stored, so a mark keeps its place
for good: a new one comes at the end, and what a mark means changes only with `catalogue.VERSION`.
"""

from enum import IntFlag


class Mark(IntFlag):
    """See docs/decisions/0014-figures.md for what each means to the second."""

    # Of a case, on the day on which it is due.
    DUE = 1 << 0
    STANDING = 1 << 1  # suspended or on the backlog
    CLOSABLE = 1 << 2  # due and not standing
    ENDED = 1 << 3  # of these: closed
    IN_TIME = 1 << 4  # of these: with the last report of completion before it was due
    EXTENDED = 1 << 5
    RESOLVED = 1 << 6
    REWORKED = 1 << 7
    TO_CONTACT = 1 << 8
    CONTACTED = 1 << 9
    TO_CALL = 1 << 10
    CALLED = 1 << 11
    SOLVED = 1 << 12
    RATED = 1 << 13
    SATISFIED = 1 << 14
    AGAIN = 1 << 15  # closed, and the same place and matter came again within 30 days

    # Of an assignment, on the day on which its case is due.
    ASSIGNED = 1 << 16
    WELL_ASSIGNED = 1 << 17

    # Of a report, on the day on which it came in.
    REPORTED = 1 << 18
    ACCEPTABLE = 1 << 19  # neither merged nor withdrawn
    ACCEPTED = 1 << 20  # of these: filed, or handled on the spot

    # Of an event, on its day.
    FILED = 1 << 21
    CLOSED = 1 << 22
    DECLINED = 1 << 23
    WITHDRAWN = 1 << 24
    MERGED = 1 << 25
    CHECKED = 1 << 26
    CHECK_HELD = 1 << 27
    ORDINARY = 1 << 28
    YELLOW = 1 << 29
    RED = 1 << 30

    @property
    def column(self) -> str:
        """The column of the tallies in which it is summed up."""
        assert self.name is not None
        return self.name.lower()


NONE = Mark(0)
ALL = tuple(Mark)
OF_CASES = NONE
for _mark in ALL:
    if _mark <= Mark.AGAIN:
        OF_CASES |= _mark


def names_of(marks: int) -> list[Mark]:
    """The single marks in a sum of them."""
    return [mark for mark in ALL if marks & mark]
