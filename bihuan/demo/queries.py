"""Who can be played in the demo."""

from django.db.models import QuerySet

from bihuan.accounts.models import User


def people_of_the_demo() -> QuerySet[User]:
    """Every account of a demo district is made up."""
    return User.objects.active()
