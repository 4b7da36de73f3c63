"""A choice drawn the short way is the one that Django's templates draw."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from bihuan.core.rendering import LongSelect, Renderer

CHOICES = [
    ("", "any"),
    ("<a>", 'x "quoted" & <b>'),
    ("group & co", [(1, "one"), ("2", "two")]),
    (3, "three"),
]


class Choice(forms.Form):
    plain = forms.ChoiceField(choices=CHOICES)
    several = forms.MultipleChoiceField(choices=CHOICES, widget=forms.SelectMultiple(attrs={"size": 3}))
    off = forms.ChoiceField(choices=CHOICES, required=False, disabled=True)
    empty = forms.ChoiceField(
        choices=[], widget=forms.Select(attrs={"data-x": '"&', "hidden": True, "y": False})
    )
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    words = forms.CharField()


def lines(html):
    return [line.strip() for line in html.splitlines() if line.strip()]


@pytest.mark.parametrize("name", list(Choice.base_fields))
@pytest.mark.parametrize("data", [None, {"plain": "<a>", "several": ["1", "3"], "radio": "2", "words": "x"}])
def test_every_widget_looks_the_same(name, data):
    fast, slow = (Choice(data, renderer=renderer()) for renderer in (Renderer, DjangoTemplates))
    assert lines(str(fast[name])) == lines(str(slow[name]))


class Special(forms.Select):
    option_template_name = "django/forms/widgets/radio_option.html"


def test_options_with_a_template_of_their_own_keep_it():
    class Form(forms.Form):
        choice = forms.ChoiceField(choices=CHOICES, widget=Special)

    fast, slow = (str(Form(renderer=renderer())["choice"]) for renderer in (Renderer, DjangoTemplates))
    assert fast == slow


@pytest.mark.parametrize("value", [None, "", "<a>", 2, "3", "other"])
def test_a_long_choice_looks_like_any_other(value):
    choices = [("", "any"), ("<a>", 'x "quoted" & <b>'), (2, "two"), (3, "three")]
    attrs = {"id": "id_x", "hidden": True, "data-x": "<"}

    slow = forms.Select(choices=choices).render("x", value, attrs, DjangoTemplates())

    assert lines(LongSelect(choices=choices).render("x", value, attrs)) == lines(slow)
