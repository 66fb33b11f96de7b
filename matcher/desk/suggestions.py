"""Cases and letters of a centre that a text leads to: what the search and the palette suggest while somebody types."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlmodel import Session

from matcher.cases import Wanted, first_cases
from matcher.letters import LettersWanted, first_letters
from matcher.text import sentences, today


@dataclass(frozen=True)
class Suggestion:
    """One line: where it leads, what it says, and what stands beside it."""

    address: str
    text: str
    note: str = ""


def suggested_cases(opened: Session, centre: str, text: str, most: int, lang: str) -> tuple[Suggestion, ...]:
    """The cases of the centre that are not closed and hold this text, the last changed first."""
    return tuple(
        Suggestion(
            url_for("desk_cases.case", case_id=found.id),
            sentences.say("第{number}号办件", lang, number=found.id),
            found.name or "",
        )
        for found in first_cases(opened, Wanted(centre, text=text), most)
    )


def suggested_letters(opened: Session, centre: str, text: str, most: int) -> tuple[Suggestion, ...]:
    """The letters of the centre that hold this text, blanks aside, the last issued first."""
    wanted = LettersWanted(centre, "".join(text.split()), "", today())
    return tuple(
        Suggestion(url_for("desk_case_letters.letter", code=found.code), found.number, found.addressee or "")
        for found in first_letters(opened, wanted, most)
    )
