"""What the help says about the machine room."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import SETUP, add_topic

add_topic("reactions", _("Failed reactions"), room="audit", group=SETUP, order=5, explains="audit:reactions")
