"""The events of a case that its figures follow."""

from bihuan.cases import clocks, rules

# Whatever changes a case's state or deadline, or is counted.
EVENTS = frozenset(
    {
        *(move.event for move in rules.FLOW.values()),
        *(step.verb for step in clocks.STEPS),
        "case.on_site_missed",
        "case.review_due",
        "case.verification_lapsed",
    }
)
