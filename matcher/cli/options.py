"""What several commands share: options, the rulebook or why it cannot be read, files written whole, text in columns."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from matcher import places
from matcher.firms import Fault, known_scheme, read_date, shown
from matcher.rulebook import Rulebook, RulebookError, Text, load
from matcher.text import sentences

from .talk import is_quiet
from .talk import width as terminal_width

# ---------------------------------------------------------------------------------------------------------------------
# What several commands share: language, date and schemes asked for, the rulebook or why it cannot be used.
# ---------------------------------------------------------------------------------------------------------------------


BAD_INPUT = 2

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the text / 文字的语言"
)

report_lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language of the report to the author of rules / 给规则作者的报告用哪种文字",
)

as_of_option = click.option(
    "--as-of", metavar="DATE", help="The day asked about, YYYY-MM-DD; beats the file's / 所问日期"
)

scheme_option = click.option(
    "--scheme", "schemes", metavar="ID", multiple=True, help="Only these schemes; beats the file's / 只看这些政策"
)


def _choose_rules(ctx: click.Context, _: click.Parameter, directory: Path | None) -> None:
    """Take these rules until the command has ended: whatever reads rules finds them where it looks in any case."""
    if directory is not None:
        places.choose_rules(directory)
        ctx.call_on_close(lambda: places.choose_rules(None))


rules_option = click.option(
    "--rules",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_choose_rules,
    help="Another folder of rules, such as a draft / 另一个规则目录，例如草稿",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON / 输出 JSON")

_Command = TypeVar("_Command", bound=Callable[..., object])


def decision_options(command: _Command) -> _Command:
    """The options of a command that decides on a firm's file: ``as_of``, ``schemes``, ``lang``, ``as_json``, and ``--rules``."""
    for option in (json_option, lang_option, rules_option, scheme_option, as_of_option):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line itself asks for; None leaves it to the file."""

    as_of: dt.date | None
    schemes: tuple[str, ...] | None
    faults: tuple[Fault, ...]


class ManySchemes(click.Command):
    """A command whose `--scheme` takes one id or several in a row, until the next option or file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _spread(args))


def _spread(args: Sequence[str]) -> list[str]:
    spread: list[str] = []
    after = 0  # how many words have followed --scheme
    for word in args:
        after = 1 if word == "--scheme" else after + 1 if after else 0
        if after > 2:
            if _SLUG.fullmatch(word) and not Path(word).exists():
                spread.append("--scheme")
            else:
                after = 0
        spread.append(word)
    return spread


def read_asked(rulebook: Rulebook, as_of: str | None, schemes: Sequence[str]) -> Asked:
    """Read `--as-of` and `--scheme`, every fault listed."""
    faults: list[Fault] = []
    day = read_date(as_of) if as_of is not None else None
    if isinstance(day, Text):
        faults.append(Fault("--as-of", None, shown(as_of), day))
        day = None
    slugs = [slug.strip() for told in schemes for slug in told.split(",")]
    for slug in slugs:
        wrong = known_scheme(rulebook, slug)
        if wrong is not None:
            faults.append(Fault("--scheme", None, shown(slug), wrong))
    return Asked(day, tuple(slugs) or None, tuple(faults))


def json_line(found: Any) -> str:
    """What a program reads, on one line, Chinese as it is."""
    return json.dumps(found, ensure_ascii=False)


def load_rulebook(directory: Path | None = None) -> Rulebook:
    """Load the rules (of `--rules`, or of a folder); where they cannot be used, print every problem and leave with status 2."""
    try:
        return load(directory)
    except RulebookError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
    except FileNotFoundError as error:
        click.echo(str(error), err=True)
    raise SystemExit(BAD_INPUT)


# ---------------------------------------------------------------------------------------------------------------------
# Writes the file that a command makes: complete, or not at all.
# ---------------------------------------------------------------------------------------------------------------------


@contextmanager
def written(output: str, lang: str) -> Iterator[IO[bytes]]:
    """A file to write into, which stands at ``output`` once all went well.

    It is opened at once, so that a place that cannot be written is refused before any work is done: exit status 2.
    """
    path = Path(output)
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(draft).unlink()
            raise
    except OSError as error:
        reason = f"{shown(output)}: {error.strerror}"
        click.echo(sentences.say("写不了{reason}", lang, reason=reason), err=True)
        raise SystemExit(BAD_INPUT) from None
    if not is_quiet():
        click.echo(sentences.say("已写入{shown}", lang, shown=shown(output)))


# ---------------------------------------------------------------------------------------------------------------------
# Lay text out in columns where a Chinese character is two wide and a line does not begin with a comma.
# ---------------------------------------------------------------------------------------------------------------------


_NEVER_FIRST = set("，。；：、！？）】》」』”’％%…·,.;:!?)]}")

_NEVER_LAST = set("（【《「『“‘([{¥￥")


def columns(text: str) -> int:
    """Return how many columns a text takes on a terminal; characters of doubtful width count as two."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def wrap(text: str, first: str = "", rest: str | None = None, width: int | None = None) -> list[str]:
    """Break a text into lines of at most `width` columns, of the terminal unless told.

    `first` opens the first, `rest` (or spaces) the others.
    """
    width = terminal_width() if width is None else width
    following = " " * columns(first) if rest is None else rest
    lines, line, used = [], first, columns(first)
    fresh = True  # nothing but the opening stands on the line yet
    for unit in _units(text, width - max(columns(following), columns(first))):
        size = columns(unit.rstrip(" "))
        if not fresh and used + size > width:
            lines.append(line.rstrip(" "))
            line, used, fresh = following, columns(following), True
        if fresh:
            unit = unit.lstrip(" ")
        line += unit
        used += columns(unit)
        fresh = fresh and not unit
    return [*lines, line.rstrip(" ")]


def _units(text: str, widest: int) -> Iterator[str]:
    """Yield what must stay on one line: a Chinese character with its punctuation, a Latin word with its space."""
    unit = ""
    for char in " ".join(text.split()):
        if unit and (_may_break(unit[-1], char) or columns(unit + char) > max(widest, 4)):
            yield unit
            unit = ""
        unit += char
    if unit:
        yield unit


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return after != " "
    if after == " " or after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" or char in _NEVER_FIRST - set("%,.;:!?)]}")
