"""The index of names in the database: which names share most, which keys begin so, across blocks of numbers."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.db.database import session
from matcher.firms.models import Firm, FirmName, NameGram
from matcher.firms.name_index import BLOCK, FirmIndex, NewName, add_names

pytestmark = pytest.mark.both_databases


def firm(number: int) -> Firm:
    """A firm whose code ends in its number."""
    code = f"9112010{number:011}"
    return Firm(
        id=f"T{number}", name=f"firm {number}", credit_code=code, organisation=code[8:], code_backwards=code[::-1]
    )


def named(number: int, *grams: str, initials: str = "") -> NewName:
    """Its name with these keys."""
    return NewName(f"T{number}", f"firm {number}", False, grams, initials, initials[1:])


@pytest.fixture
def firms(engine: Engine) -> Engine:
    """Four firms; the pair "common" is in all of them."""
    with session(engine) as writing:
        for number in range(1, 5):
            writing.add(firm(number))
        writing.flush()
        add_names(
            writing,
            [
                named(1, "common", initials="tjab"),
                named(2, "common", "rare", initials="tjabc"),
                named(3, "common", "some", initials="tjb"),
                named(4, "common", "some", initials="xyz"),
            ],
        )
    return engine


def ids(found: list[object]) -> list[str]:
    """Which firms these rows are of."""
    return [row.firm_id for row in found]  # type: ignore[attr-defined]


def test_rare_pairs_count_more(firms: Engine) -> None:
    """The name with the rare pair comes first, equals in order of number; what shares far less is left out."""
    with session(firms) as reading:
        index = FirmIndex(reading)
        assert ids(index.by_grams(["common", "rare", "some"], 9)) == ["T2", "T3", "T4"]
        assert ids(index.by_grams(["common", "unknown"], 2)) == ["T1", "T2"]
        assert index.by_grams(["unknown"], 2) == []
        assert index.by_grams([], 2) == []


def test_keys_are_found_by_their_beginning(firms: Engine) -> None:
    """First letters and codes, the exact key first; a code also by its end and from its ninth character on."""
    with session(firms) as reading:
        index = FirmIndex(reading)
        assert ids(index.by_start("initials", "tjab", 9)) == ["T1", "T2"]
        assert ids(index.by_start("core_initials", "jab", 1)) == ["T1"]
        assert ids(index.by_start("code_backwards", "30000", 9)) == ["T3"]
        assert ids(index.by_start("organisation", "0000000004", 9)) == ["T4"]
        assert ids(index.by_start("credit_code", "9112010", 3)) == ["T1", "T2", "T3"]
        assert ids(index.by_codes([firm(4).credit_code, firm(2).credit_code, "none"])) == ["T2", "T4"]


def test_names_are_added_to_what_is_there(firms: Engine) -> None:
    """A later name is found beside the earlier ones of the same pair, in one row of the index."""
    with session(firms) as writing:
        writing.add(firm(5))
        writing.flush()
        add_names(writing, [named(5, "rare", "new")])
        assert ids(FirmIndex(writing).by_grams(["rare"], 9)) == ["T2", "T5"]
        assert len(writing.exec(select(NameGram).where(NameGram.gram == "rare")).all()) == 1


def test_numbers_run_on_into_the_next_block(firms: Engine) -> None:
    """The last name of a block and the first of the next are told apart."""
    with session(firms) as writing:
        _skip_to(writing, BLOCK - 2)
        for number in (6, 7, 8):
            writing.add(firm(number))
        writing.flush()
        add_names(writing, [named(number, "edge", f"of {number}") for number in (6, 7, 8)])
        index = FirmIndex(writing)
        assert ids(index.by_grams(["edge"], 9)) == ["T6", "T7", "T8"]
        assert [ids(index.by_grams([f"of {number}"], 9)) for number in (6, 7, 8)] == [["T6"], ["T7"], ["T8"]]
        assert {row.block for row in writing.exec(select(NameGram).where(NameGram.gram == "edge"))} == {0, 1}


def _skip_to(writing: Session, number: int) -> None:
    writing.add(
        FirmName(number=number, firm_id="T1", name="filler", former=True, initials="filler", core_initials="filler")
    )
    writing.flush()
