"""The pages of reports: who reads what, the files, templates checked at upload, forms across campaigns."""

import re
from datetime import time
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from bihuan.core.clock import travel
from bihuan.ledgers import actions as ledgers
from bihuan.ledgers.tests.conftest import moment
from bihuan.ledgers.tests.factories import plots
from bihuan.reports import actions
from bihuan.reports.documents import Fewer
from bihuan.reports.models import Report, ReportForm, ReportTemplate
from bihuan.reports.tests import making
from bihuan.reports.tests.conftest import said, value

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def campaign(make_campaign):
    return make_campaign()


@pytest.fixture
def report(campaign, make_item, evening):
    make_item(campaign=campaign)
    return evening("2025-09-10 18:30")[0]


@pytest.fixture
def as_(client):
    def enter(person):
        client.force_login(person)
        return client

    return enter


def template(*paragraphs, name="上级表.docx"):
    return SimpleUploadedFile(name, making.word(*paragraphs))


def test_a_report_is_listed_read_and_printed(as_, report, campaign, cast):
    client = as_(cast.clerk)
    listed = client.get(reverse("reports:campaign", args=[campaign.number]))
    assert report.number in listed.text and f"/reports/{report.pk}/" in listed.text
    page = client.get(reverse("reports:show", args=[report.pk]))
    assert "Daily summary" in page.text and "号菜园" in page.text and report.number in page.text
    assert re.search(r"\d+ <span class=\"text-soft\">\(\d+(\.\d+)?%\)</span>", page.text)  # 62 (62.9%)


def test_the_files_say_what_the_page_says(as_, report, cast):
    client = as_(cast.clerk)
    word = client.get(reverse("reports:word", args=[report.pk]))
    texts = [one.text for one in Document(BytesIO(word.content)).element.body.iter() if one.text]
    assert any("号菜园" in text for text in texts)
    assert "filename" in word["Content-Disposition"]
    excel = client.get(reverse("reports:excel", args=[report.pk]))
    book = openpyxl.load_workbook(BytesIO(excel.content))
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert 1 in cells and any(report.number in str(cell) for cell in cells)


def test_who_does_not_see_the_campaign_sees_no_report(as_, report, campaign, cast):
    for person in (cast.stranger, cast.resident):
        client = as_(person)
        assert client.get(reverse("reports:show", args=[report.pk])).status_code == 404
        assert client.get(reverse("reports:word", args=[report.pk])).status_code == 404
        assert client.get(reverse("reports:campaign", args=[campaign.number])).status_code == 404


def test_outside_a_confidential_campaign_only_its_cut_version_is_read(
    as_, make_campaign, make_item, evening, cast
):
    campaign = make_campaign(definition=plots(confidential=True))
    for _time in range(3):
        make_item(campaign=campaign)
    (report,) = [one for one in evening("2025-09-10 18:30") if one.campaign_id == campaign.pk]
    assert value(report, "sites") == (3, 3)
    page = as_(cast.dispatcher).get(reverse("reports:show", args=[report.pk])).text
    assert "fewer than 10" in page and "Done today" not in page
    word = as_(cast.dispatcher).get(reverse("reports:word", args=[report.pk]))
    texts = " ".join(one.text for one in Document(BytesIO(word.content)).element.body.iter() if one.text)
    assert "fewer than 10" in texts and "组员" not in texts
    inside = as_(cast.clerk).get(reverse("reports:show", args=[report.pk])).text
    assert "fewer than 10" not in inside and "Done today" in inside


def test_the_list_costs_the_same_for_many_reports(as_, campaign, evening, cast, django_assert_num_queries):
    client = as_(cast.clerk)
    counts = []
    for last in ("2025-09-12 18:30", "2025-10-02 18:30"):
        evening(last)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("reports:campaign", args=[campaign.number]))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_somebody_writes_what_comes_next_and_looks_how_things_stand(as_, campaign, cast):
    client = as_(cast.clerk)
    sent = client.post(
        reverse("reports:remark", args=[campaign.number]), {"document": "day", "text": "明日继续"}
    )
    assert sent.status_code == 302
    assert "明日继续" in client.get(reverse("reports:campaign", args=[campaign.number])).text
    made = client.post(reverse("reports:make", args=[campaign.number]))
    assert made.status_code == 302 and "interim" in client.get(made["Location"]).text


# -- templates ----------------------------------------------------------------------------------------


def upload(client, campaign, file, **more):
    given = {"name": "区里要的表", "of": f"ledger-{campaign.edition.ledger_id}", "kind": "", "file": file}
    return client.post(reverse("reports:new_template"), given | more)


def test_who_keeps_nothing_is_told_what_a_template_could_be_for(as_, campaign, cast):
    """The stranger keeps ledgers elsewhere, and there is none there yet."""
    for name in ("templates", "new_template"):
        page = as_(cast.stranger).get(reverse(f"reports:{name}")).text
        assert reverse("reports:new_form") in page and "<select" not in page
        assert "<select" in as_(cast.clerk).get(reverse(f"reports:{name}")).text


