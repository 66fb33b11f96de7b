"""Turn bytes into text and tell which notation they are in, within stated sizes."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from matcher.firms.documents import MAX_BYTES, Document, refuse
from matcher.firms.json_text import read_json
from matcher.firms.yaml_text import read_yaml


def read_all(stream: BinaryIO) -> bytes:
    """Return what the stream still holds. Raises Unreadable where that is more than one profile can be."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        megabytes = MAX_BYTES // 1_000_000
        raise refuse(
            None, f"超过 {megabytes} MB，不是一家企业的资料", f"is larger than {megabytes} MB: not one profile"
        )
    return data


def decode(data: bytes, line: int = 1) -> str:
    """Return UTF-8 text without its byte-order mark. Raises Unreadable with the line of the first strange byte."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise refuse(line, "是 UTF-16 编码，请另存为 UTF-8", "is encoded in UTF-16: save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        guess = "，看来是 GBK" if _is_gbk(data) else ""
        raise refuse(
            line, f"不是 UTF-8 编码{guess}，请另存为 UTF-8", "is not encoded in UTF-8: save it as UTF-8"
        ) from None


def _is_gbk(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def read_document(data: bytes, notation: str) -> Document:
    """Read one document; `notation` is json, yaml or "" (a brace or bracket first means JSON). Raises Unreadable."""
    text = decode(data)
    if notation == "json" or (not notation and text.lstrip()[:1] in {"{", "["}):
        return read_json(text)
    return read_yaml(text)


def is_lines(data: bytes) -> bool:
    """True if bytes of no stated notation are many JSON objects, one a line, rather than one document."""
    rows = [row.strip() for row in data.splitlines() if row.strip()]
    return len(rows) > 1 and rows[0].startswith(b"{") and rows[0].endswith(b"}") and rows[1].startswith(b"{")
