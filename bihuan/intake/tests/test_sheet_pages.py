"""The pages of an import: what they propose, who may see them, how they answer to bad files."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.accounts.tests.factories import make_person
from bihuan.core.clock import now
from bihuan.intake.models import SheetImport
from bihuan.intake.sheet import queries
from bihuan.intake.tests.sheets import imported, outcome, reports, rows_of, upload, work, workbook

pytestmark = pytest.mark.django_db


def answers_on(page: str) -> dict[str, str]:
    """What the form on the page would send."""
    found = dict(re.findall(r'<input[^>]*name="(sheet|header|source)"[^>]*value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_through_the_pages(client: Any, clerk: Any, places: Any) -> None:
    clerk.language = "en"
    clerk.save(update_fields=["language"])
    client.force_login(clerk)
    rows = [*reports(3), [3, "另一", "别的话", ""], [5, "", "", "昨天"]]

    response = client.post(reverse("intake:new_sheet"), {"file": upload(workbook(rows))}, follow=True)

    assert response.status_code == 200
    page = response.content.decode()
    assert "留言编号" in page
    survey = response.context["prepared"].survey
    assert (survey.rows, survey.new, survey.refused) == (5, 3, 2)
    pk = SheetImport.objects.get().pk
    answers = answers_on(page)
    assert answers["column_0"] == "number"

    answers["column_3"] = ""
    fragment = client.post(reverse("intake:check_sheet", args=[pk]), answers, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert fragment.context["prepared"].survey.refused == 2
    assert "<html" not in fragment.content.decode()

    answers["column_2"] = "title"
    refused = client.post(reverse("intake:confirm_sheet", args=[pk]), answers)
    assert refused.status_code == 422
    answers["column_2"] = "words"
    assert client.post(reverse("intake:confirm_sheet", args=[pk]), answers).status_code == 302
    assert b"data-live" in client.get(reverse("intake:sheet", args=[pk])).content
    progress = client.get(reverse("intake:sheet_progress", args=[pk]))
    assert progress.status_code == 200
    etag = {"If-None-Match": progress["ETag"]}
    assert client.get(reverse("intake:sheet_progress", args=[pk]), headers=etag).status_code == 304

    work()

    assert (
        b"data-live-reload" in client.get(reverse("intake:sheet_progress", args=[pk]), headers=etag).content
    )
    shown = client.get(reverse("intake:sheet", args=[pk]))
    assert outcome(shown.context["sheet_import"]) == (3, 0, 0, 2)
    back = client.post(reverse("intake:refused_rows", args=[pk]))
    assert len(rows_of(back.content)) == 3
    assert client.get(reverse("intake:sheets")).status_code == 200
    assert client.get(queries.workbook_of(SheetImport.objects.get()).url).status_code == 200


def test_answers_of_the_last_such_file_are_proposed_again(client: Any, clerk: Any, places: Any) -> None:
    imported(
        workbook(reports(1)), by=clerk, area=places.street, source="问政", columns={"words": 1, "number": 0}
    )
    client.force_login(clerk)

    client.post(reverse("intake:new_sheet"), {"file": upload(workbook(reports(2)))})
    page = client.get(reverse("intake:sheet", args=[SheetImport.objects.latest("id").pk])).content.decode()

    answers = answers_on(page)
    assert (answers["source"], answers["column_1"], answers["column_2"]) == ("问政", "words", "")


def test_another_sheet_and_header_row_can_be_chosen(client: Any, clerk: Any, places: Any) -> None:
    client.force_login(clerk)
    second = [["某年留言"], *reports(2)]
    client.post(reverse("intake:new_sheet"), {"file": upload(workbook(reports(1), second))})
    url = reverse("intake:sheet", args=[SheetImport.objects.get().pk])

    form = client.get(url, {"sheet": "Sheet2"}).context["form"]
    assert (form.initial["sheet"], form.initial["header"]) == ("Sheet2", 2)
    prepared = client.get(url, {"sheet": "Sheet2", "header": "1"}).context["prepared"]
    assert prepared.form.initial["header"] == 1
    assert client.get(url, {"sheet": "?", "header": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.xlsx", b""),
        ("图.xlsx", b"\xff\xd8\xff\xe0jpeg"),
        ("坏.xlsx", b"PK\x03\x04xxxx"),
        ("空表.xlsx", workbook([])),
    ],
)
def test_what_is_no_list_is_turned_down_with_a_reason(
    client: Any, clerk: Any, places: Any, name: str, content: bytes
) -> None:
    client.force_login(clerk)

    response = client.post(reverse("intake:new_sheet"), {"file": upload(content, name)})

    assert response.status_code == 422
    assert name in str(response.context["form"].errors["file"])
    assert not SheetImport.objects.exists()


def test_only_clerks_of_the_area_see_it(client: Any, cast: Any, places: Any) -> None:
    done = imported(workbook([*reports(1), [2, "", "", ""]]), by=cast.clerk, area=places.street)
    above = make_person("区受理员", duties=[("clerk", places.district)])
    elsewhere = make_person("别处", duties=[("clerk", places.other)])
    administrator = make_person("管理员", duties=[("administrator", places.district)])
    attachment = queries.workbook_of(done)
    assert attachment is not None
    pages = [
        reverse("intake:sheet", args=[done.pk]),
        reverse("intake:sheet_progress", args=[done.pk]),
        attachment.url,
    ]
    posts = [
        reverse(f"intake:{name}", args=[done.pk])
        for name in ("confirm_sheet", "discard_sheet", "check_sheet", "refused_rows")
    ]

    for person in (elsewhere, administrator, cast.dispatcher, cast.leader, cast.resident):
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [404, 404, 404], person
        assert [client.post(page).status_code for page in posts] == [404] * 4, person
    for person in (administrator, cast.dispatcher, cast.resident):
        client.force_login(person)
        assert client.get(reverse("intake:sheets")).status_code == 404
        assert client.get(reverse("intake:new_sheet")).status_code == 404
    for person in (cast.clerk, above):
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [200, 200, 200], person
    client.logout()
    assert client.get(reverse("intake:sheets")).status_code == 302


def test_the_list_takes_the_same_queries_however_long(
    client: Any, clerk: Any, places: Any, django_assert_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        at = now()
        SheetImport.objects.bulk_create(
            [
                SheetImport(name=f"{n}.xlsx", area=places.street, by=clerk, uploaded_at=at, changed_at=at)
                for n in range(count)
            ]
        )

    client.force_login(clerk)
    client.get(reverse("intake:sheets"))
    fill(10)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("intake:sheets"))
    fill(990)
    with django_assert_num_queries(len(few)):
        client.get(reverse("intake:sheets"))


def test_an_incomplete_answer_comes_back(client: Any, clerk: Any, places: Any) -> None:
    client.force_login(clerk)
    client.post(reverse("intake:new_sheet"), {"file": upload(workbook(reports(1)))})
    pk = SheetImport.objects.get().pk

    for form in ({}, {"sheet": "?", "header": "x"}, {"sheet": "Sheet1", "header": "1", "column_0": "words"}):
        assert client.post(reverse("intake:confirm_sheet", args=[pk]), form).status_code == 422
        assert client.post(reverse("intake:check_sheet", args=[pk]), form).status_code == 422
    assert SheetImport.objects.get().waits
