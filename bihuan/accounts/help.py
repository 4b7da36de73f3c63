"""What the help says about people, and about one's own account."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import ACCOUNT, SETUP, add_topic

add_topic(
    "people",
    _("People, units and duties"),
    room="accounts",
    group=SETUP,
    order=3,
    explains="accounts:* accounts:units#units accounts:unit#units accounts:new_unit#units"
    " accounts:change_unit#units accounts:import#import accounts:import_confirm#import",
)
add_topic(
    "sign-in",
    _("How to sign in"),
    room="accounts",
    group=ACCOUNT,
    order=0,
    public=True,
    explains="account_* accounts:me accounts:change_me accounts:first_steps",
)
add_topic(
    "second-factor",
    _("Two-step sign-in"),
    room="accounts",
    group=ACCOUNT,
    order=1,
    public=True,
    explains="mfa_*",
)
add_topic(
    "sessions",
    _("Where you are signed in"),
    room="accounts",
    group=ACCOUNT,
    order=2,
    public=True,
    explains="usersessions_* accounts:sign_out_everywhere",
)
add_topic(
    "leave",
    _("Leave and stand-ins"),
    room="accounts",
    group=ACCOUNT,
    order=3,
    explains="accounts:my_leave accounts:arrange_cover",
)
