"""What the installation says about itself: variables, data folder, secret key."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bihuan.config import environment as env


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BIHUAN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("BIHUAN_SECRET_KEY", raising=False)
    return tmp_path / "data"


def test_the_key_is_made_once_and_only_its_owner_reads_it(data: Path) -> None:
    key = env.secret_key()

    assert len(key) >= 64
    assert env.secret_key() == key
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["secret.key"]


def test_many_who_start_at_once_get_one_key(data: Path) -> None:
    def in_another_process(_number: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", "from bihuan.config.environment import secret_key; print(secret_key())"],
            capture_output=True, text=True, check=True, env=os.environ,
        ).stdout  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(in_another_process, range(8)))
    assert len(keys) == 1
    with ThreadPoolExecutor(8) as pool:
        assert {key + "\n" for key in pool.map(lambda _: env.secret_key(), range(8))} == keys
    assert [path.name for path in data.iterdir()] == ["secret.key"]


def test_many_threads_that_start_at_once_get_one_key(data: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: env.secret_key(), range(32)))) == 1


def test_a_given_key_is_used_and_nothing_is_written(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_SECRET_KEY", "given")
    assert env.secret_key() == "given"
    assert not (data / "secret.key").exists()


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)]
)
def test_flags(text: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_DEBUG", text)
    assert env.flag("BIHUAN_DEBUG") is value


def test_names_are_split_and_trimmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_HOSTS", " a.example , ,b.example ")
    assert env.names("BIHUAN_HOSTS") == ["a.example", "b.example"]


def test_an_empty_variable_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_PORT", " ")
    assert env.number("BIHUAN_PORT") == 8000


def test_debug_and_demo_are_off_unless_asked() -> None:
    assert {v.name: v.default for v in env.VARIABLES if v.name in ("BIHUAN_DEBUG", "BIHUAN_DEMO")} == {
        "BIHUAN_DEBUG": "0",
        "BIHUAN_DEMO": "0",
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://a%40b.cn:p%2Fw@mail.cn", {"EMAIL_HOST": "mail.cn", "EMAIL_PORT": 587, "EMAIL_USE_TLS": True,
                                           "EMAIL_HOST_USER": "a@b.cn", "EMAIL_HOST_PASSWORD": "p/w"}),
        ("smtps://mail.cn", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}),
        ("smtp+plain://mail.cn:2525", {"EMAIL_PORT": 2525, "EMAIL_USE_SSL": False, "EMAIL_USE_TLS": False}),
        ("file:///tmp/letters", {"EMAIL_FILE_PATH": "/tmp/letters"}),
    ],
)  # fmt: skip
def test_mail_servers(url: str, expected: dict[str, object]) -> None:
    found = env.email_settings(url)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("url", ["mail.cn", "http://mail.cn", "smtp://", "smtp://mail.cn:x"])
def test_what_is_no_mail_server_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(ValueError):
        env.email_settings(url)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "http://localhost:8000"),
        ({"BIHUAN_HOSTS": ".example.cn,bihuan.example.cn", "BIHUAN_HTTPS": "1"}, "https://bihuan.example.cn"),
        ({"BIHUAN_SITE_URL": "https://b.cn/"}, "https://b.cn"),
    ],
)
def test_the_address_in_messages(
    given: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BIHUAN_HOSTS", "BIHUAN_HTTPS", "BIHUAN_SITE_URL", "BIHUAN_PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert env.site_url() == expected
