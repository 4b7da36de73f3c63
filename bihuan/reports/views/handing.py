"""Experience: saving it from a campaign, and taking over a file of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bihuan.ledgers.queries import campaign_numbered
from bihuan.ledgers.rules import areas_of_keeping, keeps_some
from bihuan.ledgers.tabs import tabs_of
from bihuan.reports import actions, rules
from bihuan.reports.forms import ExperienceForm, TakeOverForm
from bihuan.reports.queries import handing

SUFFIX = "bihuan"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def save_experience(request: HttpRequest, number: str) -> HttpResponse:
    """What would be given away of a campaign; pressed, the file."""
    campaign = get_object_or_404(campaign_numbered(request.user, number))
    if request.method == "POST":
        file = actions.save_experience(campaign, by=request.user)
        name = content_disposition_header(True, f"{campaign.number}-{campaign.name}.{SUFFIX}")
        headers = {"Content-Disposition": name or "attachment", "Cache-Control": "private, no-store"}
        return HttpResponse(file, content_type="application/octet-stream", headers=headers)
    rules.may_hand_on(campaign, request.user).enforce()
    context = {
        "campaign": campaign,
        "campaign_tabs": tabs_of(campaign, request.user, "reports"),
        "experience": handing.experience_of(campaign),
    }
    return render(request, "reports/save_experience.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def experience(request: HttpRequest) -> HttpResponse:
    """A file is sent, and what is in it is shown before anything is made of it."""
    if not keeps_some(request.user):
        raise Http404
    form = ExperienceForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render(
            request, "reports/experience.html", {"form": form}, status=422 if form.is_bound else 200
        )
    return _shown(request, TakeOverForm.for_file(form, areas_of_keeping(request.user)))


def _shown(request: HttpRequest, form: TakeOverForm) -> HttpResponse:
    context = {"form": form, "experience": form.experience}
    return render(request, "reports/take_over.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["POST"])
def take_over(request: HttpRequest) -> HttpResponse:
    areas = areas_of_keeping(request.user)
    if not areas:
        raise Http404
    form = TakeOverForm(request.POST, areas=areas)
    if not form.is_valid():
        if form.experience is None:
            messages.error(request, _("The file was put away because it lay unused. Please send it again."))
            return redirect("reports:experience")
        return _shown(request, form)
    experience = form.experience
    if experience is None:
        raise Http404
    campaign = actions.take_over(
        experience,
        by=request.user,
        area=form.cleaned_data["area"],
        starts_on=form.cleaned_data["starts_on"],
        name=form.cleaned_data["name"],
        papers=actions.keep_papers(experience),
    )
    messages.success(request, _("The campaign is prepared. Look at its settings, then let it begin."))
    return redirect("ledgers:campaign", campaign.number)
