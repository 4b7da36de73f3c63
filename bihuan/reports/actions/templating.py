"""Templates: kept in versions, each checked before it comes here; retired when nobody wants them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.files.actions import attach_file
from bihuan.files.models import Role, StoredFile
from bihuan.ledgers import rules as ledgers
from bihuan.ledgers.models import Ledger
from bihuan.reports import rules
from bihuan.reports.documents import Template
from bihuan.reports.models import ReportForm, ReportTemplate, TemplateVersion


@transaction.atomic
def keep_template(
    name: str,
    *,
    by: Any,
    checked: Template,
    file: StoredFile,
    ledger: Ledger | None = None,
    form: ReportForm | None = None,
    kind: str = "",
) -> TemplateVersion:
    """Keep a form of Word or Excel for the reports of a ledger, or of one form across campaigns."""
    area = ledger.area if ledger is not None else form.area if form is not None else None
    if area is None:
        no("template.of_nothing", _("Say which reports the template is for.")).enforce()
        raise AssertionError
    verdict = ledgers.may_keep(area, by).enforce()
    name = clean(name)[:120]
    if not name:
        no("template.name_missing", _("A template needs a name.")).enforce()
    template = ReportTemplate.objects.create(
        name=name, area=area, ledger=ledger, form=form, kind=kind, made_at=now()
    )
    return _add(
        template, checked, file, number=1, by=by, on_behalf_of=verdict.on_behalf_of, verb="template.kept"
    )


@transaction.atomic
def replace_template(
    template: ReportTemplate, *, by: Any, checked: Template, file: StoredFile
) -> TemplateVersion:
    """Use a newer file from now on; what was filled with the older one stays as it is."""
    template = _hold(template)
    verdict = rules.may_keep_template(template, by).enforce()
    number = template.versions.count() + 1
    return _add(
        template,
        checked,
        file,
        number=number,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        verb="template.replaced",
    )


@transaction.atomic
def retire_template(template: ReportTemplate, *, by: Any) -> ReportTemplate:
    """Offer a template no longer."""
    template = _hold(template)
    verdict = rules.may_keep_template(template, by).enforce()
    template.retired_at = now()
    template.save(update_fields=["retired_at"])
    record("template.retired", template, by=by, on_behalf_of=verdict.on_behalf_of)
    return template


def _hold(template: ReportTemplate) -> ReportTemplate:
    return ReportTemplate.objects.select_for_update(of=("self",)).select_related("area").get(pk=template.pk)


def _add(
    template: ReportTemplate,
    checked: Template,
    file: StoredFile,
    *,
    number: int,
    by: Any,
    on_behalf_of: Any,
    verb: str,
) -> TemplateVersion:
    version = TemplateVersion.objects.create(
        template=template,
        number=number,
        file=file,
        type=checked.kind,
        names=[name[:200] for name in checked.names],
        made_at=now(),
        made_by=by,
    )
    attach_file(file, version, role=Role.EVIDENCE, by=by)
    record(
        verb,
        template,
        by=by,
        on_behalf_of=on_behalf_of,
        version=number,
        type=checked.kind,
        digest=checked.digest,
    )
    return version
