"""Reads one YAML file of the rules into plain data that remembers its lines, and says what is wrong with it and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from yaml import CSafeLoader as _Loader

from .messages import wording

# ---------------------------------------------------------------------------------------------------------------------
# What is wrong with a rule file, said so that its author finds the place.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of the rules: the file (relative to the rules folder), its line (1-based), the offending key, and what to do.

    ``zh``: the message in Chinese, where it is no listed kind of fault; ``column`` (1-based): where on the line it stands.
    """

    file: str
    line: int
    key: str
    message: str
    zh: str = field(default="", compare=False)
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        known = wording(self.message)
        lines = [f"{self.file}:{self.line}:{self.column}: {self.key}: {self.zh or known.zh}", self.message]
        if known.example:
            lines.append(f"例 for example: {known.example}")
        return "\n    ".join(lines)


class RulebookError(Exception):
    """The rules cannot be used; ``problems`` lists every fault found, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


# ---------------------------------------------------------------------------------------------------------------------
# Reads one YAML file of the rules into plain data that remembers its lines, and refuses what could hurt.
#
# Not PyYAML's constructors: they read ``no`` as false, ``1e6`` as text and ``2024-01-01`` as a date depending on
# luck. Here a scalar is text, a whole number, true/false, null or a date, and a number with a point stays text until
# its type is known.
# ---------------------------------------------------------------------------------------------------------------------


try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - the C loader comes with every wheel of PyYAML
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_BYTES = 2_000_000

MAX_VALUES = 30_000

MAX_DEPTH = 40

MAX_DIGITS = 30

MAX_MESSAGE = 400

_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)\Z")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")

_BOOLEAN = {"true": True, "false": False}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Path_ = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """The data of one file, with the line (1-based) of every key and item by its path."""

    file: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    columns: dict[Path_, int] = field(default_factory=dict)

    def column(self, path: Path_) -> int:
        """The column (1-based) of ``path``, or of the nearest parent that has one."""
        return next((self.columns[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.columns), 1)

    def line(self, path: Path_) -> int:
        """The line of ``path``, or of the nearest parent that has one."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1

    def problem(self, path: Path_, message: str, zh: str = "") -> Problem:
        """A problem at ``path``; the key shown is the last name in it."""
        names = [str(part) for part in path if isinstance(part, str)]
        key = _short(names[-1]) if names else "-"
        return Problem(self.file, self.line(path), key, _short(message), _short(zh), self.column(path))


def _short(text: str) -> str:
    """A message stays readable whatever the file put into it."""
    return text if len(text) <= MAX_MESSAGE else f"{text[:MAX_MESSAGE]} …"


def read_bytes(path: Path, name: str) -> bytes:
    """The content of ``path``, called ``name`` in messages. Raises RulebookError where it is no file, or too large."""
    try:
        if not path.is_file():
            raise RulebookError([Problem(name, 1, "-", "not a file")])
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise RulebookError([Problem(name, 1, "-", f"the file has {size} bytes; at most {MAX_BYTES} are read")])
        return path.read_bytes()
    except OSError as error:
        raise RulebookError([Problem(name, 1, "-", f"cannot be read: {error.strerror}")]) from None


