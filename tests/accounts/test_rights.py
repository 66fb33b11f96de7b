"""Rights: what a role may do, at its own centre and at another's."""

from typing import get_args

import pytest

from matcher.accounts.rights import ROLES, Action, may, reaches


def test_every_action_says_who_may() -> None:
    """No action is left out of the table, and none is for nobody."""
    assert set(ROLES) == set(get_args(Action))
    assert all(ROLES.values())


@pytest.mark.parametrize(
    "action", [a for a in get_args(Action) if a.endswith((".write", ".issue", ".mark", ".revoke"))]
)
def test_an_auditor_only_reads(action: Action) -> None:
    """Whoever checks the others changes nothing, and neither does an administrator."""
    assert not may("auditor", action)
    assert not may("administrator", action)


@pytest.mark.parametrize(
    ("role", "centre", "action", "of", "expected"),
    [
        ("clerk", "heping", "case.write", "heping", True),
        ("clerk", "heping", "case.see", "hedong", False),
        ("clerk", "tianjin", "case.see", "hedong", True),
        ("supervisor", "tianjin", "case.write", "hedong", False),
        ("clerk", "hedong", "firm.see", "heping", True),
        ("administrator", "tianjin", "account.manage", "heping", True),
        ("administrator", "heping", "account.manage", "tianjin", False),
        ("administrator", "heping", "case.see", "heping", False),
        ("clerk", "heping", "letter.countersign", "heping", False),
    ],
)
def test_reach(role: str, centre: str, action: Action, of: str, expected: bool) -> None:
    """Each works at their own centre; the city reads the districts' and writes nothing there."""
    assert reaches(role, centre, action, of) is expected
