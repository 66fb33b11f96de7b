"""The man page of `matcher`, made from the help of its commands: `python -m tests.tools.man_page --write` renews docs/matcher.1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from matcher import __version__
from matcher.cli import main

FILE = Path(__file__).parents[2] / "docs" / "matcher.1"

EXIT = (
    ("0", "what was asked is done, and the answer is yes"),
    ("1", "the answer is no, or some of several inputs were bad; each command says which"),
    ("2", "bad input or settings: every fault is named, nothing was done"),
)


def commands(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command that is no group, with its whole name, in the order of the names."""
    context = click.Context(command, info_name=name, parent=parent, **command.context_settings)
    if isinstance(command, click.Group):
        for one in command.list_commands(context):
            found = command.get_command(context, one)
            assert found is not None
            if not found.hidden:
                yield from commands(found, f"{name} {one}", context)
    else:
        yield name, command, context


def man_page() -> str:
    """The page as roff source (man macros)."""
    lines = [
        f'.TH MATCHER 1 "" "eligibility-matcher {__version__}" "User Commands"',
        ".SH NAME",
        r"matcher \- which enterprise-support schemes of Tianjin a firm is entitled to, why, and for how much",
        ".SH SYNOPSIS",
        r".B matcher",
        r"\fICOMMAND\fR [\fIOPTIONS\fR] [\fIARGS\fR]...",
        ".SH DESCRIPTION",
        *_paragraphs(main.help or ""),
        ".PP",
        _text("Every command has --help, --quiet and --verbose. Answers go to standard output, progress and remarks to standard "
              "error: progress only where that is a terminal. NO_COLOR leaves colours out."),
        ".SH COMMANDS",
    ]  # fmt: skip
    for name, command, context in commands(main, "matcher"):
        usage = " ".join(command.collect_usage_pieces(context))
        lines += [".SS " + _text(name), ".PP", rf".B {_text(name)}", _text(usage), *_paragraphs(command.help or "")]
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if record is not None and record[1]:
                lines += [".TP", rf"\fB{_text(record[0])}\fR", _text(" ".join(record[1].split()))]
    lines.append(".SH EXIT STATUS")
    for status, text in EXIT:
        lines += [".TP", rf"\fB{status}\fR", _text(text)]
    lines += [
        ".SH SHELL COMPLETION",
        _text("bash, in ~/.bashrc:"),
        ".PP",
        _text('eval "$(_MATCHER_COMPLETE=bash_source matcher)"'),
        ".PP",
        _text("zsh, in ~/.zshrc: the same with zsh_source. fish, in ~/.config/fish/completions/matcher.fish:"),
        ".PP",
        _text("_MATCHER_COMPLETE=fish_source matcher | source"),
        ".SH SEE ALSO",
        _text("README.md has the settings and the desk, docs/api.md the interface for programs."),
    ]
    return "\n".join(lines) + "\n"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.replace("\b\n", "").strip().split("\n\n"):
        yield ".PP"
        yield _text(" ".join(paragraph.split()))


def _text(text: str) -> str:
    """Words as roff takes them: no backslash, no line that begins like a request, hyphens that can be copied."""
    plain = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{plain}" if plain[:1] in ".'" else plain


if __name__ == "__main__":
    if "--write" in sys.argv:
        FILE.write_text(man_page(), encoding="utf-8")
    else:
        sys.stdout.write(man_page())
