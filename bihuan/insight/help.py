"""What the help says about figures: how to read them, and what each is reckoned from."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import LOOP, SETUP, add_topic

add_topic(
    "numbers",
    _("Reading the numbers"),
    room="insight",
    group=LOOP,
    order=20,
    explains="insight:numbers insight:behind#behind",
)
add_topic(
    "weights", _("Weights of the score"), room="insight", group=SETUP, order=8, explains="insight:weights"
)
