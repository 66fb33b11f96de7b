"""What is done to several cases or letters at once: who gets what, what is left out, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from matcher.letters import VALID_DAYS, RegisterEntry, current_letters, schemes_to_write
from matcher.presentation import Catalogue
from matcher.text import clean, sentences, today

from .content import decisions_on
from .files import draft_of
from .letters import Asked, letters_of_case
from .models import Case, CaseLetter
from .money import money_of, money_words
from .review import differences, money_of_letter

MOST_LETTERS = 20

"""Letters in one go: each takes about a second to set and sign, and the page waits for them."""

MOST_CASES = 200

SAMPLE = 3


@dataclass(frozen=True)
class Prepared:
    """The letter of one case as it would be asked for: of how many schemes, for what money; ``why_not`` says why there is none.

    ``current`` is the number of the letter that it would supersede, which is done only where somebody says so of this one.
    """

    case: Case
    schemes: tuple[str, ...]
    money: str
    warnings: tuple[str, ...]
    current: str = ""
    why_not: str = ""

    def asked(self, once: str) -> Asked:
        """The order, by the form that asked for all of them."""
        return Asked(
            kind="eligibility",
            language="zh",
            as_of=self.case.as_of or today(),
            schemes=self.schemes,
            facts=self.case.facts,
            sources=self.case.sources,
            valid_days=VALID_DAYS,
            supersedes=self.current or None,
            once=f"{once}:{self.case.id}"[:80],
        )


def prepare(active: Session, book: Catalogue, case: Case, account_id: int, lang: str) -> Prepared:
    """What a letter of the case would say by default, without asking anything."""
    assert case.id is not None
    if case.forgotten_at is not None or case.state == "closed":
        return Prepared(case, (), "", (), why_not=sentences.say("已办结", lang))
    if not case.name or not clean(case.name):
        return Prepared(case, (), "", (), why_not=sentences.say("没有企业名称", lang))
    if draft_of(active, case.id, account_id) is not None:
        return Prepared(case, (), "", (), why_not=sentences.say("有您未保存的内容", lang))
    if any(letter.state == "waiting" for letter in letters_of_case(active, case.id)):
        return Prepared(case, (), "", (), why_not=sentences.say("已有一份在等复核", lang))
    day = case.as_of or today()
    told, decisions = decisions_on(book.rulebook, case.facts, day, case.schemes)
    written = schemes_to_write(book.rulebook, ((one.scheme, one.status) for one in decisions))
    written = tuple(dict.fromkeys(written))
    if not written:
        return Prepared(case, (), "", (), why_not=sentences.say("没有企业自己就能享受的政策", lang))
    chosen = [one for one in decisions if one.scheme in written]
    money = money_words(money_of(book.rulebook, told, chosen, day), lang)
    held = current_letters(active, case.centre, case.credit_code, clean(case.name), today())
    return Prepared(case, written, money, _warnings(case, held, written, lang), held[0].number if held else "")


def _warnings(case: Case, held: Sequence[RegisterEntry], written: Collection[str], lang: str) -> tuple[str, ...]:
    found = []
    if not case.credit_code:
        found.append(sentences.say("没有信用代码，以后不容易认出是哪一家。", lang))
    dropped = {slug for entry in held for slug in entry.schemes} - set(written)
    if dropped:
        found.append(sentences.say("比旧函少{count}", lang, count=sentences.count(lang, len(dropped), "scheme")))
    return tuple(found)


@dataclass(frozen=True)
class ToSign:
    """A letter that waits for the second signature, in one line: its money, how many figures differ from the register and how many
    of them jump; ``is_sample``: it is to be looked at before all are signed."""

    letter: CaseLetter
    case: Case
    money: str
    differing: int
    jumps: int
    is_mine: bool
    is_sample: bool = False


def to_sign(
    active: Session, book: Catalogue, pairs: Sequence[tuple[CaseLetter, Case]], account_id: int, lang: str
) -> list[ToSign]:
    """The lines of some letters, with a sample: whatever jumps, then the first, the last and one between."""
    lines = []
    for letter, case in pairs:
        found = differences(active, book, case, letter.facts, lang)
        lines.append(
            ToSign(
                letter,
                case,
                money_of_letter(book, letter, lang),
                len(found),
                sum(one.is_jump for one in found),
                letter.asked_by == account_id,
            )
        )
    places = sampled([one.jumps for one in lines])
    return [replace(one, is_sample=place in places) for place, one in enumerate(lines)]


def sampled(jumps: Sequence[int], most: int = SAMPLE) -> set[int]:
    """The places that are looked at: every one with a jump, and so many spread over the whole."""
    if not jumps:
        return set()
    spread = {round(at * (len(jumps) - 1) / max(most - 1, 1)) for at in range(most)}
    return spread | {place for place, many in enumerate(jumps) if many}
