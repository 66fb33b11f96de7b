"""The errors that are shown to people."""

from __future__ import annotations

import copyreg
from collections.abc import Callable

from matcher.rulebook import Text


class BilingualError(Exception):
    """Says in Chinese and in English what is wrong and what to do. ``str()`` gives both."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.text = Text(zh=zh, en=en)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...], dict[str, object]]:
        """As it is, whatever a subclass's constructor takes: what a worker raises reaches the process that asked."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]
