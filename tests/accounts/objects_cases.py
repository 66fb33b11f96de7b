"""Firms, cases, their files and letters, for the matrix of rights."""

import hashlib
from datetime import date
from uuid import uuid4

from matcher.cases.files import add_file
from matcher.cases.letters import Asked
from matcher.cases.letters import ask_letter as put_forward
from matcher.cases.referrals import refer_case
from matcher.cases.service import Content, Opening, case_of, open_case
from matcher.firms.models import Firm
from matcher.letters.models import IssuedLetter
from matcher.letters.order import centres
from matcher.letters.proof.receipt import Issue, receipt_of
from matcher.letters.register import record_decisions, record_letter
from tests.accounts.objects import AT, Making, builds

DAY = date(2026, 11, 24)


@builds("desk_home", "firm_id")
def firm(making: Making) -> object:
    """A firm of the register, which is no centre's."""
    made = f"F{uuid4().hex[:16]}"
    code = made.upper()[:18]
    keys = {"credit_code": code, "organisation": code[8:], "code_backwards": code[::-1]}
    making.register.add(Firm(id=made, name="天津某某有限公司", **keys))
    making.register.flush()
    return made


@builds("desk_cases", "case_id")
@builds("desk_case_letters", "case_id")
@builds("desk_referrals", "case_id")
def case(making: Making) -> object:
    """A case of the centre, opened by its clerk."""
    assert making.account.id is not None
    opening = Opening(making.centre, making.account.id, "blank", Content({"name": "天津某某有限公司"}, {}))
    return open_case(making.register, opening, AT).id


@builds("desk_cases", "file_id")
def attachment(making: Making) -> object:
    """A file of the case."""
    case_id, account_id = making.made["case_id"], making.account.id
    assert isinstance(case_id, int)
    assert account_id is not None
    return add_file(making.register, case_id, account_id, "a.txt", "text/plain", b"a", AT).id


@builds("desk_case_letters", "letter_id")
def letter(making: Making) -> object:
    """A letter of the centre that waits for a second signature."""
    case_id, account_id = case(making), making.account.id
    assert isinstance(case_id, int)
    assert account_id is not None
    found = case_of(making.register, case_id)
    assert found is not None
    asked = Asked("eligibility", "zh", DAY, ["job-matching"], found.facts, {}, 90, None, uuid4().hex)
    return put_forward(making.register, found, asked, account_id, AT).id


@builds("desk_case_letters", "code")
def issued(making: Making) -> object:
    """The code of a letter that the centre has issued."""
    rulebook, centre = making.app.extensions["catalogue"].rulebook, centres()[making.centre]
    place = int(uuid4().hex[:7], 16)
    code, sheet = hashlib.sha256(str(place).encode()).hexdigest()[:12].upper(), f"{centre.mark}〔2026〕{place}号"
    issue = Issue(centre.id, centre.name, sheet, DAY, DAY)
    receipt = receipt_of(rulebook, {}, (), DAY, issue, program="0")
    decided = record_decisions(
        making.register,
        receipt_id=code,
        created_at=AT,
        as_of=DAY,
        rulebook_hash=rulebook.hash,
        decisions=(),
        origin="desk",
    )
    kept = {"kind": "eligibility", "language": "zh", "pdf": b"%PDF-", "made_at": AT, "schemes": ()}
    record_letter(making.register, decision_record_id=decided.id, number=sheet, **kept)  # type: ignore[arg-type]
    row = {"number": sheet, "centre": centre.id, "year": 2026, "place": place, "code": code, "key_id": "0" * 12}
    receipt_text = receipt.to_bytes().decode()
    making.register.add(IssuedLetter(**row, written_on=DAY, receipt=receipt_text, pdf=b"%PDF-"))
    making.register.flush()
    return code


@builds("desk_referrals", "referral_id")
def referral(making: Making) -> object:
    """A referral to the centre, from another that is none of the test's."""
    assert making.account.id is not None
    opening = Opening("hexi", making.account.id, "blank", Content({"name": "天津某某有限公司"}, {}))
    passed = open_case(making.register, opening, AT)
    return refer_case(making.register, passed, making.centre, "请接办", making.account.id, AT, with_facts=True).id
