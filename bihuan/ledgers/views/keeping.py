"""Ledgers and their editions: made of a workbook or of what comes with the product, looked at, retired."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.ledgers import actions, queries, rules
from bihuan.ledgers.definition import Definition, changes, write_workbook
from bihuan.ledgers.forms.keeping import EditionForm, LedgerForm, ShippedForm
from bihuan.ledgers.models import Ledger
from bihuan.ledgers.queries import editions
from bihuan.ledgers.templates_shipped import shipped

View = Callable[..., HttpResponse]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def for_keepers(view: View) -> View:
    """Those who keep ledgers somewhere see the page; for everybody else it does not exist."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.keeps_some(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_keepers
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = editions.ledgers_listed(request.user, request.GET)
    retired, address = request.GET.get("state") == editions.RETIRED, reverse("ledgers:kinds")
    tabs = [
        {"label": pgettext("ledgers", "In use"), "url": address, "current": not retired},
        {
            "label": pgettext("ledgers", "Retired"),
            "url": f"{address}?state={editions.RETIRED}",
            "current": retired,
        },
    ]
    rows = [(ledger, rules.may_keep(ledger.area, request.user)) for ledger in page]
    context = {"page": page, "rows": rows, "tabs": tabs, "retired": retired}
    return render(request, "ledgers/kinds/index.html", context)


@for_keepers
def new(request: HttpRequest) -> HttpResponse:
    """A ledger from a workbook: its faults, or what it holds, before anything is kept."""
    form = LedgerForm(request.POST or None, request.FILES or None, areas=queries.areas_kept(request.user))
    if not form.is_valid():
        context = {"form": form, "shipped": shipped()}
        return render(request, "ledgers/kinds/new.html", context, status=422 if form.is_bound else 200)
    if not form.cleaned_data["keep"]:
        same = queries.ledger_coded(request.user, form.definition.settings.code).first()
        return render(
            request, "ledgers/kinds/preview.html", {"form": form, "definition": form.definition, "same": same}
        )
    edition = actions.keep_ledger(
        form.definition,
        by=request.user,
        area=form.cleaned_data["area"],
        workbook=form.file,
        note=form.cleaned_data["note"],
    )
    messages.success(request, _("The ledger is kept. Campaigns can be made of it now."))
    return redirect("ledgers:kind", edition.ledger.code)


@for_keepers
def from_shipped(request: HttpRequest, code: str) -> HttpResponse:
    """A ledger that comes with the product: what it holds, and keeping it for an area."""
    found = next((one for one in shipped() if one.code == code), None)
    if found is None:
        raise Http404
    form = ShippedForm(request.POST or None, areas=queries.areas_kept(request.user))
    if not form.is_valid():
        context = {"form": form, "definition": found.definition, "template": found}
        return render(request, "ledgers/kinds/shipped.html", context, status=422 if form.is_bound else 200)
    area = form.cleaned_data["area"]
    definition = editions.with_free_code(found.definition, area)
    edition = actions.keep_ledger(definition, by=request.user, area=area)
    messages.success(request, _("The ledger is kept. Campaigns can be made of it now."))
    return redirect("ledgers:kind", edition.ledger.code)


@for_keepers
@require_safe
def shipped_workbook(request: HttpRequest, code: str) -> HttpResponse:
    """A ledger that comes with the product as a workbook: an example to write one's own by."""
    found = next((one for one in shipped() if one.code == code), None)
    if found is None:
        raise Http404
    return _download(found.definition, f"{found.definition.title}.xlsx")


def _download(definition: Definition, name: str) -> HttpResponse:
    content = write_workbook(definition, language=get_language() or "zh")
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=WORKBOOK, headers=headers)


@for_keepers
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    ledger = get_object_or_404(editions.ledger_seen(request.user, code))
    return render(request, "ledgers/kinds/show.html", _page_of(request, ledger))


def _page_of(request: HttpRequest, ledger: Ledger) -> dict[str, Any]:
    latest = queries.latest_edition(ledger)
    return {
        "ledger": ledger,
        "latest": latest,
        "definition": latest.definition,
        "editions": editions.editions_shown(request.user, ledger, request.GET),
        "campaigns": queries.campaigns_for(request.user).filter(edition__ledger=ledger)[:10],
        "may_keep": rules.may_keep(ledger.area, request.user),
    }


@for_keepers
def new_edition(request: HttpRequest, code: str) -> HttpResponse:
    """A workbook as the next edition of a ledger: what would change, before it is kept."""
    ledger = get_object_or_404(queries.ledger_coded(request.user, code))
    rules.may_keep(ledger.area, request.user).enforce()
    latest = queries.latest_edition(ledger)
    form = EditionForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        context = {"form": form, "ledger": ledger}
        return render(
            request, "ledgers/kinds/new_edition.html", context, status=422 if form.is_bound else 200
        )
    if not form.cleaned_data["keep"]:
        context = {
            "form": form,
            "ledger": ledger,
            "definition": form.definition,
            "changes": changes(latest.definition, form.definition),
            "is_same": editions.says_the_same(latest, form.definition),
        }
        return render(request, "ledgers/kinds/preview_edition.html", context)
    edition = actions.keep_edition(
        ledger,
        by=request.user,
        definition=form.definition,
        workbook=form.file,
        note=form.cleaned_data["note"],
    )
    messages.success(request, _("Edition %(number)s is kept.") % {"number": edition.number})
    return redirect("ledgers:kind", ledger.code)


@for_keepers
@require_safe
def workbook(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """An edition as the workbook that reads back to it, in the reader's language."""
    ledger = get_object_or_404(editions.ledger_seen(request.user, code))
    edition = get_object_or_404(editions.edition_numbered(request.user, ledger, number))
    return _download(edition.definition, f"{ledger.label}-{edition.number}.xlsx")


@for_keepers
@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    ledger = get_object_or_404(queries.ledger_coded(request.user, code))
    actions.retire_ledger(ledger, by=request.user)
    messages.success(request, _("The ledger is offered for new campaigns no more."))
    return redirect("ledgers:kinds")


@for_keepers
@require_POST
def reuse(request: HttpRequest, code: str) -> HttpResponse:
    ledger = get_object_or_404(editions.ledgers_retired(request.user), code=code)
    actions.reuse_ledger(ledger, by=request.user)
    messages.success(request, _("The ledger is offered for new campaigns again."))
    return redirect("ledgers:kind", ledger.code)
