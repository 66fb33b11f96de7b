"""What comes out of verifying a letter: what is wrong, in which part, and what the register adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from matcher.rulebook import Text
from matcher.text import yuan

from .page_statement import slug_of
from .statement import Many, One, Page, Statement

# ---------------------------------------------------------------------------------------------------------------------
# Says in words what is wrong with a letter: which part of it, and what a reader should make of that.
# ---------------------------------------------------------------------------------------------------------------------


Part = Literal["file", "signature", "key", "attachment", "code", "decision", "text", "register"]

# (part, Chinese, English)
_WORDS: dict[str, tuple[Part, str, str]] = {
    "not_a_letter": ("file", "这不是本系统签发的函件文件", "this is not the file of an issued letter"),
    "nothing_inside": (
        "file",
        "这个文件里没有电子签发信息：扫描件、照片、另存的打印件请用二维码或校验码核验",
        "this file holds no electronic signature: verify a scan, a photograph or a printout by its QR code or its code",
    ),
    "too_large": ("file", "文件太大，不予打开", "the file is too large to be opened"),
    "encrypted": ("file", "文件设有密码，签发的函件没有密码", "the file is encrypted, which an issued letter never is"),
    "too_heavy": (
        "file",
        "打开文件超出时间或内存限制，已停止；签发的函件不会如此",
        "opening the file took more time or memory than is allowed; an issued letter never does",
    ),
    "not_as_set": (
        "file",
        "文件的构造与签发的函件不同，含有函件不会有的内容",
        "the file is not put together as an issued letter is, and holds what no letter has",
    ),
    "unsigned": ("signature", "文件没有电子签名", "the file is not signed"),
    "signed_twice": ("signature", "文件有不止一个签名", "the file is signed more than once"),
    "changed": (
        "signature",
        "文件在签名后被改动或另存过：请用原文件核验，或扫二维码核验",
        "the file was changed or saved anew after it was signed: verify the original file, or the QR code",
    ),
    "resaved": (
        "signature",
        "文件在签名后被别的程序重新写过（另存、合并、压缩都会这样），电子签名随之失效；首页文字与二维码中签名的内容一致，其余内容无法确认："
        "请用原文件核验，或从纸面扫二维码核验，或向签发单位索取原文件",
        "another program wrote the file anew after it was signed (saving, merging or compressing it does so), and its signature no "
        "longer holds; its first page says what the signed code says, all else is unproved: verify the original file, or the code from "
        "paper, or ask the centre for the original",
    ),
    "added": ("signature", "签名后文件又被添加了内容", "something was added to the file after it was signed"),
    "signature_bad": ("signature", "电子签名无效", "the signature does not hold"),
    "key_unknown": ("key", "签名者不在公钥清单中", "whoever signed it is not in the trust list"),
    "key_closed": (
        "key",
        "该密钥不能签发这个文号和日期的函件（尚未启用、已停用或已吊销）",
        "this key may not sign a letter of this number and date: it was not yet in use, or is closed or revoked",
    ),
    "key_revoked": (
        "key",
        "该密钥已吊销，这份文件不在吊销前签发的函件之列",
        "the key was revoked, and this file is not among the letters it signed before",
    ),
    "key_other_centre": (
        "key",
        "签名者不是函件所称的签发单位",
        "whoever signed it is not the centre that the letter names",
    ),
    "no_receipt": (
        "attachment",
        "文件中没有核对依据附件，或不止一个",
        "the file has no receipt inside, or more than one",
    ),
    "receipt_unreadable": ("attachment", "核对依据附件读不懂", "the receipt inside cannot be read"),
    "receipt_changed": (
        "attachment",
        "核对依据附件与二维码中的摘要不符",
        "the receipt inside is not the one whose hash stands in the QR code",
    ),
    "code_unreadable": ("code", "二维码内容读不懂", "the QR code's statement cannot be read"),
    "code_unseen": (
        "code",
        "图中没有找到本系统的二维码：请把印有二维码的那一页（多是首页或末页）拍清楚、拍完整，或输入校验码",
        "no code of a letter was found in the picture: take the page with the code (mostly the first or the last) again, sharp and whole, "
        "or type the code",
    ),
    "codes_several": (
        "code",
        "图中或文件中有不止一份函的二维码：请一次只核验一份",
        "there are the codes of more than one letter in it: verify one letter at a time",
    ),
    "text_differs": (
        "text",
        "页面上的文字与二维码中签名的内容不一致",
        "what is printed on the page is not what the signed code says",
    ),
    "code_false": ("code", "二维码内容的签名无效", "the signature of the QR code's statement does not hold"),
    "code_key_unknown": (
        "code",
        "二维码内容的签发者不在公钥清单中",
        "whoever signed the QR code's statement is not in the trust list",
    ),
    "code_key_closed": (
        "code",
        "签发二维码内容的密钥不能签发这个文号和日期的函件（尚未启用、已停用或已吊销）",
        "the key under the QR code's statement may not sign a letter of this number and date",
    ),
    "code_key_revoked": (
        "code",
        "签发二维码内容的密钥已吊销，这一内容不在吊销前签发之列",
        "the key under the QR code's statement was revoked, and this statement is not among those it signed before",
    ),
    "code_other": (
        "code",
        "二维码内容与核对依据不一致",
        "the QR code's statement says something else than the receipt",
    ),
    "code_mistyped": (
        "code",
        "校验码输入有误，请对照函件再输一次（共12位）",
        "this cannot be a code; compare it with the letter and type it again (12 characters)",
    ),
    "code_not_found": ("register", "登记中没有这个校验码", "no letter with this code is in the register"),
    "no_register": (
        "register",
        "这里没有登记簿，12位校验码只能在网上核验；离线请核验二维码",
        "there is no register here: the 12 characters can be looked up on the site only; off-line use the QR code",
    ),
    "rulebook_not_here": (
        "decision",
        "本机没有签发时的规则库，请用 --rulebook 提供",
        "the rulebook it was issued under is not on this machine; bring it with --rulebook",
    ),
    "decision_other": (
        "decision",
        "按附件所列情况和当时的规则重新核对，结果与函件不同",
        "decided again from the attached facts under the named rulebook, the result is another one",
    ),
    "facts_unreadable": (
        "decision",
        "附件所列情况在当时的规则库中读不出来",
        "the attached facts cannot be read with the named rulebook",
    ),
    "text_other": (
        "text",
        "印出的文号、日期、企业或金额与核对依据不一致",
        "the number, dates, firm or sums printed are not what the receipt says",
    ),
    "not_registered": ("register", "登记中没有这个文号", "no letter of this number is in the register"),
    "register_other": (
        "register",
        "登记的同号函件是另一份文件",
        "the register holds another file under this number",
    ),
    "register_other_statement": (
        "register",
        "登记的同号函件内容不同：这不是登记簿中签发的那一份",
        "the letter registered under this number says something else: this is not the one that was issued",
    ),
}

# These show that something was changed after the centre signed it.
_CHANGES = frozenset(
    {
        "changed", "resaved", "added", "signed_twice", "signature_bad", "not_as_set", "receipt_changed", "code_false", "code_other",
        "decision_other", "text_other", "text_differs", "register_other", "register_other_statement",
    }
)  # fmt: skip

# Of these nothing follows but that something else must be verified.
_BLANK = frozenset(
    {
        "not_a_letter",
        "nothing_inside",
        "too_large",
        "encrypted",
        "code_mistyped",
        "code_unreadable",
        "code_unseen",
        "codes_several",
        "no_register",
    }
)


_UNREAD = frozenset({"too_heavy", "unsigned", "no_receipt", "receipt_unreadable", "code_not_found", "code_unseen"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the part of the letter, a word for programs, and the words for people."""

    part: Part
    word: str

    @property
    def what(self) -> Text:
        """What is wrong, in both languages."""
        _, zh, en = _WORDS[self.word]
        return Text(zh=zh, en=en)

    @property
    def shows_change(self) -> bool:
        """Whether it shows that the letter is not as it was signed."""
        return self.word in _CHANGES

    @property
    def is_blank(self) -> bool:
        """Whether it only says that there was nothing to verify, which is nothing against the letter."""
        return self.word in _BLANK

    @property
    def is_unread(self) -> bool:
        """Whether it says that there was nothing of a letter to be read."""
        return self.is_blank or self.word in _UNREAD

    def to_json(self) -> dict[str, Any]:
        """As `matcher verify --json` lists it."""
        return {"part": self.part, "what": self.word, "text": self.what.to_json()}