def test_a_template_is_checked_kept_tried_and_used(as_, report, campaign, cast):
    client = as_(cast.clerk)
    kept = upload(client, campaign, template("截至{{日期}}，共{{处数}}处。"))
    assert kept.status_code == 302
    version = ReportTemplate.objects.get().versions.get()
    assert version.names == ["{{日期}}", "{{处数}}"] or version.names == ["日期", "处数"]
    trial = client.get(reverse("reports:try_template", args=[version.pk]))
    assert making.texts(trial.content)
    filled = client.get(reverse("reports:filled", args=[report.pk, version.pk]))
    assert making.texts(filled.content)[-1] == "截至10 September 2025，共1处。"
    assert "区里要的表" in client.get(reverse("reports:show", args=[report.pk])).text


def test_every_faulty_placeholder_is_named_with_its_remedy(as_, campaign, cast):
    client = as_(cast.clerk)
    answer = upload(client, campaign, template("共{{处树}}处", "{{#受阻}}"))
    assert answer.status_code == 422
    assert "处树" in answer.text and "处数" in answer.text and "受阻" in answer.text
    assert not ReportTemplate.objects.exists()
    assert upload(client, campaign, SimpleUploadedFile("x.docx", b"PK nonsense")).status_code == 422


def test_a_newer_file_replaces_and_a_template_is_retired(as_, report, campaign, cast):
    client = as_(cast.clerk)
    upload(client, campaign, template("{{处数}}"))
    (kept,) = ReportTemplate.objects.all()
    address = reverse("reports:replace_template", args=[kept.pk])
    assert client.post(address, {"file": template("{{无此名}}")}).status_code == 422
    assert client.post(address, {"file": template("{{处数}}处")}).status_code == 302
    assert [one.number for one in kept.versions.order_by("number")] == [1, 2]
    client.post(reverse("reports:retire_template", args=[kept.pk]))
    assert "区里要的表" not in client.get(reverse("reports:show", args=[report.pk])).text


def test_templates_are_the_areas_own(as_, campaign, cast):
    upload(as_(cast.clerk), campaign, template("{{处数}}"))
    (kept,) = ReportTemplate.objects.all()
    client = as_(cast.stranger)
    assert client.get(reverse("reports:template", args=[kept.pk])).status_code == 404
    assert client.get(reverse("reports:try_template", args=[kept.versions.get().pk])).status_code == 404


def test_our_own_form_is_a_beginning(as_, campaign, cast):
    client = as_(cast.clerk)
    query = {"of": f"ledger-{campaign.edition.ledger_id}", "kind": "weekly", "type": "xlsx"}
    begun = client.get(reverse("reports:beginning"), query)
    assert upload(client, campaign, SimpleUploadedFile("周报.xlsx", begun.content)).status_code == 302
    query["of"] = "ledger-0"
    assert client.get(reverse("reports:beginning"), query).status_code == 404


def kept_template(campaign, by):
    from bihuan.files.actions import accept_upload
    from bihuan.ledgers.queries import latest_edition
    from bihuan.reports.documents import check_template
    from bihuan.reports.writing.papers import names_for

    ledger = campaign.edition.ledger
    checked = check_template(making.word("{{处数}}"), names_for(latest_edition(ledger).definition, None))
    file = accept_upload(template("{{处数}}"))
    return actions.keep_template("表", by=by, checked=checked, file=file, ledger=ledger), checked, file


def test_template_actions_refuse_strangers_and_the_retired(campaign, cast, refused):
    with refused("ledger.not_yours"):
        kept_template(campaign, cast.stranger)
    version, checked, file = kept_template(campaign, cast.clerk)
    for action, given in (
        (actions.replace_template, {"checked": checked, "file": file}),
        (actions.retire_template, {}),
    ):
        with refused("ledger.not_yours"):
            action(version.template, by=cast.stranger, **given)
    actions.retire_template(version.template, by=cast.clerk)
    with refused("template.retired"):
        actions.replace_template(version.template, by=cast.clerk, checked=checked, file=file)
    with refused("template.retired"):
        actions.retire_template(version.template, by=cast.clerk)


def test_template_actions_fail_whole(campaign, cast, breaking_record):
    version, checked, file = kept_template(campaign, cast.clerk)
    down = breaking_record("bihuan.reports.actions.templating")
    for action in (
        lambda: kept_template(campaign, cast.clerk),
        lambda: actions.replace_template(version.template, by=cast.clerk, checked=checked, file=file),
        lambda: actions.retire_template(version.template, by=cast.clerk),
    ):
        with pytest.raises(down):
            action()
    kept = ReportTemplate.objects.get()
    assert kept.versions.count() == 1 and kept.retired_at is None


# -- across campaigns ---------------------------------------------------------------------------------


@pytest.fixture
def two(make_campaign, make_item, cast):
    """An open campaign and a confidential one, with items."""
    open_one = make_campaign()
    quiet = make_campaign(definition=plots(confidential=True), name="征迁")
    for _time in range(3):
        make_item(campaign=open_one)
        make_item(campaign=quiet)
    return open_one, quiet


