"""Says whether a reader of two files would see something else, by two programs that show PDFs."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pypdfium2

DPI = 48
_SECONDS = 60


def looks(pdf: bytes, folder: Path) -> tuple[list[str], list[str]]:
    """The digests of the pages as poppler and as PDFium show them; an empty list where one of them shows none."""
    return _poppler(pdf, folder), _pdfium(pdf)


def differs(genuine: tuple[list[str], list[str]], altered: tuple[list[str], list[str]]) -> bool:
    """Whether one of the two programs shows something, and shows something else."""
    return any(pages and pages != before for before, pages in zip(genuine, altered, strict=True))


def _poppler(pdf: bytes, folder: Path) -> list[str]:
    for old in folder.glob("page*"):
        old.unlink()
    (folder / "it.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(DPI), "-gray", str(folder / "it.pdf"), str(folder / "page")]
    try:
        subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return []
    return [hashlib.sha256(page.read_bytes()).hexdigest() for page in sorted(folder.glob("page*"))]


def _pdfium(pdf: bytes) -> list[str]:
    try:
        with pypdfium2.PdfDocument(pdf) as opened:
            opened.init_forms()
            return [_page(opened, number) for number in range(len(opened))]
    except (pypdfium2.PdfiumError, ValueError):
        return []


def _page(opened: pypdfium2.PdfDocument, number: int) -> str:
    page = opened[number]
    shown = page.render(scale=DPI / 72, grayscale=True, draw_annots=True, may_draw_forms=True)
    digest = hashlib.sha256(bytes(shown.buffer)).hexdigest() + f" {shown.width}x{shown.height}"
    page.close()
    return digest
