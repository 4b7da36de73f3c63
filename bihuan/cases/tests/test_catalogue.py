"""Changing the catalogue: who may, when, and that nothing is left half done."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from bihuan.audit.queries import entries_about
from bihuan.cases.actions import (
    create_matter,
    file_case,
    name_unit,
    report_case,
    retire_matter,
    revise_matter,
)
from bihuan.cases.actions.catalogue import restore_matter
from bihuan.cases.models import Matter, Responsibility
from bihuan.cases.queries.catalogue import (
    Filters,
    limits_of,
    matters_in_tree,
    matters_like,
    possible_parents,
    responsible_unit,
    trail_of,
    units_answering,
)
from bihuan.cases.tests.factories import make_cast, make_ground
from bihuan.core.clock import now

MODULE = "bihuan.cases.actions.catalogue"


@pytest.fixture
def town(db):
    return make_cast(make_ground())


def verbs(subject):
    return [entry.verb for entry in entries_about(subject)]


# -- create -----------------------------------------------------------------------------------------------


def test_create_makes_a_matter_with_the_next_code(town):
    matter = create_matter(
        by=town.administrator,
        parent=town.group,
        name=" 店外  经营 ",
        resolve_limit="2个工作日",
        keywords="占道",
    )

    assert (matter.code, matter.name, matter.resolve_limit) == ("01.04", "店外 经营", "2d")
    assert verbs(matter) == ["matter.created"]


def test_create_refuses_a_code_a_name_and_a_parent_that_will_not_do(town, refused):
    with refused("matter.code_taken"):
        create_matter(by=town.administrator, code="01.01", name="新事项")
    with refused("matter.name_taken"):
        create_matter(by=town.administrator, parent=town.group, name="小菜园")
    retire_matter(town.plots, by=town.administrator)
    town.plots.refresh_from_db()
    with refused("matter.parent_retired"):
        create_matter(by=town.administrator, parent=town.plots, name="下级")
    with pytest.raises(ValidationError):
        create_matter(by=town.administrator, name="坏时限", resolve_limit="soon")


def test_create_refuses_everybody_but_an_administrator(town, refused):
    with refused("matter.not_your_duty"):
        create_matter(by=town.dispatcher, name="新事项")


def test_a_failed_create_leaves_nothing(town, breaking_record):
    before = Matter.objects.count()
    with pytest.raises(breaking_record(MODULE)):
        create_matter(by=town.administrator, name="新事项")

    assert Matter.objects.count() == before


# -- revise -----------------------------------------------------------------------------------------------


def test_revise_changes_what_is_said_and_keeps_what_was_promised(town):
    report = report_case(
        by=town.resident, words="楼下有小菜园", lon=town.places.inside[0], lat=town.places.inside[1]
    )
    case = file_case(report.case, by=town.clerk, matter=town.plots)
    promise = case.promise

    revise_matter(town.plots, by=town.administrator, resolve_limit="3d", urgency="difficult")

    case.refresh_from_db()
    town.plots.refresh_from_db()
    assert case.promise == promise
    assert (town.plots.resolve_limit, town.plots.urgency) == ("3d", "difficult")
    entry = entries_about(town.plots).last()
    assert entry.verb == "matter.revised"
    assert entry.data["changed"] == {"resolve_limit": ["", "3d"], "urgency": ["ordinary", "difficult"]}


def test_revise_to_the_same_is_no_event(town):
    revise_matter(town.plots, by=town.administrator, name=town.plots.name)

    assert verbs(town.plots) == []


def test_revise_refuses_a_retired_matter_and_a_ring(town, refused):
    with refused("matter.ring"):
        revise_matter(town.group, by=town.administrator, parent=town.plots)
    with refused("matter.ring"):
        revise_matter(town.group, by=town.administrator, parent=town.group)
    retire_matter(town.plots, by=town.administrator)
    with refused("matter.retired"):
        revise_matter(town.plots, by=town.administrator, name="另名")


def test_revise_refuses_everybody_but_an_administrator(town, refused):
    with refused("matter.not_your_duty"):
        revise_matter(town.plots, by=town.leader, name="另名")


def test_a_failed_revise_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record(MODULE)):
        revise_matter(town.plots, by=town.administrator, name="另名")

    town.plots.refresh_from_db()
    assert town.plots.name == "小菜园"


# -- retire and restore ---------------------------------------------------------------------------------


def test_retire_takes_it_out_of_use_and_open_cases_stay(town, refused):
    point = dict(zip(("lon", "lat"), town.places.inside, strict=True))
    case = file_case(
        report_case(by=town.resident, words="菜园", **point).case, by=town.clerk, matter=town.plots
    )
    second = report_case(by=town.resident, words="又一处菜园", **point).case

    matter = retire_matter(town.plots, by=town.administrator)

    case.refresh_from_db()
    assert case.is_open and case.matter == matter
    assert verbs(matter) == ["matter.retired"]
    with refused("case.matter_retired"):
        file_case(second, by=town.clerk, matter=matter)


def test_retire_refuses_what_has_parts_and_what_is_retired(town, refused):
    with refused("matter.has_parts"):
        retire_matter(town.group, by=town.administrator)
    retire_matter(town.plots, by=town.administrator)
    with refused("matter.retired"):
        retire_matter(town.plots, by=town.administrator)


def test_retire_refuses_everybody_but_an_administrator(town, refused):
    with refused("matter.not_your_duty"):
        retire_matter(town.plots, by=town.clerk)


def test_a_failed_retire_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record(MODULE)):
        retire_matter(town.plots, by=town.administrator)

    town.plots.refresh_from_db()
    assert town.plots.retired_at is None


def test_restore_brings_it_back(town):
    matter = restore_matter(retire_matter(town.plots, by=town.administrator), by=town.administrator)

    assert matter.retired_at is None
    assert verbs(matter) == ["matter.retired", "matter.restored"]


def test_restore_refuses_what_is_in_use_and_a_name_given_again(town, refused):
    with refused("matter.in_use"):
        restore_matter(town.plots, by=town.administrator)
    retire_matter(town.plots, by=town.administrator)
    create_matter(by=town.administrator, parent=town.group, name="小菜园")
    with refused("matter.name_taken"):
        restore_matter(town.plots, by=town.administrator)


def test_restore_refuses_everybody_but_an_administrator(town, refused):
    retire_matter(town.plots, by=town.administrator)
    with refused("matter.not_your_duty"):
        restore_matter(town.plots, by=town.dispatcher)


def test_a_failed_restore_leaves_nothing(town, breaking_record):
    retire_matter(town.plots, by=town.administrator)
    with pytest.raises(breaking_record(MODULE)):
        restore_matter(town.plots, by=town.administrator)

    town.plots.refresh_from_db()
    assert town.plots.retired_at is not None


# -- who answers ----------------------------------------------------------------------------------------


def test_name_unit_names_replaces_and_drops(town):
    street = town.places.street
    name_unit(town.plots, area=street, unit=town.works, by=town.administrator)
    name_unit(town.plots, area=street, unit=town.office, by=town.administrator)
    name_unit(town.plots, area=street, unit=town.office, by=town.administrator)
    assert Responsibility.objects.get(matter=town.plots, area=street).unit == town.office

    name_unit(town.plots, area=street, unit=None, by=town.administrator)

    assert not Responsibility.objects.filter(matter=town.plots).exists()
    assert verbs(town.plots) == ["matter.unit_named", "matter.unit_named", "matter.unit_dropped"]
    assert entries_about(town.plots).last().area_id == street.pk


def test_name_unit_refuses_a_retired_matter_and_a_retired_area(town, refused):
    town.places.street.retired_at = now()
    with refused("matter.area_retired"):
        name_unit(town.plots, area=town.places.street, unit=town.works, by=town.administrator)
    retire_matter(town.plots, by=town.administrator)
    with refused("matter.retired"):
        name_unit(town.plots, area=town.places.district, unit=town.works, by=town.administrator)


def test_name_unit_refuses_everybody_but_an_administrator(town, refused):
    with refused("matter.not_your_duty"):
        name_unit(town.plots, area=town.places.street, unit=town.works, by=town.dispatcher)


def test_a_failed_name_unit_leaves_nothing(town, breaking_record):
    with pytest.raises(breaking_record(MODULE)):
        name_unit(town.group, area=town.places.district, unit=None, by=town.administrator)

    assert Responsibility.objects.filter(matter=town.group).count() == 1


def test_the_deepest_area_decides_then_the_nearest_matter(town, django_assert_max_num_queries):
    places = town.places
    assert responsible_unit(town.plots, places.grid) == town.bureau  # from the matter above, in the district
    assert responsible_unit(town.plots, places.far) == town.bureau

    Responsibility.objects.create(matter=town.plots, area=places.district, unit=town.works)
    assert responsible_unit(town.plots, places.grid) == town.works  # its own entry is nearer
    assert responsible_unit(town.litter, places.grid) == town.bureau

    Responsibility.objects.create(matter=town.group, area=places.street, unit=town.office)
    assert responsible_unit(town.plots, places.grid) == town.office  # but a deeper area decides first
    assert responsible_unit(town.plots, places.far) == town.works

    Responsibility.objects.all().delete()
    with django_assert_max_num_queries(2):
        assert responsible_unit(town.plots, places.grid) is None


def test_the_page_shows_own_entries_before_inherited_ones(town):
    Responsibility.objects.create(matter=town.plots, area=town.places.street, unit=town.office)
    answering = units_answering(town.plots, trail_of(town.plots))

    assert [(one.responsibility.unit, one.inherited) for one in answering] == [
        (town.office, False),
        (town.bureau, True),
    ]


# -- reads ------------------------------------------------------------------------------------------------


def names(tree):
    return [branch.matter.name for root in tree.roots for branch in [root, *root.parts]]


def test_the_tree_is_the_administrators(town):
    tree = matters_in_tree(town.administrator)

    assert names(tree) == ["市容环境", "小菜园", "暴露垃圾", "自来水爆管"]
    assert (tree.matters, tree.without_unit, tree.roots[0].below) == (3, 0, 3)
    assert matters_in_tree(town.dispatcher).roots == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(text="菜园"), ["市容环境", "小菜园"]),
        (Filters(text="市容 litter"), ["市容环境", "暴露垃圾"]),
        (Filters(text="01.03"), ["市容环境", "自来水爆管"]),
        (Filters(urgency="urgent"), ["市容环境", "自来水爆管"]),
        (Filters(only="self_handled"), ["市容环境", "暴露垃圾"]),
        (Filters(only="retired"), ["市容环境", "小菜园"]),
        (Filters(only="no_unit"), []),
        (Filters(text="没有的"), []),
    ],
)
def test_the_tree_is_narrowed(town, filters, found):
    if filters.only == "retired":
        retire_matter(town.plots, by=town.administrator)
    tree = matters_in_tree(town.administrator, filters)

    assert names(tree) == found
    assert tree.found == max(0, len(found) - 1)


@pytest.mark.parametrize("count", [10, 1_000])
def test_tree_and_finder_cost_the_same_at_any_size(town, count, django_assert_num_queries):
    Matter.objects.bulk_create(
        Matter(code=f"01.9.{number}", name=f"事项{number}", parent=town.group) for number in range(count)
    )
    town.administrator.duties_now()
    with django_assert_num_queries(2):
        assert matters_in_tree(town.administrator).matters == count + 3
    with django_assert_num_queries(1):
        assert matters_like(town.administrator, "事项7")[0].matter.name == "事项7"


def test_the_finder_knows_names_codes_and_words_people_use(town):
    revise_matter(town.plots, by=town.administrator, keywords="种菜 毁绿")

    def found(text, user=town.clerk):
        return [one.matter for one in matters_like(user, text)]

    assert found("菜园") == [town.plots]
    assert found("01.02") == [town.litter]
    assert found("burst") == [town.pipes]
    assert found("种菜") == [town.plots]
    assert found("小区里有人种菜没人管") == [town.plots]
    assert found("市容") == [town.plots, town.litter, town.pipes]
    assert found("") == []
    assert found("菜园", user=town.resident) == []
    assert found("菜园", user=town.administrator) == [town.plots]


def test_a_group_whose_parts_are_all_retired_can_be_found(town):
    for matter in (town.plots, town.litter, town.pipes):
        retire_matter(matter, by=town.administrator)

    assert [one.matter for one in matters_like(town.clerk, "市容")] == [town.group]


def test_limits_are_said_in_words(town):
    town.plots.resolve_limit = "3d"
    with override("en"):
        promised = limits_of(town.plots)

    assert (promised[1].words, promised[1].own) == ("4 working hours", False)
    assert (promised[2].words, promised[2].own) == ("3 working days", True)


def test_a_matter_cannot_be_put_below_itself(town):
    assert list(possible_parents(town.administrator, town.group)) == []
    assert town.group in possible_parents(town.administrator, town.plots)
