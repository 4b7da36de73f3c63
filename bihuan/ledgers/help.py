"""What the help says about ledgers: for who makes campaigns, who runs them, who works on items."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import CAMPAIGNS, RESIDENTS, add_topic

add_topic(
    "campaign-making",
    _("Making a campaign"),
    room="ledgers",
    group=CAMPAIGNS,
    order=0,
    explains="ledgers:kinds#ledger ledgers:new_kind#ledger ledgers:shipped#ledger ledgers:kind#editions"
    " ledgers:new_edition#editions ledgers:retire_kind#editions ledgers:reuse_kind#editions"
    " ledgers:new_campaign#campaign",
)
add_topic(
    "campaign-running",
    _("Running a campaign"),
    room="ledgers",
    group=CAMPAIGNS,
    order=1,
    explains="ledgers:index ledgers:campaign#overview ledgers:settings#settings"
    " ledgers:change_campaign#settings ledgers:begin#settings ledgers:finish#finish"
    " ledgers:milestones#milestones ledgers:teams#teams ledgers:team#teams ledgers:retire_team#teams"
    " ledgers:join#teams ledgers:leave#teams ledgers:use_edition#edition ledgers:moving#edition",
)
add_topic(
    "public-numbers",
    _("Numbers of campaigns"),
    room="ledgers",
    group=RESIDENTS,
    order=6,
    public=True,
    explains="ledgers:public",
)
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

add_topic(
    "building-ledgers",
    _("Building a ledger on a page"),
    room="ledgers",
    group=CAMPAIGNS,
    order=9,
    explains="ledgers:blank ledgers:edit ledgers:add_part#fields ledgers:part#fields"
    " ledgers:keep_draft#keeping ledgers:preview_step#steps",
)
add_topic(
    "item-sheets",
    _("Importing items from Excel"),
    room="ledgers",
    group=CAMPAIGNS,
    order=10,
    explains="ledgers:import#import ledgers:import_sheet#import ledgers:check_sheet#import"
    " ledgers:confirm_sheet#import ledgers:discard_sheet#import ledgers:exports#export"
    " ledgers:sweep_item#sweep ledgers:sweep_case#sweep",
)
add_topic(
    "reckoning",
    _("Reckoning"),
    room="ledgers",
    group=CAMPAIGNS,
    order=30,
    explains="ledgers:money#lines ledgers:money_* ledgers:money_statement#lock ledgers:rates#rates",
)
add_topic(
    "household-file",
    _("A household's own file"),
    room="ledgers",
    group=RESIDENTS,
    order=7,
    public=True,
    explains="ledgers:household ledgers:household_file ledgers:household_remark#wrong"
    " ledgers:item_household#staff ledgers:answer_remark#staff",
)
