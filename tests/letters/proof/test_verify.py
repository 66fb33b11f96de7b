"""A letter verifies as it went out, and no longer once anything in it was changed, by a stranger or by an insider."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matcher.letters.proof.encoding import ALPHABET
from matcher.letters.proof.paper import Issued, compose_letter, decide, draw
from matcher.letters.proof.signed_file import sign_pdf
from matcher.letters.proof.trust import SignedBefore, TrustList, TrustListError, Withdrawn, digest, read_trust_list
from matcher.letters.proof.verdict import Standing, beside_register
from matcher.letters.proof.verify import Against, verify, verify_statement
from tests.conftest import count
from tests.fixtures.signed_letters import AT, BEICHEN, HEPING, VALID_UNTIL, WRITTEN_ON, Office


def test_untouched(office: Office) -> None:
    """No letter that nobody touched is ever found fault with, whatever the firm, the day, or the language."""
    rng, against = random.Random(1), office.against()
    for place in range(1, count(1000, 20) // 10 + 1):
        facts = {
            "six_taxes_two_fees_payable": rng.randrange(10**9),
            "vat_status": rng.choice(["small_scale", "general"]),
        }
        lang = rng.choice(["zh", "zh", "en", "both"])
        letter = office.issue(office.receipt(place, lang=lang, name=_name(rng), **facts))
        for _ in range(10):
            day = date.fromordinal(rng.randrange(WRITTEN_ON.toordinal(), VALID_UNTIL.toordinal() + 1))
            verdict = verify_statement(letter.qr, replace(against, as_of=day))
            assert verdict.valid, verdict
        found = verify(letter.pdf, against).to_json()
        assert found.items() >= {
            ("integrity", "intact"),
            ("issuer", "known"),
            ("standing", "valid"),
            ("number", letter.receipt.number),
        }
        assert (found["faults"], found["reproduced"]) == ([], ["conclusion", "page"])


def test_tampered(office: Office, letters: list[Issued]) -> None:
    """Of random changes to bytes, text, attachment and QR code none goes unnoticed, not even one signed with the right key."""
    rng, against = random.Random(2), office.against()
    for _ in range(count(1000, 60)):
        letter, change = rng.choice(letters), rng.choice([_bytes, _bytes, _qr, _text, _attachment])
        verdict, what = change(rng, office, letter, against)
        assert not verdict.valid, (change.__name__, what)
        assert verdict.faults, (change.__name__, what)


def _bytes(rng: random.Random, _: Office, letter: Issued, against: Against) -> tuple[Any, object]:
    """Another value for a byte, bytes cut off, or bytes put behind."""
    pdf, at = bytearray(letter.pdf), rng.randrange(len(letter.pdf))
    kind = rng.choice(["set", "set", "set", "cut", "add"])
    if kind == "set":
        while not _has_meaning(letter.pdf, at):
            at = rng.randrange(len(letter.pdf))
        pdf[at] ^= rng.randrange(1, 256)
    elif kind == "cut":
        del pdf[at : at + rng.randrange(1, 2000)]
    else:
        pdf += bytes(rng.randrange(256) for _ in range(rng.randrange(1, 50)))
    return verify(bytes(pdf), against), (kind, at)


def _has_meaning(pdf: bytes, at: int) -> bool:
    """Whether a byte stands for anything: behind the signature its container is filled up with zeros."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    filled = len(pdf[start : pdf.index(b">", start)].rstrip(b"0"))
    return not start + filled - 1 <= at <= pdf.index(b">", start) - 1


def _qr(rng: random.Random, _: Office, letter: Issued, against: Against) -> tuple[Any, object]:
    """Another character in the text that a phone reads."""
    at = rng.randrange(len(letter.qr))
    text = letter.qr[:at] + rng.choice(ALPHABET.replace(letter.qr[at], "")) + letter.qr[at + 1 :]
    return verify_statement(text, against), text


