"""What every test may ask for: the checkout, the folder shared with it, and the loaded rulebook."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher import rulebook as rules

ROOT = Path(__file__).resolve().parent.parent


def count(full: int) -> int:
    """How many random examples a test draws: `full` under `script/bench` (MATCHER_FULL=1), else a tenth, at least 1."""
    return full if os.environ.get("MATCHER_FULL") == "1" else max(1, full // 10)


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
def shared_dir() -> Path:
    """The folder of contract, cases and reference lists, beside the checkout unless MATCHER_SHARED names it."""
    folder = Path(os.environ.get("MATCHER_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        # In CI a missing folder must not turn hundreds of cases into quiet skips.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no folder {folder}: set MATCHER_SHARED")
    return folder


@pytest.fixture(scope="session")
def given_cases(shared_dir: Path) -> Path:
    """The folder of given cases, bundles and firms: their second edition."""
    return shared_dir / "next" / "cases"


@pytest.fixture(scope="session")
def contract_dir(shared_dir: Path) -> Path:
    """The folder of the contract that the ids come from: its second edition."""
    return shared_dir / "next" / "contract"


@pytest.fixture(scope="session")
def rulebook() -> rules.Rulebook:
    """The rulebook of this checkout, loaded once."""
    return rules.load()
