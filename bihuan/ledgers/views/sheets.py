"""The pages of imports of items: choose a file, say what it means, watch it go in, fetch what was refused."""

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
from bihuan.ledgers import actions, rules
from bihuan.ledgers.forms.sheets import ItemsUploadForm
from bihuan.ledgers.models import Campaign, ItemSheet
from bihuan.ledgers.queries import sheets as queries
from bihuan.ledgers.sheets.surveying import CHECKED, ItemPreparation, prepare, prepare_answer
from bihuan.ledgers.sheets.writing import blank_workbook, refused_rows_workbook
from bihuan.ledgers.views.campaign_context import campaign_page

View = Callable[..., HttpResponse]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def for_importers(view: View) -> View:
    """Give the view the campaign into which somebody may bring items; for others there is no such page."""

    @wraps(view)
    @login_required
    @never_cache
    def guarded(request: HttpRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponse:
        campaign, context = campaign_page(request, number, "import")
        verdict = rules.may_import(campaign, request.user)
        if not verdict and verdict.code != "campaign.wrong_state":
            raise Http404
        context["may_import"] = verdict
        return view(request, campaign, context, *args, **kwargs)

    return guarded


def _sheet(request: HttpRequest, campaign: Campaign, pk: int) -> ItemSheet:
    return get_object_or_404(queries.sheets_of(request.user, campaign), pk=pk)


@for_importers
def index(request: HttpRequest, campaign: Campaign, context: dict[str, Any]) -> HttpResponse:
    """The workbooks of a campaign, and the form for another one."""
    form = ItemsUploadForm(
        request.POST or None, request.FILES or None, definition=campaign.edition.definition
    )
    if request.method == "POST" and form.is_valid():
        sheet = actions.receive_items(campaign, by=request.user, file=form.cleaned_data["file"])
        return redirect("ledgers:import_sheet", campaign.number, sheet.pk)
    page = page_of(queries.sheets_of(request.user, campaign), request.GET, key="-id")
    context |= {"form": form, "page": page, "kept_after": rules.KEPT_AFTER}
    return render(request, "ledgers/sheets/index.html", context, status=422 if form.errors else 200)


@for_importers
@require_safe
def blank(request: HttpRequest, campaign: Campaign, context: dict[str, Any]) -> HttpResponse:
    """An empty workbook with the headings of this campaign."""
    headers = {"Content-Disposition": f'attachment; filename="items-{campaign.number}.xlsx"'}
    return HttpResponse(blank_workbook(campaign), content_type=WORKBOOK, headers=headers)


@for_importers
@require_safe
def show(request: HttpRequest, campaign: Campaign, context: dict[str, Any], pk: int) -> HttpResponse:
    """What the columns mean while that is open; afterwards how far the import is and what came of it."""
    sheet = _sheet(request, campaign, pk)
    if sheet.waits:
        return _meaning(request, context, prepare(sheet, request.user, request.GET))
    context |= {
        "sheet": sheet,
        "stands_still": queries.sheet_stands_still(sheet),
        "refusals": queries.refusals_of_sheet(sheet),
        "faults": queries.faults_of_sheet(sheet),
        "workbook": queries.workbook_of_items(sheet),
        "kept_after": rules.KEPT_AFTER,
    }
    return render(request, "ledgers/sheets/show.html", context)


def _meaning(
    request: HttpRequest, context: dict[str, Any], prepared: ItemPreparation, status: int = 200
) -> HttpResponse:
    context |= _findings(prepared)
    return render(request, "ledgers/sheets/meaning.html", context, status=status)


def _findings(prepared: ItemPreparation) -> dict[str, Any]:
    return {"sheet": prepared.sheet, "prepared": prepared, "form": prepared.form, "checked": CHECKED}


@for_importers
@require_POST
def check(request: HttpRequest, campaign: Campaign, context: dict[str, Any], pk: int) -> HttpResponse:
    """What an import would do with these meanings: asked for after every change on the page."""
    sheet = _sheet(request, campaign, pk)
    rules.may_sheet("confirm", sheet, request.user).enforce()
    prepared = prepare_answer(sheet, request.user, request.POST, count=True)
    if not request.headers.get("HX-Request"):
        return _meaning(request, context, prepared, status=200 if prepared.form.is_valid() else 422)
    return render(request, "ledgers/sheets/_findings.html", context | _findings(prepared))


@for_importers
@require_POST
def confirm(request: HttpRequest, campaign: Campaign, context: dict[str, Any], pk: int) -> HttpResponse:
    sheet = _sheet(request, campaign, pk)
    rules.may_sheet("confirm", sheet, request.user).enforce()
    prepared = prepare_answer(sheet, request.user, request.POST, count=False)
    if not prepared.form.is_valid():
        return _meaning(request, context, prepared, status=422)
    actions.confirm_items(
        sheet,
        by=request.user,
        name=prepared.name,
        header=prepared.header,
        columns=prepared.form.meanings,
        titles=prepared.titles,
        signature=prepared.signature,
        last_row=prepared.last_row,
    )
    return redirect("ledgers:import_sheet", campaign.number, pk)


@for_importers
@require_POST
def discard(request: HttpRequest, campaign: Campaign, context: dict[str, Any], pk: int) -> HttpResponse:
    actions.discard_items(_sheet(request, campaign, pk), by=request.user)
    return redirect("ledgers:import", campaign.number)


@for_importers
@require_safe
def progress(request: HttpRequest, campaign: Campaign, context: dict[str, Any], pk: int) -> HttpResponse:
    """How far it is: a fragment that renews itself and, at the end, loads the page anew."""
    sheet = _sheet(request, campaign, pk)
    told = {"sheet": sheet, "stands_still": queries.sheet_stands_still(sheet)}
    return answer_if_changed(
        request,
        queries.stamp_of_sheet(sheet),
        lambda: render(request, "ledgers/sheets/_progress.html", told),
    )


@for_importers
@require_POST
def refused(request: HttpRequest, campaign: Campaign, context: dict[str, Any], pk: int) -> HttpResponse:
    """The workbook of refused rows; taking it away is recorded, for it holds what the list says."""
    sheet = _sheet(request, campaign, pk)
    if queries.workbook_of_items(sheet) is None:
        raise Http404
    actions.fetch_refused(sheet, by=request.user)
    headers = {
        "Content-Disposition": f'attachment; filename="refused-rows-{pk}.xlsx"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(refused_rows_workbook(sheet), content_type=WORKBOOK, headers=headers)
