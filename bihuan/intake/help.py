"""What the help says about the ways in: the web page and the spreadsheet."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import LOOP, RESIDENTS, add_topic

add_topic(
    "reporting",
    _("Reporting a problem"),
    room="intake",
    group=RESIDENTS,
    order=1,
    public=True,
    explains="intake:report intake:received#code",
)
add_topic(
    "sheets",
    _("Importing reports from a spreadsheet"),
    room="intake",
    group=LOOP,
    order=8,
    explains="intake:sheet* intake:new_sheet intake:check_sheet intake:confirm_sheet",
)
