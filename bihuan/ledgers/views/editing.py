"""Building and changing a ledger on a page: the draft, its parts one by one, and keeping it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.ledgers import actions, draft_rows, queries, rules
from bihuan.ledgers.definition import Definition, editing, write_workbook
from bihuan.ledgers.definition.parts import CONDITION, FIELD, GATE, KINDS, SETTINGS, find, referring, title_of
from bihuan.ledgers.definition.tracing import faults_of
from bihuan.ledgers.forms.editing import BUILD, FORMS, SORTS, BeginForm, KeepForm, PartForm
from bihuan.ledgers.forms.editing.checking import CheckForm
from bihuan.ledgers.forms.editing.preview import Preview
from bihuan.ledgers.models import BLANK, LedgerDraft
from bihuan.ledgers.queries import drafts
from bihuan.ledgers.views.keeping import WORKBOOK, for_keepers


def _draft(request: HttpRequest, code: str) -> LedgerDraft:
    """The person's draft of this ledger, or what one would begin with."""
    draft = drafts.draft_of(request.user, code)
    if draft is None:
        raise Http404
    rules.may_edit(draft, request.user).enforce()
    return draft


@for_keepers
def blank(request: HttpRequest) -> HttpResponse:
    """A new ledger: one at a time for each person, until it is kept or discarded."""
    if drafts.draft_of(request.user, BLANK) is not None:
        return redirect("ledgers:edit", BLANK)
    form = BeginForm(request.POST or None, areas=queries.areas_kept(request.user))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "ledgers/editing/blank.html", {"form": form}, status=status)
    actions.start_draft(form.definition, by=request.user, area=form.cleaned_data["area"])
    return redirect("ledgers:edit", BLANK)


@login_required
@require_safe
def edit(request: HttpRequest, code: str) -> HttpResponse:
    draft = _draft(request, code)
    definition = draft.definition
    faults = faults_of(definition)
    latest = queries.latest_edition(draft.ledger) if draft.ledger else None
    context = _context(draft) | {
        "head": draft_rows.settings_row(definition, faults),
        "sections": draft_rows.sections(definition, faults),
        "faults": [(fault, _place(definition, fault.kind, fault.key)) for fault in faults],
        "news": drafts.news_for(draft),
        "others": drafts.others_editing(draft),
        "verdict": rules.may_keep_draft(draft, request.user, latest=latest),
    }
    return render(request, "ledgers/editing/overview.html", context)


def _context(draft: LedgerDraft) -> dict[str, Any]:
    return {"draft": draft, "code": draft.code, "definition": draft.definition}


def _place(definition: Definition, kind: str, key: str) -> str:
    """What a fault is about, as people call it."""
    part = find(definition, kind, key) if key else None
    return f"{KINDS[kind]} “{title_of(part)}”" if part is not None else str(KINDS[kind])


# -- parts


