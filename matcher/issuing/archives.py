"""Keeps every rulebook under which a letter was issued, as an archive called by its hash."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from matcher.issuing.refusal import Refusal
from matcher.rulebook import RulebookError, load

_KEPT = (".yaml", ".csv")
_ORDER = "ORDER"
# The same rules make the same archive: no time of day and no owner goes into it.
_DATED = (1980, 1, 1, 0, 0, 0)


def keep_rulebook(content_hash: str, rules: Path, folder: Path) -> Path:
    """Keep the rules as ``folder/HASH.zip`` unless they are there already; gives the archive.

    :param content_hash: ``Rulebook.hash``; :param rules: the folder that it was loaded from.
    :raises Refusal: when the folder holds other rules by now, as after an update without a new start, or the archive
        cannot be written.
    """
    archive = folder / f"{content_hash}.zip"
    if not archive.is_file():
        with tempfile.TemporaryDirectory() as snapshot:
            copied = Path(snapshot)
            _copy(rules, copied)
            _must_be(content_hash, copied)
            try:
                _write(copied, archive)
            except OSError as error:
                raise Refusal(
                    f"无法保存规则库 {archive}（{error.strerror}），未签发。",
                    f"The rulebook cannot be kept as {archive} ({error.strerror}); nothing was issued.",
                ) from None
    return archive


def _files(rules: Path) -> Iterator[Path]:
    """The files that a rulebook is loaded from, in the order of their names."""
    return (
        path for path in sorted(rules.rglob("*")) if path.is_file() and (path.suffix in _KEPT or path.name == _ORDER)
    )


def _copy(rules: Path, copied: Path) -> None:
    for path in _files(rules):
        target = copied / path.relative_to(rules)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _must_be(content_hash: str, rules: Path) -> None:
    """Read again what was copied: the files may have changed since the rulebook was loaded."""
    try:
        found = load(rules).hash
    except RulebookError:
        found = ""
    if found != content_hash:
        raise Refusal(
            "规则文件在启动后被改动，未签发。请重新启动后再签发。",
            "The rule files changed after the start; nothing was issued. Start again and issue then.",
        )


def _write(rules: Path, archive: Path) -> None:
    """Complete or not at all; of two at once the later replaces the earlier by the same content."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        draft = Path(folder) / archive.name
        with zipfile.ZipFile(draft, "w") as opened:
            for path in _files(rules):
                entry = zipfile.ZipInfo(path.relative_to(rules).as_posix(), _DATED)
                opened.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
        draft.replace(archive)
