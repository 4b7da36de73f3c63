"""PostgreSQL as Django speaks to it, but cheaper where every request passes."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class PreparedCursor(psycopg.Cursor[Any]):
    """The server parses and plans its statement once for each connection."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "PreparedCursor":
        super().execute(query, params, prepare=True)
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks whether the server has hung up instead of asking it; offers prepared statements."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepare_threshold = 5  # Django's None forbids to prepare at all; its own cursors never do
        return connection

    def is_usable(self) -> bool:
        """Django asks before each request. A connection on which nothing has arrived is still open."""
        if self.connection is None or self.connection.closed:
            return False
        arrived = select.poll()
        arrived.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if arrived.poll(0) else True

    def prepared_cursor(self) -> Any:
        """A cursor for a statement that is executed again and again with other values."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(PreparedCursor(self.connection))  # type: ignore[attr-defined]
