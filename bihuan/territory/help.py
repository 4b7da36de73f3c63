"""What the help says about areas, places and the calendar."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import SETUP, add_topic

add_topic(
    "areas",
    _("Areas and boundaries"),
    room="territory",
    group=SETUP,
    order=0,
    explains="territory:areas territory:area territory:new_area territory:change_area territory:retire_area"
    " territory:change_boundary#boundaries territory:import_boundaries#boundaries"
    " territory:import_divisions#import",
)
add_topic(
    "places",
    _("Places"),
    room="territory",
    group=SETUP,
    order=1,
    explains="territory:places territory:place territory:new_place",
)
add_topic(
    "calendar",
    _("Working days and office hours"),
    room="territory",
    group=SETUP,
    order=2,
    explains="territory:calendar territory:calendar_year territory:set_day"
    " territory:remove_day territory:set_hours",
)