def decode(content: bytes, name: str) -> str:
    """The text of a file. Raises RulebookError where it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RulebookError([Problem(name, line, "-", f"not UTF-8: {error.reason} at byte {error.start}")]) from None


def read_text(text: str, name: str) -> Document:
    """The data of a YAML text, called ``name`` in messages. Raises RulebookError with file and line."""
    document = Document(name)
    document.lines[()] = 1
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise RulebookError(
            [Problem(name, line, "-", f"a control character (U+{ord(control.group()):04X}); take it out")]
        )
    try:
        document.data = _Builder(document, yaml.parse(text, Loader=_Loader)).whole()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column, why = _explained(text, error, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
        raise RulebookError([Problem(name, line, "-", f"not YAML: {why}", column=column)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise RulebookError([Problem(name, 1, "-", f"not YAML: {type(error).__name__}")]) from None
    return document


_FULL_WIDTH_KEY = re.compile(r"\s*(?:- )?[{ ]*[A-Za-z_][\w-]*(：)")


def _explained(text: str, error: yaml.MarkedYAMLError, line: int, column: int) -> tuple[int, int, str]:
    """Where YAML stumbled and over what, in words of the author: line, column (1-based), and why."""
    lines, said = text.split("\n"), f"{error.context or ''} {error.problem or ''}"
    for at in (line, line - 1):  # the parser often notices a line late
        written = lines[at - 1] if 0 < at <= len(lines) else ""
        if "\t" in written[: len(written) - len(written.lstrip())] or (at == line and "'\\t'" in said):
            return at, written.find("\t") + 1, "a tab stands here; indent with spaces"
        full_width = _FULL_WIDTH_KEY.match(written)
        if full_width:
            return (
                at,
                full_width.start(1) + 1,
                "a full-width colon (：) stands here; write an ordinary colon and a space",
            )
        if "，" in written and "{" in written and "," not in said.replace("','", ""):
            return (
                at,
                written.find("，") + 1,
                "a full-width comma (，) stands here; write an ordinary comma and a space",
            )
    before = lines[line - 1][: column - 1].strip(" -") if 0 < line <= len(lines) else ""
    if "mapping values are not allowed" in said and not re.fullmatch(r"\w+", before):
        return line, column, "the text holds a colon; put it in quotes"
    if "end of stream" in said or "expected ',' or" in said or "quoted scalar" in said:
        return line, column, "a quotation mark or bracket is not closed"
    if "block" in said or "expected key" in said or "expected ':'" in said or "mapping values" in said:
        return line, column, "the indentation does not fit the lines before"
    return line, column, str(error.problem or error.context)


class _Builder:
    """Builds data from the parser's events, one at a time, so that it stops at the first thing the rules do without:
    a second document, an anchor or alias, a tag, a nesting too deep."""

    def __init__(self, document: Document, events: Iterator[yaml.Event]) -> None:
        self.document = document
        self.events = events

    def whole(self) -> Any:
        """The data of the only document; None for an empty file."""
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        data = self._build(next(self.events), ())
        next(self.events)  # the end of the document
        extra = next(self.events)
        if not isinstance(extra, yaml.StreamEndEvent):
            raise self._error((), "a second document (---); a file holds one", extra)
        return data

    def _build(self, event: yaml.Event, path: Path_) -> Any:
        self.document.lines.setdefault(path, _line(event))
        self.document.columns.setdefault(path, _column(event))
        if len(self.document.lines) > MAX_VALUES:
            raise self._error(path, f"the file holds more than {MAX_VALUES} values; split it", event)
        self._plain(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if len(path) > MAX_DEPTH:
            raise self._error(path, f"nested more than {MAX_DEPTH} deep", event)
        return self._sequence(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _plain(self, event: Any, path: Path_) -> None:
        """Refuse what stands before a value: an alias has nothing but its anchor."""
        if event.anchor is None and event.tag is None:
            return
        if isinstance(event, yaml.AliasEvent):
            raise self._error(path, "an alias (*name); write the text out or give it a name in rules/concepts", event)
        if event.anchor is not None:
            raise self._error(path, "an anchor (&name); write the text out or give it a name in rules/concepts", event)
        raise self._error(path, f"a tag ({event.tag}); the rules do without", event)

    def _sequence(self, path: Path_) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._build(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path_) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            self._plain(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(path, "a key must be a word or a number", event)
            key = self._scalar(event, path)
            here = (*path, key if isinstance(key, int) and not isinstance(key, bool) else str(key))
            if key in result:
                raise self._error(here, "the key stands twice", event)
            self.document.lines[here] = _line(event)
            self.document.columns[here] = _column(event)
            result[key] = self._build(next(self.events), here)
        return result

    def _scalar(self, event: yaml.ScalarEvent, path: Path_) -> str | int | bool | date | None:
        text: str = event.value
        if event.style in ("'", '"', "|", ">"):
            return text
        if text in ("", "null", "~"):
            return None
        if text in _BOOLEAN:
            return _BOOLEAN[text]
        if _WHOLE.match(text):
            if len(text) > MAX_DIGITS:
                raise self._error(path, f"a number of {len(text)} digits; at most {MAX_DIGITS} are read", event)
            return int(text)
        if _DATE.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise self._error(path, f"there is no day {text}", event) from None
        return text

    def _error(self, path: Path_, message: str, event: yaml.Event) -> RulebookError:
        problem = self.document.problem(path, message)
        return RulebookError([replace(problem, line=_line(event), column=_column(event))])


def _column(event: yaml.Event) -> int:
    return event.start_mark.column + 1 if event.start_mark else 1


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


# ---------------------------------------------------------------------------------------------------------------------
# A place in a rule file, so that whatever is wrong there can be reported with its line.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A path inside a document. ``problems`` is the list that all places of one load share."""

    document: Document
    path: Path_ = ()
    problems: list[Problem] = field(default_factory=list)

    def __truediv__(self, part: str | int) -> Place:
        return Place(self.document, (*self.path, part), self.problems)

    def report(self, message: str, zh: str = "") -> None:
        """Add a problem at this place; ``zh``: the same in Chinese."""
        self.problems.append(self.document.problem(self.path, message, zh))

    @property
    def line(self) -> int:
        """The line of this place (1-based)."""
        return self.document.line(self.path)
