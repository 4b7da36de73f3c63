"""What everybody meets first: the sign-in page, whole, in both languages and at both widths."""

import pytest


@pytest.mark.parametrize("width", ["phone", "desk"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_sign_in_page(visit, width: str, language: str) -> None:
    visitor = visit(width=width, language=language)
    page = visitor.go("/account/login/")

    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-Hans")
    assert page.locator("input[type=password]").is_visible()
    assert not visitor.is_wider_than_the_screen()
    assert visitor.faults_for_disabled_people() == []


def test_the_sign_in_page_without_scripts(visit) -> None:
    page = visit(scripts=False).go("/account/login/")
    assert page.locator("input[type=password]").is_visible()
