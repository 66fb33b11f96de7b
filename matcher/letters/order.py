"""Says what a letter is to be: its centre, its kind, how long it holds; drafts it, keeps its rulebook, or refuses it."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from matcher import places
from matcher.engine import NO_ITEMS, POSITIVE, Decision, Items, check
from matcher.firms import Row, read_table
from matcher.letters.compose import StatedBy
from matcher.letters.proof import Centre
from matcher.rulebook import Problem, Rulebook, RulebookError, Text, load
from matcher.rulebook.language import Scalar
from matcher.settings import settings
from matcher.text import BilingualError, clean, day_of

from .models import Origin

# ---------------------------------------------------------------------------------------------------------------------
# Says why a letter cannot be issued, in Chinese and English.
# ---------------------------------------------------------------------------------------------------------------------


class Refusal(BilingualError):
    """A letter that is not issued; ``text`` says why and what to do. No number is used up."""


# ---------------------------------------------------------------------------------------------------------------------
# Knows the address under which the site verifies letters: it is printed on them, and kept with each.
# ---------------------------------------------------------------------------------------------------------------------


def public_site() -> str | None:
    """The address without `https://` and without a slash at its end, as letters print it; None where none is set.

    :raises SettingsError: for a setting that is no such address: a letter that names a wrong one would be signed for good.
    """
    told = settings().public_url
    return told.partition("://")[2] if told else None


# ---------------------------------------------------------------------------------------------------------------------
# Keeps every rulebook under which a letter was issued, as an archive called by its hash.
# ---------------------------------------------------------------------------------------------------------------------


_KEPT = (".yaml", ".csv")

_ORDER = "ORDER"

# The same rules make the same archive: no time of day and no owner goes into it.
_DATED = (1980, 1, 1, 0, 0, 0)


def keep_rulebook(content_hash: str, rules: Path, folder: Path) -> Path:
    """Keep the rules as ``folder/HASH.zip`` unless they are there already; gives the archive.

    :param content_hash: ``Rulebook.hash``; :param rules: the folder that it was loaded from.
    :raises Refusal: when the folder holds other rules by now, as after an update without a new start, or the archive
        cannot be written.
    """
    archive = folder / f"{content_hash}.zip"
    if not archive.is_file():
        with tempfile.TemporaryDirectory() as snapshot:
            copied = Path(snapshot)
            _copy(rules, copied)
            _must_be(content_hash, copied)
            try:
                _write(copied, archive)
            except OSError as error:
                raise Refusal(
                    f"无法保存规则库 {archive}（{error.strerror}），未签发。",
                    f"The rulebook cannot be kept as {archive} ({error.strerror}); nothing was issued.",
                ) from None
    return archive


def _files(rules: Path) -> Iterator[Path]:
    """The files that a rulebook is loaded from, in the order of their names."""
    return (
        path for path in sorted(rules.rglob("*")) if path.is_file() and (path.suffix in _KEPT or path.name == _ORDER)
    )


def _copy(rules: Path, copied: Path) -> None:
    for path in _files(rules):
        target = copied / path.relative_to(rules)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _must_be(content_hash: str, rules: Path) -> None:
    """Read again what was copied: the files may have changed since the rulebook was loaded."""
    try:
        found = load(rules).hash
    except RulebookError:
        found = ""
    if found != content_hash:
        raise Refusal(
            "规则文件在启动后被改动，未签发。请重新启动后再签发。",
            "The rule files changed after the start; nothing was issued. Start again and issue then.",
        )


def _write(rules: Path, archive: Path) -> None:
    """Complete or not at all; of two at once the later replaces the earlier by the same content."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        draft = Path(folder) / archive.name
        with zipfile.ZipFile(draft, "w") as opened:
            for path in _files(rules):
                entry = zipfile.ZipInfo(path.relative_to(rules).as_posix(), _DATED)
                opened.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
        draft.replace(archive)


# ---------------------------------------------------------------------------------------------------------------------
# Says what a letter is to be, and drafts it: all of it but its number.
# ---------------------------------------------------------------------------------------------------------------------


VALID_DAYS = 90

LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued: a letter of a centre on a firm's facts, checked for a day.

    ``valid_days`` is counted from the day the letter is written; ``supersedes`` is the number of the letter it replaces.
    ``is_only``: a firm has one current letter of the centre, so where it has one it must be named as superseded.
    ``by`` says of facts who they come from, where it is not whom the vocabulary names.
    """

    centre: Centre
    facts: Mapping[str, Scalar]
    as_of: date
    schemes: tuple[str, ...] | None = None
    kind: Literal["eligibility", "missing"] = "eligibility"
    lang: Literal["zh", "en", "both"] = "zh"
    valid_days: int = VALID_DAYS
    supersedes: str | None = None
    origin: Origin = "cli"
    by: Mapping[str, StatedBy] = field(default_factory=dict)
    is_only: bool = False
    items: Items = NO_ITEMS


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a letter but its number."""

    order: Order
    decisions: tuple[Decision, ...]
    addressee: str
    at: datetime
    written_on: date
    valid_until: date | None


def valid_until(decisions: Iterable[Decision], written_on: date, days: int) -> date:
    """The last day on which a letter may be relied on: the term, or the end of a version that it rests on if earlier.

    A version that ended before the letter was written is asked about the past, which does not change any more.
    """
    ends = (one.version[1] for one in decisions if one.version and one.status in POSITIVE)
    return min([written_on + timedelta(days=days), *(end for end in ends if end and end >= written_on)])


RECENT = timedelta(days=30)


def holds_from(decisions: Iterable[Decision], as_of: date, written_on: date) -> bool:
    """Whether what was decided for ``as_of`` may be relied on when the letter is written: the day is hardly over, and no rule that
    the letter rests on has ended since."""
    ends = (one.version[1] for one in decisions if one.version and one.status in POSITIVE)
    return written_on - as_of <= RECENT and not any(end < written_on for end in ends if end)


def draft_of(rulebook: Rulebook, order: Order, at: datetime) -> Draft:
    """What an order comes to at a moment (aware). Raises Refusal when there is nothing to say."""
    if not 1 <= order.valid_days <= LONGEST_DAYS:
        raise Refusal(
            f"有效期应为1至{LONGEST_DAYS}天。",
            f"A letter is valid for 1 to {LONGEST_DAYS} days, not {order.valid_days}.",
        )
    decisions = _decide(rulebook, order)
    name = order.facts.get("name")
    if not isinstance(name, str) or not clean(name):
        raise Refusal(
            "没有企业名称，未签发：请先填写企业名称。",
            "The firm's name is missing; nothing was issued. State it first.",
        )
    written_on = day_of(at)
    holds = order.kind == "missing" or holds_from(decisions, order.as_of, written_on)
    return Draft(
        order,
        decisions,
        clean(name),
        at,
        written_on,
        valid_until(decisions, written_on, order.valid_days) if holds else None,
    )


def _decide(rulebook: Rulebook, order: Order) -> tuple[Decision, ...]:
    """The decisions that the letter speaks of; a notice of what is missing has only those that wait for facts."""
    decisions = check(rulebook, order.facts, order.as_of, order.schemes, items=order.items)
    if order.kind == "missing":
        waiting = [one.scheme for one in decisions if one.status == "needs_information"]
        # Decided anew without the others, as whoever verifies the letter will do.
        decisions = check(rulebook, order.facts, order.as_of, waiting, items=order.items)
    if not decisions:
        raise Refusal(
            "没有可写入函件的政策，未签发。", "There is no scheme for this letter to speak of; nothing was issued."
        )
    return decisions


# ---------------------------------------------------------------------------------------------------------------------
# Reads the centres that issue letters, from `rules/reference/centres.csv`: the 16 districts' and the city's.
# ---------------------------------------------------------------------------------------------------------------------


_FILE = "reference/centres.csv"

_COLUMNS = ("id", "district", "mark", "name_zh", "name_en")


@cache
def centres(directory: Path | None = None) -> Mapping[str, Centre]:
    """The centres by id, in the order of the list; ids are those of the districts, and ``tianjin`` for the city's.

    Raises RulebookError for a list that cannot be read, an empty cell, or an id or letter mark that stands twice.
    """
    rows = read_table(directory or places.rules_dir(), _FILE, _COLUMNS)
    _must_differ(rows)
    return {row["id"]: Centre(row["id"], Text(zh=row["name_zh"], en=row["name_en"]), row["mark"]) for _, row in rows}


def _must_differ(rows: list[Row]) -> None:
    """Two centres with one letter mark would give two letters the same number."""
    met: set[tuple[str, str]] = set()
    for line, row in rows:
        for column in ("id", "mark"):
            if (column, row[column]) in met:
                raise RulebookError([Problem(_FILE, line, column, f"{row[column]} stands already further up")])
            met.add((column, row[column]))
        if not all(cell for column, cell in row.items() if column != "district"):
            raise RulebookError([Problem(_FILE, line, row["id"], "a cell is empty")])
