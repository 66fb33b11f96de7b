"""places: every folder is found in a checkout, and the two that may be moved are."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from matcher import places


@pytest.mark.parametrize("name", ["rules", "templates", "static", "migrations"])
def test_in_a_checkout_the_folder_beside_the_package_is_found(name: str, repo_root: Path) -> None:
    """Each of the four folders is the one at the top of the checkout."""
    assert getattr(places, f"{name}_dir")() == repo_root / name


def test_a_folder_inside_the_package_comes_first(tmp_path: Path, repo_root: Path) -> None:
    """In an installed wheel the rules inside the package are used, whatever lies beside it."""
    package = tmp_path / "matcher"
    (package / "rules").mkdir(parents=True)
    (tmp_path / "rules").mkdir()
    assert _asked_in(package, repo_root, "rules_dir()") == str(package / "rules")


def test_a_missing_folder_says_where_it_was_looked_for(tmp_path: Path, repo_root: Path) -> None:
    """An installation without rules is refused with the place that was searched."""
    package = tmp_path / "matcher"
    package.mkdir()
    with pytest.raises(subprocess.CalledProcessError) as caught:
        _asked_in(package, repo_root, "rules_dir()")
    assert f"rules/ is neither in {package} nor beside it" in caught.value.stderr


def test_an_installed_package_keeps_its_things_in_the_current_folder(tmp_path: Path, repo_root: Path) -> None:
    """Without a checkout around it, the package writes below the folder it was started in."""
    package = tmp_path / "site-packages" / "matcher"
    package.mkdir(parents=True)
    assert _asked_in(package, repo_root, "instance_dir()") == str(tmp_path / "instance")


def test_what_the_site_keeps_can_be_put_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MATCHER_INSTANCE names the folder for the database and the key."""
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path))
    assert places.instance_dir() == tmp_path


def test_the_fonts_are_found_in_the_users_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts installed without root are found where fontconfig looks for a user's own, unless all users have them."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    own = tmp_path / "fonts" / "fandol"
    own.mkdir(parents=True)
    (own / "FandolFang-Regular.otf").touch()
    assert places.fonts_dir() in (own, Path("/usr/local/share/fonts/fandol"))


def _asked_in(package: Path, repo_root: Path, question: str) -> str:
    """What a copy of places.py that lies in `package` answers, asked from the folder two levels up at most."""
    shutil.copy(repo_root / "matcher" / "places.py", package)
    program = f"import runpy; f = runpy.run_path({str(package / 'places.py')!r}); print(eval({question!r}, f))"
    start = next(folder for folder in package.parents if folder.name != "site-packages")
    done = subprocess.run([sys.executable, "-c", program], cwd=start, capture_output=True, text=True, check=True)
    return done.stdout.strip()
