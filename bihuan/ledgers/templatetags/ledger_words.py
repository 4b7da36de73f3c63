"""Words that ledgers keep as codes: `{{ post.role|role_name }}`."""

from typing import Any

from django.template import Library
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.models import LEADER, MEMBER

register = Library()

ROLES = {LEADER: _("leader"), MEMBER: _("member")}


@register.filter
def role_name(role: str) -> Any:
    """What somebody is in a task force; a ledger's own roles are words already."""
    return ROLES.get(role, role)
