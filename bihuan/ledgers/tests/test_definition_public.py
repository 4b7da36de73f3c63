"""XLSForms of other authors come in, or are refused with the exact reason.

Rebuilt from the facts of the published forms (types, names, expressions); labels are ours:
the guide “Form logic” of ODK (github.com/getodk/docs, odk1-src/form-logic.rst, CC BY 4.0); the example
forms of pyxform's own tests (github.com/XLSForm/pyxform, tests/example_xls, BSD 2-Clause); the forms that
wq's converter is tested with (github.com/wq/xlsform-converter, tests/files, MIT).
"""

from datetime import UTC, datetime

from bihuan.ledgers.definition import check_answers
from bihuan.ledgers.tests.books import faults, read

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
YES_NO = [["list_name", "name", "label"], ["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]]


# -- ODK, “Form logic”


def test_odk_the_bill_and_its_tip() -> None:
    ledger = read(
        {
            "survey": [
                ["type", "name", "label", "calculation"],
                ["decimal", "bill_amount", "Bill"],
                ["calculate", "tip_18", "", "round((${bill_amount} * 0.18),2)"],
                ["calculate", "tip_18_total", "", "${bill_amount} + ${tip_18}"],
                ["note", "tip_18_note", "Bill $${bill_amount}, tip $${tip_18}, total $${tip_18_total}"],
            ]
        }
    )

    checked = check_answers(ledger, {"bill_amount": "55.88"}, at=NOON)

    assert checked.values == {"bill_amount": "55.88", "tip_18": "10.06", "tip_18_total": "65.94"}


def test_odk_as_many_children_as_were_said() -> None:
    ledger = read(
        {
            "survey": [
                ["type", "name", "label", "repeat_count"],
                ["integer", "number_of_children", "Children"],
                ["begin_repeat", "child_questions", "Child", "${number_of_children}"],
                ["text", "child_name", "Name"],
                ["integer", "child_age", "Age"],
                ["end_repeat"],
            ]
        }
    )
    one = [{"child_name": "Ann", "child_age": 3}]

    assert check_answers(ledger, {"number_of_children": 1, "child_questions": one}, at=NOON).ok
    wrong = check_answers(ledger, {"number_of_children": 2, "child_questions": one}, at=NOON)
    assert [(fault.path, str(fault.sentence)) for fault in wrong.faults] == [
        ("child_questions", "There must be 2 entries.")
    ]


def test_odk_plants_as_long_as_there_are_more() -> None:
    ledger = read(
        {
            "survey": [
                ["type", "name", "label", "calculation", "repeat_count"],
                ["calculate", "count", "", "count(${plant})"],
                ["begin_repeat", "plant", "Plant", "",
                 "if(${count} = 0 or ${plant}[position()=${count}]/more_plants = 'yes',"
                 " ${count} + 1, ${count})"],
                ["text", "species", "Species"],
                ["integer", "estimated_size", "Size"],
                ["select_one yes_no", "more_plants", "More?"],
                ["end_repeat"],
            ],
            "choices": YES_NO,
        }
    )  # fmt: skip
    oak, ash = {"species": "oak", "more_plants": "yes"}, {"species": "ash", "more_plants": "no"}

    done = check_answers(ledger, {"plant": [oak, ash]}, at=NOON)
    more = check_answers(ledger, {"plant": [oak]}, at=NOON)

    assert done.ok and done.values["count"] == "2"
    assert [str(fault.sentence) for fault in more.faults] == ["There must be 2 entries."]


def test_odk_trees_only_where_there_are_some() -> None:
    ledger = read(
        {
            "survey": [
                ["type", "name", "label", "relevant"],
                ["select_one yes_no", "trees_present", "Any trees?"],
                ["begin_repeat", "tree", "Tree", "${trees_present} = 'yes'"],
                ["text", "species", "Species"],
                ["integer", "estimated_age", "Age"],
                ["end_repeat"],
            ],
            "choices": YES_NO,
        }
    )
    trees = [{"species": "oak", "estimated_age": "very old"}]

    checked = check_answers(ledger, {"trees_present": "no", "tree": trees}, at=NOON)

    assert checked.ok and checked.values == {"trees_present": "no"}


def test_odk_titles_of_the_chosen_kind_of_job() -> None:
    ledger = read(
        {
            "survey": [
                ["type", "name", "label", "choice_filter"],
                ["select_one job_categories", "job_category", "Category"],
                ["select_one job_titles", "job_title", "Title", "job_category=${job_category}"],
            ],
            "choices": [
                ["list_name", "name", "label", "job_category"],
                ["job_categories", "finance", "Finance"],
                ["job_categories", "hr", "Staff"],
                ["job_titles", "ar", "Receivable", "finance"],
                ["job_titles", "training", "Training", "hr"],
            ],
        }
    )

    assert check_answers(ledger, {"job_category": "hr", "job_title": "training"}, at=NOON).ok
    wrong = check_answers(ledger, {"job_category": "hr", "job_title": "ar"}, at=NOON)
    assert [str(fault.sentence) for fault in wrong.faults] == ["“Receivable” cannot be chosen here."]


def test_odk_the_last_saved_street_is_refused() -> None:
    found = faults(
        {
            "survey": [
                ["type", "name", "label", "default"],
                ["text", "street", "Street", "${last-saved#street}"],
            ]
        }
    )

    assert found[0].startswith("survey D2: Values of the last saved record (last-saved#) are not supported.")


# -- pyxform's examples


def test_pyxform_other_is_refused() -> None:
    found = faults(
        {
            "survey": [
                ["type", "name", "label:English"],
                ["select one from sexes or specify other", "sex", "Sex"],
            ],
            "choices": [
                ["list name", "name", "label:English"],
                ["sexes", "male", "M"],
                ["sexes", "female", "F"],
            ],
        }
    )

    assert found == [
        "survey A2: The type “select one from sexes or specify other” is not taken."
        " What is written under “other” is counted nowhere."
        " Add a choice “other”, and a text question that is relevant when it is chosen."
    ]


def test_pyxform_a_loop_is_refused() -> None:
    found = faults(
        {
            "survey": [
                ["type", "name", "label:english"],
                ["begin loop over toilet_type", "loop_toilet_types"],
                ["integer", "number", "How many %(label)s?"],
                ["end loop"],
            ],
            "choices": [["list name", "name", "label:english"], ["toilet_type", "bucket_system", "Bucket"]],
        }
    )

    assert found[0] == (
        "survey A2: The type “begin loop over toilet_type” is not taken."
        " Loops over choices are out of use in XLSForm, too. Use begin repeat."
    )


def test_pyxform_a_phone_number_is_refused() -> None:
    found = faults(
        {
            "survey": [
                ["type", "name", "label:English (en)"],
                ["text", "family_name", "Family"],
                ["begin group", "father", "Father"],
                ["phone number", "phone_number", "Phone"],
                ["integer", "age", "Age"],
                ["end group"],
            ]
        }
    )

    assert found == [
        "survey A4: The type “phone number” is not taken. A ledger holds no phone numbers of people."
        " Remove the row; who may be called stands with their report, encrypted."
    ]


# -- wq's forms


def test_wq_selects_come_in_without_its_foreign_key() -> None:
    survey = [
        ["type", "name", "label", "constraint", "required"],
        ["select_one colors", "color", "Colour"],
        ["select_one numbers", "number", "Number"],
        ["select_multiple tags", "tags", "Tags"],
        ["integer", "site", "Site", 'wq:ForeignKey("other_app.Site")', "yes"],
    ]
    choices = [
        ["list name", "name", "label"],
        ["colors", "red", "Red"],
        ["numbers", 1, "One"],
        ["numbers", 11, "Eleven"],
        ["tags", "cool", "Cool"],
        ["tags", "active", "Active"],
    ]

    (found,) = faults({"survey": survey, "choices": choices})
    assert found.startswith("survey D5: ")
    ledger = read({"survey": [row[:3] for row in survey], "choices": choices})
    checked = check_answers(ledger, {"number": "11", "tags": ["active", "cool"], "site": 4}, at=NOON)
    assert checked.ok and checked.values == {"number": "11", "tags": ["active", "cool"], "site": 4}


def test_wq_a_name_inside_and_outside_a_repeat_is_refused() -> None:
    found = faults(
        {
            "survey": [
                ["type", "name", "label", "constraint", "required"],
                ["text", "name", "Name", "", "yes"],
                ["begin repeat", "items", "Items", "wq:initial(3)", "yes"],
                ["text", "name", "Item", "", "yes"],
                ["integer", "count", "Count", "", "yes"],
                ["end repeat"],
            ]
        }
    )

    assert found[1] == (
        "survey B4: “name” is already the name of row 2."
        " Give every field of the ledger its own name, also in different groups."
    )
    assert found[0].startswith("survey D3: ")
