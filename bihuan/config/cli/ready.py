"""Whether there is anything to work on: a data folder mistyped is an empty database."""

EMPTY = (
    "This database is empty. Do BIHUAN_DATA and DATABASE_URL name the right one? "
    "A new installation begins with: bihuan manage migrate"
)


def is_set_up() -> bool:
    from django.db import connection

    return "audit_entry" in connection.introspection.table_names()
