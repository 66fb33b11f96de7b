"""What every test may ask for: the checkout, its worked cases and reference lists, and the loaded rulebook."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from matcher import rulebook as rules

# A module before those that import it: only so its assertions are rewritten.
pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.browsing",
    "tests.fixtures.pages",
    "tests.fixtures.desk",
    "tests.fixtures.desk_cases",
    "tests.fixtures.identity_provider",
    "tests.fixtures.issuing",
    "tests.fixtures.register",
    "tests.fixtures.runs",
    "tests.fixtures.command_line",
    "tests.fixtures.mail",
    "tests.fixtures.clamav",
]

# Property tests draw the same examples at every run: a failure in CI is a failure at the desk. A busy machine is slow,
# not wrong.
settings.register_profile("tests", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("tests")

ROOT = Path(__file__).resolve().parent.parent


def count(full: int, share: int = 10) -> int:
    """How many random examples a test draws: `full` under `script/bench` (MATCHER_FULL=1), else a tenth, at least 1.

    ``share``: a smaller part where one example takes long, as a whole interview does.
    """
    return full if os.environ.get("MATCHER_FULL") == "1" else max(1, full // share)


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a person chose on this machine (whose trust lists to believe) is neither read nor changed by tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATCHER_CONFIG", str(tmp_path_factory.mktemp("settings")))
        yield


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def all_cases() -> Path:
    """The folder of all worked cases: ours, and under it those that were given."""
    return ROOT / "tests" / "worked_cases"


@pytest.fixture(scope="session")
def given_cases(all_cases: Path) -> Path:
    """The folder of the cases, bundles and whole firms that were given with the contract."""
    return all_cases / "given"


@pytest.fixture(scope="session")
def contract_dir() -> Path:
    """The folder of the contract that the ids come from."""
    return ROOT / "tests" / "contract"


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """The folder of the document's text and of reference lists that only tests compare with."""
    return ROOT / "tests" / "reference"


@pytest.fixture(scope="session")
def generated_firms() -> Callable[[int, Path], Path]:
    """Writes that many made-up firms of Tianjin, always the same ones, to a file of the folder and returns it."""

    def generate(number: int, folder: Path) -> Path:
        made = folder / "firms.csv"
        tool = ROOT / "tests" / "tools" / "generate_firms.py"
        subprocess.run([sys.executable, tool, str(number), "--seed", "7", "-o", made], check=True)
        return made

    return generate


@pytest.fixture(scope="session")
def rulebook() -> rules.Rulebook:
    """The rulebook of this checkout, loaded once."""
    return rules.load()
