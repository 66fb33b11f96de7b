"""Who may do what at the desk: one table of actions and roles, and how far each reaches beyond one's own centre.

Whoever reads at the city's own centre (CITY) reads every district's, and its administrators manage every account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from .models import CITY, Role

Action = Literal[
    "self.change",
    "desk.see",
    "firm.see",
    "case.see",
    "case.write",
    "case.forget",
    "handover.open",
    "letter.see",
    "letter.issue",
    "letter.countersign",
    "letter.revoke",
    "run.see",
    "run.write",
    "outreach.see",
    "outreach.mark",
    "impact.see",
    "dashboard.see",
    "audit.see",
    "rules.see",
    "account.manage",
    "centre.set",
    "client.manage",
]

_EVERYBODY: frozenset[Role] = frozenset(get_args(Role))

_READERS: frozenset[Role] = frozenset({"clerk", "supervisor", "auditor"})

_CLERKS: frozenset[Role] = frozenset({"clerk", "supervisor"})

ROLES: Mapping[Action, frozenset[Role]] = {
    "self.change": _EVERYBODY,
    "desk.see": _EVERYBODY,
    "firm.see": _READERS,
    "case.see": _READERS,
    "case.write": _CLERKS,
    "case.forget": frozenset({"supervisor"}),
    "handover.open": _CLERKS,
    "letter.see": _READERS,
    "letter.issue": _CLERKS,
    "letter.countersign": frozenset({"supervisor"}),
    "letter.revoke": _CLERKS,
    "run.see": _READERS,
    "run.write": _CLERKS,
    "outreach.see": _READERS,
    "outreach.mark": _CLERKS,
    "impact.see": frozenset({"supervisor"}),
    "dashboard.see": _READERS,
    "audit.see": frozenset({"supervisor", "auditor"}),
    "rules.see": frozenset({"supervisor", "administrator", "auditor"}),
    "account.manage": frozenset({"administrator"}),
    "centre.set": frozenset({"administrator"}),
    "client.manage": frozenset({"administrator"}),
}

"""The roles that may do each thing at their own centre. An administrator sees no firm's case, a clerk no account."""

_FROM_THE_CITY: frozenset[Action] = frozenset(
    {
        "case.see",
        "letter.see",
        "run.see",
        "outreach.see",
        "dashboard.see",
        "audit.see",
        "account.manage",
        "centre.set",
        "client.manage",
    }
)

_ANYWHERE: frozenset[Action] = frozenset({"firm.see"})


def may(role: str, action: Action) -> bool:
    """Whether a role may do this at all, at its own centre."""
    return role in ROLES[action]


def reaches(role: str, centre: str, action: Action, of: str) -> bool:
    """Whether an account of this role and centre may do this to what belongs to the centre ``of``.

    What the district centres have is read, but never written, from the city's.
    """
    if not may(role, action):
        return False
    return centre == of or action in _ANYWHERE or (centre == CITY and action in _FROM_THE_CITY)


def first_page(role: str) -> str:
    """The endpoint at which a role's work begins: today's work, or the accounts where it sees no firms."""
    return "desk_home.home" if may(role, "firm.see") else "desk_accounts.every"