def _text(rng: random.Random, office: Office, letter: Issued, against: Against) -> tuple[Any, object]:
    """Other words on the paper than the receipt has, signed with the centre's own key."""
    receipt = letter.receipt
    words = compose_letter(office.rulebook, receipt, decide(office.rulebook, receipt))
    section = words.sections[0]
    changes: list[dict[str, Any]] = [
        {"number": receipt.number.replace("〔2026〕", "〔2025〕")},
        {"addressee": "天津市北辰区恒通精密机械厂："},
        {"valid_until": date(2036, 6, 29)},
        {"written_on": date(2026, 4, 2)},
        {"sections": (replace(section, conclusion=section.conclusion + "，金额加倍"), *words.sections[1:])},
        {"opening": ()},
    ]
    # A certificate words its first page by itself: what is not drawn of the letter's own words changes no letter.
    untouched = draw(words, receipt)
    mixed = rng.sample(changes, len(changes))
    change = next(one for one in mixed if draw(replace(words, **one), receipt) != untouched)
    pdf = sign_pdf(draw(replace(words, **change), receipt), office.key, AT)
    return verify(pdf, against), change


def _attachment(rng: random.Random, office: Office, letter: Issued, against: Against) -> tuple[Any, object]:
    """Another receipt in the file than the paper's, signed with the centre's own key."""
    told = json.loads(letter.receipt.to_bytes())
    decision, facts = told["decisions"][0], told["facts"]
    changes: list[Callable[[], Any]] = [
        lambda: facts["six_taxes_two_fees_payable"].update(value=str(rng.randrange(10**6))),
        lambda: facts["name"].update(value="天津市别家有限公司"),
        lambda: facts["vat_status"].update(by="department"),
        lambda: decision.update(status="not_eligible"),
        lambda: decision.update(amount={"kind": "exact", "value": f"{rng.randrange(10**6)}.00"}),
        lambda: told.update(rulebook=f"{rng.randrange(16**64):064x}"),
        lambda: told.update(valid_until="2036-06-29"),
        lambda: told.update(as_of="2026-03-30"),
        lambda: told.update(program="0.0.0"),
        lambda: told.update(statement=told["statement"][:-1]),
    ]
    at = rng.randrange(len(changes))
    changes[at]()
    forged = letter.receipt.model_validate_json(json.dumps(told))
    words = compose_letter(office.rulebook, letter.receipt, decide(office.rulebook, letter.receipt))
    return verify(sign_pdf(draw(words, forged), office.key, AT), against), at


def _name(rng: random.Random) -> str:
    return (
        "天津市"
        + "".join(rng.choice("恒通精密机械电子科贸喆堃镕盛源和兴") for _ in range(rng.randrange(4, 30)))
        + "有限公司"
    )


def test_decided_otherwise(office: Office, parts: Callable[..., list[str]]) -> None:
    """A letter whose whole content agrees, but which the rulebook does not bear out, is found out by deciding again."""
    receipt = office.receipt()
    false = {**receipt.decisions[0], "amount": {"kind": "exact", "value": "38642.57"}}
    forged = office.issue(receipt.model_copy(update={"decisions": (false,)}))
    assert parts(verify(forged.pdf, office.against())) == ["decision"]


def test_a_total_that_does_not_add_up(office: Office, parts: Callable[..., list[str]]) -> None:
    """A total that the rules do not bear out is found out by adding up again, though the rest of the letter agrees."""
    receipt = office.receipt(1, ("six-taxes-two-fees", "small-scale-vat"))
    assert receipt.page is not None
    forged = office.issue(
        receipt.model_copy(update={"page": receipt.page.model_copy(update={"numbers": (0, 9_999_900, 0)})})
    )
    assert receipt.page.numbers == (0, 7_728_516, 0)
    assert parts(verify(forged.pdf, office.against())) == ["decision"]


def test_version_1_verifies(office: Office) -> None:
    """A letter issued before names were signed verifies from its file and from its code."""
    receipt = office.receipt().model_copy(update={"format": 1})
    letter = office.issue(receipt)
    assert verify(letter.pdf, office.against()).valid
    assert verify_statement(letter.qr, office.against()).valid


def test_rulebook_not_here(office: Office, letters: list[Issued]) -> None:
    """Without the rulebook it was issued under, a letter cannot be decided again, and that is the only fault."""
    verdict = verify(letters[0].pdf, Against(office.trust(), WRITTEN_ON))
    assert [one.word for one in verdict.faults] == ["rulebook_not_here"]
    assert (verdict.valid, verdict.state) == (False, "valid")


