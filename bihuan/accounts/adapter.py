"""How sign-in finds people: by sign-in name or phone, with accounts opened by administrators only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from bihuan.accounts import actions, queries, sessions
from bihuan.accounts.models import User
from bihuan.core.personal import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The sign-in name or the password is wrong."),
        "phone_password_mismatch": _("The phone or the password is wrong."),
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait five minutes, or ask your administrator."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        from bihuan.accounts.forms import (
            PhoneField,
        )  # the sign-in form asks this adapter while it is imported

        return PhoneField(label=_("Phone"), **kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        return queries.person_with_phone(phone)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        raise NotImplementedError("Phones change through accounts.actions.change_person.")

    def set_phone_verified(self, user: Any, phone: str) -> None:
        raise NotImplementedError("Phones are entered by administrators and count as verified.")

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        raise NotImplementedError("Nobody is asked to verify a phone.")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no e-mail address to warn."""

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        sessions.began(request, user, response)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        name, phone = credentials.get("username"), credentials.get("phone")
        person = queries.person_with_phone(phone) if phone else queries.person_named((name or "").lower())
        if person is not None:
            actions.note_refused_sign_in(person)

    def set_password(self, user: Any, password: str) -> None:
        actions.change_own_password(user, by=user, password=password)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps encrypted at rest."""

    def encrypt(self, text: str) -> str:
        return encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text.encode())

    def get_totp_issuer(self) -> str:
        return "Bihuan"
