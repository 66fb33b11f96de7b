"""Puts an entry of the audit trail into words: what it is about, and what it says of what changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from matcher.issuing import centres
from matcher.web import words
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.history import label_of

_KINDS = (
    "account", "backup", "case", "centre", "firm", "handover", "letter", "page", "run", "scheme", "screening",
)  # fmt: skip
_VALUES = {"role": "desk.role", "origin": "case.origin", "state": "case.state"}


def subject_words(subject: str, lang: str) -> str:
    """What an entry is about: 第12号办件 for `case 12`; as it is stored where there are no words."""
    kind, _, name = subject.partition(" ")
    if kind not in _KINDS or not name:
        return subject
    return words.say(f"trail.of.{kind}", lang, name=_name(kind, name, lang))


def subject_meant(typed: str, lang: str) -> str:
    """The subject as it is stored, for one that was typed as the page shows it; other text as it was typed."""
    for kind in _KINDS:
        before, after = (re.escape(part.strip()) for part in words.say(f"trail.of.{kind}", lang, name="\n").split("\n"))
        found = re.fullmatch(rf"{before}\s*(\S.*?)\s*{after}", typed.strip())
        if found:
            return f"{kind} {found[1]}"
    return typed


def detail_words(detail: Mapping[str, object], lang: str) -> str:
    """What an entry's detail says, on one line: facts by their labels, choices in words."""
    colon, stop = ("：", "；") if lang == "zh" else (": ", "; ")
    return stop.join(f"{_key(name, lang)}{colon}{_value(name, told, lang)}" for name, told in sorted(detail.items()))


def _name(kind: str, name: str, lang: str) -> str:
    if kind == "centre" and name in centres():
        return centres()[name].name.get(lang)
    schemes = catalogue().rulebook.schemes
    return schemes[name].name.get(lang) if kind == "scheme" and name in schemes else name


def _key(name: str, lang: str) -> str:
    return words.say_or(f"trail.key.{name}", name, lang)


def _value(name: str, told: object, lang: str) -> str:
    if isinstance(told, Sequence) and not isinstance(told, str):
        return words.listed([_value(name, each, lang) for each in told], lang)
    if not isinstance(told, str):
        return json.dumps(told, ensure_ascii=False)
    if name in ("facts", "settings"):
        return label_of(catalogue(), told, lang)
    return words.say_or(f"{_VALUES.get(name, name)}.{told}", told, lang)
