"""What is wrong with which field, in sentences: from a Django form, and from a shape that did not fit."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _

Faults = dict[str, list[str]]
WHOLE = "_"  # what concerns the request as a whole


def faults_of(form: forms.BaseForm) -> Faults:
    """The errors of a form, field by field."""
    return {
        WHOLE if name == NON_FIELD_ERRORS else name: [str(sentence) for sentence in sentences]
        for name, sentences in form.errors.items()
    }


def faults_in(errors: Iterable[Mapping[str, Any]]) -> Faults:
    """The errors of a shape, field by field, in the reader's language."""
    found: Faults = {}
    for error in errors:
        found.setdefault(_field(error["loc"]), []).append(_sentence(error))
    return found


def _field(place: Iterable[Any]) -> str:
    """`unit` or `photos.0`: without where in the request it stood and the name our code has for it."""
    source, *steps = [str(step) for step in place]
    if source == "body" and steps:
        steps = steps[1:]
    return ".".join(steps) or WHOLE


def _sentence(error: Mapping[str, Any]) -> str:
    limits = error.get("ctx", {})
    known = {
        "missing": _("This field is required."),
        "extra_forbidden": _("There is no such field."),
        "string_too_short": _("This must not be empty."),
        "string_too_long": _("At most %(count)s characters fit.") % {"count": limits.get("max_length")},
        "too_long": _("At most %(count)s fit here.") % {"count": limits.get("max_length")},
        "string_pattern_mismatch": _("This does not have the form that is asked for."),
        "less_than_equal": _("At most %(limit)s.") % {"limit": limits.get("le")},
        "greater_than_equal": _("At least %(limit)s.") % {"limit": limits.get("ge")},
        "literal_error": _("Choose one of: %(choices)s.") % {"choices": _choices(limits.get("expected", ""))},
        "finite_number": _("A number is asked for."),
        "nul": _("There is a NUL character in it, which cannot be kept."),
    }
    kind = error["type"]
    if kind in known:
        return known[kind]
    kinds = {
        "string": _("A text is asked for."),
        "int": _("A whole number is asked for."),
        "float": _("A number is asked for."),
        "bool": _("true or false is asked for."),
        "list": _("A list is asked for."),
        "date": _("A date is asked for, such as 2026-03-15."),
        "datetime": _("A moment is asked for, such as 2026-03-15T08:00:00+08:00."),
        "model": _("An object with fields is asked for."),
    }
    return kinds.get(kind.partition("_")[0], _("This does not fit here."))


def _choices(expected: str) -> str:
    """`'a', 'b' or 'c'` without the words of one language."""
    return expected.replace(" or ", ", ").replace("'", "")
