"""Words the frame of a paper: who writes, under which number, how it closes, and how it is verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.letters.attachment import Attachment
from matcher.letters.letter import Letter
from matcher.letters.values import write_date
from matcher.letters.words import say
from matcher.short_codes import spaced

OFFICIAL = ("eligibility", "missing", "extract")  # the papers that an office issues, in the letter form


@dataclass(frozen=True, slots=True)
class Frame:
    """All words of a paper around its body, in one language."""

    mark: str  # the red letter mark: who writes
    head: str  # under the first rule: the number, or where there is none what this paper is
    closing: tuple[str, ...]
    enclosures: tuple[str, ...]
    signatory: str
    date: str
    note: str  # below the date: no seal, and how the letter is verified instead
    foot: str  # on every page: which letter, under which edition of the rulebook


def frame(letter: Letter, lang: str, attachments: Sequence[Attachment] = ()) -> Frame:
    """The frame of `letter` in `lang` (zh or en), with what is attached to its file listed as enclosures."""
    issuer = letter.centre.get(lang) if letter.centre else say("mark", lang)
    return Frame(
        mark=issuer,
        head=_head(letter, lang),
        closing=_closing(letter, lang),
        enclosures=tuple(_enclosure(attachment, lang) for attachment in attachments),
        signatory=issuer,
        date=write_date(letter.written_on, lang),
        note=_note(letter, lang),
        foot=_foot(letter, lang),
    )


def is_official(letter: Letter) -> bool:
    """Whether the paper has the letter form; a self-check and a rule sheet must not look as if an office had issued them."""
    return letter.kind in OFFICIAL


def _head(letter: Letter, lang: str) -> str:
    if letter.number:
        return letter.number
    return say("standing.draft" if letter.kind in ("eligibility", "missing") else f"standing.{letter.kind}", lang)


def _closing(letter: Letter, lang: str) -> tuple[str, ...]:
    """The closing words; an official letter says until when it may be relied on, and ends with the set formula."""
    if not is_official(letter):
        return letter.closing
    valid = [say("valid", lang, until=write_date(letter.valid_until, lang))] if letter.valid_until else []
    return ((" " if lang == "en" else "").join((*letter.closing, *valid)), say("ending", lang))


def _note(letter: Letter, lang: str) -> str:
    page = say("note.page", lang, site=letter.site) if letter.site else say("note.page.unknown", lang)
    if letter.kind == "extract":
        return say("note.extract", lang, on=write_date(letter.written_on, lang), page=page)
    if letter.code:
        return say("note.code", lang, page=page, code=spaced(letter.code))
    return say("note.official" if is_official(letter) else "note.sheet", lang)


def _enclosure(attachment: Attachment, lang: str) -> str:
    """By what it is in Chinese, by its file's name in English."""
    return attachment.name if lang == "en" else attachment.description or attachment.name


def _foot(letter: Letter, lang: str) -> str:
    named = [letter.number, letter.code and spaced(letter.code), letter.edition]
    return (" · " if lang == "en" else "　").join(filter(None, named))
