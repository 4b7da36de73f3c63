"""Ledgers on their pages: from a workbook, from what comes with the product, edition after edition."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.files.queries import attachments_of, content_of
from bihuan.files.tests.samples import upload
from bihuan.ledgers import actions
from bihuan.ledgers.definition import read_workbook
from bihuan.ledgers.models import Edition, Ledger
from bihuan.ledgers.templates_shipped import shipped
from bihuan.ledgers.tests.books import gardens, made, read

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def clerk(client: Client, cast: Any) -> Client:
    client.force_login(cast.clerk)
    return client


def workbook(**changed: Any) -> Any:
    return upload(made(gardens(**changed)).getvalue(), "小菜园.xlsx")


def kept(cast: Any, **changed: Any) -> Edition:
    return actions.keep_ledger(read(gardens(**changed)), by=cast.clerk, area=cast.places.street)


def other_steps() -> list[list[Any]]:
    """The steps, with another limit of the first."""
    rows = gardens()["步骤"]
    rows[1] = [*rows[1][:4], "9个工作日", *rows[1][5:]]
    return rows


def test_a_good_workbook_is_shown_and_then_kept_as_it_is(clerk, cast):
    sent = workbook()
    address = reverse("ledgers:new_kind")

    preview = clerk.post(address, {"workbook": sent, "area": cast.places.street.pk})

    assert preview.status_code == 200 and not Ledger.objects.exists()
    assert "Vegetable plots" in preview.content.decode()
    ticket = preview.context["form"].ticket
    answer = clerk.post(address, {"workbook-kept": ticket, "area": cast.places.street.pk, "keep": "1"})
    edition = Edition.objects.get()
    assert answer["Location"] == reverse("ledgers:kind", args=["gardens"])
    sent.seek(0)
    assert content_of(edition.workbook) == sent.read()
    assert attachments_of(edition).get().name == "小菜园.xlsx"


def test_a_wrong_workbook_is_explained_cell_by_cell(clerk, cast):
    rows = other_steps()
    rows[2][8] = "nowhere"
    sent = workbook(步骤=rows, 指标=[["代码", "名称", "统计方式"], ["sites", "处数", "平均"]])

    answer = clerk.post(reverse("ledgers:new_kind"), {"workbook": sent, "area": cast.places.street.pk})

    assert answer.status_code == 422 and not Ledger.objects.exists()
    faults = answer.context["form"].faults
    cells = [(fault.sheet, fault.cell) for fault in faults]
    assert cells[:2] == [("步骤", "I3"), ("指标", "C2")]
    text = answer.content.decode()
    for fault in faults:
        assert (
            fault.sheet in text
            and str(fault.problem) in text.replace("&#x27;", "'")
            and str(fault.remedy) in text
        )


def test_what_is_no_workbook_is_refused_in_a_sentence(clerk, cast):
    sent = upload(b"%PDF-1.4 no workbook", "小菜园.xlsx")
    answer = clerk.post(reverse("ledgers:new_kind"), {"workbook": sent, "area": cast.places.street.pk})
    assert answer.status_code == 422 and not Ledger.objects.exists()


def test_a_workbook_of_a_ledger_that_is_there_can_become_its_next_edition(clerk, cast):
    kept(cast)

    preview = clerk.post(
        reverse("ledgers:new_kind"), {"workbook": workbook(步骤=other_steps()), "area": cast.places.street.pk}
    )
    assert preview.context["same"].code == "gardens"
    address = reverse("ledgers:new_edition", args=["gardens"])
    shown = clerk.post(address, {"workbook-kept": preview.context["form"].ticket})

    assert [change.name for change in shown.context["changes"]] == ["survey"]
    assert Edition.objects.count() == 1
    clerk.post(address, {"workbook-kept": shown.context["form"].ticket, "keep": "1", "note": "时限放宽"})
    edition = Edition.objects.get(number=2)
    assert edition.note == "时限放宽" and edition.definition.step("survey").limit == "9d"


def test_a_workbook_that_says_the_same_is_nothing_to_keep(clerk, cast):
    kept(cast)
    shown = clerk.post(reverse("ledgers:new_edition", args=["gardens"]), {"workbook": workbook()})
    assert shown.context["is_same"] and "Keep the new edition" not in shown.content.decode()


def test_the_page_of_a_ledger_tells_what_differs_between_editions(clerk, cast):
    edition = kept(cast)
    later = read(gardens(步骤=other_steps()))
    actions.keep_edition(edition.ledger, by=cast.clerk, definition=later, note="时限放宽")

    shown = clerk.get(reverse("ledgers:kind", args=["gardens"])).context["editions"]

    assert [one.edition.number for one in shown] == [2, 1]
    assert [change.name for change in shown.items[0].changes] == ["survey"]
    assert shown.items[1].changes is None


def test_an_edition_can_be_downloaded_and_read_back(clerk, cast):
    edition = kept(cast)
    answer = clerk.get(reverse("ledgers:workbook", args=["gardens", 1]))

    assert read_workbook(BytesIO(answer.content), "台账.xlsx") == edition.definition


@pytest.mark.parametrize("one", shipped(), ids=lambda one: one.code)
def test_what_comes_with_the_product_can_be_kept_at_once(clerk, cast, one):
    address = reverse("ledgers:shipped", args=[one.code])
    assert clerk.get(address).status_code == 200

    clerk.post(address, {"area": cast.places.street.pk})

    assert Edition.objects.get().definition == one.definition
    assert clerk.get(reverse("ledgers:kind", args=[one.code])).status_code == 200


def test_the_page_of_a_ledger_names_its_roles_in_the_readers_language(clerk, cast):
    clerk.post(reverse("ledgers:shipped", args=["relocation"]), {"area": cast.places.street.pk})

    page = clerk.get(reverse("ledgers:kind", args=["relocation"])).text

    assert "reckoner, acceptance officer, legal adviser" in page and "法律顾问" not in page


def test_two_streets_can_keep_the_same_one(clerk, client, cast):
    clerk.post(reverse("ledgers:shipped", args=["gardens"]), {"area": cast.places.street.pk})
    client.force_login(cast.stranger)

    client.post(reverse("ledgers:shipped", args=["gardens"]), {"area": cast.places.other.pk})

    codes = set(Ledger.objects.values_list("code", flat=True))
    assert codes == {"gardens", f"gardens-{cast.places.other.code}"}


def test_a_retired_ledger_is_offered_no_more(clerk, cast):
    kept(cast)
    clerk.post(reverse("ledgers:retire_kind", args=["gardens"]))
    assert "gardens" not in clerk.get(reverse("ledgers:kinds")).content.decode()
    assert clerk.get(reverse("ledgers:new_campaign", args=["gardens"])).status_code == 404


def test_a_retired_ledger_is_looked_at_and_changed_no_more(clerk, client, cast):
    kept(cast)
    page, changing = (reverse(f"ledgers:{name}", args=["gardens"]) for name in ("kind", "new_edition"))
    clerk.post(reverse("ledgers:retire_kind", args=["gardens"]))
    text = clerk.get(page).content.decode()
    assert "offered for no new campaign" in text
    assert reverse("ledgers:reuse_kind", args=["gardens"]) in text
    for name in ("new_campaign", "new_edition", "edit", "retire_kind"):
        address = reverse(f"ledgers:{name}", args=["gardens"])
        assert f'"{address}"' not in text, name
    assert clerk.get(reverse("ledgers:workbook", args=["gardens", 1])).status_code == 200
    assert clerk.get(changing).status_code == 404
    client.force_login(cast.stranger)
    assert client.get(page).status_code == 404


def test_a_retired_ledger_is_found_and_brought_back(clerk, client, cast):
    kept(cast)
    retired = f"{reverse('ledgers:kinds')}?state=retired"
    again = reverse("ledgers:reuse_kind", args=["gardens"])
    assert again not in clerk.get(retired).content.decode()
    assert clerk.post(again).status_code == 404, "it is in use"
    clerk.post(reverse("ledgers:retire_kind", args=["gardens"]))
    assert again in clerk.get(retired).content.decode()
    client.force_login(cast.stranger)
    assert again not in client.get(retired).content.decode()
    assert client.post(again).status_code == 404
    client.force_login(cast.clerk)

    answer = clerk.post(again)

    assert answer.url == reverse("ledgers:kind", args=["gardens"])
    assert "gardens" in clerk.get(reverse("ledgers:kinds")).content.decode()


def test_the_list_costs_the_same_for_any_number(clerk, cast):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            clerk.get(reverse("ledgers:kinds"))
        return len(queries)

    kept(cast)
    cost()
    before = cost()
    for one in shipped():
        if one.code != "gardens":
            actions.keep_ledger(one.definition, by=cast.clerk, area=cast.places.street)
    assert cost() == before


def test_the_page_of_a_ledger_costs_the_same_for_any_number_of_editions(clerk, cast):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            clerk.get(reverse("ledgers:kind", args=["gardens"]))
        return len(queries)

    edition = kept(cast)
    cost()
    before = cost()
    for number in range(4):
        rows = other_steps()
        rows[1][4] = f"{number + 2}个工作日"
        actions.keep_edition(edition.ledger, by=cast.clerk, definition=read(gardens(步骤=rows)))
    cost()
    assert cost() == before


def test_a_corrected_workbook_takes_the_place_of_the_one_before(clerk, cast):
    address = reverse("ledgers:new_kind")
    area = {"area": cast.places.street.pk}
    first = clerk.post(address, {"workbook": workbook(), **area}).context["form"]
    again = clerk.post(
        address, {"workbook": workbook(步骤=other_steps()), "workbook-kept": first.ticket, **area}
    )
    assert again.context["definition"].step("survey").limit == "9d"
