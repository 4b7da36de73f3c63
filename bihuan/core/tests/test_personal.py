"""Personal data is unreadable at rest and can be found without being read."""

import pytest
from cryptography.fernet import InvalidToken
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bihuan.accounts.tests.factories import make_person
from bihuan.core.personal import (
    EncryptedText,
    blind_index,
    decrypt,
    encrypt,
    mask_phone,
    normal_phone,
)


@given(st.text())
def test_what_is_encrypted_comes_back(text: str) -> None:
    token = encrypt(text)

    assert decrypt(token) == text
    assert encrypt(text) != token, "the same text twice must not look the same"


def test_another_secret_reads_nothing(settings) -> None:
    token, index = encrypt("13800000000"), blind_index("13800000000")
    settings.SECRET_KEY = "another secret of another installation"

    with pytest.raises(InvalidToken):
        decrypt(token)
    assert blind_index("13800000000") != index


def test_a_blind_index_is_the_same_for_the_same_text_only() -> None:
    assert blind_index("13800000000") == blind_index("13800000000")
    assert blind_index("13800000000") != blind_index("13800000001")
    assert len(blind_index("")) == 32


@pytest.mark.django_db
def test_the_database_never_sees_a_phone() -> None:
    person = make_person(phone="13812345678")

    person.refresh_from_db()
    assert person.phone == "13812345678"
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM accounts_user WHERE id = %s", [person.pk])
        stored, index = cursor.fetchone()
    assert b"13812345678" not in bytes(stored)
    assert bytes(index) == blind_index("13812345678")


@pytest.mark.django_db
def test_no_phone_stays_no_phone() -> None:
    person = make_person()
    person.refresh_from_db()
    assert not person.phone


def test_an_encrypted_column_is_written_encrypted() -> None:
    field = EncryptedText()

    written = field.get_db_prep_value("秘密", connection)
    assert "秘密".encode() not in bytes(getattr(written, "obj", written))
    assert field.get_db_prep_value(None, connection) is None
    assert field.from_db_value(memoryview(encrypt("秘密"))) == "秘密"
    assert field.from_db_value(None) is None


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("138 0000-0000", "13800000000"),
        ("+86 138 0000 0000", "13800000000"),
        ("008613800000000", "13800000000"),
        ("（0394）8222222", "03948222222"),
        ("+44 20 7946 0000", "+442079460000"),
        ("12345", "12345"),
    ],
)
def test_phones_are_written_one_way(typed: str, normal: str) -> None:
    assert normal_phone(typed) == normal


@pytest.mark.parametrize("typed", ["", "abc", "138", "1" * 21, "13800000000x", "张三"])
def test_other_texts_are_no_phones(typed: str) -> None:
    with pytest.raises(ValueError):
        normal_phone(typed)


def test_full_width_digits_are_digits() -> None:
    assert normal_phone("１３８００００００００") == "13800000000"


def test_a_masked_phone_cannot_be_called() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("8222222") == "*******"
    assert mask_phone("") == ""
