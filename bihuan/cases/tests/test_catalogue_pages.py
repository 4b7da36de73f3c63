"""The catalogue's pages: only for administrators, no half import, a finder for everybody with a duty."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.cases.actions import retire_matter
from bihuan.cases.catalogue_book import read_plan
from bihuan.cases.models import Matter, Responsibility
from bihuan.cases.tests.factories import make_cast, make_ground
from bihuan.core.sheets import write_workbook

PAGES = ["catalogue", "new_matter", "import_catalogue", "export_catalogue", "catalogue_template"]
MATTER_PAGES = ["matter", "revise_matter"]
DEEDS = ["retire_matter", "restore_matter", "name_unit", "drop_unit"]


@pytest.fixture
def town(db):
    return make_cast(make_ground())


@pytest.fixture
def keeper(client, town):
    client.force_login(town.administrator)
    return client


def book(*rows, header=("编码", "上级编码", "事项", "紧急程度")):
    target = BytesIO()
    write_workbook(target, {"事项目录": (header, rows)})
    return SimpleUploadedFile("目录.xlsx", target.getvalue())


def test_pages_open_for_administrators_and_do_not_exist_for_others(client, town):
    paths = [reverse(f"cases:{name}") for name in PAGES]
    paths += [reverse(f"cases:{name}", args=[town.plots.pk]) for name in MATTER_PAGES]
    for path in paths:
        assert client.get(path).status_code == 302
    for person, status in ((town.dispatcher, 404), (town.resident, 404), (town.administrator, 200)):
        client.force_login(person)
        for path in paths:
            assert client.get(path).status_code == status, (person, path)


def test_deeds_do_not_exist_for_others(client, town):
    client.force_login(town.dispatcher)
    for name in [*DEEDS, "revise_matter"]:
        assert client.post(reverse(f"cases:{name}", args=[town.plots.pk])).status_code == 404
    for name in ("new_matter", "import_catalogue", "confirm_catalogue"):
        assert client.post(reverse(f"cases:{name}")).status_code == 404


def form_of(matter, **changes):
    fields = {
        "parent": matter.parent_id or "",
        "name": matter.name,
        "name_en": matter.name_en,
        "code": matter.code,
        "urgency": matter.urgency,
    }
    return fields | changes


def test_a_matter_is_added_and_changed(keeper, town):
    answer = keeper.post(
        reverse("cases:new_matter"),
        {"parent": town.group.pk, "name": "店外经营", "urgency": "ordinary", "resolve_limit": "2个工作日"},
    )
    matter = Matter.objects.get(name="店外经营")
    assert answer.url == reverse("cases:matter", args=[matter.pk])
    assert (matter.code, matter.resolve_limit, matter.self_handled) == ("01.04", "2d", False)

    keeper.post(
        reverse("cases:revise_matter", args=[matter.pk]),
        form_of(matter, name="占道经营", resolve_limit="15 working days"),
    )
    matter.refresh_from_db()
    assert (matter.name, matter.resolve_limit) == ("占道经营", "15d")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"resolve_limit": "不久"}, "resolve_limit"), ({"code": "01.02"}, "code"), ({"name": ""}, "name")],
)
def test_a_wrong_field_is_marked_and_nothing_is_written(keeper, town, changes, field):
    answer = keeper.post(
        reverse("cases:revise_matter", args=[town.plots.pk]), form_of(town.plots, keywords="新", **changes)
    )
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    town.plots.refresh_from_db()
    assert town.plots.keywords == ""


def test_a_twin_is_marked(keeper, town):
    answer = keeper.post(
        reverse("cases:new_matter"), {"parent": town.group.pk, "name": "小菜园", "urgency": "ordinary"}
    )
    assert "name" in answer.context["form"].errors


def test_units_are_named_and_dropped(keeper, town):
    page = reverse("cases:matter", args=[town.plots.pk])
    keeper.post(
        reverse("cases:name_unit", args=[town.plots.pk]),
        {"area": town.places.street.pk, "unit": town.office.pk},
    )
    assert "人和街街道办事处" in keeper.get(page).content.decode()

    answer = keeper.post(reverse("cases:name_unit", args=[town.plots.pk]), {"area": town.places.street.pk})
    assert answer.status_code == 422

    keeper.post(reverse("cases:drop_unit", args=[town.plots.pk]), {"area": town.places.street.pk})
    assert not Responsibility.objects.filter(matter=town.plots).exists()


def test_retire_and_restore_and_a_refusal_is_a_409(keeper, town):
    retire = reverse("cases:retire_matter", args=[town.plots.pk])
    assert keeper.post(retire).status_code == 302
    assert keeper.post(retire).status_code == 409
    assert keeper.get(reverse("cases:matter", args=[town.plots.pk])).status_code == 200
    assert keeper.get(reverse("cases:catalogue"), {"only": "retired"}).context["tree"].found == 1
    assert keeper.post(reverse("cases:restore_matter", args=[town.plots.pk])).status_code == 302


def test_an_import_is_shown_first_and_written_on_confirmation(keeper, town):
    workbook = book(["01.01", "01", "毁绿种菜", "一般"], ["02", "", "消防", ""])
    answer = keeper.post(reverse("cases:import_catalogue"), {"file": workbook})
    plan = answer.context["plan"]
    assert (len(plan.new), len(plan.changed)) == (1, 1)
    assert not Matter.objects.filter(code="02").exists()

    key = answer.context["confirm"]["key"].value()
    done = keeper.post(reverse("cases:confirm_catalogue"), {"key": key})

    assert done.url == reverse("cases:catalogue")
    assert Matter.objects.get(code="01.01").name == "毁绿种菜"
    assert Matter.objects.get(code="02").name == "消防"
    again = keeper.post(reverse("cases:confirm_catalogue"), {"key": key})
    assert again.status_code == 422


def test_a_faulty_workbook_is_shown_and_cannot_be_confirmed(keeper, town):
    answer = keeper.post(
        reverse("cases:import_catalogue"), {"file": book(["02", "", "好", "一般"], ["03", "", "坏", "很急"])}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "很急" in text and reverse("cases:confirm_catalogue") not in text

    key = answer.context["confirm"]["key"].value()
    assert keeper.post(reverse("cases:confirm_catalogue"), {"key": key}).status_code == 409
    assert not Matter.objects.filter(code="02").exists()


def test_another_persons_preview_cannot_be_confirmed(client, keeper, town):
    from bihuan.accounts.tests.factories import make_person

    answer = keeper.post(reverse("cases:import_catalogue"), {"file": book(["02", "", "消防", ""])})
    client.force_login(make_person(duties=[("administrator", town.places.district)]))
    key = answer.context["confirm"]["key"].value()

    assert client.post(reverse("cases:confirm_catalogue"), {"key": key}).status_code == 422


def test_what_is_no_spreadsheet_is_a_form_error(keeper):
    answer = keeper.post(
        reverse("cases:import_catalogue"), {"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 no zip")}
    )
    assert answer.status_code == 422


def test_the_export_reads_back(keeper):
    answer = keeper.get(reverse("cases:export_catalogue"))

    assert answer["Content-Disposition"].startswith("attachment")
    assert read_plan(BytesIO(answer.content), "x.xlsx").changes == 0


def test_the_finder_answers_everybody_with_a_duty(client, town):
    path = reverse("cases:matter_search")
    assert client.get(path, {"q": "菜园"}).status_code == 302
    client.force_login(town.resident)
    assert client.get(path, {"q": "菜园"}).status_code == 404
    for person in (town.clerk, town.grid_worker, town.handler):
        client.force_login(person)
        (found,) = client.get(path, {"q": "菜园"}).json()
        assert (found["id"], found["label"]) in (
            (town.plots.pk, "小菜园"),
            (town.plots.pk, "Vegetable plots"),
        )
        assert found["lon"] is None


@pytest.mark.parametrize("count", [10, 1_000])
def test_the_tree_costs_the_same_at_any_size(keeper, town, count, django_assert_max_num_queries):
    Matter.objects.bulk_create(
        Matter(code=f"01.9.{number}", name=f"事项{number}", parent=town.group) for number in range(count)
    )
    with django_assert_max_num_queries(9):
        assert keeper.get(reverse("cases:catalogue")).status_code == 200


@pytest.mark.parametrize("count", [10, 1_000])
def test_a_matters_page_costs_the_same_at_any_size(keeper, town, count, django_assert_max_num_queries):
    Matter.objects.bulk_create(
        Matter(code=f"01.9.{number}", name=f"事项{number}", parent=town.group) for number in range(count)
    )
    retire_matter(town.plots, by=town.administrator)
    page = reverse("cases:matter", args=[town.group.pk])
    keeper.get(page)  # what a process remembers, it has read now
    with django_assert_max_num_queries(14):
        assert keeper.get(page).status_code == 200