def form_of(two, by, **changed):
    given = {"area": by.duties_now()[0].area, "kind": "daily", "hour": time(20)}
    parts = [("菜园", two[0]), ("征迁", two[1])]
    return actions.make_form("区级日报", by=by, parts=parts, **(given | changed))


def test_a_superiors_form_is_filled_from_several_campaigns(two, cast, evening, make_item, as_):
    form = form_of(two, cast.clerk)
    made = [one for one in evening("2025-09-10 20:00") if one.form_id]
    assert [one.number for one in made] == [f"B{form.pk:04}-日-001"]
    first, second = said(made[0]).parts
    assert (first.alias, second.alias) == ("菜园", "征迁")
    assert first.figures[0].value == Decimal(3)
    assert second.figures[0].value == Fewer(10) and second.tables == ()
    with travel(moment("2025-09-11 10:00")):
        make_item(campaign=two[0])
    (next_one,) = [one for one in evening("2025-09-11 20:00") if one.form_id]
    assert said(next_one).parts[0].figures[0].change == Decimal(1)
    client = as_(cast.clerk)
    names = {"of": f"form-{form.pk}", "file": template("{{菜园.处数}}处，{{征迁.处数}}户")}
    assert upload(client, two[0], names["file"], of=names["of"]).status_code == 302
    version = ReportTemplate.objects.get().versions.get()
    filled = client.get(reverse("reports:filled", args=[next_one.pk, version.pk]))
    assert making.texts(filled.content)[-1] == "4处，fewer than 10户"
    assert client.get(reverse("reports:word", args=[next_one.pk])).status_code == 200


def test_a_form_is_set_up_changed_made_and_retired_on_pages(two, cast, as_):
    client = as_(cast.clerk)
    area = cast.clerk.duties_now()[0].area
    given = {
        "name": "区级日报", "name_en": "", "area": area.pk, "kind": "weekly", "hour": "17:00",
        f"take_{two[0].pk}": "on", f"alias_{two[0].pk}": "菜园",
    }  # fmt: skip
    made = client.post(reverse("reports:new_form"), given)
    form = ReportForm.objects.get()
    assert made["Location"] == reverse("reports:form", args=[form.pk])
    assert client.get(made["Location"]).status_code == 200
    given |= {f"take_{two[1].pk}": "on", f"alias_{two[1].pk}": "菜园"}
    assert client.post(reverse("reports:change_form", args=[form.pk]), given).status_code == 422
    given |= {f"alias_{two[1].pk}": "征迁"}
    assert client.post(reverse("reports:change_form", args=[form.pk]), given).status_code == 302
    now = client.post(reverse("reports:make_form_report", args=[form.pk]))
    page = client.get(now["Location"])
    assert "征迁" in page.text and "fewer than 10" in page.text
    assert client.get(reverse("reports:index")).status_code == 200
    assert client.post(reverse("reports:retire_form", args=[form.pk])).status_code == 302
    assert as_(cast.stranger).get(now["Location"]).status_code == 404


def test_form_actions_refuse(two, make_campaign, cast, refused):
    with refused("ledger.not_yours"):
        form_of(two, cast.stranger, area=two[0].area)
    with refused("form.no_campaign"):
        actions.make_form("x", by=cast.clerk, area=two[0].area, kind="daily", hour=time(20), parts=[])
    hidden = make_campaign(visibility="task_force", leader=cast.leader)
    with refused("form.not_yours"):
        parts = [("秘", hidden)]
        actions.make_form("x", by=cast.dispatcher, area=two[0].area, kind="daily", hour=time(20), parts=parts)
    form = form_of(two, cast.clerk)
    changed = {"name": "新", "kind": "daily", "hour": time(20), "parts": [("菜园", two[0])]}
    for action, more in (
        (actions.change_form, changed),
        (actions.make_form_report, {}),
        (actions.retire_form, {}),
    ):
        with refused("ledger.not_yours"):
            action(form, by=cast.stranger, **more)
    actions.retire_form(form, by=cast.clerk)
    for action, more in (
        (actions.change_form, changed),
        (actions.make_form_report, {}),
        (actions.retire_form, {}),
    ):
        with refused("form.retired"):
            action(form, by=cast.clerk, **more)


def test_form_actions_fail_whole(two, cast, breaking_record):
    form = form_of(two, cast.clerk)
    down = breaking_record("bihuan.reports.actions.forming")
    changed = {"name": "新", "kind": "weekly", "hour": time(20), "parts": [("菜园", two[0])]}
    for action in (
        lambda: form_of(two, cast.clerk),
        lambda: actions.change_form(form, by=cast.clerk, **changed),
        lambda: actions.make_form_report(form, by=cast.clerk),
        lambda: actions.retire_form(form, by=cast.clerk),
    ):
        with pytest.raises(down):
            action()
    form = ReportForm.objects.get()
    assert (form.name, form.kind, form.retired_at, form.parts.count()) == ("区级日报", "daily", None, 2)
    assert not Report.objects.exists()


def test_a_finished_campaign_keeps_its_reports(as_, report, campaign, cast):
    ledgers.finish_campaign(campaign, by=cast.clerk)
    assert as_(cast.clerk).get(reverse("reports:show", args=[report.pk])).status_code == 200
