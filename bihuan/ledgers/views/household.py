"""The page that a household opens with its own code, and the paper and answers that staff give it."""

from collections.abc import Callable
from functools import wraps

import segno
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.core.visitors import Limit
from bihuan.ledgers import actions, opened, rules
from bihuan.ledgers.forms.household import AnswerForm, CodeForm, RemarkForm
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.household import item_typed, own_file, remarks_of
from bihuan.ledgers.queries.own_data import data_of
from bihuan.ledgers.views.reading import item_read

WRONG_CODES = Limit("wrong_household_code", times=20, seconds=600)
REMARKS = Limit("household_remark", times=10, seconds=3_600)


@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a file, and open it. Whatever is wrong with a code, the answer is the same."""
    if request.method != "POST":
        return _ask(request, CodeForm(initial={"code": request.GET.get("code", "")[:60]}))
    form = CodeForm(request.POST)
    if WRONG_CODES.is_reached(request):
        response = _ask(request, form, status=429, too_many=True)
        response["Retry-After"] = str(WRONG_CODES.seconds)
        return response
    item = item_typed(form.cleaned_data["code"]) if form.is_valid() else None
    if item is None:
        WRONG_CODES.count(request)
        return _ask(request, form, status=404, unknown=True)
    actions.open_own_file(item, by=request.user)
    return opened.remember(redirect("ledgers:household_file"), item)


def _ask(request: HttpRequest, form: CodeForm, *, status: int = 200, **found: bool) -> HttpResponse:
    return render(request, "ledgers/household/find.html", {"form": form, **found}, status=status)


def with_own_file(view: Callable[[HttpRequest, Item], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the item whose code was shown; where that is too long ago, the code is asked for."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest) -> HttpResponse:
        item = opened.opened(request)
        return redirect("ledgers:household") if item is None else view(request, item)

    return guarded


@require_safe
@with_own_file
def show(request: HttpRequest, item: Item) -> HttpResponse:
    return _file(request, item, RemarkForm())


def _file(
    request: HttpRequest, item: Item, form: RemarkForm, *, status: int = 200, too_many: bool = False
) -> HttpResponse:
    own = own_file(item)
    context = {"own": own, "item": item, "money": own.money, "form": form, "too_many": too_many}
    return render(request, "ledgers/household/file.html", context, status=status)


@require_safe
@with_own_file
def export(request: HttpRequest, item: Item) -> HttpResponse:
    """The whole file as data, to take along."""
    response = JsonResponse(data_of(own_file(item)), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{item.campaign.number}-{item.number}.json"'
    return response


@require_POST
@with_own_file
def remark(request: HttpRequest, item: Item) -> HttpResponse:
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _file(request, item, form, status=422)
    if not REMARKS.take(request):
        return _file(request, item, form, status=429, too_many=True)
    actions.ask_correction(item, by=request.user, **form.cleaned_data)
    return redirect("ledgers:household_file")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the file: whoever takes the phone next does not read it."""
    return opened.forget(redirect("ledgers:household"))


# -- for staff -------------------------------------------------------------------------------------------


def _item(request: HttpRequest, campaign: str, item: int) -> Item:
    """The item, for who works on it: what a household wrote is not for everybody who sees it."""
    found = item_read(request, campaign, item)
    if not rules.reads_remarks(found, request.user):
        raise Http404
    return found


@login_required
@never_cache
def of_item(request: HttpRequest, campaign: str, item: int) -> HttpResponse:
    """What the household of an item asked for; POST takes out its code, on a paper to hand over."""
    found = _item(request, campaign, item)
    if request.method != "POST":
        return _remarks(request, found)
    found = actions.show_own_code(found, by=request.user)
    address = request.build_absolute_uri(f"{reverse('ledgers:household')}?code={found.own_code}")
    picture = segno.make(address, error="m").svg_inline(scale=5, border=2)
    context = {"item": found, "campaign": found.campaign, "address": address, "picture": mark_safe(picture)}  # noqa: S308  # made by us
    return render(request, "ledgers/household/paper.html", context)


def _remarks(request: HttpRequest, item: Item, *, status: int = 200, **bound: AnswerForm) -> HttpResponse:
    rows = [
        (
            one,
            bound.get(f"answer_{one.pk}") or AnswerForm(),
            rules.may_household("answer", item, request.user, remark=one),
        )
        for one in remarks_of(item)
    ]
    context = {
        "item": item,
        "campaign": item.campaign,
        "rows": rows,
        "may_show": rules.may_household("show_code", item, request.user),
    }
    return render(request, "ledgers/household/of_item.html", context, status=status)


@login_required
@require_POST
def answer(request: HttpRequest, campaign: str, item: int, pk: int) -> HttpResponse:
    found = _item(request, campaign, item)
    one = get_object_or_404(found.remarks, pk=pk)
    rules.may_household("answer", found, request.user, remark=one).enforce()
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _remarks(request, found, status=422, **{f"answer_{pk}": form})
    actions.answer_remark(one, by=request.user, **form.cleaned_data)
    return redirect("ledgers:item_household", campaign, item)
