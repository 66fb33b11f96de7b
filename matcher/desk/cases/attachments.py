"""Says what a file really is, by its own bytes; only papers that a case needs are let in."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from io import BytesIO

from matcher.store import EntryError

MOST_BYTES = 5 * 1024 * 1024
_LONGEST_NAME = 120
_MOST_MEMBERS = 5000

_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}
_STARTS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_STRANGE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def read_file(name: str, content: bytes) -> tuple[str, str]:
    """The name under which a file is kept, and its type.

    :raises EntryError: for an empty or too large file, a type that is not taken, or content that is not what the name says.
    """
    if not content:
        raise EntryError(("file",), "文件是空的，请另选一个。", "The file is empty; choose another.")
    if len(content) > MOST_BYTES:
        raise EntryError(
            ("file",),
            f"文件超过{MOST_BYTES // 1024 // 1024} MB。请压缩或拆分后再传。",
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Make it smaller or split it.",
        )
    kept = _name(name)
    kind = kept.rpartition(".")[2].lower() if "." in kept else ""
    if kind not in _TYPES:
        raise EntryError(
            ("file",),
            "只收 PDF、PNG、JPEG、XLSX、DOCX、TXT 文件，请转换后再传。",
            "Only PDF, PNG, JPEG, XLSX, DOCX and TXT files are taken; convert it first.",
        )
    if not _is(kind, content):
        raise EntryError(
            ("file",),
            f"文件内容与扩展名 .{kind} 不符。请用原来的程序另存后再传。",
            f"The content is not what .{kind} says. Save it again in the program it comes from.",
        )
    return kept, _TYPES[kind]


def _name(told: str) -> str:
    """The name without folders and without what a file system refuses; what it ends with is kept."""
    base = unicodedata.normalize("NFC", told.replace("\\", "/").rpartition("/")[2])
    base = "".join(c for c in base if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    base = _STRANGE.sub("_", base).strip(" .") or "file"
    stem, dot, end = base.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{end[:10]}" if dot else base[:_LONGEST_NAME]


def _is(kind: str, content: bytes) -> bool:
    if kind in _STARTS:
        return content.startswith(_STARTS[kind])
    return _has_part(content, _PARTS[kind]) if kind in _PARTS else _is_text(content)


def _has_part(content: bytes, part: str) -> bool:
    if content.count(b"PK\1\2") > _MOST_MEMBERS:  # before the list of them is read, which takes a while
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    # A workbook with macros has another ending; one that hides them under this one is not let in.
    return part in names and len(names) <= _MOST_MEMBERS and not any(name.endswith("vbaProject.bin") for name in names)


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(c) == "Cc" and c not in "\t\r\n\f" for c in text)
    return False
