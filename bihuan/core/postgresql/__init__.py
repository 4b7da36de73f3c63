"""Django's PostgreSQL backend with two savings; see `base`."""

from typing import Any

from django.db import connections


def prepared_cursor() -> Any:
    """A cursor for a statement that is executed again and again with other values.

    The server parses and plans it once for each connection.
    """
    wrapper: Any = connections["default"]
    return wrapper.prepared_cursor()
