"""Whether a run of this centre may issue letters, as it is told before the run begins."""

from __future__ import annotations

from matcher.desk.runs.sheets import MOST_LETTERS
from matcher.letters.proof import KeyFolderError
from matcher.rulebook import Text
from matcher.store import reading
from matcher.store.desk import CentreSetting
from matcher.web import words
from matcher.web.desk.gate import can
from matcher.web.desk.office import has_key
from matcher.web.keep.database import engine


def hindrance(centre: str, letters: str, rows: int) -> Text | None:
    """Why no letters can be issued for so many rows; None where they can, or none are asked for."""
    if letters == "none":
        return None
    if not can("letter.issue", centre):
        return words.filled("run.letters.no_right")
    with reading(engine()) as opened:
        setting = opened.get(CentreSetting, centre)
    if setting is not None and setting.needs_countersign:
        return words.filled("run.letters.countersign")
    try:
        if not has_key(centre):
            return words.filled("run.letters.no_key", centre=centre)
    except KeyFolderError as error:
        return error.text
    return words.filled("run.letters.too_many", most=MOST_LETTERS, rows=rows) if rows > MOST_LETTERS else None
