"""What the register says of a letter: how it stands, for a verifier, for the screen, and for the extract on paper."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from matcher.letters.compose import compose_extract, edition_sign, say
from matcher.letters.pdf import render_pdf
from matcher.letters.proof import DIGEST_BYTES, Receipt, SignedBefore, Standing, Withdrawn, digest, read_receipt
from matcher.rulebook import Rulebook, Text
from matcher.text import day_of, figures, punctuation, spaced

from .order import centres
from .register import RegisterEntry, find_issued, find_issued_file, kept_receipt, list_issued, signed_by

# ---------------------------------------------------------------------------------------------------------------------
# Says of issued letters what a verifier asks the register for: how one stands, and which no longer hold.
# ---------------------------------------------------------------------------------------------------------------------


def standing(session: Session, number: str) -> Standing | None:
    """How the letter of this number stands, or None where the register has none."""
    entry = find_issued(session, number)
    if entry is None:
        return None
    on = day_of(entry.withdrawn_at) if entry.withdrawn_at else None
    qr = read_receipt(kept_receipt(session, entry.number).encode()).statement
    return Standing(entry.withdrawal or "valid", entry.sha256, qr, on, entry.superseded_by)


def statement_of_code(session: Session, code: str) -> str | None:
    """The text of the QR code on the letter with these twelve characters, or None where the register has none."""
    entry = find_issued(session, code)
    return None if entry is None else read_receipt(kept_receipt(session, entry.number).encode()).statement


def signed_before(session: Session, key_id: str) -> SignedBefore:
    """All that the register holds of a key's letters, as the trust list names it once the key is revoked."""
    statements, files = [], []
    for receipt, sha256 in signed_by(session, key_id):
        statements.append(digest(read_receipt(receipt.encode()).statement.encode()))
        files.append(sha256[: 2 * DIGEST_BYTES])
    return SignedBefore(statements=tuple(sorted(statements)), files=tuple(sorted(files)))


def statement_of_file(session: Session, sha256: str) -> str | None:
    """The text of the QR code on the letter whose file has this SHA-256 (hexadecimal), or None where the register has none."""
    entry = find_issued_file(session, sha256)
    return None if entry is None else read_receipt(kept_receipt(session, entry.number).encode()).statement


def withdrawn(session: Session) -> dict[str, Withdrawn]:
    """Every letter that no longer holds, by number, as the trust list names it."""
    return {entry.number: _withdrawn(entry) for entry in list_issued(session, withdrawn=True)}


def _withdrawn(entry: RegisterEntry) -> Withdrawn:
    assert entry.withdrawal is not None
    assert entry.withdrawn_at is not None
    return Withdrawn(state=entry.withdrawal, on=day_of(entry.withdrawn_at).isoformat(), by=entry.superseded_by)


# ---------------------------------------------------------------------------------------------------------------------
# Words what the register holds of a letter, for the screen and for the extract on paper.
# ---------------------------------------------------------------------------------------------------------------------


STATES = {
    "valid": Text(zh="有效", en="valid"),
    "expired": Text(zh="已失效", en="expired"),
    "past": Text(zh="仅说明过去", en="of the past"),
    "revoked": Text(zh="已撤销", en="revoked"),
    "superseded": Text(zh="已被替代", en="superseded"),
}

_KINDS = {
    "eligibility": Text(zh="核对结果", en="result of the check"),
    "missing": Text(zh="尚缺情况", en="facts still missing"),
}

_IN_ALL = Text(zh="共{count}项", en="{count} in all")

_LABELS = {
    "number": Text(zh="文号", en="Number"),
    "kind": Text(zh="类别", en="Kind"),
    "state": Text(zh="状态", en="State"),
    "centre": Text(zh="签发单位", en="Issued by"),
    "addressee": Text(zh="致", en="To"),
    "credit_code": Text(zh="统一社会信用代码", en="Unified social credit code"),
    "written_on": Text(zh="日期", en="Date"),
    "valid_until": Text(zh="有效期至", en="Valid until"),
    "schemes": Text(zh="政策", en="Schemes"),
    "code": Text(zh="校验码", en="Code"),
    "supersedes": Text(zh="替代的函件", en="Takes the place of"),
    "withdrawn_on": Text(zh="失效日期", en="Withdrawn on"),
    "reason": Text(zh="撤销原因", en="Reason"),
    "superseded_by": Text(zh="由此函替代", en="Superseded by"),
}

# These stand on the paper already: in its title, its salutation, its head.
_IN_THE_FRAME = ("number", "addressee", "centre")


def rows(
    entry: RegisterEntry, receipt: Receipt, rulebook: Rulebook, lang: str, day: date, without: Container[str] = ()
) -> list[tuple[str, str]]:
    """The entry as labels and values in ``lang`` (zh or en); its state is that of ``day``."""
    schemes = punctuation(lang).semicolon.join(_named(entry, receipt, rulebook, lang))
    withdrawn = entry.withdrawn_at
    said = {
        "number": entry.number,
        "kind": _KINDS[receipt.kind].get(lang),
        "state": STATES[entry.state(day)].get(lang),
        "centre": receipt.centre_name.get(lang),
        "addressee": entry.addressee,
        "credit_code": entry.credit_code,
        "written_on": figures.day(entry.written_on, lang),
        "valid_until": figures.day(entry.valid_until, lang) if entry.valid_until else None,
        "schemes": schemes,
        "code": spaced(entry.code),
        "supersedes": receipt.supersedes,
        "withdrawn_on": figures.day(day_of(withdrawn), lang) if withdrawn else None,
        "reason": entry.reason,
        "superseded_by": entry.superseded_by,
    }
    return [(_LABELS[name].get(lang), value) for name, value in said.items() if value and name not in without]


MOST_NAMED = 12


def _named(entry: RegisterEntry, receipt: Receipt, rulebook: Rulebook, lang: str) -> list[str]:
    """The schemes that stand on the letter's first page, a dozen at most, and how many it speaks of in all."""
    slugs = entry.schemes if receipt.page is None else [*dict.fromkeys(one.scheme for one in receipt.page.lines)]
    names = [rulebook.schemes[slug].name.get(lang) if slug in rulebook.schemes else slug for slug in slugs[:MOST_NAMED]]
    if len(entry.schemes) > len(names):
        names.append(_IN_ALL.get(lang).format(count=len(entry.schemes)))
    return names


def extract(entry: RegisterEntry, receipt: Receipt, rulebook: Rulebook, lang: str, day: date) -> bytes:
    """The extract of the register on this letter as PDF, as of ``day``; it can itself not be verified, and says so.

    Raises RenderError.
    """
    as_of = receipt.day("as_of")
    assert as_of is not None
    letter = compose_extract(
        entry.number,
        rows(entry, receipt, rulebook, lang, day, _IN_THE_FRAME),
        lang,
        addressee=entry.addressee or say("addressee.unknown", lang),
        written_on=day,
        edition=say("edition", lang, hash=edition_sign(receipt.rulebook), as_of=figures.day(as_of, lang)),
    )
    return render_pdf(replace(letter, centre=centres()[entry.centre].name, site=receipt.site))
