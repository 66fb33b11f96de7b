"""Shows again what a person typed into a field, and says the range of the money while the interview goes on."""

import unicodedata

from matcher.engine.ask import Outlook
from matcher.text import figures, sentences

LONGEST_ENTRY = 200

# Of a longer entry so much is shown again: enough to know it by, and still too long to pass unseen.
_LONGEST_SHOWN = 2 * LONGEST_ENTRY


def unprintable(text: str) -> bool:
    """Whether a text holds characters that no keyboard types: controls, halves of surrogate pairs, broken bytes."""
    return any(unicodedata.category(c) in ("Cc", "Cs") or c == "\ufffd" for c in text)


def printable(text: str) -> str:
    """The text without those characters, fit to be shown again in its field."""
    return "".join(c for c in text if not unprintable(c))


def shown(text: str) -> str:
    """What a field shows again of what was typed into it: trimmed, printable, and not without end."""
    return printable(text.strip()[:_LONGEST_SHOWN])


def money_range(outlook: Outlook, lang: str) -> str:
    """The range in one clause; empty where there is no money in it at all."""
    low, high = outlook.low, outlook.high
    if high == low:
        return sentences.say("money.sure", lang, low=figures.about(low, lang)) if low else ""
    if high is None:
        count = sentences.count(lang, len(outlook.unbounded), "scheme")
        key = "money.unbounded" if low else "money.no_end"
        return sentences.say(key, lang, low=figures.about(low, lang), count=count)
    said = {"low": figures.about(low, lang), "high": figures.about(high, lang, up=True)}
    return sentences.say("money.range" if low else "money.at_most", lang, **said)
