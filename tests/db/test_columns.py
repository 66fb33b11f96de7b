"""Canonical JSON and aware times, before any database."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import dialect

from matcher.db.columns import AwareDateTime, CanonicalJson, PackedJson, PackedText, canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(VALUES.filter(lambda value: value is not None))
def test_every_exact_value_comes_back_the_same(value: object) -> None:
    """Whatever JSON carries exactly is read back equal, huge integers and any script included."""
    column = CanonicalJson()
    assert column.process_result_value(column.process_bind_param(value, dialect()), dialect()) == value


def test_what_is_packed_comes_back_and_takes_a_fifth_of_the_room() -> None:
    """Long text is kept packed, short text and what was written before as it is; either is read back."""
    column, whole = PackedJson(), PackedText()
    value = [{"scheme": f"s{number}", "text": "申报期上月末从业人数不超过三百人"} for number in range(500)]
    stored = column.impl_instance.process_bind_param(column.process_bind_param(value, dialect()), dialect())
    assert isinstance(stored, str)
    assert len(stored) * 5 < len(canonical(value))
    assert column.process_result_value(whole.process_result_value(stored, dialect()), dialect()) == value
    for text in ("{}", canonical(value)):
        assert whole.process_result_value(text, dialect()) == text
    assert whole.process_bind_param("{}", dialect()) == "{}"
    with pytest.raises(ValueError, match="cannot be stored"):
        whole.process_bind_param("zlib:", dialect())


def test_one_value_has_one_text() -> None:
    """The order of keys does not matter, there are no spaces, and Chinese stays readable."""
    assert canonical({"b": "1.50", "a": ["津", None]}) == canonical({"a": ["津", None], "b": "1.50"})
    assert canonical({"b": "1.50", "a": ["津", None]}) == '{"a":["津",null],"b":"1.50"}'


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"amount": {"value": 19321.29}}, r"\$\.amount\.value: float"),
        ([1, float("nan")], r"\$\[1\]: float"),
        ({"day": datetime(2026, 1, 1)}, r"\$\.day: datetime"),  # noqa: DTZ001
        ({1: "x"}, r"\$: a key must be text"),
        ({"name": "天津\ud800"}, r"\$\.name: .*surrogate"),
    ],
)
def test_what_would_not_come_back_is_refused_by_place(value: object, place: str) -> None:
    """A float, a date object, a key that is no text or half a character is refused, and the place is named."""
    with pytest.raises(ValueError, match=place):
        canonical(value)


def test_a_time_without_a_zone_is_refused() -> None:
    """A naive time never reaches the database: nobody could say later which moment it was."""
    with pytest.raises(ValueError, match="without a zone"):
        AwareDateTime().process_bind_param(datetime(2026, 1, 1), dialect())  # noqa: DTZ001
