"""Addresses of the demo."""

from django.urls import path

from bihuan.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/sign-in/<str:username>/", views.sign_in, name="sign_in"),
    path("demo/tour/start/", views.start_tour, name="start_tour"),
    path("demo/tour/go-on/", views.go_on, name="go_on"),
    path("demo/tour/end/", views.end_tour, name="end_tour"),
]
