from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "bihuan.ledgers"
    label = "ledgers"
