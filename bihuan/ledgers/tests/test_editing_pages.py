"""The pages on which a ledger is built: who sees them, what comes back, and that nothing typed is lost."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.ledgers import actions
from bihuan.ledgers.definition import Definition, Field, Settings, Words, read_workbook
from bihuan.ledgers.definition.editing import Put
from bihuan.ledgers.models import Edition, Ledger, LedgerDraft
from bihuan.ledgers.queries.drafts import draft_of
from bihuan.ledgers.tests.books import gardens, read
from bihuan.ledgers.tests.factories import plots

pytestmark = pytest.mark.usefixtures("at_nine")
EDIT = "/ledgers/kinds/gardens/edit/"


@pytest.fixture
def ledger(cast: Any) -> Ledger:
    return actions.keep_ledger(plots(), by=cast.clerk, area=cast.places.street).ledger


@pytest.fixture
def clerk(client: Client, cast: Any, ledger: Ledger) -> Client:
    client.force_login(cast.clerk)
    return client


def now_of(cast: Any) -> Definition:
    draft = draft_of(cast.clerk, "gardens")
    assert draft is not None
    return draft.definition


def test_looking_at_a_ledger_writes_nothing(clerk: Client) -> None:
    for path in ("", "keep/", "field/owner/", "add/field/", "add/step/", "preview/survey/", "workbook/"):
        assert clerk.get(f"{EDIT}{path}").status_code == 200, path
    assert not LedgerDraft.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "field/nobody/",
        "nonsense/x/",
        "add/nonsense/",
        "add/settings/",
        "add/condition/?inside=x",
        "preview/x/",
    ],
)
def test_what_is_not_there(clerk: Client, path: str) -> None:
    assert clerk.get(f"{EDIT}{path}").status_code == 404


def test_a_ledger_of_areas_above_may_be_used_but_not_changed(client: Client, cast: Any) -> None:
    actions.keep_ledger(plots(), by=cast.district_dispatcher, area=cast.places.district)
    client.force_login(cast.clerk)
    assert client.get("/ledgers/kinds/gardens/").status_code == 200
    assert client.get(EDIT).status_code == 409


def test_a_field_is_added_and_another(clerk: Client, cast: Any) -> None:
    sent = {"label_zh": "花盆数", "type": "integer", "required": "yes", "where": "clearing", "again": "1"}
    response = clerk.post(f"{EDIT}add/field/?type=integer&inside=clearing", sent)

    assert response.status_code == 302
    assert response["Location"] == f"{EDIT}add/field/?inside=clearing"
    one = now_of(cast).find("花盆数")
    assert one is not None
    assert (one.type, one.required) == ("integer", "true()")
    assert [child.name for child in now_of(cast).find("clearing").children][-1] == "花盆数"  # type: ignore[union-attr]


def test_what_was_typed_comes_back_with_its_faults(clerk: Client, cast: Any) -> None:
    sent = {
        "label_zh": "",
        "name": "4 x",
        "type": "select_one",
        "choices": "a = 甲\na = 乙",
        "default": "写清楚",
    }
    response = clerk.post(f"{EDIT}add/field/?type=select_one", sent)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"label_zh", "name", "choices"}
    assert "写清楚" in response.content.decode()
    assert not LedgerDraft.objects.exists()


def test_a_simple_condition_is_written_into_its_box(clerk: Client) -> None:
    sent = {"label_zh": "树", "type": "text", "relevant": "${owner} != ''", "build": "relevant"}
    boxes = {"field": "reason", "how": "is", "value": "拒绝清理"}
    response = clerk.post(
        f"{EDIT}add/field/?type=text", sent | {f"build_relevant-{name}": text for name, text in boxes.items()}
    )
    assert response.status_code == 200
    assert response.context["form"]["relevant"].value() == "${owner} != '' and ${reason} = 'refused'"
    assert not response.context["form"].errors

    response = clerk.post(f"{EDIT}add/field/?type=text", sent | {"build_relevant-how": "is"})
    assert response.status_code == 200
    assert response.context["built_wrong"]
    assert response.context["form"]["relevant"].value() == "${owner} != ''"


@pytest.mark.parametrize(
    ("sent", "faults", "names"),
    [
        ({"box": "relevant", "kind": "field", "relevant": "${owner} = 'x'"}, 0, ["Grower"]),
        ({"box": "relevant", "kind": "field", "relevant": "${owner} ="}, 1, []),
        ({"box": "relevant", "kind": "field", "relevant": ". > 1"}, 1, []),
        ({"box": "constraint", "kind": "field", "constraint": ". > 1"}, 0, []),
        ({"box": "constraint", "kind": "field", "constraint": "position(..) < 3", "where": "plots"}, 0, []),
        ({"box": "constraint", "kind": "field", "constraint": "position(..) < 3"}, 1, []),
        (
            {
                "box": "choice_filter",
                "kind": "field",
                "choice_filter": "colour = 'red'",
                "choice_list": "reason",
            },
            0,
            [],
        ),
        ({"box": "where", "kind": "figure", "where": "${size} > 1", "of": "field:size"}, 0, ["Size"]),
        ({"box": "relevant", "kind": "step", "relevant": "${nobody} = 1"}, 1, []),
        ({"box": "relevant", "kind": "step"}, 0, []),
        ({}, 0, []),
    ],
)
def test_an_expression_is_looked_at_while_it_is_typed(
    clerk: Client, sent: dict[str, str], faults: int, names: list[str]
) -> None:
    response = clerk.post(f"{EDIT}check/", sent)
    assert response.status_code == 200
    found = response.context["found"]
    assert (len(found.faults), found.names) == (faults, names)
    assert not LedgerDraft.objects.exists()


def test_what_another_window_has_changed_is_not_overwritten(clerk: Client, cast: Any) -> None:
    form = clerk.get(f"{EDIT}field/owner/").context["form"]
    sent = {"name": "owner", "type": "text", "seen": form.initial["seen"]}
    assert clerk.post(f"{EDIT}field/owner/", sent | {"label_zh": "甲"}).status_code == 302
    assert clerk.post(f"{EDIT}field/owner/", sent | {"label_zh": "乙"}).status_code == 409
    assert now_of(cast).find("owner").label.zh == "甲"  # type: ignore[union-attr]


def test_a_part_is_moved_and_deleted(clerk: Client, cast: Any) -> None:
    assert clerk.post(f"{EDIT}step/accept/move/", {"way": "up"}).status_code == 302
    assert [one.code for one in now_of(cast).steps] == ["survey", "accept", "clear"]
    assert clerk.post(f"{EDIT}goal/1/remove/").status_code == 302
    assert now_of(cast).goals == ()
    assert clerk.post(f"{EDIT}field/size/remove/").status_code == 409
    assert clerk.get(f"{EDIT}field/size/").context["referring"]


def test_a_new_ledger_from_nothing(client: Client, cast: Any) -> None:
    client.force_login(cast.clerk)
    assert client.get("/ledgers/kinds/blank/edit/").status_code == 404
    sent = {"name_zh": "路灯", "name_en": "Street lamps", "area": cast.places.street.pk, "subject": "site"}
    assert client.post("/ledgers/kinds/blank/", sent | {"code": "new"}).status_code == 422
    assert client.post("/ledgers/kinds/blank/", sent | {"name_zh": "", "name_en": ""}).status_code == 422

    response = client.post("/ledgers/kinds/blank/", sent)

    assert response["Location"] == "/ledgers/kinds/blank/edit/"
    assert client.get("/ledgers/kinds/blank/")["Location"] == "/ledgers/kinds/blank/edit/"
    draft = LedgerDraft.objects.get()
    assert draft.definition == Definition(
        "路灯", "Street lamps", settings=Settings(code="street_lamps", subject="site")
    )
    assert client.post("/ledgers/kinds/blank/edit/keep/").status_code == 409
    assert client.post("/ledgers/kinds/blank/edit/discard/")["Location"] == "/ledgers/kinds/"


def test_a_draft_is_kept_and_read_back(clerk: Client, cast: Any) -> None:
    sent = {"label_zh": "种菜的人", "name": "grower", "type": "text", "required": "yes"}
    assert clerk.post(f"{EDIT}field/owner/", sent)["Location"] == f"{EDIT}#field-grower"
    book = clerk.get(f"{EDIT}workbook/")
    assert clerk.post(f"{EDIT}keep/", {"note": "换名"})["Location"] == "/ledgers/kinds/gardens/"

    edition = Edition.objects.get(number=2)
    assert edition.note == "换名"
    assert edition.definition.step("survey").evidence == ("grower",)  # type: ignore[union-attr]
    assert read_workbook(BytesIO(book.content), "x.xlsx") == edition.definition


def test_a_list_of_choices_may_have_a_stroke_in_its_name(client: Client, cast: Any) -> None:
    sheets = gardens()
    sheets["survey"][2][0] = "select_one yes/no?"
    sheets["choices"][1][0] = sheets["choices"][2][0] = "yes/no?"
    actions.keep_ledger(read(sheets), by=cast.clerk, area=cast.places.street)
    client.force_login(cast.clerk)

    page = client.get(EDIT).content.decode()

    assert f"{EDIT}list/yes/no%3F/" in page
    assert client.get(f"{EDIT}list/yes/no%3F/").status_code == 200
    assert client.post(f"{EDIT}list/yes/no%3F/remove/").status_code == 409  # a field uses it


def test_a_draft_with_faults_shows_no_phone(clerk: Client, cast: Any) -> None:
    wrong = Put("field", Field("x", "text", Words("甲"), relevant="${nobody} = 1"))
    actions.change_draft(draft_of(cast.clerk, "gardens"), by=cast.clerk, edit=wrong)
    response = clerk.get(f"{EDIT}preview/survey/")
    assert (response.status_code, response.context["preview"]) == (200, None)


def test_the_draft_costs_the_same_however_long_it_is(clerk: Client, cast: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert clerk.get(EDIT).status_code == 200
        return len(found)

    draft = draft_of(cast.clerk, "gardens")
    draft = actions.change_draft(draft, by=cast.clerk, edit=Put("field", Field("x", "text", Words("甲"))))
    queries()
    before = queries()
    for number in range(30):
        one = Field(f"x{number}", "text", Words("甲"))
        draft = actions.change_draft(draft, by=cast.clerk, edit=Put("field", one))
    assert queries() == before
