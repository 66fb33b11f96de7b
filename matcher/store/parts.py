"""Long lists of keys in parts: a statement takes only so many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

IN_ONE = 500

Key = TypeVar("Key")


def parts(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """The keys, `IN_ONE` at a time; nothing for none."""
    return (keys[start : start + IN_ONE] for start in range(0, len(keys), IN_ONE))
