"""What the site says to browsers, and what it refuses from them; docs/security.md rests on these."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "bihuan").rglob("templates/**/*.html"))
PAGES = ["/", "/report/", "/track/", "/help/", "/account/login/", "/nowhere/"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_its_headers(client: Client, places: object, path: str) -> None:
    headers = client.get(path, follow=True).headers
    policy = headers["Content-Security-Policy"]
    assert not re.search(r"unsafe-(inline|eval|hashes)|\*(?!\.)|https?://", policy)
    for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                 "form-action 'self'"):  # fmt: skip
        assert rule in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in headers


@pytest.mark.parametrize("path", [*PAGES[:-1], "/health/", "/api/"])
def test_what_watches_a_site_may_ask_for_the_head_alone(client: Client, places: object, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["/desk/", "/cases/", "/me/", "/inbox/"])
def test_what_a_signed_in_person_reads_is_kept_by_no_cache(client: Client, cast, path: str) -> None:  # type: ignore[no-untyped-def]
    client.force_login(cast.clerk)
    told = client.get(path, follow=True).headers["Cache-Control"]
    assert "private" in told and "no-store" in told


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client, cast: object) -> None:
    client.post("/language/", {"language": "en"})
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
    assert settings.SESSION_COOKIE_AGE <= 12 * 3600
    assert client.cookies["django_language"]["samesite"] in ("Lax", "")


@override_settings(
    SECURE_HSTS_SECONDS=31_536_000, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")
)
def test_https_is_insisted_on_behind_a_proxy_that_speaks_it(client: Client, places: object) -> None:
    answer = client.get("/report/", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/report/", "/account/login/", "/language/"])
def test_a_form_of_another_site_is_refused(places: object, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/report/")
    assert client.post(path, {"words": "x", "language": "en"}).status_code == 403


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(client: Client, cast, target: str) -> None:  # type: ignore[no-untyped-def]
    answer = client.post("/language/", {"language": "en", "next": target})
    assert "evil" not in answer.get("Location", "") and "javascript" not in answer.get("Location", "")
    cast.clerk.set_password("correct horse battery")
    cast.clerk.save(update_fields=["password"])
    signed_in = client.post(
        "/account/login/", {"login": cast.clerk.username, "password": "correct horse battery", "next": target}
    )
    assert signed_in.status_code == 302
    assert "evil" not in signed_in["Location"] and "javascript" not in signed_in["Location"]


def test_another_host_name_is_refused(client: Client) -> None:
    assert client.get("/report/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "bihuan")))
def test_no_template_needs_a_hole_in_the_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*[^\s<]", text), "a script in the page"
    assert not re.search(r"<style\b|\sstyle=[\"']", text), "a style in the page"
    assert not re.search(r"\son(?!ce=|ly=)[a-z]+=[\"']|javascript:", text), "a handler in the page"
    assert not re.search(r"\|\s*safe\b|\{%\s*autoescape off", text), "text that is not escaped"


def test_every_test_that_the_security_page_names_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    named = re.findall(r"`((?:bihuan|tests)/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) > 20
    for path, test in named:
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in (ROOT / path).read_text(), f"{path}::{test}"