def fault(word: str) -> Fault:
    """The fault of this name. Raises KeyError."""
    return Fault(_WORDS[word][0], word)


# ---------------------------------------------------------------------------------------------------------------------
# What comes out of verifying a letter, and what the register adds to it.
# ---------------------------------------------------------------------------------------------------------------------


State = Literal["valid", "expired", "past", "revoked", "superseded", "unknown"]

Integrity = Literal["intact", "altered", "unreadable"]

Issuer = Literal["known", "unknown", "revoked"]

Proved = Literal["file", "code"]

EXIT_CODES: Mapping[str, int] = {
    "valid": 0, "other": 1, "altered": 3, "issuer": 4, "withdrawn": 5, "over": 6, "unreadable": 7,
}  # fmt: skip

"""What `matcher verify` ends with: 0 only for intact, known and valid; 5: letter or key revoked, or superseded; 6: expired, or of a day
that was over when it was written; 1: something could not be checked."""

Reproduced = Literal["conclusion", "page", "words", "other_words", "other_setting", "other_page"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says of a letter: the SHA-256 of its file, and the text of its QR code as they were issued.

    ``by`` is the number of the letter in its place.
    """

    state: Literal["valid", "revoked", "superseded"]
    sha256: str
    qr: str
    on: date | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out. ``statement`` is what the letter says, where its signature could be checked or no list was at hand.

    ``issuer`` is the centre whose key signed it, where there is a statement and a list. ``qr`` is the text of its QR code.
    ``reproduced`` says what this program could make again from the receipt, which is a second word beside the signature:
    the conclusion, and the page byte for byte; or its words, or that they are others; and that it was set with other templates or
    fonts. ``other_page``: a letter of before 0.2.0, which does not say whether words or setting differ. Empty where it was not
    tried. ``proved``: what was checked, the whole file or the statement in the code alone, so that all else on the paper must be
    compared. ``schemes``: what the letter says of each, from what is inside the file; None where there was only the code.
    """

    state: State
    number: str | None = None
    faults: tuple[Fault, ...] = ()
    statement: Statement | None = None
    on: date | None = None  # since when it is revoked or superseded, or until when it held
    by: str | None = None
    issuer: Text | None = None
    qr: str | None = None
    reproduced: tuple[Reproduced, ...] = ()
    proved: Proved | None = None
    schemes: tuple[SchemeSaid, ...] | None = None

    @property
    def integrity(self) -> Integrity:
        """Whether what was shown is as the centre signed it."""
        if self.altered:
            return "altered"
        return "unreadable" if self.statement is None and any(one.is_unread for one in self.faults) else "intact"

    @property
    def issuer_standing(self) -> Issuer:
        """Whether a centre of the trust list signed it."""
        if any(one.word in ("key_revoked", "code_key_revoked") for one in self.faults):
            return "revoked"
        return "known" if self.issuer is not None else "unknown"

    @property
    def exit_code(self) -> int:
        """As `EXIT_CODES` has it."""
        return EXIT_CODES[self._ending()]

    def _ending(self) -> str:
        if self.integrity != "intact":
            return self.integrity
        if self.issuer_standing == "revoked" or self.state in ("revoked", "superseded"):
            return "withdrawn"
        if self.issuer_standing == "unknown":
            return "issuer"
        if self.state in ("expired", "past"):
            return "over"
        return "valid" if self.valid else "other"

    @property
    def valid(self) -> bool:
        """Whether all agree and the letter holds."""
        return self.state == "valid" and not self.faults

    @property
    def altered(self) -> bool:
        """Whether something shows that this is not what the centre signed."""
        return any(one.shows_change for one in self.faults)

    def to_json(self) -> dict[str, Any]:
        """As `matcher verify --json` prints it."""
        said, schemes = self.statement, self.schemes
        if schemes is None and said is not None:
            schemes = said_by(said.matter)
        return {
            "integrity": self.integrity,
            "issuer": self.issuer_standing,
            "standing": self.state,
            "proved": self.proved,
            "number": self.number,
            "centre": None if self.issuer is None else self.issuer.model_dump(),
            "firm": None if said is None else {"name": said.name, "credit_code": said.credit_code},
            "as_of": None if said is None or said.as_of is None else said.as_of.isoformat(),
            "written_on": None if said is None else said.written_on.isoformat(),
            "valid_until": None if said is None or said.valid_until is None else said.valid_until.isoformat(),
            "schemes": [one.to_json() for one in schemes or ()],
            "totals": None if said is None else totals_of(said.matter),
            "faults": [one.to_json() for one in self.faults],
            # As before 0.3.0; for one version.
            "valid": self.valid,
            "state": self.state,
            "reproduced": list(self.reproduced),
        }


@dataclass(frozen=True, slots=True)
class SchemeSaid:
    """What a letter says of a scheme; the sum in fen, None where it names none; how it calls the one of several that it is about."""

    scheme: str
    status: str
    recipient: str | None
    fen: int | None
    item: str | None = None

    def to_json(self) -> dict[str, Any]:
        """With the sum in yuan; ``item`` only where there is one."""
        amount = None if self.fen is None else yuan(self.fen)
        found = {"scheme": self.scheme, "status": self.status, "recipient": self.recipient, "amount": amount}
        return found if self.item is None else {**found, "item": self.item}


def said_by(matter: One | Many | Page) -> tuple[SchemeSaid, ...]:
    """What a statement says of each scheme that it names; of one that nobody told the name of, the bytes that stand for it."""
    if isinstance(matter, One):
        return (SchemeSaid(matter.scheme, matter.status, None, matter.fen),)
    if isinstance(matter, Page):
        return tuple(
            SchemeSaid(slug_of(one.mark), one.status, one.recipient, one.fen, one.item) for one in matter.lines
        )
    return ()


def totals_of(matter: One | Many | Page) -> dict[str, str] | None:
    """The sums that a statement names, in yuan."""
    if isinstance(matter, Page) and matter.numbers is not None:
        return dict(zip(("cash", "less", "possible"), map(yuan, matter.numbers), strict=True))
    if isinstance(matter, Many) and matter.fen is not None:
        return {"certain": yuan(matter.fen)}
    return None


def beside_register(verdict: Verdict, standing: Standing | None, sha256: str | None = None) -> Verdict:
    """The verdict once the register was asked for its number: whether it issued this, and whether it still holds.

    The number alone proves nothing: whoever has a stolen key can sign something else under a number that was issued.

    :param sha256: of the file that was verified; None where it was the QR code.
    """
    if standing is None:
        return replace(verdict, state="unknown", faults=(*verdict.faults, fault("not_registered")))
    if sha256 is not None and sha256 != standing.sha256:
        return replace(verdict, state="unknown", faults=(*verdict.faults, fault("register_other")))
    if verdict.qr != standing.qr:
        other = fault("register_other_statement")
        return replace(verdict, state="unknown", faults=(*verdict.faults, other))
    if verdict.statement is None or standing.state == "valid":
        return verdict
    return replace(verdict, state=standing.state, on=standing.on, by=standing.by)
