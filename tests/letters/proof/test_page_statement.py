"""The statement of version 3: all of the first page, in a code that a camera opens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.letters.compose.summary import GROUPS, NOTES
from matcher.letters.pdf.markup import LEAST, Code
from matcher.letters.pdf.render import PAGE_CODE_WIDTH
from matcher.letters.proof.encoding import qr_text, read_qr
from matcher.letters.proof.page_statement import (
    ALPHABET_43,
    PREFIX_3,
    address,
    bare,
    decode_43,
    encode_43,
    mark_of,
    most_bytes,
)
from matcher.letters.proof.statement import AMOUNTS, STATUSES, Page, PageStated, Statement, StatementError
from matcher.rulebook.rulebook import Rulebook
from matcher.rulebook.terms import RECIPIENTS
from tests.fixtures.signed_letters import Office

SITE = "hq.example.gov.cn"
DAY = date(2026, 12, 1)

lines = st.builds(
    PageStated,
    mark=st.binary(min_size=3, max_size=3),
    group=st.sampled_from(GROUPS),
    status=st.sampled_from(STATUSES),
    recipient=st.sampled_from([None, *RECIPIENTS]),
    amount=st.sampled_from(["exact", "ceiling"]),
    fen=st.integers(0, 10**14),
    closes=st.one_of(st.none(), st.dates(DAY - timedelta(days=9), date(2040, 1, 1))),
    note=st.sampled_from(NOTES),
)

statements = st.builds(
    Statement,
    number=st.just("津辰惠函〔2026〕128号"),
    credit_code=st.sampled_from([None, "91120113MA06ABCD1X"]),
    written_on=st.just(DAY),
    valid_until=st.sampled_from([None, DAY + timedelta(days=90)]),
    matter=st.builds(
        Page,
        lines=st.lists(lines, max_size=16).map(tuple),
        numbers=st.one_of(st.none(), st.tuples(*[st.integers(0, 10**14)] * 3)),
        more=st.integers(0, 200),
        free=st.integers(0, 200),
        counts=st.tuples(*[st.integers(0, 200)] * len(STATUSES)),
    ),
    evidence=st.binary(min_size=12, max_size=12),
    kind=st.just("eligibility"),
    name=st.sampled_from(["天津市喆堃镕科技有限公司", None]),
    version=st.just(3),
    as_of=st.just(DAY - timedelta(days=9)),
)


@given(st.binary(max_size=90))
def test_bytes_come_back(data: bytes) -> None:
    """Whatever is written is read again, and stands behind a # without being escaped."""
    text = encode_43(data)
    assert decode_43(text) == data
    assert set(text) <= set(ALPHABET_43)
    assert bare(f"https://{SITE}/v#{text}") == text


def test_what_was_signed_comes_back(office: Office) -> None:
    """Every line with its status, sum and day; from the bare text, from the address, and from an address a browser escaped."""

    @given(statements)
    def holds(statement: Statement) -> None:
        text = qr_text(statement, office.key)
        for shown in (text, address(SITE) + text, f"https://{SITE}/V#" + text.replace("$", "%24").replace(":", "%3A")):
            read = read_qr(shown)
            assert read.statement == statement
            assert read.is_signed_by(office.key.paper.public_key().public_bytes_raw())

    holds()


@given(st.data())
def test_another_sign_is_no_statement_or_another(data: st.DataObject) -> None:
    """A text with one sign changed is refused, or is no longer what was signed."""
    text = PREFIX_3 + encode_43(bytes(range(100)))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(ALPHABET_43.replace(text[at], "")))
    with pytest.raises(StatementError):
        read_qr(text[:at] + other + text[at + 1 :])


def test_schemes_do_not_share_a_mark(rulebook: Rulebook) -> None:
    """Three bytes tell every scheme of the rulebook from every other."""
    assert len({mark_of(slug) for slug in rulebook.schemes}) == len(rulebook.schemes)


@pytest.mark.parametrize(
    ("site", "head"), [(SITE, f"HTTPS://{SITE.upper()}/V#"), (None, ""), ("a.cn/b", ""), ("例.cn", "")]
)
def test_the_code_is_an_address_where_it_can_be(site: str | None, head: str) -> None:
    """A host of plain letters makes an address; a path or other letters would not fit, and the short form stays."""
    assert address(site) == head


def test_a_full_page_fits_its_code() -> None:
    """As many bytes as a statement may have behind the longest address leave modules of 0.36 mm at the least; at a level that mends
    a quarter of the code."""
    for site in (None, SITE, "a" * 60):
        text = address(site) + PREFIX_3 + encode_43(bytes(most_bytes(site)))
        assert Code(text, PAGE_CODE_WIDTH).size * LEAST <= PAGE_CODE_WIDTH


@pytest.mark.parametrize(
    ("characters", "width", "size"), [(350, 40, 89), (570, 40, 109), (600, 40, 101), (250, 30, 77)]
)
def test_a_code_mends_as_much_as_its_print_has_room_for(characters: int, width: float, size: int) -> None:
    """Level H where its modules are large enough at that width, else Q."""
    assert Code(PREFIX_3 + "A" * (characters - len(PREFIX_3)), width).size == size


def test_kinds_of_sums_fit_their_bits() -> None:
    """Statuses, kinds of sums, recipients, groups and notes are as many as the bits hold that they are written in."""
    assert (len(STATUSES), len(AMOUNTS)) <= (8, 4)
    assert len(RECIPIENTS) <= 7
    assert len(GROUPS) <= 8
    assert len(NOTES) <= 32
