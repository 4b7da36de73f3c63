"""What the help says about the inbox."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import ACCOUNT, add_topic

add_topic(
    "inbox",
    _("Inbox"),
    room="notices",
    group=ACCOUNT,
    order=4,
    public=True,
    explains="notices:index notices:show",
)
