"""Units and roles of the ledgers that come with the product, in both languages."""

from django.utils.translation import override

from bihuan.ledgers.definition.glossary import role_words, unit_words
from bihuan.ledgers.templates_shipped import shipped
from bihuan.ledgers.templatetags.item_words import who_words
from bihuan.ledgers.templatetags.ledger_words import role_name, unit_name, who_names


def test_every_unit_and_role_of_a_shipped_ledger_has_an_english_word():
    definitions = [one.definition for one in shipped()]
    parts = [part for one in definitions for part in (*one.figures, *one.rates)]
    assert [one.unit for one in parts if one.unit and not unit_words(one.unit).en] == []
    assert [role for one in definitions for role in one.roles if not role_words(role).en] == []


def test_a_page_says_them_in_its_language_and_others_as_their_author_wrote_them():
    said = {}
    for language in ("en", "zh-hans"):
        with override(language):
            said[language] = (
                str(unit_name("平方米")), str(unit_name("筐")), str(role_name("法律顾问")),
                who_words(["role:法律顾问", "role:河长"]), who_names(["role:法律顾问"]),
            )  # fmt: skip
    assert said["en"] == ("m²", "筐", "legal adviser", "legal adviser, 河长", "legal adviser")
    assert said["zh-hans"] == ("平方米", "筐", "法律顾问", "法律顾问、河长", "法律顾问")
