"""Says a near miss in a sentence: by how much a figure is short, what has to be done first, from when waiting is enough."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from matcher.rulebook import NUMBERS, Fact
from matcher.web import figures, words
from matcher.web.catalogue import Catalogue

Json = Mapping[str, Any]
# How a Chinese label asks for yes or no.
_WHETHER = "是否"


def near_miss(catalogue: Catalogue, near: Json, lang: str) -> str:
    """The sentence of one near miss, from a decision's JSON."""
    moved = [(catalogue.fact(one["fact"]), one) for one in near["changes"]]
    if near["on"]:  # what comes with time is said by the day alone
        moved = [(fact, one) for fact, one in moved if fact.advise != "date"]
    changes = [_change(fact, one["from"], one["to"], lang) for fact, one in moved]
    if near["on"]:
        changes.insert(0, words.say("near.on", lang, day=figures.day(near["on"], lang)))
    key = f"reaches.{near['reaches']}"
    reaches = words.say(key if key in words.WORDS else "reaches.other", lang)
    said = words.say("near.sentence", lang, changes=_joined(changes, lang), reaches=reaches)
    return said[:1].upper() + said[1:]


def _joined(changes: list[str], lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(changes)


def _change(fact: Fact, old: Any, new: Any, lang: str) -> str:
    if fact.duty is not None:
        return fact.duty.get(lang)
    label, wanted = fact.label.get(lang), figures.stated(fact, new, lang)
    if fact.type == "boolean":
        return words.say("near.first" if new else "near.no_longer", lang, label=label.replace(_WHETHER, ""))
    if old is None:
        return words.say("near.set", lang, label=label, new=wanted)
    said = {"label": label, "old": figures.stated(fact, old, lang), "new": wanted}
    if fact.type in NUMBERS:
        by = Decimal(new) - Decimal(old)
        said["by"] = figures.with_unit(fact, str(abs(by)), lang)
        return words.say("near.more" if by > 0 else "near.less", lang, **said)
    if fact.type == "date":
        return words.say("near.later" if new > old else "near.earlier", lang, **said)
    return words.say("near.other", lang, **said)
