"""Templates: the list, a new one, one with its versions; our own forms to begin with, and trial filling."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.ledgers.queries import latest_edition
from bihuan.ledgers.rules import keeps_some
from bihuan.reports import actions, rules
from bihuan.reports.documents import Names
from bihuan.reports.forms import FileForm, TemplateForm
from bihuan.reports.models import ReportKind, ReportTemplate, TemplateType
from bihuan.reports.queries import keeping
from bihuan.reports.views.reports import answer
from bihuan.reports.writing import papers


@login_required
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    _for_keepers(request)
    context = {
        "templates": keeping.templates_kept(request.user),
        "ledgers": keeping.ledgers_with_templates(request.user),
        "forms": keeping.forms_kept(request.user).filter(retired_at=None),
        "kinds": ReportKind.choices,
        "types": TemplateType.choices,
    }
    return render(request, "reports/templates.html", context)


def _for_keepers(request: HttpRequest) -> None:
    """Whoever keeps no ledgers anywhere has no such page."""
    if not keeps_some(request.user):
        raise Http404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_template(request: HttpRequest) -> HttpResponse:
    _for_keepers(request)
    form = TemplateForm(
        request.POST or None,
        request.FILES or None,
        ledgers=list(keeping.ledgers_with_templates(request.user)),
        report_forms=list(keeping.forms_kept(request.user).filter(retired_at=None)),
        initial={"of": request.GET.get("of", "")},
    )
    if not form.is_valid():
        return render(
            request, "reports/new_template.html", {"form": form}, status=422 if form.is_bound else 200
        )
    version = actions.keep_template(
        form.cleaned_data["name"],
        by=request.user,
        checked=form.checked,
        file=form.stored,
        ledger=form.ledger,
        form=form.form,
        kind=form.cleaned_data["kind"],
    )
    messages.success(request, _("The template can be used."))
    return redirect("reports:template", version.template_id)


@login_required
@require_safe
def template(request: HttpRequest, pk: int) -> HttpResponse:
    return _template_page(request, _template(request, pk), FileForm())


def _template(request: HttpRequest, pk: int) -> ReportTemplate:
    return get_object_or_404(keeping.templates_kept(request.user), pk=pk)


def _template_page(request: HttpRequest, found: ReportTemplate, form: FileForm) -> HttpResponse:
    context = {
        "template": found,
        "versions": keeping.versions_of(found),
        "may": rules.may_keep_template(found, request.user),
        "form": form,
    }
    return render(request, "reports/template.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def replace_template(request: HttpRequest, pk: int) -> HttpResponse:
    found = _template(request, pk)
    form = FileForm(request.POST, request.FILES, names=_names_of(found))
    if not form.is_valid():
        return _template_page(request, found, form)
    actions.replace_template(found, by=request.user, checked=form.checked, file=form.stored)
    messages.success(request, _("The newer file is used from now on."))
    return redirect("reports:template", pk)


def _names_of(found: ReportTemplate) -> Names:
    definition = latest_edition(found.ledger).definition if found.ledger is not None else None
    return papers.names_for(definition, found.form)


@login_required
@require_POST
def retire_template(request: HttpRequest, pk: int) -> HttpResponse:
    actions.retire_template(_template(request, pk), by=request.user)
    messages.success(request, _("The template is offered no longer."))
    return redirect("reports:templates")


@login_required
@require_safe
def try_template(request: HttpRequest, pk: int) -> HttpResponse:
    """A version of a template, filled with made-up values."""
    version = keeping.version_kept(request.user, pk)
    if version is None:
        raise Http404
    content = papers.tried(version, _names_of(version.template), get_language() or "")
    return answer(content, version.type, f"{version.template.name}-{_('trial')}")


@login_required
@require_safe
def beginning(request: HttpRequest) -> HttpResponse:
    """Our own form of a report, to be altered."""
    chosen = _chosen(request)
    kind, type_ = request.GET.get("kind", "daily"), request.GET.get("type", "docx")
    if chosen is None or kind not in ReportKind.values or type_ not in TemplateType.values:
        raise Http404
    content = papers.beginning(type_, kind, chosen, get_language() or "")
    return answer(content, type_, f"{_('template')}-{kind}")


def _chosen(request: HttpRequest) -> Names | None:
    of: dict[str, Any] = {
        **{f"ledger-{one.pk}": one for one in keeping.ledgers_with_templates(request.user)},
        **{f"form-{one.pk}": one for one in keeping.forms_kept(request.user)},
    }
    key = request.GET.get("of") or next(iter(of), "")
    found = of.get(key)
    if found is None:
        return None
    if key.startswith("form-"):
        return papers.names_for(None, found)
    return papers.names_for(latest_edition(found).definition, None)
