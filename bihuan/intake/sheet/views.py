"""The pages of imports: choose a file, say what it means, watch it go in, fetch what was refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.core.live import answer_if_changed
from bihuan.core.paging import page_of
from bihuan.intake.models import SheetImport
from bihuan.intake.sheet import actions, forms, queries, rules
from bihuan.intake.sheet.preparing import Preparation, prepare, prepare_answer
from bihuan.intake.sheet.refused import refused_workbook

View = Callable[..., HttpResponse]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def for_clerks(view: View) -> View:
    """Those who take in reports see the page; for everybody else it does not exist."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.may_import(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _import(request: HttpRequest, pk: int) -> SheetImport:
    return get_object_or_404(queries.imports_visible_to(request.user), pk=pk)


@for_clerks
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(queries.imports_visible_to(request.user), request.GET, key="-id")
    return render(request, "intake/sheet/index.html", {"page": page})


@for_clerks
def new(request: HttpRequest) -> HttpResponse:
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        context = {"form": form, "kept_after": rules.KEPT_AFTER}
        return render(request, "intake/sheet/new.html", context, status=422 if form.is_bound else 200)
    area = rules.desks_for(request.user)[0]
    sheet_import = actions.receive_sheet(form.cleaned_data["file"], by=request.user, area=area)
    return redirect("intake:sheet", sheet_import.pk)


@for_clerks
@require_safe
@never_cache
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean while that is open; afterwards how far the import is and what came of it."""
    sheet_import = _import(request, pk)
    if sheet_import.waits:
        return _meaning(request, prepare(sheet_import, request.user, request.GET))
    return render(request, "intake/sheet/show.html", _result(sheet_import))


def _meaning(request: HttpRequest, prepared: Preparation, status: int = 200) -> HttpResponse:
    return render(request, "intake/sheet/meaning.html", _context(prepared), status=status)


def _context(prepared: Preparation) -> dict[str, Any]:
    return {
        "sheet_import": prepared.sheet_import,
        "prepared": prepared,
        "form": prepared.form,
        "checked": queries.CHECKED,
    }


def _result(sheet_import: SheetImport) -> dict[str, Any]:
    return {
        "sheet_import": sheet_import,
        "stands_still": queries.stands_still(sheet_import),
        "refusals": queries.refusals_shown(sheet_import),
        "faults": queries.faults_counted(sheet_import),
        "workbook": queries.workbook_of(sheet_import),
        "kept_after": rules.KEPT_AFTER,
    }


@for_clerks
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import would do with these meanings: asked for after every change on the page."""
    prepared = prepare_answer(_import(request, pk), request.user, request.POST, count=True)
    if not request.headers.get("HX-Request"):
        return _meaning(request, prepared, status=200 if prepared.form.is_valid() else 422)
    return render(request, "intake/sheet/_findings.html", _context(prepared))


@for_clerks
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    sheet_import = _import(request, pk)
    rules.may("confirm", sheet_import, request.user).enforce()
    prepared = prepare_answer(sheet_import, request.user, request.POST, count=False)
    if not prepared.form.is_valid():
        return _meaning(request, prepared, status=422)
    setting = prepared.form.setting
    actions.confirm_sheet(
        sheet_import,
        by=request.user,
        area=prepared.form.cleaned_data["area"],
        sheet=setting.sheet,
        header=setting.header,
        columns=setting.columns,
        titles=prepared.titles,
        signature=prepared.signature,
        source=setting.source,
        datum=setting.datum,
        may_call=setting.may_call,
        last_row=prepared.last_row,
    )
    return redirect("intake:sheet", pk)


@for_clerks
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    actions.discard_sheet(_import(request, pk), by=request.user)
    return redirect("intake:sheets")


@for_clerks
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is: a fragment that renews itself and, at the end, loads the page anew."""
    sheet_import = _import(request, pk)
    context = {"sheet_import": sheet_import, "stands_still": queries.stands_still(sheet_import)}
    return answer_if_changed(
        request,
        queries.stamp_of(sheet_import),
        lambda: render(request, "intake/sheet/_progress.html", context),
    )


@for_clerks
@require_POST
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook of refused rows; taking it away is recorded, for it holds what people wrote."""
    sheet_import = _import(request, pk)
    if queries.workbook_of(sheet_import) is None:
        raise Http404
    actions.note_fetching(sheet_import, by=request.user)
    headers = {
        "Content-Disposition": f'attachment; filename="refused-rows-{pk}.xlsx"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(refused_workbook(sheet_import), content_type=WORKBOOK, headers=headers)
