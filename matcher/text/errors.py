"""The errors that are shown to people."""

from matcher.rulebook import Text


class BilingualError(Exception):
    """Says in Chinese and in English what is wrong and what to do. ``str()`` gives both."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.text = Text(zh=zh, en=en)
