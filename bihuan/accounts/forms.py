"""Forms for people, units, duties and leave: they check shape, not rights."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.accounts import queries, uploads
from bihuan.accounts.models import LANGUAGE_NAMES, Duty, DutyKind, Unit, UnitKind, User
from bihuan.accounts.workbook import read_plan
from bihuan.core.clock import today
from bihuan.core.personal import normal_phone
from bihuan.core.text import normalise
from bihuan.territory.models import Area

MAX_WORKBOOK = 5 * 1024 * 1024


class PhoneField(forms.CharField):
    """A phone number, written as people write it, kept in its one plain form."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normal_phone(text)
        except ValueError as error:
            raise forms.ValidationError(_("This is not a phone number.")) from error


class AreaChoice(forms.ModelChoiceField):
    """Areas in the order of their tree, indented by depth."""

    def label_from_instance(self, obj: Area) -> str:
        return "　" * obj.depth + obj.label


class UnitChoice(forms.ModelChoiceField):
    """Units in the order of their tree, indented by depth."""

    def label_from_instance(self, obj: Unit) -> str:
        return "　" * obj.depth + obj.label


class DateField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SignInForm(LoginForm):
    """Sign-in by name or phone; both are brought into one form, so that a lockout counts them together."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Sign-in name or phone")
        self.fields["login"].widget.attrs = {"autocomplete": "username webauthn", "autocapitalize": "none"}
        self.fields["password"].help_text = _("Forgotten? Your administrator gives you a new one.")
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        login = normalise(self.cleaned_data["login"]).lower()
        try:
            return normal_phone(login)
        except ValueError:
            return login


class PersonFields(forms.Form):
    """Name, sign-in name and phone, checked against the people there are."""

    name = forms.CharField(label=_("Full name"), max_length=64)
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=64,
        help_text=_("Letters, digits and . - _ @ only, and not digits alone."),
        validators=User._meta.get_field("username").validators,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    phone = PhoneField(
        label=_("Phone"), required=False, help_text=_("Can be used to sign in. Kept encrypted.")
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self) -> str:
        username = normalise(self.cleaned_data["username"]).lower()
        other = queries.person_named(username)
        if other and other != self.person:
            raise forms.ValidationError(_("This sign-in name is taken."))
        return username

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        other = queries.person_with_phone(phone) if phone else None
        if other and other != self.person:
            raise forms.ValidationError(_("Another account already has this phone."))
        return phone


class NewPersonForm(PersonFields):
    password = forms.CharField(
        label=_("Password for the first sign-in"),
        required=False,
        strip=False,
        help_text=_("At least 10 characters. The person chooses their own at the first sign-in."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        person = User(username=data.get("username", ""), name=data.get("name", ""))
        _check_password(self, data.get("password", ""), person)
        return data


class PersonForm(PersonFields):
    """What an administrator may correct. The number that is there is not shown: an empty field keeps it."""

    remove_phone = forms.BooleanField(label=_("Remove the phone number"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any):
        super().__init__(*args, person=person, **kwargs)
        if person.phone_index:
            self.fields["phone"].help_text = _(
                "Leave it empty to keep %(phone)s. Can be used to sign in; kept encrypted."
            ) % {"phone": person.masked_phone}
        else:
            del self.fields["remove_phone"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        remove = data.pop("remove_phone", False)
        data["phone"] = "" if remove else (data.get("phone") or None)
        return data


class OwnDataForm(PersonFields):
    """What everybody may correct about themselves."""

    username = None  # type: ignore[assignment]


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password for the next sign-in"),
        strip=False,
        help_text=_("At least 10 characters. The person chooses their own at the next sign-in."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _check_password(self, data.get("password", ""), self.person)
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_NAMES)


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)
    code = forms.CharField(
        label=_("Code"), max_length=32, help_text=_("Unique; imports find the unit by it.")
    )
    parent = UnitChoice(label=_("Above it"), queryset=Unit.objects.none(), required=False)
    area = AreaChoice(label=_("Where it sits"), queryset=Area.objects.none(), required=False)

    def __init__(
        self,
        *args: Any,
        units: QuerySet[Unit],
        areas: QuerySet[Area],
        unit: Unit | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.unit = unit

    def clean_code(self) -> str:
        code = normalise(self.cleaned_data["code"])
        other = queries.unit_coded(code)
        if other and other != self.unit:
            raise forms.ValidationError(_("Another unit has this code."))
        return code


class DutyForm(forms.Form):
    kind = forms.ChoiceField(label=_("Duty"), choices=DutyKind.choices)
    area = AreaChoice(label=_("Area"), queryset=Area.objects.none(), required=False)
    unit = UnitChoice(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("For handlers; all others need an area."),
    )
    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def __init__(self, *args: Any, units: QuerySet[Unit], areas: QuerySet[Area], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == DutyKind.HANDLER:
            data["area"] = None
            if not data.get("unit"):
                self.add_error("unit", _("A handler works in a unit: choose one."))
        elif data.get("kind"):
            data["unit"] = None
            if not data.get("area"):
                self.add_error("area", _("This duty is held for an area: choose one."))
        _check_order(self, data)
        return data


class EndDutyForm(forms.Form):
    last_day = DateField(label=_("Last day"), required=False, help_text=_("Empty: ends now."))

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.duty = duty

    def clean_last_day(self) -> date | None:
        last_day: date | None = self.cleaned_data["last_day"]
        if last_day and last_day < max(today(), self.duty.starts_on):
            raise forms.ValidationError(_("The last day must be today or later, and not before the first."))
        return last_day


class CoverForm(forms.Form):
    stand_in = forms.ModelChoiceField(
        label=_("Stand-in"), queryset=User.objects.none(), empty_label=_("choose …")
    )
    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = people  # type: ignore[attr-defined]
        if not people.exists():
            self.fields["stand_in"].help_text = _(
                "Nobody else holds a duty in your unit or near your area. "
                "An administrator can arrange a stand-in from elsewhere."
            )
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _check_order(self, data)
        return data


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
        help_text=_("Sheets 单位, 人员 and 职责, as in the template."),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_WORKBOOK:
            raise forms.ValidationError(_("The workbook is larger than 5 MB."))
        self.content = upload.read()
        self.plan = read_plan(self.content, upload.name)
        return upload


class ConfirmImportForm(uploads.ConfirmForm):
    skip_faulty = forms.BooleanField(
        label=_("Leave out the rows with errors and import the others"), required=False
    )


def _check_password(form: forms.Form, password: str, person: User) -> None:
    if password:
        try:
            validate_password(password, person)
        except forms.ValidationError as error:
            form.add_error("password", error)


def _check_order(form: forms.Form, data: dict[str, Any]) -> None:
    first, last = data.get("starts_on"), data.get("ends_on")
    if first and last and last < first:
        form.add_error("ends_on", _("The last day lies before the first."))
