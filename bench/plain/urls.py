"""The two addresses of the plain view."""

from django.http import HttpResponse
from django.urls import path

from bench.plain.views import report

urlpatterns = [path("report/", report), path("health/", lambda _request: HttpResponse("ok"))]
