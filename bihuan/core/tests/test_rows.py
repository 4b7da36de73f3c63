"""Rows inserted the short way are those that `save()` would have written."""

import pytest
from django.contrib.postgres.search import SearchVector
from django.db import IntegrityError, connection, transaction
from django.db.models import Value

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.core.rows import insert, insert_all, insert_if_new, next_values
from bihuan.territory.models import Area
from bihuan.territory.tests.factories import make_area

pytestmark = pytest.mark.django_db


def row(model, pk):
    return model.objects.filter(pk=pk).values().get()


def test_sequences_count_up():
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE test_a; CREATE SEQUENCE test_b START 7")
    assert [next_values("test_a", "test_b") for _ in range(3)] == [(1, 7), (2, 8), (3, 9)]


def test_a_row_is_what_save_makes_of_it(django_assert_num_queries):
    saved = make_person("王", phone="13900000001")
    twin = User.objects.get(pk=saved.pk)
    twin.pk, twin.username = None, "twin"
    twin.write_phone("13900000002")

    with django_assert_num_queries(1):
        insert(twin)

    assert twin.pk > saved.pk
    assert not twin._state.adding
    found = User.objects.get(pk=twin.pk)
    assert (found.name, found.phone, found.created_at) == ("王", "13900000002", saved.created_at)
    found.name = "李"
    found.save(update_fields=["name"])


def test_search_columns_take_words():
    area = make_area("庆丰社区", kind="district")
    words = "qing feng 庆丰"
    Area.objects.filter(pk=area.pk).update(keys=SearchVector(Value(words), config="simple"))
    twin = Area(pk=next_values("territory_area_id_seq")[0], kind="grid", code="twin", name="x", parent=area)
    twin.path, twin.keys = f"{area.path}{twin.pk}/", words

    insert(twin)

    assert row(Area, twin.pk)["keys"] == row(Area, area.pk)["keys"]


def test_a_row_that_is_there_already_is_told_from_a_new_one():
    known = make_person("王", username="known")
    twin = User(username="known", name="李", password="x")

    assert insert_if_new(twin) is False
    assert User.objects.get(username="known") == known
    assert insert_if_new(User(username="other", name="李", password="x")) is True
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(twin)


def test_many_rows_are_what_single_ones_are(django_assert_num_queries):
    area = make_area("庆丰社区", kind="district")
    keys = next_values(*["territory_area_id_seq"] * 3)
    rows = [
        Area(
            pk=pk,
            kind="grid",
            code=f"g{pk}",
            name="x",
            parent=area,
            path=f"{area.path}{pk}/",
            keys="qing feng",
        )
        for pk in keys
    ]

    with django_assert_num_queries(1):
        insert_all(rows)
    insert_all([])

    assert not any(one._state.adding for one in rows)
    assert Area.objects.filter(pk__in=keys, keys="feng").count() == 3
