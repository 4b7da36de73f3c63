"""Keeps an uploaded workbook between its preview and its import: encrypted, half an hour long."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.core.personal import decrypt, encrypt

KEPT_FOR = 30 * 60


def keep(person: User, name: str, content: bytes) -> str:
    """Put the file aside; the key fetches it again."""
    key = secrets.token_urlsafe(24)
    sealed = encrypt(base64.b64encode(content).decode())
    cache.set(_address(person, key), (name, sealed), KEPT_FOR)
    return key


def fetch(person: User, key: str) -> tuple[str, bytes] | None:
    """The name and content of a file this person put aside, if it is still there."""
    found = cache.get(_address(person, key))
    if found is None:
        return None
    name, sealed = found
    return name, base64.b64decode(decrypt(sealed))


def forget(person: User, key: str) -> None:
    cache.delete(_address(person, key))


def _address(person: User, key: str) -> str:
    return f"accounts.workbook.{person.pk}.{key}"


class ConfirmForm(forms.Form):
    """Confirms what was previewed: the key fetches the upload for the person who put it aside."""

    key = forms.CharField(widget=forms.HiddenInput)
    upload: tuple[str, bytes]

    def __init__(self, *args: Any, person: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        upload = fetch(self.person, key)
        if upload is None:
            raise forms.ValidationError(
                _("This preview is more than half an hour old. Choose the file again.")
            )
        self.upload = upload
        return key
