"""My account: one's own data, language, second factors, sessions, duties and leave."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.accounts import actions, forms, middleware, queries, rules, sessions
from bihuan.accounts.http import PersonRequest
from bihuan.accounts.views.access import form_page


@login_required
def show(request: PersonRequest) -> HttpResponse:
    user = request.user
    context = {
        "held": user.duties_now(),
        "covers": [
            {"cover": cover, "may_cancel": rules.may("cancel_cover", cover, user)}
            for cover in queries.covers_of(user, user)
        ],
        "factors": queries.second_factors_of(user),
        "needs_second_factor": rules.needs_second_factor(user),
        "sessions": queries.sessions_of(user),
        "session_key": request.session.session_key,
        "language_form": forms.LanguageForm(initial={"language": user.language}),
    }
    return render(request, "accounts/me.html", context)


@login_required
def change(request: PersonRequest) -> HttpResponse:
    person = request.user
    form = forms.OwnDataForm(
        request.POST or None, initial={"name": person.name, "phone": person.phone}, person=person
    )
    if form.is_valid():
        actions.change_person(person, by=person, **form.cleaned_data)
        return redirect("accounts:me")
    return form_page(request, form, title=_("My data"), back=reverse("accounts:me"), submit=_("Save"))


@login_required
@require_POST
def language(request: PersonRequest) -> HttpResponse:
    form = forms.LanguageForm(request.POST)
    if not form.is_valid():
        return form_page(request, form, title=_("Language"), back=reverse("accounts:me"), submit=_("Save"))
    person = actions.set_language(request.user, by=request.user, **form.cleaned_data)
    with translation.override(person.language):
        messages.success(request, _("Pages and messages now come in this language."))
    response = redirect("accounts:me")
    sessions.remember_language(response, person.language)
    return response


@login_required
def arrange_cover(request: PersonRequest) -> HttpResponse:
    form = forms.CoverForm(request.POST or None, people=queries.stand_ins_for(request.user))
    if form.is_valid():
        actions.arrange_cover(request.user, by=request.user, **form.cleaned_data)
        return redirect("accounts:me")
    return form_page(
        request,
        form,
        title=_("My leave"),
        back=reverse("accounts:me"),
        submit=_("Arrange the cover"),
        intro=_("On these days your stand-in may do what you answer for. The record names both of you."),
    )


@login_required
@require_POST
def cancel_cover(request: PersonRequest, pk: int) -> HttpResponse:
    cover = get_object_or_404(queries.covers_of(request.user, request.user), pk=pk)
    actions.cancel_cover(cover, by=request.user)
    return redirect("accounts:me")


@login_required
@require_POST
def sign_out_everywhere(request: PersonRequest) -> HttpResponse:
    actions.sign_out_everywhere(request.user, by=request.user, keep=request.session.session_key or "")
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:me")


@login_required
def first_steps(request: PersonRequest) -> HttpResponse:
    steps = middleware.first_steps(request.user)
    if not steps:
        return redirect("accounts:me")
    return render(request, "accounts/first_steps.html", {"steps": steps, "held": request.user.duties_now()})
