"""Addresses of board, table, map, route list, item and today's work."""

from django.urls import URLPattern, path

from bihuan.ledgers import converters as converters
from bihuan.ledgers.views import acting, batches, items, keeping_offline, working

urlpatterns: list[URLPattern] = [
    path("ledgers/worker.js", keeping_offline.worker, name="worker"),
    path("ledgers/mine/", working.mine, name="mine"),
    path("ledgers/<campaign:number>/board/", working.board, name="board"),
    path("ledgers/<campaign:number>/table/", working.table, name="table"),
    path("ledgers/<campaign:number>/map/", working.on_map, name="map"),
    path("ledgers/<campaign:number>/points.json", working.points, name="points"),
    path("ledgers/<campaign:number>/route/", working.route, name="route"),
    path("ledgers/<campaign:number>/new/", items.new, name="new_item"),
    path("ledgers/<campaign:number>/batch/", batches.batch, name="batch"),
    path("ledgers/<campaign:number>/batches/<int:pk>/", batches.progress, name="batch_progress"),
    path("ledgers/<campaign:number>/batches/<int:pk>/live/", batches.progress_live, name="batch_live"),
    path("ledgers/<campaign:campaign>/<int:item>/", items.show, name="item"),
    path("ledgers/<campaign:campaign>/<int:item>/send/", items.send, name="item_send"),
    path("ledgers/<campaign:campaign>/<int:item>/correct/", items.correct, name="item_correct"),
    *acting.urlpatterns,
]
