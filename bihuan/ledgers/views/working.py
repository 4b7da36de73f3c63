"""The items of a campaign at the desk and on the way: board, table, map, route list; and today's list."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bihuan.ledgers import queries, rules
from bihuan.ledgers.forms.filters import FilterForm
from bihuan.ledgers.models import Campaign
from bihuan.ledgers.queries import working
from bihuan.ledgers.queries.items import ItemFilters
from bihuan.ledgers.queries.roles import items_by_role, items_to_sign
from bihuan.ledgers.views.campaign_context import campaign_page
from bihuan.ledgers.views.keeping_offline import may_be_kept


def filtered(request: HttpRequest, campaign: Campaign) -> FilterForm:
    """The filters of the address, with the teams and people of this campaign to choose from."""
    return FilterForm(
        request.GET,
        campaign=campaign,
        teams=queries.teams_of(campaign),
        people=queries.force_of(campaign),
    )


def items_page(request: HttpRequest, number: str, tab: str) -> tuple[Campaign, dict[str, Any], FilterForm]:
    """What the pages of items begin with; whoever sees the campaign but none of its items gets none."""
    campaign, context = campaign_page(request, number, tab)
    if not rules.sees_items_of(campaign, request.user):
        raise Http404
    form = filtered(request, campaign)
    context |= {"form": form, "adds": working.may_add_somewhere(request.user, campaign)}
    return campaign, context, form


@login_required
@require_safe
def board(request: HttpRequest, number: str) -> HttpResponse:
    campaign, context, form = items_page(request, number, "board")
    asked = form.filters()
    columns = queries.board(request.user, campaign, filters=None if asked == ItemFilters() else asked)
    context["columns"] = [(column, working.rows_of(column.items)) for column in columns]
    return render(request, "ledgers/board.html", context)


@login_required
@require_safe
def table(request: HttpRequest, number: str) -> HttpResponse:
    campaign, context, form = items_page(request, number, "table")
    filters, order = form.filters(), form.sorting
    page = queries.items_of(request.user, campaign, request.GET, filters=filters, order=order, size=30)
    columns = form.columns()
    context |= {
        "page": page,
        "columns": columns,
        "rows": working.rows_of(page, columns),
        "hits": queries.hits_of(request.user, campaign, filters=filters, order=order),
        "batches": rules.may_batch("assign", campaign, request.user, 1),
    }
    return render(request, "ledgers/table.html", context)


@login_required
@require_safe
def on_map(request: HttpRequest, number: str) -> HttpResponse:
    campaign, context, form = items_page(request, number, "map")
    address = reverse("ledgers:points", args=[campaign.number])
    context["points_url"] = f"{address}?{form.query()}"
    return render(request, "ledgers/map.html", context)


@login_required
@require_safe
def points(request: HttpRequest, number: str) -> HttpResponse:
    """The items of the map as GeoJSON points."""
    campaign, _context, form = items_page(request, number, "map")
    base = reverse("ledgers:campaign", args=[campaign.number])
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [point["lon"], point["lat"]]},
            "properties": {
                "title": point["title"],
                "detail": " · ".join(part for part in (f"#{point['number']}", point["step"]) if part),
                "level": point["level"],
                "url": f"{base}{point['number']}/",
            },
        }
        for point in working.points_of(request.user, campaign, form.filters())
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@login_required
@require_safe
def route(request: HttpRequest, number: str) -> HttpResponse:
    """Building by building, for whoever walks it."""
    campaign, context, form = items_page(request, number, "route")
    own = request.GET.get("whose", "own" if rules.parts_of(campaign, request.user) else "all") == "own"
    context |= {
        "own": own,
        "route": working.route_of(request.user, campaign, form.filters(), own=own),
        "own_query": form.query(whose="own"),
        "all_query": form.query(whose="all"),
    }
    return may_be_kept(render(request, "ledgers/route.html", context))


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What somebody has to do today, over all campaigns."""
    today = queries.my_items(request.user)
    mine = {item.pk for group in (today.late, today.due, today.others) for item in group}
    team = list(queries.team_items(request.user).order_by("due_at", "pk")[:30])
    known = mine | {item.pk for item in team}
    by_role = [item for item in items_by_role(request.user) if item.pk not in known]
    own = {code: working.own_rows(request.user, getattr(today, code)) for code in ("late", "due", "others")}
    groups = [
        *((code, [row for row in rows if not row.turn]) for code, rows in own.items()),
        ("sign", working.rows_of(items_to_sign(request.user))),
        ("role", working.rows_of(by_role)),
        ("team", working.rows_of(team)),
        ("waiting", [row for rows in own.values() for row in rows if row.turn]),
    ]
    context = {
        "groups": [(code, rows) for code, rows in groups if rows],
        "campaigns": working.places_to_work(request.user),
    }
    return may_be_kept(render(request, "ledgers/mine.html", context))
