"""`matcher sql`: the rules of a scheme as one statement for a warehouse."""

from __future__ import annotations

import click

from matcher.population import DIALECTS, NotColumnar, statement
from matcher.text import today

from .options import (
    BAD_INPUT,
    ManySchemes,
    as_of_option,
    lang_option,
    load_rulebook,
    read_asked,
    rules_option,
    scheme_option,
)
from .report import faults_text


@click.command(cls=ManySchemes)
@click.option(
    "--dialect",
    type=click.Choice(DIALECTS),
    required=True,
    help="Whose SQL; the last three were never run / 哪种数据库；后三种没有实跑过",
)
@click.option("--table", default="firms", show_default=True, help="The table of firms / 企业表")
@as_of_option
@scheme_option
@rules_option
@lang_option
def sql(dialect: str, table: str, as_of: str | None, schemes: tuple[str, ...], lang: str) -> None:
    """Print a statement for each scheme named (all, unless any is) over a table of firms.

    Its columns are `id` and all facts that the scheme reads, of the types BOOLEAN, DATE, VARCHAR and, in yuan, DECIMAL; rates have at
    most six decimal places. A firm with the status `exact` must be asked with `matcher check`.

    把政策条件写成数据库语句。
    """
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, schemes)
    if asked.faults:
        click.echo(faults_text("sql", asked.faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    for slug in asked.schemes or tuple(rulebook.schemes):
        try:
            click.echo(statement(rulebook, slug, asked.as_of or today(), dialect, table) + ";")
        except NotColumnar as reason:
            click.echo(f"-- {slug}: {reason}")
