"""Fills in a scheme's own words on who gets the money and what the firm can do, with the figures a decision gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from matcher.letters.values import capitalise, set_tight, write_output
from matcher.letters.words import OUTPUTS

if TYPE_CHECKING:
    from matcher.rulebook import Scheme

SAID_WITH = ("eligible", "needs_decision", "applies")
_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"[^。；.;]*(?:\.\d[^。；.;]*)*[。；.;]?\s*")


def own_words(scheme: Scheme, status: str, extra: Mapping[str, object], lang: str) -> str:
    """The scheme's own sentences in `lang`, empty where it has none or the status promises nothing.

    A sentence with a figure that the decision does not give is left out.
    """
    if scheme.say is None or status not in SAID_WITH:
        return ""
    sentences = _SENTENCE.findall(scheme.say.get(lang))
    kept = "".join(sentence for sentence in sentences if set(_PLACE.findall(sentence)) <= set(extra))
    filled = _PLACE.sub(lambda found: _figure(found[1], extra[found[1]], lang), kept).strip(" ；;")
    return _ended(capitalise(set_tight(filled, lang)), lang)


def words_are_whole(scheme: Scheme, recipient: str) -> bool:
    """Whether the scheme's own words already say who is paid, so that the general sentence would only repeat them.

    They do not where the money goes to the firm, nor where the decision pays somebody else than the scheme usually does.
    """
    return scheme.recipient == recipient != "firm_cash"


def _figure(name: str, value: object, lang: str) -> str:
    """The figure as its sentence needs it: the unit of a sum stands in the sentence itself."""
    written = write_output(OUTPUTS[name][0], value, lang) if name in OUTPUTS else str(value)
    return written.removesuffix("元").removesuffix(" yuan")


def _ended(text: str, lang: str) -> str:
    if not text or text[-1] in "。.":
        return text
    return text + ("." if lang == "en" else "。")
