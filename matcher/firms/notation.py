"""Read JSON and YAML as plain data that knows the line of every field, numbers kept as spelled, without surprises."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import yaml
from yaml import CSafeLoader as _Loader

from matcher.rulebook import Text

from .faults import Fault, FieldPath, Unreadable, has_half_character, shown
from .numbers import Numeral

# ---------------------------------------------------------------------------------------------------------------------
# Hold what a file says as plain data that knows the line of every field, whichever notation it came in.
# ---------------------------------------------------------------------------------------------------------------------


MAX_BYTES = 10_000_000

MAX_DEPTH = 12  # a profile has two levels, a file of worked cases six


@dataclass(frozen=True, slots=True)
class Document:
    """Data made of dict, list, str, Numeral, bool and None; `find_line` may be slow, it is for faults only."""

    data: object
    find_line: Callable[[FieldPath], int | None]
    faults: tuple[Fault, ...] = field(default=())


def refuse(line: int | None, zh: str, en: str, value: str = "") -> Unreadable:
    """Return the exception for a file that cannot be read as a whole."""
    return Unreadable([Fault("file", line, value, Text(zh=zh, en=en))])


def twice(path: FieldPath, first: int | None, line: int | None) -> Fault:
    """Return the fault of a key that stands twice in one object."""
    key = shown(path[-1])
    zh = f"{key} 写了两次" + (f"（第 {first} 行和第 {line} 行）" if first and line else "") + "，请只留一个"
    en = f"{key} stands twice" + (f" (lines {first} and {line})" if first and line else "") + ": keep one"
    return Fault(key, line, "", Text(zh=zh, en=en), path)


def half_character(line: int | None) -> Unreadable:
    """Return the exception for an escape such as \\ud800, which is half a character and stands for nothing."""
    return refuse(
        line,
        "含有不完整的字符（如 \\ud800），请改正后再传",
        "holds half a character (such as \\ud800): write the whole one",
    )


def too_deep(line: int | None) -> Unreadable:
    """Return the exception for brackets or blocks nested deeper than any profile needs."""
    return refuse(line, f"嵌套超过 {MAX_DEPTH} 层", f"is nested more than {MAX_DEPTH} levels deep")


# ---------------------------------------------------------------------------------------------------------------------
# Read JSON with every number kept as it is spelled and every key's line known when a fault asks for it.
# ---------------------------------------------------------------------------------------------------------------------


MOST_DOUBLED = 100

"""Keys that are named for standing twice; a million of them would help nobody."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]')


def read_json(text: str, first_line: int = 1) -> Document:
    """Read one JSON value. Raises Unreadable with the line; a key that stands twice is a fault of the document."""
    pairs = _Pairs()
    numeral = Numeral
    try:
        data: object = json.loads(
            text, object_pairs_hook=pairs, parse_float=numeral, parse_int=numeral, parse_constant=numeral
        )
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        zh = f"不是正确的 JSON：第 {line} 行第 {error.colno} 个字符处有误"
        raise refuse(line, zh, f"is not JSON: {error.msg} at line {line}, column {error.colno}") from None
    except RecursionError:
        raise too_deep(_deep_line(text, first_line)) from None
    if _deeper(data, MAX_DEPTH):
        raise too_deep(_deep_line(text, first_line))
    if has_half_character(data):
        raise half_character(_half_line(text, first_line))

    @functools.cache
    def lines() -> dict[FieldPath, int]:
        return dict(reversed(list(_keys(text, first_line))))

    faults = tuple(islice(_doubled(text, first_line), MOST_DOUBLED)) if pairs.doubled else ()
    return Document(data, lambda path: lines().get(path), faults)


class _Pairs:
    """Builds objects and notices a key that stands twice."""

    def __init__(self) -> None:
        self.doubled = False

    def __call__(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        self.doubled = self.doubled or len(found) < len(pairs)
        return found


def _deeper(data: object, depth: int) -> bool:
    level = [data]
    for _ in range(depth):
        level = [
            child
            for value in level
            if isinstance(value, (dict, list))
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True


def _deep_line(text: str, first_line: int) -> int | None:
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += (token.group() in "{[") - (token.group() in "}]")
        if depth > MAX_DEPTH:
            return first_line + text.count("\n", 0, token.start())
    return None


def _half_line(text: str, first_line: int) -> int | None:
    """The line of the first escape that spells half a character by itself."""
    for token in _TOKEN.finditer(text):
        if token.group().startswith('"') and has_half_character(json.loads(token.group(), strict=False)):
            return first_line + text.count("\n", 0, token.start())
    return None


def _doubled(text: str, first_line: int) -> Iterator[Fault]:
    seen: dict[FieldPath, int] = {}
    for path, line in _keys(text, first_line):
        if path in seen:
            yield twice(path, seen[path], line)
        seen.setdefault(path, line)


def _keys(text: str, line: int) -> Iterator[tuple[FieldPath, int]]:
    """Yield the path and line of every key of a text that is known to be good JSON."""
    path: list[str | int] = []  # the key or index in each open bracket
    position, previous = 0, ""
    for token in _TOKEN.finditer(text):
        found = token.group()
        if found in "{[":
            path.append("" if found == "{" else 0)
        elif found in "}]":
            path.pop()
        elif found == "," and isinstance(path[-1], int):
            path[-1] += 1
        elif found == ":":
            path[-1] = json.loads(previous)
            line += text.count("\n", position, token.start())
            position = token.start()
            yield tuple(path), line
        previous = found


# ---------------------------------------------------------------------------------------------------------------------
# Read YAML without its surprises: numbers stay as spelled, dates and `yes` stay text, aliases and tags are refused.
#
# PyYAML's own constructors read `0111` as 73, `1e6` as text, `no` as false, and 30 February stops them without a
# field.
# ---------------------------------------------------------------------------------------------------------------------


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
