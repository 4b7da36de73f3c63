from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bihuan.core import navigation


class NoticesConfig(AppConfig):
    name = "bihuan.notices"
    label = "notices"

    def ready(self) -> None:
        from bihuan.notices.rules import may_see_failed

        navigation.add(
            "notices:failed",
            _("Failed messages"),
            "mail",
            order=96,
            seen_by=lambda user: bool(may_see_failed(user)),
            group="setup",
        )
