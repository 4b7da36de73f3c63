"""Draws the loop from its table into docs/flows, or checks that what is drawn there is still true."""

from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

import bihuan
from bihuan.accounts.models import DutyKind
from bihuan.audit.reactions import reactions_to
from bihuan.cases import climbing, clocks, rules
from bihuan.cases.models import PartState, State, WhistleState
from bihuan.cases.models.case import FINISHED
from bihuan.cases.rules.joint import SideMove

ROOT = Path(bihuan.__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "flows" / "case.md"
START = "[*]"

# What time does to a case without leading it on: when, in which states, event.
FLAGS = (
    ("it waited too long at its desk: one desk up", tuple(climbing.WAITS_AT_DESK), "case.climbed"),
    ("nobody was on site in time", (State.HANDLING,), "case.on_site_missed"),
    ("a quarter on the backlog is over", (State.BACKLOG,), "case.review_due"),
)

# What the clock does by itself: from, to, event.
BY_ITSELF = (
    ("when its day has come", State.SUSPENDED, State.HANDLING, "case.resumed"),
    ("when nobody verified in time", State.VERIFYING, State.REPORTED, "case.verification_lapsed"),
    ("when not drawn for a check", State.SELF_HANDLED, State.CLOSED, "case.closed"),
)

# What the clock does to parts and calls: why, event.
OF_PARTS = (
    ("80 % of the limit of a part is used", "case.assistance_reminded"),
    ("100 % of the limit of a part is used", "case.assistance_overdue"),
    ("80 % of the time to answer a whistle is used", "case.whistle_reminded"),
    ("100 % of the time to answer a whistle is used", "case.whistle_overdue"),
)

HEAD = """# The loop of a case

Drawn by `bihuan manage draw_flows` from `FLOW` in `bihuan/cases/rules.py` and the registered reactions.
`make check` fails when this page and the code differ: change the code, and draw it anew.
"""


class Command(BaseCommand):
    help = "Draws the loop of a case into docs/flows/case.md from the table that the rules go by."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the page differs")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        page = draw()
        if not check:
            TARGET.parent.mkdir(parents=True, exist_ok=True)
            TARGET.write_text(page, encoding="utf-8")
            self.stdout.write(f"{TARGET.relative_to(ROOT)} is drawn.")
            return
        found = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
        if found != page:
            lines = unified_diff(found.splitlines(), page.splitlines(), "drawn", "code", lineterm="")
            raise CommandError("\n".join([*lines, "Draw it anew: bihuan manage draw_flows"]))


def draw() -> str:
    """The page, the same on every machine."""
    parts = [HEAD, "```mermaid", "stateDiagram-v2"]
    parts += [f"    {state.value} : {_both(state)}" for state in State]
    parts += [f"    {line}" for line in _arrows()]
    parts += ["```", "", "## Verbs", "", *_verbs(), ""]
    parts += ["## Verbs on a part of an assisting unit", "", *_side_verbs(rules.PARTS, PartState), ""]
    parts += ["## Verbs on a department's call", "", *_side_verbs(rules.CALLS, WhistleState), ""]
    parts += ["## By itself", "", *_by_itself(), ""]
    return "\n".join(parts)


def _both(label: Any) -> str:
    """A name in English and in Chinese."""
    text = label.label if isinstance(label, State | DutyKind) else label
    with override("en"):
        english = str(text)
    with override("zh-hans"):
        chinese = str(text)
    return english if chinese == english else f"{english} {chinese}"


def _arrows() -> list[str]:
    labels: dict[tuple[str, str], list[str]] = {}
    for verb, move in rules.FLOW.items():
        starts = [str(state) for state in State if state in move.start] or [START]
        for start in starts:
            for end in () if move.stays and len(move.ends) > 1 else move.ends:
                labels.setdefault((start, str(end)), []).append(verb)
    for why, start, end, _event in BY_ITSELF:
        labels.setdefault((str(start), str(end)), []).append(f"({why})")
    arrows = [f"{start} --> {end} : {', '.join(verbs)}" for (start, end), verbs in labels.items()]
    return arrows + [f"{state} --> {START}" for state in FINISHED]


def _verbs() -> list[str]:
    rows = ["| verb | from | to | who | guards | event | reactions |", "|---|---|---|---|---|---|---|"]
    for verb, move in rules.FLOW.items():
        who = _both(DutyKind(move.who)) if move.who in DutyKind.values else str(move.who)
        rows.append(
            _row(
                f"**{verb}** {_both(move.label)}",
                [_both(state) for state in State if state in move.start] or ["(new)"],
                [_both(state) for state in move.ends],
                [who],
                [f"`{guard}`" for guard in move.guards],
                [f"`{move.event}`"],
                _reactions(move.event),
            )
        )
    return rows


def _side_verbs(moves: dict[str, SideMove], states: Any) -> list[str]:
    """Verbs on something that belongs to a case, each with the states in which the case must be."""
    rows = ["| verb | from | to | the case is | who | guards | event | reactions |", "|" + "---|" * 8]
    for verb, move in moves.items():
        rows.append(
            _row(
                f"**{verb}** {_both(move.label)}",
                [_both(state.label) for state in states if state in move.start],
                [_both(states(move.end).label)],
                [_both(state) for state in State if state in move.case] or ["in any state"],
                [_both(DutyKind(move.who)) if move.who in DutyKind.values else move.who.replace("_", " ")],
                [f"`{guard}`" for guard in move.guards],
                [f"`{move.event}`"],
                _reactions(move.event),
            )
        )
    return rows


def _by_itself() -> list[str]:
    rows = ["| when | from | to | event | reactions |", "|---|---|---|---|---|"]
    for step in clocks.STEPS:
        rows.append(
            _row(
                f"{step.share:.0%} of a limit is used".replace("%", " %"),
                ["any open state whose clock runs"],
                ["the same"],
                [f"`{step.verb}`"],
                _reactions(step.verb),
            )
        )
    for why, states, event in FLAGS:
        rows.append(
            _row(why, [_both(state) for state in states], ["the same"], [f"`{event}`"], _reactions(event))
        )
    for why, event in OF_PARTS:
        rows.append(_row(why, ["any in which it runs"], ["the same"], [f"`{event}`"], _reactions(event)))
    for why, start, end, event in BY_ITSELF:
        rows.append(_row(why, [_both(start)], [_both(end)], [f"`{event}`"], _reactions(event)))
    return rows


def _reactions(event: str) -> list[str]:
    return [f"`{name}`" for name in sorted(reactions_to(event))]


def _row(first: str, *cells: list[str]) -> str:
    return f"| {first} | " + " | ".join("<br>".join(cell) or "—" for cell in cells) + " |"
