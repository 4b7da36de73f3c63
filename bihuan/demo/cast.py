"""The people a visitor of the demo can be, by one click each."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """One of the cast: the sign-in name, who it is, and what they come for."""

    username: str
    label: Any
    comes_for: Any
    icon: str


CAST = [
    Role("resident", _("Resident"), _("reports a problem and follows it"), "user"),
    Role("grid_worker", _("Grid worker"), _("verifies on the spot, settles small things"), "walk"),
    Role("community_worker", _("Community worker"), _("leads a team of a campaign"), "users"),
    Role("clerk", _("Intake clerk"), _("accepts reports and files them"), "inbox"),
    Role("dispatcher", _("Dispatcher"), _("assigns each case to one unit"), "send"),
    Role("handler", _("Handler"), _("handles what the unit was given"), "tool"),
    Role("inspector", _("Inspector"), _("checks what is said to be done"), "clipboard-check"),
    Role("supervisor", _("Supervisor"), _("watches limits in the whole district"), "eye"),
    Role("leader", _("Leader"), _("sees everything, changes nothing"), "chart-bar"),
    Role("administrator", _("Administrator"), _("sets up areas, units, people, catalogue"), "settings"),
]
USERNAMES = {role.username for role in CAST}
