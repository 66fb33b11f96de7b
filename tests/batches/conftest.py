"""A letter as the register has it, for what packs and prints letters."""

from collections.abc import Callable

import pytest

from matcher.letters.issue import Office, issue
from matcher.letters.order import Order
from matcher.letters.register import RegisterEntry
from tests.fixtures.issuing import NOON


@pytest.fixture
def letter(office: Office, order: Callable[..., Order]) -> RegisterEntry:
    """An issued letter."""
    return issue(office, order(), NOON)
