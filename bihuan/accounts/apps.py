from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "bihuan.accounts"
    label = "accounts"

    def ready(self) -> None:
        from bihuan.accounts.rules import administers_somewhere
        from bihuan.core import navigation

        for route, label, icon, order in (
            ("accounts:index", _("People"), "users", 910),
            ("accounts:units", _("Units"), "sitemap", 920),
        ):
            navigation.add(
                route,
                label,
                icon,
                order=order,
                seen_by=lambda user: bool(administers_somewhere(user)),
                group="setup",
            )
