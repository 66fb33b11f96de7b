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
        return sentences.say("合计约{low}", lang, low=figures.about(low, lang)) if low else ""
    if high is None:
        count = sentences.count(lang, len(outlook.unbounded), "scheme")
        key = (
            sentences.Sentence("合计至少{low}，上限还不知道（{count}不知道能有多少）")
            if low
            else sentences.Sentence("还没有确定的金额，上限还不知道（{count}不知道能有多少）")
        )
        return sentences.say(key, lang, low=figures.about(low, lang), count=count)
    said = {"low": figures.about(low, lang), "high": figures.about(high, lang, up=True)}
    return sentences.say("合计至少{low}，最多{high}" if low else "合计最多{high}", lang, **said)
