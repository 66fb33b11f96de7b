"""Finds the firms that a person most likely means by what was typed: a name with slips, pinyin, or part of a credit code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from matcher.firms import ALPHABET, check_character, normalise
from matcher.rulebook import Text

from .name_ranking import Way, compare, read_asked
from .names import Firm, Index, NameRow, asked_grams, first_letters, plain, read_name
from .pinyin import sounds

# ---------------------------------------------------------------------------------------------------------------------
# Reads what was typed as a credit code or a piece of one, and says which codes may be meant.
# ---------------------------------------------------------------------------------------------------------------------


LENGTH = 18

SHORTEST = 4

_MISREAD = str.maketrans("IOSZ", "1052")

_PIECE = re.compile(f"(?=.*[0-9])[0-9A-Z]+|[{ALPHABET}]{{8,}}")  # eight letters in a row that are pinyin are rare

_WITHIN = re.compile(rf"(?<![0-9A-Z])[{ALPHABET}]{{18}}(?![0-9A-Z])")


def read_piece(text: str) -> str | None:
    """Return a text that is a code or a piece of one, as codes are written; None where it is none.

    Letters that no code has (I, O, S, Z) are read as the figures they are taken for.
    """
    code = normalise(text)
    if not SHORTEST <= len(code) <= LENGTH + 1 or not _PIECE.fullmatch(code):
        return None
    return code.translate(_MISREAD)


def code_within(text: str) -> str | None:
    """Return the whole credit code in a pasted line, None where there is none."""
    found = _WITHIN.search(text.upper())
    return found[0] if found else None


def repairs(code: str) -> tuple[str, ...]:
    """Return the codes that one slip leads to this one from, and whose last check is right: about twenty at most."""
    return tuple(dict.fromkeys(meant for meant in _one_slip(code) if _fits(meant)))


def _one_slip(code: str) -> Iterator[str]:
    if len(code) == LENGTH:
        for at in range(LENGTH - 1):
            yield code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        for at in range(LENGTH):
            yield from (code[:at] + char + code[at + 1 :] for char in ALPHABET)
    elif len(code) == LENGTH - 1:
        yield from (code[:at] + char + code[at:] for at in range(LENGTH) for char in ALPHABET)
    elif len(code) == LENGTH + 1:
        yield from (code[:at] + code[at + 1 :] for at in range(LENGTH + 1))


def _fits(code: str) -> bool:
    return all(char in ALPHABET for char in code) and code[-1] == check_character(code)


# ---------------------------------------------------------------------------------------------------------------------
# Finds the firms that a person most likely means by what was typed, each with how it was found.
# ---------------------------------------------------------------------------------------------------------------------


CANDIDATES = 400

"""Names that the index hands over to be compared one by one."""

_IN_REGION = 100

"""Names of a region that are looked at: they come in the order of their letters, so more of them would be no better."""

_LEAST = 0.35  # below it a hit is chance

_FEWEST_INITIALS = 3

_SURELY_CODE = 6  # characters; a shorter piece may be a number in a name as well

_FORMER = 0.01  # what a firm is called now comes before what another was called

_REPAIRED = 0.9

_BEGINS_SO = 0.5  # only the region is the same: after all that share more

_CITY_NAME, _FEW = "天津", 3

_LABEL = re.compile("(企业|单位|公司)?名称[::]?|统一社会信用代码[::]?.*$")

_CITY = re.compile("tjs?(?=..)")

_WHY = {
    Way.SAME: Text(zh="名称相同", en="same name"),
    Way.PARTS: Text(zh="名称相同，地区或组织形式不同或未写", en="same name but for region or legal form"),
    Way.BEGINS: Text(zh="名称开头相同", en="name begins so"),
    Way.WITHIN: Text(zh="名称中含有", en="part of the name"),
    Way.SOUND: Text(zh="读音相同", en="sounds the same"),
    Way.NEAR: Text(zh="名称相近", en="similar name"),
    Way.PINYIN: Text(zh="拼音", en="pinyin"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One firm: ``score`` from 1 (certain) down, and ``why`` it was found, with the former name where by that."""

    id: str
    name: str
    credit_code: str
    score: float
    why: Text


class _Find(NamedTuple):
    row: NameRow
    score: float
    why: Text