def test_without_a_list(office: Office, letters: list[Issued]) -> None:
    """Off-line without a trust list nobody can say who issued a letter, though nothing is wrong with it."""
    verdict = verify(letters[0].pdf, replace(office.against(), trust=None))
    found = verdict.to_json()
    assert (found["integrity"], found["issuer"]) == ("intact", "unknown")
    assert (found["number"], found["faults"]) == (letters[0].receipt.number, [])
    assert found["reproduced"] == ["conclusion", "page"]


def test_other_words_than_the_receipt_has(office: Office) -> None:
    """A page whose words are not those that its receipt names, set with what it names, is not the letter that was issued."""
    whole = office.issue(office.receipt()).receipt
    words = compose_letter(office.rulebook, whole, decide(office.rulebook, whole))
    pdf = sign_pdf(draw(replace(words, opening=("经核对：",)), whole), office.key, AT)
    verdict = verify(pdf, office.against())
    assert (verdict.valid, verdict.altered) == (False, True)
    assert [one.word for one in verdict.faults] == ["text_other"]


@pytest.mark.parametrize(("day", "state"), [(VALID_UNTIL, "valid"), (date(2026, 6, 30), "expired")])
def test_expired(office: Office, letters: list[Issued], day: date, state: str) -> None:
    """A letter holds to the end of its last day, on paper as in the file."""
    against = office.against(as_of=day)
    verdicts = [verify(letters[0].pdf, against), verify_statement(letters[0].qr, against)]
    assert [(one.state, one.valid, one.faults) for one in verdicts] == [(state, state == "valid", ())] * 2


@pytest.mark.parametrize("state", ["revoked", "superseded"])
def test_withdrawn(office: Office, letters: list[Issued], state: Any) -> None:
    """The trust list says of a withdrawn letter what became of it, and which letter took its place."""
    by = "津辰惠函〔2026〕9号" if state == "superseded" else None
    trust = office.trust(**{letters[0].receipt.number: Withdrawn(state=state, on="2026-04-02", by=by)})
    verdict = verify(letters[0].pdf, office.against(trust))
    assert (verdict.valid, verdict.state, verdict.by, verdict.faults) == (False, state, by, ())


def test_rotated_key(new_office: Office) -> None:
    """A letter signed with a key that was exchanged since still verifies; one that the old key signs afterwards does not."""
    old, letter = new_office.key, new_office.issue(new_office.receipt(7))
    new_office.folder.rotate(BEICHEN, WRITTEN_ON, {2026: 7})
    against = new_office.against(as_of=date(2026, 5, 1))
    assert verify(letter.pdf, against).valid
    assert verify(new_office.issue(new_office.receipt(8)).pdf, against).valid
    assert not verify(new_office.issue(new_office.receipt(8), old).pdf, against).valid


def test_revoked_key(new_office: Office, parts: Callable[..., list[str]]) -> None:
    """What a revoked key signs beyond its last number is false, even if dated back to before its revocation."""
    stolen, letter = new_office.key, new_office.issue(new_office.receipt(7))
    before = SignedBefore(statements=(digest(letter.qr.encode()),), files=(digest(letter.pdf),))
    new_office.folder.revoke(stolen.id, date(2026, 4, 20), "失窃", {2026: 7}, before)
    against = new_office.against()
    assert verify(letter.pdf, against).valid
    assert verify_statement(letter.qr, against).valid
    forged = new_office.issue(new_office.receipt(8), stolen)
    verdict = verify(forged.pdf, against)
    assert (verdict.valid, verdict.state, parts(verdict)) == (False, "unknown", ["key", "code"])
    assert parts(verify_statement(forged.qr, against)) == ["code"]


def test_number_signed_again(new_office: Office) -> None:
    """With a stolen key a number that was issued is signed again for another firm: found out by the register at once,
    and off line as soon as the key is revoked, while the letter that was issued still verifies."""
    key, letter = new_office.key, new_office.issue(new_office.receipt(1))
    forged = new_office.issue(
        new_office.receipt(1, name="天津市别家有限公司", six_taxes_two_fees_payable=500_000_000), key
    )
    issued = Standing("valid", hashlib.sha256(letter.pdf).hexdigest(), letter.qr)
    against = new_office.against()
    assert beside_register(verify_statement(letter.qr, against), issued).valid
    on_line = beside_register(verify_statement(forged.qr, against), issued)
    assert [one.word for one in on_line.faults] == ["register_other_statement"]
    assert (on_line.valid, on_line.altered) == (False, True)
    before = SignedBefore(statements=(digest(letter.qr.encode()),), files=(digest(letter.pdf),))
    new_office.folder.revoke(key.id, date(2026, 4, 20), "失窃", {2026: 7}, before)
    against = new_office.against(read_trust_list(new_office.trust().to_bytes()))
    assert verify(letter.pdf, against).valid
    assert verify_statement(letter.qr, against).valid
    assert [one.word for one in verify(forged.pdf, against).faults] == ["key_revoked", "code_key_revoked"]
    assert [one.word for one in verify_statement(forged.qr, against).faults] == ["code_key_revoked"]


