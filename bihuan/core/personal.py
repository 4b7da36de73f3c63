"""Personal data at rest: encrypted columns, and blind indexes to find a value without reading it.

Encryption is AES-128-CBC with HMAC (Fernet) under a key derived from the installation's secret by HKDF;
the blind index is HMAC-SHA-256 under another key derived from the same secret.
"""

import base64
import hmac
import re
import unicodedata
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

PHONE = re.compile(r"\+?[0-9]{5,20}")


@lru_cache(maxsize=4)
def _key(purpose: str, secret: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(
        secret.encode()
    )


@lru_cache(maxsize=2)
def _cipher(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("personal data", secret)))


def encrypt(text: str) -> bytes:
    return _cipher(settings.SECRET_KEY).encrypt(text.encode())


def decrypt(token: bytes) -> str:
    return _cipher(settings.SECRET_KEY).decrypt(token).decode()


def blind_index(text: str) -> bytes:
    """32 bytes that are equal for equal texts and tell nothing else without the key."""
    return hmac.digest(_key("blind index", settings.SECRET_KEY), text.encode(), sha256)


def normal_phone(text: str) -> str:
    """A phone number without spaces, hyphens and the mainland's +86. Raises ValueError when it is none."""
    digits = re.sub(r"[\s\-().]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(\+86|0086)(?=1\d{10}$)", "", digits)
    if not PHONE.fullmatch(digits):
        raise ValueError(text)
    return digits


def mask_phone(phone: str) -> str:
    """138****0000: enough to recognise one's own, not to call."""
    return phone[:3] + "****" + phone[-4:] if len(phone) >= 9 else "*" * len(phone)


class EncryptedText(models.BinaryField):
    """A text column that is `str` in Python and ciphertext in the database."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: bytes | memoryview | None, *_: Any) -> str | None:
        return None if value is None else decrypt(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, bytes):
            value = encrypt(str(value))
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")
