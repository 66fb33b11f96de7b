"""Tests of the packed form of answers."""

import json
import zlib

import pytest

from matcher.answers.answers import Answers
from matcher.answers.wire import pack, unpack


def test_answers_come_back_as_they_were(answers: Answers, everything: Answers) -> None:
    """Facts with their types, bands, unsure facts (with a band too), times, ticks, what stands aside: all of it."""
    odd = Answers(aside={"gone": "7", "too": False}, vocabulary="0123456789ab").with_unsure("employees", 3)
    unsure = answers.with_unsure("annual_revenue", 99)
    for told in (Answers(), answers, everything, odd, unsure):
        back = unpack(pack(told))
        assert back == told
        assert [type(value) for value in back.facts.values()] == [type(value) for value in told.facts.values()]


def test_unknown_times_stay_unknown() -> None:
    """An answer without a time has none afterwards either."""
    told = Answers(facts={"employees": 1, "name": "x"}, told_at={"name": 5})
    assert unpack(pack(told)).told_at == {"name": 5}


@pytest.mark.parametrize(
    "packed",
    [b"", b"junk", zlib.compress(b"junk"), zlib.compress(b"[1,2]"), zlib.compress(b"7"), zlib.compress(b"\xff")],
)
def test_anything_else_is_refused(packed: bytes) -> None:
    """What is no packed answers raises ValueError and nothing else."""
    with pytest.raises(ValueError, match="no packed answers"):
        unpack(packed)


def test_a_later_form_is_refused(answers: Answers) -> None:
    """After going back to an older version of the site, what the newer one packed is not misread."""
    columns = json.loads(zlib.decompress(pack(answers)))
    with pytest.raises(ValueError, match="form 2"):
        unpack(zlib.compress(json.dumps([2, *columns[1:]]).encode()))


def test_a_bomb_does_not_unpack() -> None:
    """A small packet that would swell to gigabytes is refused at a megabyte."""
    with pytest.raises(ValueError, match="no packed answers"):
        unpack(zlib.compress(b" " * 20_000_000))


def test_gates_and_their_times_come_back() -> None:
    """Gate questions stay apart from the facts and what is 不清楚, each with when it was answered."""
    told = Answers(
        facts={"name": "x"},
        unsure=frozenset({"employees"}),
        gates={"gate:regions": "none", "gate:loans": "some"},
        told_at={"gate:loans": 7},
    )
    assert unpack(pack(told)) == told


def test_answers_kept_before_there_were_gates_open() -> None:
    """What an older version packed lacks the column, and has no gates answered."""
    columns = json.loads(zlib.decompress(pack(Answers(facts={"name": "x"}))))[:-1]
    assert unpack(zlib.compress(json.dumps(columns).encode())) == Answers(facts={"name": "x"})
