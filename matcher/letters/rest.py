"""Names the schemes of a letter on very many that get no section of their own: by status, each in a few words."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.letters.letter import Row
from matcher.letters.values import capitalise
from matcher.letters.words import say
from matcher.letters.writer import Writer

# A letter on more schemes than these would run to forty pages if each had a section.
MANY = 12
FEW = 3  # facts that are named behind a scheme; of more their number is told, or the list would run over pages


def split(writers: list[Writer]) -> tuple[list[Writer], list[Writer]]:
    """Those that get a section, and those that are only named: in a letter on a few schemes none is only named."""
    if len(writers) <= MANY:
        return writers, []
    return [w for w in writers if _matters(w)], [w for w in writers if not _matters(w)]


def name_rest(writers: Iterable[Writer], lang: str) -> tuple[Row, ...]:
    """One row a status, in the order given, with the names of its schemes."""
    named: dict[str, list[str]] = {}
    for writer in writers:
        named.setdefault(_key(writer), []).append(_named(writer))
    joint = "; " if lang == "en" else "；"
    return tuple(Row(key, _label(key, len(names), lang), (joint.join(names),)) for key, names in named.items())


def _matters(writer: Writer) -> bool:
    """Whether the firm has something in hand, something to obey, or a sum that a department may grant."""
    if writer.status == "needs_decision":
        return bool((writer.decision.get("amount") or {"kind": "none"})["kind"] != "none")
    return writer.status == "applies" or (writer.status == "eligible" and writer.scheme.kind != "service")


def _key(writer: Writer) -> str:
    return "service" if writer.status == "eligible" else writer.status


def _label(key: str, number: int, lang: str) -> str:
    status = say("rest.service" if key == "service" else f"status.{key}", lang)
    return capitalise(say("rest.label", lang, status=status, count=str(number)))


def _named(writer: Writer) -> str:
    """The name, and beside it who decides or what is missing where the firm can act on it."""
    name = capitalise(writer.name)
    labels = [writer.rulebook.facts[fact].label.get(writer.lang) for fact in writer.decision.get("missing") or ()]
    if writer.status == "needs_decision":
        return writer.say("rest.with", name=name, note=writer.decider)
    if writer.status == "needs_information" and len(labels) > FEW:
        return writer.say("rest.with", name=name, note=writer.say("rest.missing", count=str(len(labels))))
    if writer.status == "needs_information" and labels:
        return writer.say("rest.with", name=name, note=(", " if writer.lang == "en" else "、").join(labels))
    return name
