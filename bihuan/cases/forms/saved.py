"""A name for filters, and whom they are shared with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import SavedView
from bihuan.cases.queries.saved import audiences_for


class SaveViewForm(forms.Form):
    """The audience is one choice: nobody else, an area, or a unit."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    audience = forms.ChoiceField(label=_("Shown to"), required=False)

    def __init__(self, *args: Any, user: Any, view: SavedView | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        areas, units = audiences_for(user)
        if view is not None and view.area is not None and view.area not in areas:
            areas.append(view.area)
        if view is not None and view.unit is not None and view.unit not in units:
            units.append(view.unit)
        self.found: dict[str, dict[str, Any]] = {"": {}}
        choices: list[Any] = [("", _("me alone"))]
        for kind, label, things in (
            ("area", _("Everybody working in"), areas),
            ("unit", _("The unit"), units),
        ):
            if things:
                choices.append((label, [(f"{kind}-{thing.pk}", thing.label) for thing in things]))
                self.found |= {f"{kind}-{thing.pk}": {kind: thing} for thing in things}
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            del self.fields["audience"]
        if view is not None:
            self.initial["name"] = view.name
            thing = view.area or view.unit
            if thing is not None:
                self.initial["audience"] = f"{'area' if view.area else 'unit'}-{thing.pk}"

    @property
    def arguments(self) -> dict[str, Any]:
        """What the action is told."""
        return {"name": self.cleaned_data["name"], **self.found[self.cleaned_data.get("audience", "")]}
