"""What people expect of every command: help in both languages, --quiet and --verbose, progress, colours, width, completion, a man page."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from matcher.cli import main
from matcher.cli.options import columns
from tests.tools.man_page import FILE, commands, man_page

Run = Callable[..., Result]

COMMANDS = {name.removeprefix("matcher "): command for name, command, _ in commands(main, "matcher")}
HAN, LATIN = re.compile("[一-鿿]"), re.compile("[A-Za-z]{2}")

# What these print is data, or both languages at once.
WITHOUT_LANG = {
    *("accounts deactivate", "accounts list", "accounts new", "accounts reset", "accounts unlock"),
    *("audit export", "audit head", "jobs", "keys export", "keys new", "keys revoke", "keys rotate", "keys trust-list"),
    *("letters voids", "mcp", "serve"),
}
FIRM = '{"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}'
CHECK = ("check", "-", "--as-of", "2026-03-31", "--scheme", "six-taxes-two-fees")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_as_all_others(name: str) -> None:
    """Its help and that of each option in both languages, --quiet and --verbose, --lang unless it needs none."""
    command = COMMANDS[name]
    assert HAN.search(command.help or ""), "no Chinese in the help"
    assert LATIN.search(command.help or "")
    options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
    for one in options:
        assert HAN.search(one.help or ""), one.opts
        assert LATIN.search(one.help or ""), one.opts
    named = {opt for one in options for opt in one.opts}
    assert {"-q", "--quiet", "-v", "--verbose"} <= named
    assert ("--lang" in named) == (name not in WITHOUT_LANG)


def test_the_man_page_is_that_of_the_help() -> None:
    """It is made from the help, and `man` finds nothing wrong with it."""
    assert FILE.read_text(encoding="utf-8") == man_page(), "run python -m tests.tools.man_page --write"
    assert all(f".SS matcher {name}".replace("-", r"\-") in man_page() for name in COMMANDS)


def test_quiet_says_the_answer_alone(run: Run, tmp_path: Path) -> None:
    """No word that a file was written, nothing on standard error; an error is said all the same."""
    path = tmp_path / "firm.json"
    path.write_text(FIRM, encoding="utf-8")
    loud, quiet = (run("letter", path, "-o", tmp_path / "a.pdf", *more) for more in ((), ("-q",)))
    assert (loud.exit_code, quiet.exit_code) == (0, 0)
    assert ("a.pdf" in loud.stdout, quiet.stdout, quiet.stderr) == (True, "", "")
    assert run(*CHECK, "--quiet", stdin="{").exit_code == 2
    assert run(*CHECK, "--quiet", stdin="{").stderr


def test_verbose_says_how_long_it_took(run: Run) -> None:
    """On standard error, in the language asked for; the answer is as without it."""
    plain, verbose = run("schemes", "贷款贴息", "--lang", "en"), run("schemes", "贷款贴息", "--lang", "en", "--verbose")
    assert plain.stdout == verbose.stdout
    assert re.search(r"took [\d.]+ s, at most \d+ MB of memory", verbose.stderr)
    assert "用时" in run(*CHECK, "-v", stdin=FIRM).stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes(shell: str, repo_root: Path) -> None:
    """By the one line of the README; commands and options are completed, and no command is imported for the list."""
    program = [
        sys.executable,
        "-c",
        "import sys; from matcher.cli import main; sys.argv[0] = 'matcher'; main(prog_name='matcher')",
    ]

    def asked(**more: str) -> str:
        found = subprocess.run(
            program, env={**os.environ, **more}, capture_output=True, text=True, check=False, timeout=60
        )
        assert found.stderr == ""
        return found.stdout

    assert "_MATCHER_COMPLETE" in asked(_MATCHER_COMPLETE=f"{shell}_source")
    assert f"_MATCHER_COMPLETE={shell}_source" in (repo_root / "README.md").read_text(encoding="utf-8")
    found = asked(
        _MATCHER_COMPLETE=f"{shell}_complete", COMP_WORDS="matcher sch", COMP_CWORD="1" if shell != "fish" else "sch"
    )
    assert "schemes" in found
    told = asked(
        _MATCHER_COMPLETE=f"{shell}_complete",
        COMP_WORDS="matcher check --la",
        COMP_CWORD="2" if shell != "fish" else "--la",
    )
    assert "--lang" in told


def on_a_terminal(*words: str, stdin: str = "", wide: int = 80, **more: str) -> str:
    """What a person sees of a command: standard output and standard error are a terminal so wide."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, wide, 0, 0))
    program = [sys.executable, "-c", "from matcher.cli import main; main()", *words]
    kept = {name: told for name, told in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs, env={**kept, "TERM": "xterm", **more}
    ) as process:
        os.close(theirs)
        assert process.stdin is not None
        process.stdin.write(stdin.encode())
        process.stdin.close()
        seen = b""
        while True:
            select.select([ours], [], [])
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other side has ended
                break
            if not piece:
                break
            seen += piece
    os.close(ours)
    assert process.returncode == 0, seen.decode()
    return seen.decode().replace("\r\n", "\n")


def test_a_terminal_has_colours_and_lines_of_its_width() -> None:
    """Colours on a terminal unless NO_COLOR says otherwise; text is broken at the terminal's edge; a pipe has neither."""
    seen = on_a_terminal(*CHECK, "--lang", "en", stdin=FIRM, wide=50)
    assert "\x1b[32m●\x1b[0m" in seen
    assert max(columns(re.sub(r"\x1b\[\d+m", "", line)) for line in seen.splitlines()) <= 50
    plain = on_a_terminal(*CHECK, "--lang", "en", stdin=FIRM, NO_COLOR="1")
    assert "\x1b" not in plain


def test_what_takes_long_shows_how_long_it_will_take(tmp_path: Path) -> None:
    """On a terminal a bar with how many are done; none with --quiet; the summary stands below it."""
    path = tmp_path / "firms.csv"
    rows = "\n".join(
        f"T{n},天津第{n}企业有限公司,{code}" for n, code in enumerate(("91120000103064074F", "91120101MA05TX9C3R"))
    )
    path.write_text(f"id,name,credit_code\n{rows}\n", encoding="utf-8")
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/m.db", "MATCHER_INSTANCE": str(tmp_path)}
    seen = on_a_terminal("firms", "import", str(path), "--lang", "en", **settings)
    assert "firms read" in seen
    assert "2/2" in seen or "2/3" in seen
    assert "imported: 2 new firms" in seen
    quiet = on_a_terminal("firms", "import", str(path), "--lang", "en", "--quiet", **settings)
    assert "firms read" not in quiet
    assert "imported: 0 new firms, 2 known" in quiet
