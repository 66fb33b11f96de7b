"""Says why a letter cannot be issued, in Chinese and English."""

from __future__ import annotations

from matcher.rulebook import Text


class Refusal(Exception):
    """A letter that is not issued; ``text`` says why and what to do. No number is used up."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.text = Text(zh=zh, en=en)
