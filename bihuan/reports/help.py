"""What the help says about reports: the summaries of a campaign, templates and forms, experience."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import LOOP, SETUP, add_topic

add_topic(
    "reports",
    _("Daily summaries and reports"),
    room="reports",
    group=LOOP,
    order=34,
    explains="reports:campaign reports:make reports:remark#next reports:show",
)
add_topic(
    "report-templates",
    _("Report templates"),
    room="reports",
    group=SETUP,
    order=34,
    explains="reports:templates reports:new_template reports:template reports:replace_template#replace"
    " reports:retire_template reports:index#across reports:new_form#across reports:form#across"
    " reports:change_form#across reports:make_form_report#across reports:retire_form#across",
)
add_topic(
    "experience",
    _("Passing on experience"),
    room="reports",
    group=SETUP,
    order=35,
    explains="reports:save_experience reports:experience#take reports:take_over#take",
)
