"""What several commands share: language, date and schemes asked for, the rulebook or why it cannot be used."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from matcher.firms import Fault
from matcher.firms.faults import shown
from matcher.firms.suggestions import known_scheme
from matcher.firms.values import read_date
from matcher.rulebook import Rulebook, RulebookError, Text, load

BAD_INPUT = 2
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the text / 文字的语言"
)
as_of_option = click.option(
    "--as-of", metavar="DATE", help="The day asked about, YYYY-MM-DD; beats the file's / 所问日期"
)
scheme_option = click.option(
    "--scheme", "schemes", metavar="ID", multiple=True, help="Only these schemes; beats the file's / 只看这些政策"
)
rules_option = click.option(
    "--rules",
    "directory",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another folder of rules / 另一个规则目录",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON / 输出 JSON")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line itself asks for; None leaves it to the file."""

    as_of: datetime.date | None
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
    """Load the rules (of a folder); where they cannot be used, print every problem and leave with exit status 2."""
    try:
        return load(directory)
    except RulebookError as error:
        for problem in error.problems:
            click.echo(f"{problem.file}:{problem.line}: {problem.key}: {problem.message}", err=True)
    except FileNotFoundError as error:
        click.echo(str(error), err=True)
    raise SystemExit(BAD_INPUT)


def errors_json(name: str, faults: Sequence[Fault]) -> dict[str, Any]:
    """Return the answer for an input that cannot be used: `{id, errors}`."""
    return {"id": name, "errors": [fault.to_json() for fault in faults]}
