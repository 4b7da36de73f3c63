"""What the number of a campaign looks like in an address: 2611-0003."""

from django.urls import register_converter


class CampaignNumber:
    regex = r"\d{4}-\d{4,}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CampaignNumber, "campaign")
