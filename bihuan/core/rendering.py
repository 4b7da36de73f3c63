"""How form fields become HTML: Django's way, but a choice of hundreds without a template for each line."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"


class Renderer(DjangoTemplates):
    """Django's own templates, except for the two that are rendered hundreds of times on one page."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == SELECT:
            widget = context["widget"]
            options = [option for _name, group, _index in widget["optgroups"] for option in group]
            if all(option["template_name"] == OPTION for option in options):
                return _select(widget)
        return str(super().render(template_name, context, request))


class LongSelect(forms.Select):
    """A choice of hundreds without groups: its lines are written as they come."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        attributes = _attributes({"name": name, **self.build_attrs(self.attrs, attrs)})
        lines = [f"<select{attributes}>"]
        choices: Any = self.choices
        for option, label in choices:
            mark = " selected" if str(option) in chosen else ""
            text = conditional_escape(str(option))
            lines.append(f'  <option value="{text}"{mark}>{conditional_escape(label)}</option>')
        return mark_safe("\n".join([*lines, "</select>"]))  # noqa: S308  # every part is escaped above


def _select(widget: dict[str, Any]) -> SafeString:
    lines = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            lines.append(f'  <optgroup label="{conditional_escape(name)}">')
        lines += [
            f'  <option value="{conditional_escape(str(option["value"]))}"{_attributes(option["attrs"])}>'
            f"{conditional_escape(option['label'])}</option>"
            for option in options
        ]
        if name:
            lines.append("  </optgroup>")
    return mark_safe("\n".join([*lines, "</select>"]))  # noqa: S308  # every part is escaped above


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in attributes.items()
        if value is not False
    )