def test_page_signed_again(new_office: Office) -> None:
    """A stolen key cannot put another page around a statement that was issued, once the key is revoked."""
    key, letter = new_office.key, new_office.issue(new_office.receipt(1))
    before = SignedBefore(statements=(digest(letter.qr.encode()),), files=(digest(letter.pdf),))
    new_office.folder.revoke(key.id, date(2026, 4, 20), "失窃", {2026: 7}, before)
    words = compose_letter(new_office.rulebook, letter.receipt, decide(new_office.rulebook, letter.receipt))
    page = sign_pdf(draw(replace(words, opening=("另有补贴二百五十万元。",)), letter.receipt), key, AT)
    assert [one.word for one in verify(page, new_office.against()).faults] == ["key_revoked"]


def test_revoked_without_names(new_office: Office) -> None:
    """A key that was revoked without saying what it signed vouches for nothing."""
    letter = new_office.issue(new_office.receipt(7))
    new_office.folder.revoke(new_office.key.id, date(2026, 4, 20), "失窃", {2026: 7})
    assert not verify(letter.pdf, new_office.against()).valid
    assert not verify_statement(letter.qr, new_office.against()).valid


def test_strangers_key(office: Office, new_office: Office, parts: Callable[..., list[str]]) -> None:
    """A letter in which all agrees, but which a stranger signed, is nobody's letter."""
    forged = office.issue(office.receipt(), new_office.key)
    verdict = verify(forged.pdf, office.against())
    assert (verdict.state, parts(verdict)) == ("unknown", ["key"])


def test_other_centres_key(new_office: Office, parts: Callable[..., list[str]]) -> None:
    """One centre cannot sign in another's name."""
    new_office.folder.new(HEPING, date(2026, 1, 5))
    forged = new_office.issue(new_office.receipt(), new_office.folder.signing("heping"))
    assert parts(verify(forged.pdf, new_office.against())) == ["key", "code"]


def test_signed_again(office: Office, letters: list[Issued], parts: Callable[..., list[str]]) -> None:
    """A second signature behind the first is something added."""
    with pytest.raises(Exception, match="Signature"):
        sign_pdf(letters[0].pdf, office.key, AT)


def test_register(office: Office, letters: list[Issued]) -> None:
    """The register knows better than the list: an unknown number, another file of that number, a letter withdrawn today."""
    verdict, qr = verify(letters[0].pdf, office.against()), letters[0].qr
    on = date(2026, 4, 3)
    assert beside_register(verdict, Standing("valid", "ab", qr), "ab").valid
    assert [one.word for one in beside_register(verdict, None, "ab").faults] == ["not_registered"]
    other = beside_register(verdict, Standing("valid", "cd", qr), "ab")
    assert [one.word for one in other.faults] == ["register_other"]
    revoked = beside_register(verdict, Standing("revoked", "ab", qr, on), "ab")
    assert (revoked.valid, revoked.state, revoked.on) == (False, "revoked", on)


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"0" * 1000, b"hello", b"%PDF-1.7\n" * 999_999])
def test_junk(office: Office, junk: bytes, parts: Callable[..., list[str]]) -> None:
    """What is no PDF of ours is refused with a word, however it looks."""
    assert parts(verify(junk, office.against())) == ["file"]


def test_damaged_list(office: Office) -> None:
    """A trust list that anybody changed is refused; as it was published, it is read."""
    made: TrustList = office.trust()
    assert read_trust_list(made.to_bytes()) == made
    with pytest.raises(TrustListError):
        read_trust_list(made.to_bytes().replace(b'"active"', b'"retired"'))
