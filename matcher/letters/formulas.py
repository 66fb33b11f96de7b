"""Writes the functions of a worked-out sum in words: a letter has no 取大(…) in it."""

from __future__ import annotations

import re

# The engine's word, its words in a letter, by language.
_WORDS = {
    "zh": {"取大": "取较大者", "取小": "取较小者"},
    "en": {"max": "the larger of ", "min": "the smaller of "},
}
_CALL = re.compile(r"(取大|取小|(?<![A-Za-z])max|(?<![A-Za-z])min)\(")


def in_words(line: str, lang: str) -> str:
    """A line of arithmetic with its functions in words, and in Chinese with the brackets of Chinese text around them."""
    found = _CALL.search(line)
    if found is None or found[1] not in _WORDS[lang]:
        return line
    end = _closing(line, found.end())
    inside, rest = in_words(line[found.end() : end], lang), in_words(line[end + 1 :], lang)
    opened, closed = "()" if lang == "en" else "（）"
    return line[: found.start()] + _WORDS[lang][found[1]] + opened + inside + closed + rest


def _closing(line: str, start: int) -> int:
    """Where the bracket closes that was opened before `start`; the end of the line where it never does."""
    depth = 1
    for at in range(start, len(line)):
        depth += (line[at] == "(") - (line[at] == ")")
        if not depth:
            return at
    return len(line)
