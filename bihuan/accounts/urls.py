"""Addresses of the accounts room."""

from django.urls import path

from bihuan.accounts.views import imports, me, people, units

app_name = "accounts"
urlpatterns = [
    path("people/", people.index, name="index"),
    path("people/new/", people.new, name="new_person"),
    path("people/import/", imports.upload, name="import"),
    path("people/import/confirm/", imports.confirm, name="import_confirm"),
    path("people/import/template/", imports.template, name="import_template"),
    path("people/export/", imports.export, name="export"),
    path("people/<int:pk>/", people.show, name="person"),
    path("people/<int:pk>/change/", people.change, name="change_person"),
    path("people/<int:pk>/password/", people.password, name="set_password"),
    path("people/<int:pk>/reset-second-factors/", people.reset_second_factors, name="reset_second_factors"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate_person"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="reactivate_person"),
    path("people/<int:pk>/give-duty/", people.give_duty, name="give_duty"),
    path("people/<int:pk>/arrange-cover/", people.arrange_cover, name="arrange_cover"),
    path("people/duties/<int:pk>/end/", people.end_duty, name="end_duty"),
    path("people/covers/<int:pk>/cancel/", people.cancel_cover, name="cancel_cover"),
    path("units/", units.index, name="units"),
    path("units/new/", units.new, name="new_unit"),
    path("units/<int:pk>/", units.show, name="unit"),
    path("units/<int:pk>/change/", units.change, name="change_unit"),
    path("me/", me.show, name="me"),
    path("me/change/", me.change, name="change_me"),
    path("me/language/", me.language, name="language"),
    path("me/leave/", me.arrange_cover, name="my_leave"),
    path("me/leave/<int:pk>/cancel/", me.cancel_cover, name="cancel_my_leave"),
    path("me/sign-out-everywhere/", me.sign_out_everywhere, name="sign_out_everywhere"),
    path("me/first-steps/", me.first_steps, name="first_steps"),
]
