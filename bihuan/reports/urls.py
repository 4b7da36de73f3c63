"""Addresses of the reports room."""

from django.urls import path

from bihuan.ledgers import converters as converters
from bihuan.reports.views import across, handing, reports, templating

app_name = "reports"
urlpatterns = [
    path("reports/", across.index, name="index"),
    path("reports/<campaign:number>/", reports.campaign, name="campaign"),
    path("reports/<campaign:number>/make/", reports.make, name="make"),
    path("reports/<campaign:number>/next/", reports.remark, name="remark"),
    path("reports/<int:pk>/", reports.show, name="show"),
    path("reports/<int:pk>/docx/", reports.word, name="word"),
    path("reports/<int:pk>/xlsx/", reports.excel, name="excel"),
    path("reports/<int:pk>/filled/<int:version>/", reports.filled, name="filled"),
    path("reports/templates/", templating.templates, name="templates"),
    path("reports/templates/new/", templating.new_template, name="new_template"),
    path("reports/templates/ours/", templating.beginning, name="beginning"),
    path("reports/templates/<int:pk>/", templating.template, name="template"),
    path("reports/templates/<int:pk>/replace/", templating.replace_template, name="replace_template"),
    path("reports/templates/<int:pk>/retire/", templating.retire_template, name="retire_template"),
    path("reports/templates/versions/<int:pk>/try/", templating.try_template, name="try_template"),
    path("reports/<campaign:number>/experience/", handing.save_experience, name="save_experience"),
    path("reports/experience/", handing.experience, name="experience"),
    path("reports/experience/take/", handing.take_over, name="take_over"),
    path("reports/forms/new/", across.new_form, name="new_form"),
    path("reports/forms/<int:pk>/", across.form, name="form"),
    path("reports/forms/<int:pk>/change/", across.change_form, name="change_form"),
    path("reports/forms/<int:pk>/make/", across.make_form_report, name="make_form_report"),
    path("reports/forms/<int:pk>/retire/", across.retire_form, name="retire_form"),
]
