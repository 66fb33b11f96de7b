"""The commands in script/ and .ci/: they can be run, and say what they cannot do."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

COMMANDS = ("script/serve", "script/test", "script/bench", "script/lock", ".ci/run")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_is_executable_and_parses(command: str, repo_root: Path) -> None:
    """Each command has its executable bit and is a script bash can read."""
    assert os.access(repo_root / command, os.X_OK)
    subprocess.run(["bash", "-n", repo_root / command], check=True)


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="the commands install packages on Debian and Ubuntu only")
def test_who_may_not_install_packages_is_told_the_one_command(repo_root: Path) -> None:
    """Without root and sudo a missing package stops the command with the line that installs it."""
    program = ". script/_common.sh; as_root() { return 1; }; need_packages bash no-such-package"
    done = subprocess.run(["bash", "-c", program], cwd=repo_root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "apt-get install -y --no-install-recommends no-such-package" in done.stderr
    assert "bash no-such" not in done.stderr


def test_a_step_that_fails_fails(repo_root: Path) -> None:
    """A long step reports the exit code of what it ran."""
    program = "set -euo pipefail; . script/_common.sh; step bash -c 'exit 7'"
    assert subprocess.run(["bash", "-c", program], cwd=repo_root, check=False).returncode == 7
