"""Names of roles: who teaches in a family is a parent, who learns in it a child."""

from django.utils.translation import gettext_lazy as _

_NAMES = {
    ("class", "teacher"): _("teacher"),
    ("class", "student"): _("student"),
    ("family", "teacher"): _("parent"),
    ("family", "student"): _("child"),
}


def role_name(kind: str, role: str) -> str:
    return str(_NAMES[kind, role])
