"""`matcher` itself: its help and its version, and what a start loads."""

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

import matcher
from matcher import __version__
from matcher.cli import main

Run = Callable[..., Result]

CONTEXT = click.Context(main)


def loaded(repo_root: Path, *words: str) -> set[str]:
    """The modules that a new process has loaded once `matcher` with these words has answered."""
    program = (
        "import sys\nfrom matcher.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('modules', *sys.modules)"
    )
    command = [sys.executable, "-c", program, *words]
    env = {**os.environ, "PYTHONPATH": str(repo_root)}
    done = subprocess.run(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True, env=env, text=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_and_version_load_no_command(words: tuple[str, ...], repo_root: Path) -> None:
    """Of the project only the package and the list of commands are loaded: fewer modules than for any command."""
    modules = loaded(repo_root, *words)
    assert {name for name in modules if name.startswith("matcher")} == {"matcher", "matcher.cli", "matcher.cli.group"}
    assert len(modules) < len(loaded(repo_root, "check", "--help"))


@pytest.mark.parametrize("name", main.list_commands(CONTEXT))
def test_the_list_says_what_a_command_says_of_itself(name: str) -> None:
    """Each command can be loaded, has that name, and starts its own help with the sentence in the list."""
    command = main.get_command(CONTEXT, name)
    assert command is not None
    assert command.name == name
    listed = re.sub(r"\s+", " ", main.get_help(CONTEXT))
    assert f" {name} {command.get_short_help_str(limit=1000)}" in listed


def test_every_command_can_be_called() -> None:
    """A command that a module of the program defines, and nobody listed, would be there in vain."""
    waiting = [main.get_command(CONTEXT, name) for name in main.list_commands(CONTEXT)]
    called = set()
    while waiting:
        command = waiting.pop()
        called.add(command)
        waiting += command.commands.values() if isinstance(command, click.Group) else ()
    for module in pkgutil.walk_packages(matcher.__path__, "matcher."):
        values = vars(importlib.import_module(module.name)).values()
        assert {value for value in values if isinstance(value, click.Command)} <= {*called, main}


def test_version(run: Run) -> None:
    """`matcher --version` gives the version of the package."""
    assert run("--version").stdout == f"matcher, version {__version__}\n"
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_an_unknown_command_is_refused(run: Run) -> None:
    """A name that is none of the commands ends with status 2."""
    result = run("chek")
    assert result.exit_code == 2
    assert "chek" in result.stderr


def test_help_is_written_on_an_ascii_terminal(repo_root: Path) -> None:
    """The help has Chinese in it, and a terminal set to ASCII gets it all the same."""
    command = [sys.executable, "-c", "from matcher.cli import main; main()", "--help"]
    env = {**os.environ, "PYTHONPATH": str(repo_root), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, check=False, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "企业" in done.stdout.decode("utf-8")


def test_looking_after_the_rules_loads_no_site(repo_root: Path) -> None:
    """`matcher rules` answers without the web framework, the database and the setting of letters."""
    modules = loaded(repo_root, "rules", "queue", "--as-of", "2026-12-01")
    assert {"flask", "sqlalchemy", "weasyprint"}.isdisjoint(modules)
