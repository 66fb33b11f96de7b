"""Read YAML without its surprises: numbers stay as spelled, dates and `yes` stay text, aliases and tags are refused.

PyYAML's own constructors read `0111` as 73, `1e6` as text, `no` as false, and 30 February stops them without a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from matcher.firms.characters import has_half_character
from matcher.firms.documents import MAX_DEPTH, Document, half_character, refuse, too_deep, twice
from matcher.firms.faults import Fault, FieldPath, Unreadable
from matcher.firms.json_text import MOST_DOUBLED
from matcher.firms.numerals import Numeral

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - PyYAML built without the C library
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

# A leading zero makes it a code (industry 0111), not a number.
_NUMBER = re.compile(r"[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WORDS: dict[str, bool | None] = {"": None, "~": None}
for _word, _value in (("null", None), ("true", True), ("false", False)):
    _WORDS |= {_word: _value, _word.capitalize(): _value, _word.upper(): _value}


def read_yaml(text: str) -> Document:
    """Read one YAML document. Raises Unreadable with the line; a key that stands twice is a fault of the document."""
    reader = _Reader(text)
    try:
        data = reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        reason = error.problem or error.context or "unreadable"
        raise refuse(line, f"不是正确的 YAML（{reason}）", f"is not YAML: {reason}") from None
    except yaml.YAMLError:
        line = _unprintable(text)
        raise refuse(line, "含有无法使用的控制字符", "contains a control character that YAML does not allow") from None
    if has_half_character(data):  # libyaml refuses them itself, PyYAML's own parser does not
        raise half_character(None)
    return Document(data, reader.lines.get, tuple(reader.faults))


def _unprintable(text: str) -> int | None:
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    return text.count("\n", 0, found.start()) + 1 if found else None


class _Reader:
    """Walks the events of the parser, so that nothing is built before it is known to be harmless."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self.lines: dict[FieldPath, int] = {}
        self.faults: list[Fault] = []

    def document(self) -> object:
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        data = self._value(next(self.events), ())
        next(self.events)  # the end of the document
        more = next(self.events)
        if not isinstance(more, yaml.StreamEndEvent):
            raise refuse(_line(more), "一个文件只能有一份 YAML（多了 ---）", "holds more than one YAML document (---)")
        return data

    def _value(self, event: yaml.Event, path: FieldPath) -> object:
        if isinstance(event, yaml.AliasEvent):
            raise refuse(_line(event), "不能用别名（*），请把内容写全", "uses an alias (*): write the value out")
        if len(path) > MAX_DEPTH:
            raise too_deep(_line(event))
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", "tag:yaml.org,2002:str"):
            tag = str(tag)[:60]
            raise refuse(_line(event), f"不能用类型标记 {tag}", f"uses a tag, {tag}: only plain values are read")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _sequence(self, path: FieldPath) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*path, len(items))
            self.lines[here] = _line(event)
            items.append(self._value(event, here))
        return items

    def _mapping(self, path: FieldPath) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, line = self._key(event), _line(event)
            here = (*path, key)
            value = self._value(next(self.events), here)
            if key in found and len(self.faults) < MOST_DOUBLED:
                self.faults.append(twice(here, self.lines.get(here), line))
            elif key not in found:
                self.lines[here] = line
                found[key] = value
        return found

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._no_key(event)
        return str(event.value)

    def _no_key(self, event: yaml.Event) -> Unreadable:
        return refuse(_line(event), "名称只能是一个词", "has a key that is not a single word")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent) -> object:
    text = str(event.value)
    if event.style or event.tag:  # quoted, block or !!str
        return text
    if text in _WORDS:
        return _WORDS[text]
    return Numeral(text) if _NUMBER.fullmatch(text) else text
