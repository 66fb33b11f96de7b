"""The locked packages in script/requirements: they satisfy setup.cfg, are pinned with hashes, and the commands use them."""

import configparser
import hashlib
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LAYERS = {"site": (), "dev": ("site",), "bench": ("site", "dev")}
"""Each lock file, and those it stands on: what they hold it does not repeat."""

EXTRAS = {"site": ("redis",), "dev": ("dev", "prove"), "bench": ("bench",)}
"""The extras of setup.cfg that each lock file brings."""

MACHINES = [
    {"python_version": version, "python_full_version": f"{version}.8", "platform_machine": machine}
    for version in ("3.11", "3.12", "3.13")
    for machine in ("x86_64", "aarch64")
]


@dataclass(frozen=True)
class Pin:
    """One line of a lock file: a package at one version, perhaps only where a condition holds, with its hashes."""

    name: str
    version: Version
    marker: Marker | None
    hashes: tuple[str, ...]

    def wanted(self, machine: dict[str, str]) -> bool:
        return self.marker is None or self.marker.evaluate({**default_environment(), **machine})


def pins(root: Path, *locks: str) -> list[Pin]:
    """What the lock files hold."""
    found = []
    for lock in locks:
        text = (root / "script" / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        for line in re.sub(r"\\\n", " ", text).splitlines():
            if line.startswith("#"):
                continue
            required = Requirement(line.split(" --hash")[0])
            (pinned,) = required.specifier
            assert pinned.operator == "==", line
            hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})(?= |$)", line))
            found.append(Pin(canonicalize_name(required.name), Version(pinned.version), required.marker, hashes))
    return found


def asked(root: Path, lock: str) -> list[Requirement]:
    """What setup.cfg and the build ask of a lock file and those below it."""
    config = configparser.ConfigParser()
    config.read(root / "setup.cfg", encoding="utf-8")
    build = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    lines = [*build, *config["options"]["install_requires"].split("\n")]
    for layer in (*LAYERS[lock], lock):
        for extra in EXTRAS[layer]:
            lines += config["options.extras_require"][extra].split("\n")
    return [Requirement(line) for line in lines if line]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: "-".join(machine.values()))
@pytest.mark.parametrize("lock", LAYERS)
def test_every_requirement_is_locked_at_a_version_it_allows(
    lock: str, machine: dict[str, str], repo_root: Path
) -> None:
    """On each Python and machine exactly one version of every requirement is locked, and setup.cfg allows it."""
    held = [pin for pin in pins(repo_root, *LAYERS[lock], lock) if pin.wanted(machine)]
    versions = {pin.name: pin.version for pin in held}
    assert len(versions) == len(held), "a package is locked twice for one machine"
    for one in asked(repo_root, lock):
        version = versions.get(canonicalize_name(one.name))
        assert version is not None, f"{one} is not locked; run script/lock --added"
        assert one.specifier.contains(version, prereleases=True), (
            f"{one}, but {version} is locked; run script/lock --added"
        )


def test_every_extra_is_locked(repo_root: Path) -> None:
    """A new extra of setup.cfg cannot be forgotten here."""
    config = configparser.ConfigParser()
    config.read(repo_root / "setup.cfg", encoding="utf-8")
    assert {extra for extras in EXTRAS.values() for extra in extras} == set(config["options.extras_require"])


@pytest.mark.parametrize("lock", LAYERS)
def test_every_locked_package_has_hashes(lock: str, repo_root: Path) -> None:
    """Without a hash pip would refuse the whole file, or take what an index hands out."""
    held = pins(repo_root, lock)
    assert held
    assert [pin.name for pin in held if not pin.hashes] == []


@pytest.mark.parametrize("lock", LAYERS)
def test_a_lock_file_names_no_place(lock: str, repo_root: Path) -> None:
    """Where packages are fetched from is each machine's own setting: no address and no path is committed."""
    text = (repo_root / "script" / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--find-links|--extra| @ |^-", text, re.MULTILINE)


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_only_a_file_with_a_locked_hash_is_installed(known: bool, repo_root: Path, tmp_path: Path) -> None:
    """The function that both commands install with takes the file that was locked and refuses any other."""
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest() if known else "0" * 64
    lock = tmp_path / "lock.txt"
    lock.write_text(f"tiny==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    options = f"--dry-run --no-index --find-links={shlex.quote(str(tmp_path))}"
    program = f". script/_common.sh; VENV=$1; install_locked {options} --requirement=$2"
    command = ["bash", "-c", program, "bash", sys.prefix, lock]
    done = subprocess.run(command, cwd=repo_root, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is known, done.stderr
    assert ("DO NOT MATCH THE HASHES" in done.stderr) is not known
