"""Gathers the commands of `matcher`. None is imported before it is called, so that a check answers within a second."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from matcher import __version__


class _Entry(NamedTuple):
    module: str
    """The module of `matcher` that holds it."""
    summary: str
    """What `matcher --help` says of it: the first sentence of its own help."""


_COMMANDS = {
    "accounts": _Entry(
        "cli.accounts", "Keep the accounts of the desk: make the first administrator, unlock, reset, deactivate."
    ),
    "alerts": _Entry("cli.alerts", "Changes of the law, told by e-mail to whoever subscribed on the site."),
    "audit": _Entry("cli.audit", "The audit trail of the desk: verify it, note where it ends, export it."),
    "backup": _Entry(
        "cli.upkeep", "Write the database, the kept rulebooks and the keys into FILE, while the site goes on."
    ),
    "bundle": _Entry(
        "cli.bundle", "Choose among the offers of the bundle in FILE: what may be had together, and what is worth most."
    ),
    "cases": _Entry("workbench.cases", "Run the worked cases in PATH..."),
    "check": _Entry("cli.check", "Decide every scheme (or those named) for the firm in FILE."),
    "doctor": _Entry(
        "cli.doctor",
        "Say what is wrong with this installation and how to mend it: settings, rules, files, database, keys, backups, mail, scanner.",
    ),
    "facts": _Entry("cli.vocabulary", "List every fact a profile may hold: id, type, unit, values, bounds, question."),
    "firms": _Entry("cli.firms", "The register of firms: read lists into it, find a firm in it."),
    "impact": _Entry(
        "cli.population",
        "Compare two days, two folders of rules, or the rules with other figures, over FIRMS: who gains, who loses, how many yuan.",
    ),
    "industry": _Entry(
        "cli.industry",
        "Find the industry (group of GB/T 4754-2017) by plain words, pinyin, English, a code, or the firm's name.",
    ),
    "interview": _Entry(
        "cli.interview",
        "Interview the firm in FILE, or each of several (a list, or .jsonl); what its file lacks it answers with 不清楚.",
    ),
    "jobs": _Entry(
        "cli.serve",
        "Do the long work of the desk (spreadsheets, screenings) until SIGTERM or Ctrl-C; nothing is lost by that.",
    ),
    "keys": _Entry("cli.keys", "Keep the centres' keys: make, exchange, revoke them, and publish the trust list."),
    "letter": _Entry(
        "cli.letter", "Write the letter (PDF) for the firm in PROFILE (.json, .yaml, or - for standard input)."
    ),
    "letters": _Entry("cli.letters", "The register of issued letters."),
    "mcp": _Entry(
        "cli.mcp",
        "Serve an assistant over the Model Context Protocol (standard input and output): catalogue, check, explain, next "
        "question.",
    ),
    "outreach": _Entry("cli.outreach", "Firms of the register that are entitled to something and were not told."),
    "restore": _Entry(
        "cli.upkeep", "Restore FILE into an installation that holds nothing yet; an older schema is brought up to date."
    ),
    "retention": _Entry("cli.upkeep", "How long what firms told is kept; each centre settles its days."),
    "rules": _Entry("workbench.rules", "Look after the rulebook / 规则库."),
    "schemes": _Entry("cli.schemes", "Find schemes by plain words, in Chinese, English or pinyin."),
    "screen": _Entry("cli.population", "Decide every scheme for every firm of a table, and write the lines to OUT."),
    "serve": _Entry("cli.serve", "Serve the site until it is told to stop (SIGTERM, Ctrl-C)."),
    "sql": _Entry("cli.sql", "Print a statement for each scheme named (all, unless any is) over a table of firms."),
    "verify": _Entry(
        "cli.verify", "Verify a letter from its file, a scan or a photograph, or from what stands on paper (--code)."
    ),
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called; to list them needs none."""

    def main(self, *args: Any, **extra: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            encoding = getattr(stream, "encoding", None) or ""
            if encoding.lower().replace("-", "") != "utf8" and hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8")  # a terminal set to ASCII must not turn Chinese into a traceback
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        from matcher.settings import SettingsError  # not for the help and the version

        try:
            return super().invoke(ctx)
        except SettingsError as error:
            click.echo(str(error), err=True)
            raise SystemExit(2) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        from .talk import with_talk  # not for the list of commands

        command: click.Command = getattr(import_module(f"matcher.{_COMMANDS[cmd_name].module}"), cmd_name)
        return with_talk(command)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, each with what it does; none is imported for that."""
        found = [
            CompletionItem(name, help=_COMMANDS[name].summary)
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name].summary) for name in self.list_commands(ctx)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="matcher")
def main() -> None:
    """Which enterprise-support schemes of Tianjin a firm is entitled to, why, and for how much.

    企业能享受天津哪些扶持政策：为什么，多少钱，还缺什么。
    """
