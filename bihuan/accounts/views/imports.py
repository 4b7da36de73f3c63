"""The workbook of units, people and duties: template, export, preview and import."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.accounts import actions, forms, rules, uploads, workbook
from bihuan.accounts.http import PersonRequest
from bihuan.accounts.views.access import View, for_administrators
from bihuan.core.clock import today

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _of_the_district(view: View) -> View:
    @for_administrators
    def guarded(request: PersonRequest) -> HttpResponse:
        if not rules.may("import_people", None, request.user):
            raise Http404
        return view(request)

    return guarded


@_of_the_district
def upload(request: PersonRequest) -> HttpResponse:
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render(request, "accounts/import.html", {"form": form}, status=422 if form.is_bound else 200)
    key = uploads.keep(request.user, form.cleaned_data["file"].name, form.content)
    confirm = forms.ConfirmImportForm(initial={"key": key}, person=request.user)
    context = {"plan": form.plan, "confirm": confirm, "name": form.cleaned_data["file"].name}
    return render(request, "accounts/import_preview.html", context)


@_of_the_district
@require_POST
def confirm(request: PersonRequest) -> HttpResponse:
    form = forms.ConfirmImportForm(request.POST, person=request.user)
    if not form.is_valid():
        return render(
            request, "accounts/import.html", {"form": forms.ImportForm(), "stale": form}, status=422
        )
    name, content = form.upload
    plan = actions.import_people(
        content, name=name, by=request.user, skip_faulty=form.cleaned_data["skip_faulty"]
    )
    uploads.forget(request.user, form.cleaned_data["key"])
    messages.success(request, _("Imported. %(count)s rows were new or changed.") % {"count": plan.changes})
    return redirect("accounts:index")


@_of_the_district
def template(request: PersonRequest) -> HttpResponse:
    return _download(workbook.write_template(), _("people-template"))


@_of_the_district
@require_POST
def export(request: PersonRequest) -> HttpResponse:
    actions.note_export(by=request.user)
    return _download(workbook.write_export(request.user), _("people") + f"-{today().isoformat()}")


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=SHEET)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
