from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "bihuan.api"
    label = "api"

    def ready(self) -> None:
        from bihuan.accounts.rules import administers
        from bihuan.core import navigation

        def looks_after_programs(user: Any) -> bool:
            return bool(administers(user))

        navigation.add(
            "api:all_tokens", _("Programs"), "key", order=930, seen_by=looks_after_programs, group="setup"
        )
