"""What a decision can say, each as one enumeration: its status, who gets the support, and the kind of its sum.

Their words stand in `matcher.text.statuses`, once for all surfaces.
"""

from __future__ import annotations

from typing import Literal, get_args

Status = Literal[
    "eligible",  # in force on the day, and every condition holds
    "needs_decision",  # all that the firm can state holds; a department decides
    "needs_information",  # facts are missing that would settle it
    "not_eligible",  # a condition fails
    "not_open",  # not in force on the day
    "unconfirmed",  # no confirmed version of the rules is known for the day
    "applies",  # of a restriction: it binds the firm
    "does_not_apply",  # of a restriction: it does not
]

STATUSES: tuple[Status, ...] = get_args(Status)

# Whom a support reaches: it decides the wording, for a firm is never told to claim what is not its own.
Recipient = Literal["firm_cash", "firm_price", "firm_deferral", "firm_right", "institution", "worker", "area"]

RECIPIENTS: tuple[Recipient, ...] = get_args(Recipient)

# A sum is exact, the most that can be had, a range, or not known.
AmountKind = Literal["exact", "ceiling", "range", "none"]

AMOUNT_KINDS: tuple[AmountKind, ...] = get_args(AmountKind)
