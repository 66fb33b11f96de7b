"""What is brought for running the site elsewhere: units, container, compose; settings that exist, packages that the README names."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from matcher.settings import Settings

SETTINGS = {str(field.alias) for field in Settings.model_fields.values()}


@pytest.mark.parametrize("unit", ["matcher.service", "matcher-jobs.service"])
def test_a_unit_is_understood_and_closed(repo_root: Path, tmp_path: Path, unit: str) -> None:
    """systemd finds no fault with it, and rates what it leaves open as little."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    text = (repo_root / "deploy" / unit).read_text(encoding="utf-8").replace("/opt/matcher/bin/matcher", "/bin/true")
    (tmp_path / unit).write_text(text, encoding="utf-8")
    verify = ["systemd-analyze", "verify", "--recursive-errors=no", str(tmp_path / unit)]
    subprocess.run(verify, check=True, capture_output=True, timeout=60)
    closed = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(tmp_path / unit)]
    subprocess.run(closed, check=True, capture_output=True, timeout=60)


def test_every_setting_of_the_services_exists(repo_root: Path) -> None:
    """Neither compose nor a unit sets what nothing reads."""
    compose = yaml.safe_load((repo_root / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose["services"]) == {"site", "worker", "database", "queue"}
    told = set(compose["x-matcher"]["environment"])
    for unit in ("matcher.service", "matcher-jobs.service"):
        for line in re.findall(r"^Environment=(.*)$", (repo_root / "deploy" / unit).read_text(encoding="utf-8"), re.M):
            told |= {one.partition("=")[0] for one in line.split()}
    assert told
    assert told <= SETTINGS


def test_the_container_has_the_packages_that_a_wheel_needs(repo_root: Path) -> None:
    """Those that the README names for an installed wheel."""
    needed = re.search(r"it needs `([^`]+)`", (repo_root / "README.md").read_text(encoding="utf-8"))
    assert needed is not None
    container = (repo_root / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert [one for one in needed[1].split() if one not in container] == []
