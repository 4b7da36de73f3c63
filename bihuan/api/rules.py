"""Who may give a program a token, take it back, and what a token lets a program do. Decides, never writes."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.middleware import first_steps
from bihuan.accounts.models import User
from bihuan.accounts.rules import administers
from bihuan.api.models import Scope, Token
from bihuan.core.clock import today
from bihuan.core.verdicts import YES, Verdict, no, yes

LONGEST = timedelta(days=366)
MOST = 20  # tokens in force for one person
DAYS = 90  # what the form proposes


def may_create(person: User, by: Any, expires_on: date) -> Verdict:
    """Whether somebody may give a program a token of this person that ends on this day."""
    if person.pk != by.pk:
        return no("token.not_yours", _("Everybody makes tokens for themselves only."))
    if not person.is_active:
        return no("person.inactive", _("This account has been closed."))
    if not today() <= expires_on <= today() + LONGEST:
        return no("token.too_long", _("A token ends within %(days)s days.") % {"days": LONGEST.days})
    if Token.objects.in_force(today()).filter(person=person).count() >= MOST:
        return no(
            "token.too_many",
            _("You have %(count)s tokens in force. Revoke one that is no longer needed.") % {"count": MOST},
        )
    return YES


def may_revoke(token: Token, by: Any) -> Verdict:
    """One's own, and as the district's administrator anybody's."""
    found = YES if token.person_id == by.pk else yes(administers(by)) if administers(by) else None
    if found is None:
        return no("token.not_yours", _("Only its person or the district's administrator can revoke it."))
    if token.revoked_at is not None:
        return no("token.revoked", _("This token has been revoked already."))
    return found


def may_use(token: Token, scope: str) -> Verdict:
    """Whether a token in force opens what asks for this scope. What its person may do is asked later."""
    if first_steps(token.person):
        return no(
            "token.first_steps",
            _("Sign in once and finish setting up your account; until then your programs wait too."),
        )
    if scope and scope not in token.scopes:
        return no("token.scope", _("This token is not made to %(scope)s (%(code)s).") % _named(Scope(scope)))
    return YES


def _named(scope: Scope) -> dict[str, Any]:
    return {"scope": scope.label, "code": scope.value}
