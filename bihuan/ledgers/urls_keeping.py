"""Addresses of ledgers, their editions and campaigns."""

from django.urls import URLPattern, path

from bihuan.ledgers import converters as converters
from bihuan.ledgers.views import campaigns, keeping, organising, preparing

CAMPAIGN = "ledgers/<campaign:number>/"

urlpatterns: list[URLPattern] = [
    path("ledgers/", campaigns.index, name="index"),
    path("ledgers/people/", preparing.people, name="people"),
    path("ledgers/kinds/", keeping.index, name="kinds"),
    path("ledgers/kinds/new/", keeping.new, name="new_kind"),
    path("ledgers/kinds/shipped/<str:code>/", keeping.from_shipped, name="shipped"),
    path("ledgers/kinds/shipped/<str:code>/workbook/", keeping.shipped_workbook, name="shipped_workbook"),
    path("ledgers/kinds/<str:code>/", keeping.show, name="kind"),
    path("ledgers/kinds/<str:code>/edition/", keeping.new_edition, name="new_edition"),
    path("ledgers/kinds/<str:code>/workbook/<int:number>/", keeping.workbook, name="workbook"),
    path("ledgers/kinds/<str:code>/retire/", keeping.retire, name="retire_kind"),
    path("ledgers/kinds/<str:code>/reuse/", keeping.reuse, name="reuse_kind"),
    path("ledgers/kinds/<str:code>/campaign/", preparing.new_campaign, name="new_campaign"),
    path("campaigns/<campaign:number>/", campaigns.public, name="public"),
    path(CAMPAIGN, campaigns.show, name="campaign"),
    path(f"{CAMPAIGN}settings/", preparing.settings, name="settings"),
    path(f"{CAMPAIGN}change/", preparing.change, name="change_campaign"),
    path(f"{CAMPAIGN}begin/", preparing.begin, name="begin"),
    path(f"{CAMPAIGN}finish/", preparing.finish, name="finish"),
    path(f"{CAMPAIGN}milestones/", organising.milestones, name="milestones"),
    path(f"{CAMPAIGN}teams/", organising.teams, name="teams"),
    path(f"{CAMPAIGN}teams/<int:pk>/", organising.team, name="team"),
    path(f"{CAMPAIGN}teams/<int:pk>/retire/", organising.retire_team, name="retire_team"),
    path(f"{CAMPAIGN}join/", organising.join, name="join"),
    path(f"{CAMPAIGN}posts/<int:pk>/leave/", organising.leave, name="leave"),
    path(f"{CAMPAIGN}edition/", organising.use_edition, name="use_edition"),
    path(f"{CAMPAIGN}moving/<int:edition>/", organising.moving, name="moving"),
]