def find_firm_names(text: str, index: Index, limit: int = 5) -> tuple[Hit, ...]:
    """Return at most ``limit`` firms for what was typed, the likeliest first; none where nothing is near.

    Understands a name with slips, without region or legal form, in traditional or wide characters, by its pinyin or
    first letters; a former name; a credit code, with one slip in it, or a piece of one; a pasted line with both.
    """
    written = unicodedata.normalize("NFKC", text)
    code = code_within(written)
    piece = code or read_piece(written)
    found = list(_by_code(piece, index, max(limit, 10))) if piece else []
    if not found or len(piece or "") < _SURELY_CODE:
        name = plain(_LABEL.sub("", written))
        found += [*_by_initials(name, index, max(limit, 10)), *_by_name(name, index), *_by_region(name, index)]
    best = _best(found)[:limit]
    firms = {firm.id: firm for firm in index.firms([each.row.firm_id for each in best])}
    return tuple(_hit(each, firms[each.row.firm_id]) for each in best)


def _by_code(piece: str, index: Index, most: int) -> Iterator[_Find]:
    if len(piece) >= LENGTH - 1:
        yield from _by_whole_code(piece, index)
        return
    ends = Text(zh=f"信用代码后 {len(piece)} 位", en=f"last {len(piece)} characters of the credit code")
    yield from _finds(index.by_start("code_backwards", piece[::-1], most), 1.0, ends)
    inside = Text(zh="组织机构代码（信用代码第 9 位起）", en="organisation code (credit code from the ninth character)")
    yield from _finds(index.by_start("organisation", piece, most), 0.99, inside)
    begins = Text(zh=f"信用代码前 {len(piece)} 位", en=f"first {len(piece)} characters of the credit code")
    yield from _finds(index.by_start("credit_code", piece, most), 0.98, begins)


def _by_whole_code(code: str, index: Index) -> Iterator[_Find]:
    same = index.by_codes((code,))
    yield from _finds(same, 1.0, Text(zh="信用代码", en="credit code"))
    if not same:
        why = Text(zh="信用代码，改正一处后", en="credit code, one slip mended")
        yield from _finds(index.by_codes(repairs(code)), _REPAIRED, why)


def _by_initials(name: str, index: Index, most: int) -> Iterator[_Find]:
    """Look for first letters: of the whole name, of its core, of its core after the city's."""
    if not (name.isascii() and name.isalpha() and len(name) >= _FEWEST_INITIALS):
        return
    why = Text(zh="首字母", en="first letters")
    yield from _finds(index.by_start("initials", name, most), 1.0, why)
    yield from _finds(index.by_start("core_initials", name, most), 0.97, why)
    after = _CITY.sub("", name, count=1)
    if after != name:
        yield from _finds(index.by_start("core_initials", after, most), 0.94, why)


def _by_name(name: str, index: Index) -> Iterator[_Find]:
    asked = read_asked(name)
    if not asked.name.core:
        return
    most = max(len(asked.heard), 2) + 1
    for row in index.by_grams(asked_grams(asked.name.core), CANDIDATES):
        cost, way = compare(asked, row.name)
        score = 1 - cost / most
        if score >= _LEAST or way in (Way.BEGINS, Way.WITHIN):
            yield _Find(row, score - _FORMER * row.former, _WHY[way])


def _by_region(typed: str, index: Index) -> Iterator[_Find]:
    """Look for names that begin as was typed, where that is little more than a region: 天津市武清 of 天津市武清区."""
    name = read_name(typed)
    if not typed.startswith(_CITY_NAME) or (name.region and len(name.core) > _FEW):
        return
    rows = index.by_start("initials", first_letters(sounds(name.whole)), _IN_REGION)
    near = (row for row in rows if read_name(row.name).whole.startswith(name.whole))
    yield from _finds(near, _BEGINS_SO, _WHY[Way.BEGINS])


def _finds(rows: Iterable[NameRow], score: float, why: Text) -> Iterator[_Find]:
    return (_Find(row, score - _FORMER * row.former, why) for row in rows)


def _best(found: Iterable[_Find]) -> list[_Find]:
    """Keep what each firm is found best by, the best first."""
    best: dict[str, _Find] = {}
    for each in found:
        before = best.get(each.row.firm_id)
        if before is None or each.score > before.score:
            best[each.row.firm_id] = each
    return sorted(best.values(), key=lambda each: (-each.score, len(each.row.name), each.row.firm_id))


def _hit(each: _Find, firm: Firm) -> Hit:
    why = each.why
    if each.row.former:
        why = Text(zh=f"曾用名“{each.row.name}”：{why.zh}", en=f"former name “{each.row.name}”: {why.en}")
    return Hit(firm.id, firm.name, firm.credit_code, round(each.score, 3), why)
