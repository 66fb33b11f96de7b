"""Says what the search asks of an index of names; the store keeps one in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

Start = Literal["initials", "core_initials", "credit_code", "organisation", "code_backwards"]
"""A key that is known by its beginning: ``organisation`` is the code from its ninth character on."""


class Row(Protocol):
    """One name of one firm, and whether the firm has given it up."""

    @property
    def firm_id(self) -> str:
        """The firm's id in the register."""

    @property
    def name(self) -> str:
        """The name that was found."""

    @property
    def former(self) -> bool:
        """Whether the firm is called otherwise now."""


class Firm(Protocol):
    """What a firm is shown as."""

    @property
    def id(self) -> str:
        """Its id in the register."""

    @property
    def name(self) -> str:
        """Its name now."""

    @property
    def credit_code(self) -> str:
        """Its credit code."""


class Index(Protocol):
    """Where names are looked up; each answer holds at most ``most`` rows, in an order that never changes."""

    def by_grams(self, grams: Sequence[str], most: int) -> Sequence[Row]:
        """The names that share most of these pairs of syllables, rare pairs counting more."""

    def by_start(self, key: Start, start: str, most: int) -> Sequence[Row]:
        """The names, or by a code the current names, whose key begins so, in the order of the keys."""

    def by_codes(self, codes: Sequence[str]) -> Sequence[Row]:
        """The current names of the firms with these credit codes."""

    def firms(self, ids: Sequence[str]) -> Sequence[Firm]:
        """The firms with these ids, in any order."""
