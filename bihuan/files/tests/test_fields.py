"""The form fields for photos and documents."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import override_settings
from django.utils.datastructures import MultiValueDict

from bihuan.files.access import ticket
from bihuan.files.actions import accept_upload
from bihuan.files.fields import DocumentsField, PhotosField
from bihuan.files.models import StoredFile
from bihuan.files.tests import samples

pytestmark = pytest.mark.django_db


class ReportForm(forms.Form):
    words = forms.CharField()
    photos = PhotosField(required=False)


class EvidenceForm(forms.Form):
    photos = PhotosField(max_files=2)
    papers = DocumentsField(required=False)


def filled(form: type[forms.Form], text: str = "", **uploads: list[Any]) -> forms.Form:
    return form(QueryDict(text), MultiValueDict(uploads))


def test_good_photos_come_out_as_stored_files() -> None:
    form = filled(ReportForm, "words=x", photos=[samples.upload(samples.jpeg(seed=n)) for n in range(9)])
    assert form.is_valid(), form.errors
    assert [type(file) for file in form.cleaned_data["photos"]] == [StoredFile] * 9


def test_no_photo_is_fine_unless_one_is_asked_for() -> None:
    assert filled(ReportForm, "words=x").is_valid()
    form = filled(EvidenceForm)
    assert not form.is_valid() and list(form.errors) == ["photos"]


def test_a_tenth_photo_is_too_many() -> None:
    form = filled(ReportForm, "words=x", photos=[samples.upload(samples.jpeg(seed=n)) for n in range(10)])
    assert form.errors["photos"] == ["At most 9 files can be added here."]
    assert not StoredFile.objects.exists()


def test_each_unfit_file_gets_its_own_sentence() -> None:
    good, paper = samples.jpeg(), samples.pdf()
    uploads = [samples.upload(good, "好.jpg"), samples.upload(b"", "空.jpg"), samples.upload(paper, "文.jpg")]
    sentences = filled(ReportForm, "words=x", photos=uploads).errors["photos"]
    assert len(sentences) == 2 and "空.jpg" in sentences[0] and "文.jpg" in sentences[1]


def test_a_form_with_a_mistake_elsewhere_keeps_its_photos() -> None:
    form = filled(ReportForm, "words=", photos=[samples.upload(samples.jpeg())])
    assert not form.is_valid()
    page = str(form["photos"])
    file = StoredFile.objects.get()
    assert 'name="photos-kept"' in page and "/files/kept/" in page

    again = QueryDict(mutable=True)
    again.update({"words": "x"})
    again.setlist("photos-kept", [ticket(file)])
    form = ReportForm(again, MultiValueDict())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["photos"] == [file]
    assert form.cleaned_data["photos"][0].offered_name == ""


def test_good_photos_survive_beside_an_unfit_one() -> None:
    uploads = [samples.upload(samples.jpeg()), samples.upload(b"", "空.jpg")]
    form = filled(ReportForm, "words=x", photos=uploads)
    assert not form.is_valid()
    assert str(form["photos"]).count('type="checkbox"') == 1


def test_a_kept_photo_satisfies_a_field_that_asks_for_one_and_counts() -> None:
    file = accept_upload(samples.upload(samples.jpeg()))
    form = filled(EvidenceForm, f"photos-kept={ticket(file)}")
    assert form.is_valid()
    more = [samples.upload(samples.jpeg(seed=n)) for n in (2, 3)]
    form = filled(EvidenceForm, f"photos-kept={ticket(file)}", photos=more)
    assert form.errors["photos"] == ["At most 2 files can be added here."]


def test_forged_tickets_and_swept_files_are_named_as_gone() -> None:
    file = accept_upload(samples.upload(samples.jpeg()))
    text = ticket(file)
    assert "no longer here" in filled(ReportForm, "words=x&photos-kept=forged").errors["photos"][0]
    file.delete()
    assert "no longer here" in filled(ReportForm, f"words=x&photos-kept={text}").errors["photos"][0]


def test_a_ticket_for_a_document_is_no_photo() -> None:
    paper = accept_upload(samples.upload(samples.pdf(), "文.pdf"))
    assert not filled(ReportForm, f"words=x&photos-kept={ticket(paper)}").is_valid()
    form = filled(EvidenceForm, f"papers-kept={ticket(paper)}", photos=[samples.upload(samples.jpeg())])
    assert form.is_valid() and form.cleaned_data["papers"][0].offered_name == "文.pdf"


def test_the_same_photo_twice_is_one() -> None:
    form = filled(ReportForm, "words=x", photos=[samples.upload(samples.jpeg()) for _twice in range(2)])
    assert form.is_valid() and len(form.cleaned_data["photos"]) == 1


def test_the_input_is_plain_html_under_a_strict_policy() -> None:
    page = str(ReportForm()["photos"])
    assert 'type="file"' in page and " multiple" in page and 'id="id_photos"' in page
    assert "image/heic" in page and "required" not in page
    for forbidden in ("style=", "<script", "onclick"):
        assert forbidden not in page


def test_names_in_the_page_are_escaped() -> None:
    form = filled(EvidenceForm, papers=[samples.upload(samples.pdf(), '"><b>x.pdf')])
    form.is_valid()
    assert "<b>" not in str(form["papers"])


@override_settings(LANGUAGE_CODE="en")
def test_a_form_that_needs_files_says_multipart() -> None:
    assert ReportForm().is_multipart()
