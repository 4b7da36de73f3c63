"""My notices: where, what for and when a person is told outside the inbox."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.accounts.http import PersonRequest
from bihuan.core.paging import page_of
from bihuan.core.visitors import Limit
from bihuan.notices import actions, channels, forms, queries

LETTERS = Limit("letters", times=10, seconds=3600)
HERE = "notices:settings"


@login_required
@require_safe
def settings(request: PersonRequest) -> HttpResponse:
    return _page(request)


def _page(request: PersonRequest, *, status: int = 200, **forms_given: Any) -> HttpResponse:
    """The whole page; forms that came back with mistakes take the place of empty ones."""
    user = request.user
    page = page_of(queries.own_failed(user), request.GET, key=("-failed_at", "-id"))
    context: dict[str, Any] = {
        "email": channels.Email(),
        "email_on": channels.Email().is_on(),
        "email_address": queries.address_of(user, channels.Email.code),
        "email_form": forms.EmailForm(),
        "code_form": forms.CodeForm(),
        "webhook_on": queries.may_name_webhook(),
        "gateway_on": queries.has_gateway(),
        "webhook_address": queries.address_of(user, channels.Webhook.code),
        "webhook_form": forms.WebhookForm(),
        "wishes_form": _wishes_form(request),
        "page": page,
        "rows": queries.failed_rows(user, page.items),
        "by_channel": queries.failed_by_channel(queries.own_failed(user)),
    }
    return render(request, "notices/settings.html", context | forms_given, status=status)


def _wishes_form(request: PersonRequest, *data: Any) -> forms.WishesForm:
    return forms.WishesForm(
        *data,
        wishes=queries.wishes_of(request.user),
        groups=queries.kinds_for(request.user),
        through=channels.over_network(),
    )


def _form_of(channel: str) -> type[Any]:
    known = channels.get(channel)
    if channel not in forms.ADDRESS_FORMS or known is None or not queries.takes_addresses(channel):
        raise Http404
    return forms.ADDRESS_FORMS[channel]


@login_required
@require_POST
def name_address(request: PersonRequest, channel: str) -> HttpResponse:
    form = _form_of(channel)(request.POST)
    if form.is_valid() and not LETTERS.take(request):
        form.add_error(None, _("Too many attempts. Please try again in an hour."))
    if not form.is_valid():
        return _page(request, status=422, **{f"{channel}_form": form})
    actions.name_address(request.user, by=request.user, channel=channel, **form.cleaned_data)
    if channel == channels.Email.code:
        messages.info(request, _("We have sent a code to this address. Type it in below."))
    else:
        messages.success(request, _("From now on notices are posted there."))
    return redirect(HERE)


@login_required
@require_POST
def confirm_address(request: PersonRequest, channel: str) -> HttpResponse:
    _form_of(channel)
    form = forms.CodeForm(request.POST)
    if form.is_valid() and not actions.confirm_address(
        request.user, by=request.user, channel=channel, **form.cleaned_data
    ):
        form.add_error("code", _("This is not the code. Please look again."))
    if not form.is_valid():
        return _page(request, status=422, code_form=form)
    messages.success(request, _("The address is confirmed. Notices now come there as well."))
    return redirect(HERE)


@login_required
@require_POST
def remove_address(request: PersonRequest, channel: str) -> HttpResponse:
    actions.remove_address(request.user, by=request.user, channel=channel)
    messages.success(request, _("The address is gone. You are told in the inbox as before."))
    return redirect(HERE)


@login_required
@require_POST
def set_wishes(request: PersonRequest) -> HttpResponse:
    form = _wishes_form(request, request.POST)
    if not form.is_valid():
        return _page(request, status=422, wishes_form=form)
    actions.set_wishes(request.user, by=request.user, **form.cleaned_data)
    messages.success(request, _("Your choice is saved."))
    return redirect(HERE)
