"""What the help says about programs and their tokens."""

from django.utils.translation import gettext_lazy as _

from bihuan.core.help import ACCOUNT, add_topic

add_topic(
    "programs",
    _("Programs that act for you"),
    room="api",
    group=ACCOUNT,
    order=4,
    public=True,
    explains="api:tokens api:new_token#new api:all_tokens#all api_docs#calls api_docs_v1#calls",
)
