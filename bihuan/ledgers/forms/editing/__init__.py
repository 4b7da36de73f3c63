"""The forms with which a ledger is built and changed on a page: one for each kind of part."""

from bihuan.ledgers.definition.parts import (
    CONDITION,
    DOCUMENT,
    FIELD,
    FIGURE,
    GATE,
    GOAL,
    LIST,
    RATE,
    SETTINGS,
    STEP,
)
from bihuan.ledgers.forms.editing.base import BUILD, PartForm
from bihuan.ledgers.forms.editing.counting import DocumentForm, FigureForm, GoalForm, RateForm
from bihuan.ledgers.forms.editing.fields import TYPES, FieldForm, ListForm
from bihuan.ledgers.forms.editing.head import BeginForm, KeepForm, SettingsForm
from bihuan.ledgers.forms.editing.steps import CONDITIONS, ConditionForm, GateForm, StepForm

FORMS: dict[str, type[PartForm]] = {
    SETTINGS: SettingsForm,
    FIELD: FieldForm,
    LIST: ListForm,
    STEP: StepForm,
    GATE: GateForm,
    CONDITION: ConditionForm,
    FIGURE: FigureForm,
    DOCUMENT: DocumentForm,
    RATE: RateForm,
    GOAL: GoalForm,
}
# Kinds of which a person first says what sort of thing it is to be.
SORTS = {FIELD: TYPES, CONDITION: CONDITIONS}

__all__ = ["BUILD", "CONDITIONS", "FORMS", "SORTS", "TYPES", "BeginForm", "KeepForm", "PartForm"]
