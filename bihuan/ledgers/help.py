"""What the help says about ledgers: for who makes campaigns, who runs them, who works on items."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import CAMPAIGNS, add_topic

add_topic(
    "ledger-work",
    _("Working through a ledger"),
    room="ledgers",
    group=CAMPAIGNS,
    order=20,
    explains="ledgers:board#lists ledgers:table#lists ledgers:map#lists ledgers:new_item#new"
    " ledgers:batch#batch ledgers:batch_progress#batch ledgers:item#item"
    " ledgers:item_* ledgers:item_correct#correct"
    " ledgers:item_give_notice#gate ledgers:item_withdraw_notice#gate ledgers:item_sign#gate"
    " ledgers:item_split#split",
)
add_topic(
    "ledger-phone",
    _("On the phone, without a network"),
    room="ledgers",
    group=CAMPAIGNS,
    order=21,
    explains="ledgers:mine ledgers:route#route",
)
