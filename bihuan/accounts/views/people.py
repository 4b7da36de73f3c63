"""The list of people, a person's page, and what an administrator does there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.accounts import actions, forms, queries, rules
from bihuan.accounts.http import PersonRequest
from bihuan.accounts.models import DutyKind, User
from bihuan.accounts.views.access import for_administrators, form_page
from bihuan.core.paging import page_of
from bihuan.territory.queries import areas_in_tree


def _person(request: PersonRequest, pk: int) -> User:
    return get_object_or_404(queries.people_visible_to(request.user), pk=pk)


def _here(person: User) -> str:
    return reverse("accounts:person", args=[person.pk])


@for_administrators
def index(request: PersonRequest) -> HttpResponse:
    wanted: dict[str, Any] = {
        "text": request.GET.get("q", ""),
        "kind": request.GET.get("duty", ""),
        "closed": request.GET.get("closed") == "1",
    }
    people = queries.people_listed_for(request.user, **wanted)
    context = {
        "page": page_of(people, request.GET, key=("name", "id")),
        "kinds": DutyKind.choices,
        "wanted": wanted,
        "may_import": rules.may("import_people", None, request.user),
    }
    return render(request, "accounts/index.html", context)


@for_administrators
def new(request: PersonRequest) -> HttpResponse:
    form = forms.NewPersonForm(request.POST or None)
    if form.is_valid():
        person = actions.create_person(by=request.user, **form.cleaned_data)
        messages.success(request, _("The account is open. Now give it a duty."))
        return redirect(_here(person))
    return form_page(
        request, form, title=_("New person"), back=reverse("accounts:index"), submit=_("Open the account")
    )


@for_administrators
def show(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    verbs = [
        "change_person",
        "set_password",
        "reset_second_factors",
        "deactivate_person",
        "reactivate_person",
    ]
    context: dict[str, Any] = {
        "person": person,
        "duties": [
            {"duty": duty, "may_end": rules.may("end_duty", duty, request.user)}
            for duty in queries.duties_of(request.user, person)
        ],
        "covers": [
            {"cover": cover, "may_cancel": rules.may("cancel_cover", cover, request.user)}
            for cover in queries.covers_of(request.user, person)
        ],
        "second_factor": queries.has_second_factor(person),
        "may": {verb: rules.may(verb, person, request.user) for verb in verbs},
    }
    return render(request, "accounts/show.html", context)


@for_administrators
def change(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    initial = {"name": person.name, "username": person.username}
    form = forms.PersonForm(request.POST or None, initial=initial, person=person)
    if form.is_valid():
        actions.change_person(person, by=request.user, **form.cleaned_data)
        return redirect(_here(person))
    return form_page(
        request,
        form,
        title=_("Change %(name)s") % {"name": person.name},
        back=_here(person),
        submit=_("Save"),
    )


@for_administrators
def password(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = forms.PasswordForm(request.POST or None, person=person)
    if form.is_valid():
        actions.set_password(person, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("The password is set. Tell it to the person; they choose their own next time.")
        )
        return redirect(_here(person))
    return form_page(
        request,
        form,
        title=_("New password for %(name)s") % {"name": person.name},
        back=_here(person),
        submit=_("Set the password"),
        intro=_("Their open sessions end."),
    )


@for_administrators
def deactivate(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.deactivate_person(person, by=request.user, **form.cleaned_data)
        return redirect(_here(person))
    return form_page(
        request,
        form,
        title=_("Close the account of %(name)s") % {"name": person.name},
        back=_here(person),
        submit=_("Close the account"),
        danger=True,
        intro=_("Their sessions end, their duties end today, and leave arrangements with them fall away."),
    )


@for_administrators
@require_POST
def reactivate(request: PersonRequest, pk: int) -> HttpResponse:
    person = actions.reactivate_person(_person(request, pk), by=request.user)
    return redirect(_here(person))


@for_administrators
@require_POST
def reset_second_factors(request: PersonRequest, pk: int) -> HttpResponse:
    person = actions.reset_second_factors(_person(request, pk), by=request.user)
    messages.success(
        request, _("The second factors are removed; the person sets up new ones at the next sign-in.")
    )
    return redirect(_here(person))


@for_administrators
def give_duty(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = forms.DutyForm(
        request.POST or None,
        units=queries.units_visible_to(request.user).order_by("path"),
        areas=areas_in_tree(),
    )
    if form.is_valid():
        actions.give_duty(person, by=request.user, **form.cleaned_data)
        return redirect(_here(person))
    return form_page(
        request,
        form,
        title=_("A duty for %(name)s") % {"name": person.name},
        back=_here(person),
        submit=_("Give the duty"),
    )


@for_administrators
def end_duty(request: PersonRequest, pk: int) -> HttpResponse:
    duty = get_object_or_404(queries.duties_within_reach(request.user), pk=pk)
    form = forms.EndDutyForm(request.POST if request.method == "POST" else None, duty=duty)
    if form.is_valid():
        actions.end_duty(duty, by=request.user, **form.cleaned_data)
        return redirect(_here(duty.person))
    return form_page(
        request,
        form,
        title=_("End the duty of %(name)s") % {"name": duty.person.name},
        back=_here(duty.person),
        submit=_("End the duty"),
        danger=True,
        intro=str(duty),
    )


@for_administrators
def arrange_cover(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    people = (
        queries.people_visible_to(request.user).filter(is_active=True).exclude(pk=person.pk).order_by("name")
    )
    form = forms.CoverForm(request.POST or None, people=people)
    if form.is_valid():
        actions.arrange_cover(person, by=request.user, **form.cleaned_data)
        return redirect(_here(person))
    return form_page(
        request,
        form,
        title=_("Leave of %(name)s") % {"name": person.name},
        back=_here(person),
        submit=_("Arrange the cover"),
        intro=_("On these days the stand-in may do what this person answers for. The record names both."),
    )


@for_administrators
@require_POST
def cancel_cover(request: PersonRequest, pk: int) -> HttpResponse:
    cover = get_object_or_404(queries.covers_within_reach(request.user), pk=pk)
    actions.cancel_cover(cover, by=request.user)
    return redirect(_here(cover.absent))
