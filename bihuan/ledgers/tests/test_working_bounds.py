"""What pages of very many items do: they look no further than they must, and say so."""

from typing import Any

import pytest
from django.db import connection, transaction

from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.items import ItemFilters
from bihuan.ledgers.tests.test_working_pages import fill, where

pytestmark = pytest.mark.django_db


def test_of_very_many_items_one_chooses_before_they_are_put_in_order(
    client: Any, make_campaign: Any, cast: Any, force: Any, monkeypatch: Any
) -> None:
    campaign = make_campaign()
    fill(campaign, cast, force, 3)
    monkeypatch.setattr("bihuan.ledgers.queries.working.ROUTE_ITEMS", 2)
    client.force_login(cast.clerk)
    everybody = client.get(f"{where(campaign, 'route')}?whose=all")
    assert (everybody.context["route"].stops, everybody.context["route"].is_endless) == ([], True)
    assert "Too many for one way" in everybody.content.decode()
    monkeypatch.setattr("bihuan.ledgers.queries.working.ROUTE_ITEMS", 3)
    assert client.get(f"{where(campaign, 'route')}?whose=all").context["route"].stops


def test_items_that_add_to_a_figure_are_found_by_their_index(make_item: Any) -> None:
    make_item()
    for filters in (ItemFilters(figure="state:blocked"), ItemFilters(figure="sites", key="refused")):
        found = filters.narrow(Item.objects.all())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
            assert "ledgers_item_adds" in found.explain()
