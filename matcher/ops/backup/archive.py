"""The archive of a backup: a manifest first, then the parts that it lists by size and SHA-256, and nothing else."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from matcher.db import StoreError

MANIFEST = "manifest.json"

DATABASE: Mapping[str, str] = {"sqlite": "database.sqlite", "postgresql": "database.dump"}

SECRET = "secret_key"

_LARGEST_MANIFEST = 4 * 1024 * 1024

_BLOCK = 1024 * 1024

# One level of folders and no name that begins with a dot: nothing can be written outside of where it belongs.
_NAME = re.compile(r"(?:(?:rulebooks|keys)/)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}")

_MODE = 0o600

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class BackupError(StoreError):
    """A backup cannot be made or restored; nothing was left half done."""


class Part(BaseModel):
    """A file of the archive."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    size: Annotated[int, Field(ge=0)]
    sha256: Digest


class Manifest(BaseModel):
    """What an archive holds: of which moment, which schema, how many rows, and where the audit trail ended."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal["matcher-backup/1"] = "matcher-backup/1"
    version: str
    made_at: AwareDatetime
    database: Annotated[str, Field(pattern=r"^(sqlite|postgresql)$")]
    db_schema: str | None
    revision: Annotated[str, Field(pattern=r"^\w{1,40}$")]
    rows: dict[str, int]
    audit_head: Annotated[str, Field(pattern=r"^\d+:[0-9a-f]{64}$")]
    has_secrets: bool
    parts: dict[str, Part]


def measured(files: Mapping[str, Path]) -> dict[str, Part]:
    """Size and SHA-256 of files by their names in the archive. Raises OSError."""
    return {name: _measured(path) for name, path in files.items()}


def pack(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write the archive, readable by its owner alone: complete or not at all, and never over another.

    :raises BackupError: when there is such a file already, or it cannot be written.
    """
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    except OSError as error:
        raise cannot_write(target, error) from None
    try:
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
            text = manifest.model_dump_json(indent=1).encode()
            _add(archive, MANIFEST, io.BytesIO(text), len(text), manifest)
            for name, path in files.items():
                with path.open("rb") as part:
                    _add(archive, name, part, manifest.parts[name].size, manifest)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise cannot_write(target, error) from None
        raise


def unpack(archive: Path, folder: Path) -> Manifest:
    """Read an archive into an empty folder, every part held against the manifest.

    :raises BackupError: for anything that is not such an archive, whole and unchanged; the folder may then hold pieces.
    """
    with _opened(archive) as members:
        first, content = next(members, (None, None))
        if first is None or content is None or first.name != MANIFEST:
            raise _damaged("它不是本程序的备份", "it is no backup of ours")
        manifest = _manifest(content.read(_LARGEST_MANIFEST))
        waiting = dict(manifest.parts)
        for member, content in members:
            part = waiting.pop(member.name, None)
            if part is None or content is None or member.size != part.size:
                raise _damaged(f"{member.name!r} 与清单不符", f"{member.name!r} is not as the manifest says")
            if _written(content, folder / member.name) != part.sha256:
                raise _damaged(f"{member.name} 的内容被改动", f"{member.name} was changed")
        if waiting:
            listed = ", ".join(sorted(waiting))
            raise _damaged(f"缺 {listed}", f"{listed} is missing")
        return manifest


@contextmanager
def _opened(archive: Path) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]]:
    try:
        with tarfile.open(archive, mode="r|gz") as opened:
            yield ((member, _content(opened, member)) for member in opened)
    except FileNotFoundError:
        raise BackupError(f"没有文件 {archive}。", f"There is no file {archive}.") from None
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise _damaged(f"读不下去（{type(error).__name__}）", f"it cannot be read ({type(error).__name__})") from None


def _content(opened: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes] | None:
    """The bytes of a member; links, devices and names that lead elsewhere are refused whatever they hold."""
    if not member.isreg() or member.issparse() or not _NAME.fullmatch(member.name):
        raise _damaged(f"不应有 {member.name!r}", f"{member.name!r} has no place in it")
    return opened.extractfile(member)


def _manifest(text: bytes) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError:
        raise _damaged("清单读不懂", "its manifest cannot be read") from None
    wanted = DATABASE[manifest.database]
    if wanted not in manifest.parts or not all(_NAME.fullmatch(name) for name in manifest.parts):
        raise _damaged("清单不合要求", "its manifest is not as it should be")
    return manifest


def _written(content: IO[bytes], path: Path) -> str:
    """Write the bytes into a new file of mode 600; their SHA-256."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb") as file:
        for block in _blocks(content):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int, manifest: Manifest) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, _MODE, int(manifest.made_at.timestamp())
    archive.addfile(entry, content)


def _measured(path: Path) -> Part:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        for block in _blocks(file):
            digest.update(block)
            size += len(block)
    return Part(size=size, sha256=digest.hexdigest())


def _blocks(file: IO[bytes]) -> Iterable[bytes]:
    return iter(lambda: file.read(_BLOCK), b"")


def _damaged(zh: str, en: str) -> BackupError:
    return BackupError(
        f"这份备份不能用：{zh}。什么都没有恢复。", f"This backup cannot be used: {en}. Nothing was restored."
    )


def cannot_write(target: Path, error: Exception) -> BackupError:
    """What to say where a backup cannot be written, above all not over another."""
    if isinstance(error, FileExistsError):
        return BackupError(f"{target} 已存在，请换一个文件名。", f"{target} exists: name another file.")
    reason = getattr(error, "strerror", None) or error
    return BackupError(f"写不了 {target}：{reason}。", f"{target} cannot be written: {reason}.")
