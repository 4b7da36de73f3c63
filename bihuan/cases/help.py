"""What the help says about cases: for residents, and for each duty."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import LOOP, RESIDENTS, SETUP, add_topic

add_topic(
    "loop",
    _("How a problem goes round"),
    room="cases",
    group=RESIDENTS,
    order=0,
    public=True,
    explains="cases:home",
)
add_topic(
    "following",
    _("Following a report"),
    room="cases",
    group=RESIDENTS,
    order=2,
    public=True,
    explains="cases:find cases:track cases:mine cases:withdraw#withdraw",
)
add_topic(
    "answering",
    _("Saying whether it is solved"),
    room="cases",
    group=RESIDENTS,
    order=3,
    public=True,
    explains="cases:answer cases:appeal#appeal",
)
add_topic("desk", _("Your desk"), room="cases", group=LOOP, order=0, explains="cases:desk")
add_topic(
    "cases",
    _("Finding and reading cases"),
    room="cases",
    group=LOOP,
    order=1,
    explains="cases:index#list cases:show#case",
)
add_topic(
    "grid-work",
    _("For grid workers"),
    room="cases",
    group=LOOP,
    order=2,
    explains="cases:verify#verify cases:self_handle#self-handle",
)
add_topic(
    "intake-desk",
    _("For intake clerks"),
    room="cases",
    group=LOOP,
    order=3,
    explains="cases:file#file cases:send_to_verify#send_to_verify cases:decline#decline"
    " cases:call_back#call_back cases:take_back_verification#send_to_verify",
)
add_topic(
    "dispatching",
    _("For dispatchers"),
    room="cases",
    group=LOOP,
    order=4,
    explains="cases:assign#assign cases:decide_extension#decide_extension"
    " cases:suspend#suspend cases:resume#suspend",
)
add_topic(
    "handling",
    _("For handlers"),
    room="cases",
    group=LOOP,
    order=5,
    explains="cases:acknowledge#acknowledge cases:return#return"
    " cases:ask_extension#ask_extension cases:resolve#resolve cases:arrive#arrive"
    " cases:contact#contact cases:answer_supervision#answer_supervision",
)
add_topic(
    "joint-work",
    _("Joint work and the whistle"),
    room="cases",
    group=LOOP,
    order=5,
    explains="cases:ask_assistance#asking cases:withdraw_assistance#asking"
    " cases:acknowledge_assistance#part cases:finish_assistance#part cases:redo_assistance#part"
    " cases:whistle#whistle cases:call_off_whistle#whistle cases:answer_whistle#answering"
    " cases:attend_whistle#answering cases:rule_whistle#ruling cases:rate_department#rating"
    " cases:answer_rating#rating",
)
add_topic(
    "inspecting",
    _("For inspectors"),
    room="cases",
    group=LOOP,
    order=6,
    explains="cases:inspect#inspect cases:rework#rework cases:spot_check#spot_check cases:close#close"
    " cases:recheck#recheck",
)
add_topic(
    "endings",
    _("Merging, the backlog and appeals"),
    room="cases",
    group=LOOP,
    order=6,
    explains="cases:merge#merge cases:unmerge#merge cases:alike#merge cases:backlog#backlog"
    " cases:review_backlog#backlog cases:backlog_list#backlog cases:appeal_as_unit#appeal"
    " cases:decide_appeal#appeal cases:appeals#appeal",
)
add_topic(
    "overseeing",
    _("For supervisors and leaders"),
    room="cases",
    group=LOOP,
    order=7,
    explains="cases:supervision#page cases:supervision_notices#notices cases:supervision_agenda#agenda"
    " cases:supervise#supervise",
)
add_topic(
    "quicker",
    _("Quicker at the desk"),
    room="cases",
    group=LOOP,
    order=8,
    explains="cases:batch#batch cases:batch_result#batch cases:print#batch cases:saved_views#views"
    " cases:save_view#views cases:change_view#views cases:exports#export cases:replies#replies"
    " cases:new_reply#replies cases:change_reply#replies",
)
add_topic(
    "catalogue",
    _("The matter catalogue"),
    room="cases",
    group=SETUP,
    order=4,
    explains="cases:catalogue cases:matter cases:new_matter cases:revise_matter cases:retire_matter"
    " cases:import_catalogue#import cases:confirm_catalogue#import",
)
add_topic(
    "your-data",
    _("Your data"),
    room="cases",
    group=RESIDENTS,
    order=5,
    public=True,
    explains="cases:report_data cases:my_data cases:erase_account#account",
)
