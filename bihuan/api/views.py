"""Pages about programs: one's tokens, everybody's for the administrator, and the documentation."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from bihuan.accounts.http import PersonRequest
from bihuan.accounts.rules import administers
from bihuan.api import actions, queries
from bihuan.api.docs import chapters
from bihuan.api.document import document_json
from bihuan.api.forms import TokenForm
from bihuan.api.problems import plain
from bihuan.api.site import Site
from bihuan.core.paging import page_of

TOLD_ONCE = "told_once"


@login_required
@require_safe
@never_cache
def tokens(request: PersonRequest) -> HttpResponse:
    """One's own tokens. The secret of a new one is shown the first time the page is opened after it."""
    context = {
        "tokens": queries.tokens_of(request.user),
        "secret": request.session.pop(TOLD_ONCE, ""),
    }
    return render(request, "api/tokens.html", context)


@login_required
@reauthentication_required
def new_token(request: PersonRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if form.is_valid():
        _token, request.session[TOLD_ONCE] = actions.create_token(
            request.user, by=request.user, **form.cleaned_data
        )
        return redirect("api:tokens")
    return render(request, "api/new_token.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_POST
def revoke_token(request: PersonRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(queries.tokens_seen_by(request.user), pk=pk)
    actions.revoke_token(token, by=request.user)
    messages.success(request, _("Revoked. The program is shut out from now on."))
    return redirect("api:tokens" if token.person_id == request.user.pk else "api:all_tokens")


@login_required
@require_safe
def all_tokens(request: PersonRequest) -> HttpResponse:
    if not administers(request.user):
        raise Http404
    page = page_of(queries.tokens_seen_by(request.user), request.GET)
    return render(request, "api/all_tokens.html", {"page": page})


@require_safe
def docs(request: HttpRequest, site: Site) -> HttpResponse:
    """The documentation, made from the document that programs read."""
    return render(request, "api/docs.html", chapters(site, request.build_absolute_uri("/").rstrip("/")))


@require_safe
def openapi(request: HttpRequest, site: Site) -> HttpResponse:
    """The OpenAPI document, in the reader's language."""
    content, stamp = document_json(site)
    response: HttpResponse = HttpResponse(content, content_type="application/json; charset=utf-8")
    if stamp in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    response["ETag"] = f'"{stamp}"'
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Language"])
    return response


@csrf_exempt
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else is asked for under /api/."""
    return plain(404)
