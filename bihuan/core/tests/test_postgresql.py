"""The connection that looks whether the server has hung up, and statements that the server remembers."""

import pytest
from django.db import connection

from bihuan.core.postgresql import prepared_cursor

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_quiet_connection_is_usable_without_asking(django_assert_num_queries):
    connection.ensure_connection()
    with django_assert_num_queries(0):
        assert connection.is_usable()


def test_a_connection_whose_server_hung_up_is_not_usable_and_the_next_request_gets_another():
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()

    assert not connection.is_usable()

    connection.close_if_unusable_or_obsolete()
    connection.errors_occurred = True
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_news_of_the_server_on_an_open_connection_is_no_hanging_up():
    with connection.cursor() as cursor:
        cursor.execute("LISTEN test_news")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("NOTIFY test_news")
    other.close()

    assert connection.is_usable()


def test_a_closed_connection_is_not_usable():
    connection.ensure_connection()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()


def test_the_server_remembers_a_prepared_statement(django_assert_num_queries):
    with django_assert_num_queries(2), prepared_cursor() as cursor:
        for word in ("a", "b"):
            cursor.execute("SELECT %s || '-twice'", [word])
            assert cursor.fetchone() == (f"{word}-twice",)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert [found for (found,) in cursor.fetchall() if "-twice" in found] == ["SELECT $1 || '-twice'"]
