"""What the help says about the inbox and about messages outside it."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import ACCOUNT, SETUP, add_topic

add_topic(
    "inbox",
    _("Inbox"),
    room="notices",
    group=ACCOUNT,
    order=4,
    public=True,
    explains="notices:index notices:show",
)
add_topic(
    "my-notices",
    _("E-mails and webhooks"),
    room="notices",
    group=ACCOUNT,
    order=5,
    public=True,
    explains="notices:settings",
)
add_topic(
    "failed-messages", _("Failed messages"), room="notices", group=SETUP, order=6, explains="notices:failed"
)
