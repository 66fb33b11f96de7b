"""The wheel: it lists every package, carries the four folders, and serves the site from an empty environment."""

import configparser
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

DATA_FOLDERS = ("rules", "templates", "static", "migrations")


@pytest.fixture(scope="module")
def wheel(repo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built from a copy so that neither old build folders nor new ones are in play."""
    source = tmp_path_factory.mktemp("source")
    for name in ("matcher", *DATA_FOLDERS):
        shutil.copytree(repo_root / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md"):
        shutil.copy(repo_root / name, source)
    target = tmp_path_factory.mktemp("wheel")
    # Without isolation the build uses the installed setuptools and needs no network.
    command = [sys.executable, "-m", "pip", "wheel", ".", "--quiet", "--no-deps", "--no-build-isolation", "-w", target]
    subprocess.run(command, cwd=source, check=True)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a new environment with the wheel in it; its dependencies are those already installed here."""
    home = tmp_path_factory.mktemp("elsewhere") / "environment"
    venv.create(home, with_pip=False)
    packages = next((home / "lib").glob("python*")) / "site-packages"
    # A path line, unlike a site directory, does not run the .pth files there: the editable checkout stays invisible.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", wheel], check=True)
    return home / "bin"


def test_every_package_folder_is_listed(repo_root: Path) -> None:
    """A folder of Python code below matcher/ that setup.cfg forgets would be missing from the wheel."""
    config = configparser.ConfigParser()
    config.read(repo_root / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    on_disk = {".".join(f.parent.relative_to(repo_root).parts) for f in (repo_root / "matcher").rglob("*.py")}
    assert listed == on_disk | {f"matcher.{name}" for name in DATA_FOLDERS}


@pytest.mark.parametrize("folder", DATA_FOLDERS)
def test_the_wheel_carries_every_file_of_the_folder(folder: str, wheel: Path, repo_root: Path) -> None:
    """Rules, templates, static files and migrations are inside the wheel, file by file, as matcher/<folder>/."""
    files = [path for path in (repo_root / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(f"matcher/{folder}/")}
    assert inside == {f"matcher/{path.relative_to(repo_root).as_posix()}" for path in files}
    assert inside


def test_the_installed_package_is_the_one_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Outside the checkout the package and its rules come from the new environment, not from the checkout."""
    program = "from matcher import places; print(places.rules_dir())"
    command = [installed / "python", "-c", program]
    said = subprocess.check_output(command, cwd=tmp_path, env=_environment(), text=True)
    assert Path(said.strip()).is_relative_to(installed.parent)


def test_the_installed_site_answers_and_stops(serving: tuple[str, subprocess.Popen[str]]) -> None:
    """In another folder and environment `matcher serve` says its address, answers there, and stops on SIGTERM."""
    url, server = serving
    with urllib.request.urlopen(f"{url}/healthz", timeout=30) as answer:
        assert answer.status == 200
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=60) == 0


def test_the_installed_site_keeps_a_secret_that_only_its_owner_reads(
    serving: tuple[str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    """The key that signs forms is made at the first start, in the folder of the site, with mode 600."""
    key = tmp_path / "instance" / "secret_key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text(encoding="ascii")) == 64


@pytest.fixture
def serving(installed: Path, tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A running `matcher serve` of the installed wheel: its address, printed once it answers, and the process."""
    command = [installed / "matcher", "serve", "--host", "127.0.0.1", "--port", "0"]
    server = subprocess.Popen(command, cwd=tmp_path, env=_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline().strip()
        assert line.startswith("Serving on http://127.0.0.1:"), f"no address but {line!r}"
        yield line.removeprefix("Serving on "), server
    finally:
        server.kill()
        server.communicate()


def _environment() -> dict[str, str]:
    """This environment without what would lead the installed package back to the checkout or to another database."""
    ours = ("PYTHON", "MATCHER_", "DATABASE_URL", "SECRET_KEY", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
