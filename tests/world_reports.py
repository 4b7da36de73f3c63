"""Reports in the world of `tests.world`: one of a campaign, a template for it, a form across campaigns."""

from datetime import time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.core.clock import today, travel
from bihuan.files.actions import accept_upload
from bihuan.ledgers.queries import latest_edition
from bihuan.reports.actions import keep_template, make_form, make_next_report
from bihuan.reports.documents import check_template, default_template
from bihuan.reports.writing.papers import names_for
from bihuan.reports.writing.periods import ends_of_day


def put_reports(world: Any, campaign: Any) -> None:
    by, ledger = world.cast.clerk, campaign.edition.ledger
    with travel(ends_of_day(today())):
        report = make_next_report(campaign)
    assert report is not None, "the day of the campaign is over"
    names = names_for(latest_edition(ledger).definition, None)
    content = default_template("docx", "daily", names, "en")
    checked = check_template(content, names)
    file = accept_upload(SimpleUploadedFile("form.docx", content))
    version = keep_template("Form", by=by, checked=checked, file=file, ledger=ledger)
    street = world.cast.places.street
    parts = [("gardens", campaign)]
    form = make_form("District", by=by, area=street, kind="daily", hour=time(18), parts=parts)
    world.arguments |= {
        **{f"reports:{name}": [report.pk] for name in ("show", "word", "excel")},
        **{
            f"reports:{name}": [campaign.number] for name in ("campaign", "make", "remark", "save_experience")
        },
        **{
            f"reports:{name}": [version.template_id]
            for name in ("template", "replace_template", "retire_template")
        },
        **{
            f"reports:{name}": [form.pk]
            for name in ("form", "change_form", "make_form_report", "retire_form")
        },
        "reports:filled": [report.pk, version.pk],
        "reports:try_template": [version.pk],
    }
    world.forms |= {"reports:remark": {"document": report.document, "text": "Clearing goes on"}}
