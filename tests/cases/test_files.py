"""Tests of which files are let into a case."""

import zipfile
from io import BytesIO

import pytest

from matcher.cases.files import MOST_BYTES, read_file
from matcher.db.faults import EntryError


def packed(*names: str) -> bytes:
    """A ZIP archive with these members."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return data.getvalue()


GOOD = {
    "营业执照.PDF": (b"%PDF-1.7 ...", "application/pdf"),
    "a.png": (b"\x89PNG\r\n\x1a\n....", "image/png"),
    "a.jpg": (b"\xff\xd8\xff\xe0....", "image/jpeg"),
    "a.jpeg": (b"\xff\xd8\xff\xe1....", "image/jpeg"),
    "a.xlsx": (
        packed("xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "a.docx": (
        packed("word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "说明.txt": ("说明\n".encode("gb18030"), "text/plain"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_a_case_needs_is_let_in(name: str) -> None:
    """By its own bytes, with the type that they say."""
    content, media_type = GOOD[name]
    assert read_file(name, content) == (name, media_type)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ\x90\x00 a program"),
        ("a.exe", b"MZ\x90\x00 a program"),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.svg", b"<svg/>"),
        ("a.html", b"<p>"),
        ("a.xlsx", packed("word/document.xml")),
        ("a.xlsx", packed("xl/workbook.xml", "xl/vbaProject.bin")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.txt", b"MZ\x90\x00\x03 a program"),
        ("pdf", b"%PDF-1.7"),
        ("a.pdf", b""),
        ("a.pdf", b"%PDF-" + b"x" * MOST_BYTES),
    ],
)
def test_anything_else_is_refused_with_what_to_do(name: str, content: bytes) -> None:
    """A program under another name, macros, pictures that run, what is empty or too large."""
    with pytest.raises(EntryError) as refused:
        read_file(name, content)
    assert refused.value.fields == ("file",)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("C:\\Users\\li\\执照.pdf", "执照.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ('a"b<c>|d.pdf', "a_b_c_d.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("字" * 300 + ".pdf", "字" * 120 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(told: str, kept: str) -> None:
    """Without folders, without signs that lead astray, and not without end."""
    assert read_file(told, b"%PDF-1.7")[0] == kept