@login_required
def add_part(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A new part; of fields and conditions, first what sort it is to be."""
    draft = _draft(request, code)
    if kind not in FORMS or kind == SETTINGS:
        raise Http404
    inside, sort = request.GET.get("inside", ""), request.GET.get("type", "")
    if kind == CONDITION and draft.definition.gate(inside) is None:
        raise Http404
    sorts = SORTS.get(kind)
    if sorts and sort not in sorts:
        context = _context(draft) | {
            "kind": kind,
            "kind_name": KINDS[kind],
            "sorts": sorts.items(),
            "inside": inside,
        }
        return render(request, "ledgers/editing/sorts.html", context)
    form = FORMS[kind](request.POST or None, definition=draft.definition, inside=inside, sort=sort)
    return _answer(request, draft, form, {"kind": kind, "inside": inside})


@login_required
def part(request: HttpRequest, code: str, kind: str, key: str) -> HttpResponse:
    """One part of the draft, to be changed."""
    draft = _draft(request, code)
    definition = draft.definition
    found = find(definition, kind, key) if kind in FORMS else None
    if found is None:
        raise Http404
    form = FORMS[kind](request.POST or None, definition=definition, key=key)
    context = {
        "kind": kind,
        "key": key,
        "title": title_of(found),
        "faults": [
            (form.fields[fault.box].label if fault.box in form.fields else "", fault)
            for fault in faults_of(definition)
            if (fault.kind, fault.key) == (kind, key)
        ],
        "referring": [
            (KINDS[of], of, own, title_of(one)) for of, own, one in referring(definition, kind, key)
        ],
        "may_remove": rules.may_remove_part(definition, kind, key),
        "removable": kind != SETTINGS,
    }
    return _answer(request, draft, form, context)


def _answer(request: HttpRequest, draft: LedgerDraft, form: PartForm, more: dict[str, Any]) -> HttpResponse:
    """The page of a form; once it is filled in rightly, the draft with the change in it."""
    address = reverse("ledgers:check_expression", args=[draft.code])
    form.settle(draft, address)
    context = _context(draft) | more | {"kind_name": KINDS[form.kind]}
    if form.is_bound and request.POST.get(BUILD):
        data, box, wrong = form.with_built(request.POST)
        form = form.again(data)
        form.settle(draft, address)
        context |= {"form": form, "built": box, "built_wrong": wrong}
        return render(request, "ledgers/editing/part.html", context)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "ledgers/editing/part.html", context | {"form": form}, status=status)
    change = form.edit()
    key = editing.after_key(draft.definition, change)
    actions.change_draft(draft, by=request.user, edit=change, seen=form.seen_before)
    if request.POST.get("again"):
        address = reverse("ledgers:add_part", args=[draft.code, form.kind])
        inside = change.inside if form.kind in (FIELD, CONDITION) else ""
        return redirect(f"{address}?inside={inside}" if inside else address)
    return _back(draft, form.kind, key)


def _back(draft: LedgerDraft, kind: str, key: str = "") -> HttpResponse:
    address = reverse("ledgers:edit", args=[draft.code])
    section = GATE if kind == CONDITION else kind
    return redirect(f"{address}#{kind}-{key}" if key else f"{address}#{section}s")


@login_required
@require_POST
def move_part(request: HttpRequest, code: str, kind: str, key: str) -> HttpResponse:
    draft = _draft(request, code)
    change = editing.Move(kind, key, request.POST.get("way") == "up")
    actions.change_draft(draft, by=request.user, edit=change)
    return _back(draft, kind, key)


@login_required
@require_POST
def remove_part(request: HttpRequest, code: str, kind: str, key: str) -> HttpResponse:
    draft = _draft(request, code)
    actions.change_draft(
        draft, by=request.user, edit=editing.Remove(kind, key), seen=request.POST.get("seen", "")
    )
    return _back(draft, kind)


@login_required
@require_POST
def check_expression(request: HttpRequest, code: str) -> HttpResponse:
    """What is wrong with an expression while it is being written."""
    draft = _draft(request, code)
    form = CheckForm(request.POST, definition=draft.definition)
    return render(request, "ledgers/editing/_check.html", {"found": form.found()})


# -- the draft as a whole


@login_required
def keep(request: HttpRequest, code: str) -> HttpResponse:
    """What keeping the draft would change, and keeping it."""
    draft = _draft(request, code)
    form = KeepForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        latest = queries.latest_edition(draft.ledger) if draft.ledger else None
        context = _context(draft) | {
            "form": form,
            "changes": drafts.changes_of(draft),
            "is_same": latest is not None and latest.definition == draft.definition,
            "verdict": rules.may_keep_draft(draft, request.user, latest=latest),
        }
        status = 422 if form.is_bound else 200
        return render(request, "ledgers/editing/keep.html", context, status=status)
    edition = actions.keep_draft(draft, by=request.user, note=form.cleaned_data["note"])
    messages.success(request, _("Edition %(number)s is kept.") % {"number": edition.number})
    return redirect("ledgers:kind", edition.ledger.code)


@login_required
@require_POST
def rebase(request: HttpRequest, code: str) -> HttpResponse:
    draft = _draft(request, code)
    actions.rebase_draft(draft, by=request.user)
    messages.success(
        request, _("Your draft now stands on the newest edition. Look at its changes before you keep it.")
    )
    return redirect("ledgers:keep_draft", draft.code)


@login_required
@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    draft = _draft(request, code)
    actions.discard_draft(draft, by=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("ledgers:kind", draft.code) if draft.ledger else redirect("ledgers:kinds")


@login_required
@require_safe
def preview(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """What field staff will be asked at a step, once the draft is kept."""
    draft = _draft(request, code)
    definition = draft.definition
    chosen = definition.step(step)
    if chosen is None:
        raise Http404
    tabs = [
        {
            "label": one.name or one.code,
            "url": reverse("ledgers:preview_step", args=[draft.code, one.code]),
            "current": one.code == step,
        }
        for one in definition.steps
    ]
    shown = None if faults_of(definition) else Preview(definition, chosen)
    context = _context(draft) | {"step": chosen, "tabs": tabs, "preview": shown}
    return render(request, "ledgers/editing/preview.html", context)


@login_required
@require_safe
def workbook(request: HttpRequest, code: str) -> HttpResponse:
    """The draft as a workbook, whole or not."""
    draft = _draft(request, code)
    content = write_workbook(draft.definition, language=get_language() or "zh")
    name = f"{draft.definition.title or draft.code}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=WORKBOOK, headers=headers)
