"""Photos that are none, are too much, or find no room: a sentence, and nothing of the rest is lost."""

import errno
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from bihuan.cases.models import Report
from bihuan.files.models import Attachment, StoredFile
from bihuan.files.tests import samples
from bihuan.intake.tests.test_web_report import URL, WORDS, photo, typed

BAD = {
    "0 bytes": b"",
    "60 MB": b"\xff\xd8\xff\xe0" + os.urandom(1 << 20) * 60,
    "a .jpg that is none": b"MZ this is a program",
    "half a photo": samples.jpeg()[:400],
    "a decompression bomb": samples.png_bomb(),
    "a photo of many scans": samples.jpeg_of_many_scans(),
    "a page with a script": b"<html><script>alert(1)</script></html>",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_bad_photo_is_named_and_the_good_one_kept(client, places, content, language):
    client.cookies["django_language"] = language
    bad = SimpleUploadedFile("IMG_0002.jpg", content, "image/jpeg")

    answer = client.post(URL, typed(photos=[photo(), bad]))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["photos"]
    assert "IMG_0002.jpg" in str(form.errors["photos"])
    assert WORDS in answer.text
    kept = answer.text.split('name="photos-kept" value="')[1].split('"')[0]
    assert client.post(URL, typed(**{"photos-kept": kept})).status_code == 302
    assert Attachment.objects.count() == 1


def test_a_photo_from_an_iphone_is_a_photo(client, places):
    heic = SimpleUploadedFile("IMG_0002.HEIC", samples.heic(), "image/heic")

    assert client.post(URL, typed(photos=[heic])).status_code == 302
    assert StoredFile.objects.get().media_type == "image/jpeg"


@pytest.mark.parametrize(("language", "said"), [("en", "disk is full"), ("zh-hans", "磁盘已满")])
def test_no_room_for_an_upload_is_said_and_nothing_is_half_kept(client, places, monkeypatch, language, said):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    client.cookies["django_language"] = language
    client.raise_request_exception = False
    large = SimpleUploadedFile("IMG_0001.jpg", samples.jpeg(width=3000, height=3000) + b"\0" * (3 << 20))
    with monkeypatch.context() as patched:
        patched.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
        answer = client.post(URL, typed(photos=[large]))

    assert (answer.status_code, said in answer.text) == (503, True)
    assert Report.objects.count() == StoredFile.objects.count() == 0
