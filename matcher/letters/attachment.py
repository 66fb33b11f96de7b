"""Holds what travels inside the file of a letter: a file of its own, named, with its type and why it is there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file embedded in the PDF (PDF/A-3); `relationship` is one of those of ISO 32000-2, 7.11.3: Data, Source …"""

    name: str  # as it is listed and saved, ASCII
    data: bytes
    mime: str
    relationship: str = "Data"
    description: str = ""
