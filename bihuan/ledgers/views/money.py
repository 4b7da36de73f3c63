"""The money of an item: its lines, its verbs, the statement to print; and the rates of a campaign."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bihuan.ledgers import actions, rules
from bihuan.ledgers.forms import money as forms
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.household import advice_of
from bihuan.ledgers.queries.money import latest_table, money_of, rates_to_set, tables_of
from bihuan.ledgers.views.campaign_context import campaign_page
from bihuan.ledgers.views.reading import item_read

# Each button with its form and what it does.
VERBS: dict[str, tuple[type[forms.MoneyForm], Callable[..., Any]]] = {
    "begin": (forms.NothingForm, actions.begin_reckoning),
    "add": (forms.AddForm, actions.add_line),
    "subsidy": (forms.SubsidyForm, actions.add_subsidy),
    "remove": (forms.LineForm, actions.remove_line),
    "check": (forms.NothingForm, actions.check_reckoning),
    "lock": (forms.NothingForm, actions.lock_reckoning),
    "correct": (forms.CorrectForm, actions.correct_line),
    "late": (forms.LateForm, actions.add_late_line),
}
SHOWN = ("add", "subsidy", "correct", "late")


def _item(request: HttpRequest, campaign: str, item: int) -> Item:
    return item_read(request, campaign, item)


@login_required
@require_safe
@never_cache
def show(request: HttpRequest, campaign: str, item: int) -> HttpResponse:
    return _page(request, _item(request, campaign, item))


def _page(request: HttpRequest, item: Item, *, status: int = 200, **bound: forms.MoneyForm) -> HttpResponse:
    money = money_of(request.user, item)
    shown = {verb: bound.get(verb) or VERBS[verb][0](money=money, prefix=verb) for verb in SHOWN}
    context = {"item": item, "campaign": item.campaign, "money": money, "forms": shown}
    return render(request, "ledgers/money/show.html", context, status=status)


@login_required
@require_POST
def act(request: HttpRequest, campaign: str, item: int, *, verb: str) -> HttpResponse:
    """One verb of the table above."""
    found = _item(request, campaign, item)
    kind, action = VERBS[verb]
    prefix = verb if verb in SHOWN else None
    form = kind(request.POST, money=money_of(request.user, found), prefix=prefix)
    rules.may_reckon({"subsidy": "add", "late": "correct"}.get(verb, verb), found, request.user).enforce()
    if not form.is_valid():
        return _page(request, found, status=422, **{verb: form})
    action(found, by=request.user, **form.arguments)
    return redirect("ledgers:money", campaign, item)


@login_required
@require_safe
@never_cache
def statement(request: HttpRequest, campaign: str, item: int) -> HttpResponse:
    """What the item comes to, to print and hand over."""
    found = _item(request, campaign, item)
    money = money_of(request.user, found)
    if money.reckoning is None:
        raise Http404
    context = {"item": found, "campaign": found.campaign, "money": money, "advice": advice_of(found)}
    return render(request, "ledgers/money/statement.html", context)


@login_required
@never_cache
def rates(request: HttpRequest, number: str) -> HttpResponse:
    """The versions of a campaign's rates, and the form for the next one."""
    campaign, context = campaign_page(request, number, "settings")
    if not rules.sees_items_of(campaign, request.user):
        raise Http404
    may_set = rules.may_run("set_rates", campaign, request.user)
    form = forms.RatesForm(request.POST or None, known=rates_to_set(campaign))
    if request.method == "POST":
        may_set.enforce()
        if form.is_valid():
            actions.set_rates(campaign, by=request.user, basis=form.cleaned_data["basis"], rates=form.rates())
            return redirect("ledgers:rates", number)
    context |= {
        "form": form,
        "may_set": may_set,
        "tables": tables_of(campaign),
        "latest": latest_table(campaign),
    }
    return render(request, "ledgers/money/rates.html", context, status=422 if form.errors else 200)


MONEY = "ledgers/<campaign:campaign>/<int:item>/money/"
urlpatterns: list[URLPattern] = [
    path("ledgers/<campaign:number>/rates/", rates, name="rates"),
    path(MONEY, show, name="money"),
    path(f"{MONEY}statement/", statement, name="money_statement"),
    *(path(f"{MONEY}{verb}/", act, {"verb": verb}, name=f"money_{verb}") for verb in VERBS),
]
