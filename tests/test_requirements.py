"""The locked packages in script/requirements: they satisfy setup.cfg, are pinned with hashes, and the commands use them."""

import configparser
import hashlib
import os
import re
import shlex
import shutil
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

EXTRAS = {"site": ("redis",), "dev": ("dev", "prove", "mcp", "duckdb"), "bench": ("bench",)}
"""The extras of setup.cfg that each lock file brings."""

# Spark is on no wheel, only as source; it stands where a cluster has it, and neither script/serve nor script/test installs it.
UNLOCKED = {"spark"}

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
    locked = {extra for extras in EXTRAS.values() for extra in extras}
    assert locked | UNLOCKED == set(config["options.extras_require"])


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
    digest = _tiny_wheel(tmp_path, "tiny")
    lock = tmp_path / "lock.txt"
    lock.write_text(f"tiny==1.0 --hash=sha256:{digest if known else '0' * 64}\n", encoding="utf-8")
    options = f"--dry-run --no-index --find-links={shlex.quote(str(tmp_path))}"
    program = f". script/_common.sh; VENV=$1; install_locked {options} --requirement=$2"
    command = ["bash", "-c", program, "bash", sys.prefix, lock]
    done = subprocess.run(command, cwd=repo_root, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is known, done.stderr
    assert ("DO NOT MATCH THE HASHES" in done.stderr) is not known


def test_a_start_installs_only_what_changed(repo_root: Path, tmp_path: Path) -> None:
    """The first start installs what is locked and then the checkout; the second nothing; another lock all again."""
    locks, log = tmp_path / "locks", tmp_path / "log"
    shutil.copytree(repo_root / "script" / "requirements", locks)
    _pretend(tmp_path / "venv" / "bin" / "python", f'echo "$*" >>{shlex.quote(str(log))}')
    _pretend(tmp_path / "venv" / "bin" / "matcher", "")
    program = "set -euo pipefail; . script/_common.sh; VENV=$1; LOCKS=$2; ensure_python_packages test dev"
    installed = []
    for _ in range(3):
        log.write_text("", encoding="utf-8")
        subprocess.run(["bash", "-c", program, "bash", tmp_path / "venv", locks], cwd=repo_root, check=True)
        installed.append([line for line in log.read_text(encoding="utf-8").splitlines() if " install " in line])
        if len(installed) == 2:
            (locks / "dev.txt").write_text("", encoding="utf-8")
    assert [len(calls) for calls in installed] == [2, 0, 2]
    packages, checkout = installed[0]
    assert "--require-hashes" in packages
    assert {f"--requirement={locks}/{name}.txt" for name in ("site", "dev")} <= set(packages.split())
    assert {"--no-deps", "--no-build-isolation", "--editable"} <= set(checkout.split())


def test_a_peer_that_cannot_be_had_takes_no_other_with_it(repo_root: Path, tmp_path: Path) -> None:
    """Benchmarks do without an engine that has no build here, and say so; the others are installed."""
    digests = {name: _tiny_wheel(tmp_path, name) for name in ("first", "second", "third")}
    digests["second"] = "0" * 64
    lines = [f"{name}==1.0 \\\n    --hash=sha256:{digest}\n" for name, digest in digests.items()]
    (tmp_path / "bench.txt").write_text("# made by hand\n" + "".join(lines), encoding="utf-8")
    _pretend(tmp_path / "venv" / "bin" / "python", f'exec {shlex.quote(sys.executable)} "$@"')
    program = "set -euo pipefail; . script/_common.sh; VENV=$1; LOCKS=$2; ensure_peers"
    target = tmp_path / "installed"
    places = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_TARGET": str(target)}
    command = ["bash", "-c", program, "bash", tmp_path / "venv", tmp_path]
    env = {**os.environ, **places}
    done = subprocess.run(command, cwd=repo_root, env=env, capture_output=True, text=True, check=True)
    assert re.findall("SKIPPED: (.*) cannot", done.stderr) == ["second"]
    assert sorted(path.name for path in target.glob("*.dist-info")) == ["first-1.0.dist-info", "third-1.0.dist-info"]


def _pretend(path: Path, program: str) -> None:
    """A program in the place of another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
    path.chmod(0o755)


def _tiny_wheel(folder: Path, name: str) -> str:
    """Make a wheel of version 1.0 with nothing in it; gives its SHA-256."""
    wheel, info = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(wheel.read_bytes()).hexdigest()
