"""A request whose user is known to be signed in, for the type checker."""

from django.http import HttpRequest

from bihuan.accounts.models import User


class PersonRequest(HttpRequest):
    user: User
