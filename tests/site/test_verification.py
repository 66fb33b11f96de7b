"""The pages that verify a letter, and the verifier that works without a network, in a real browser from a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader, PdfWriter
from werkzeug.test import TestResponse

from matcher.db.database import session
from matcher.engine.check import check
from matcher.engine.items import Item, Items
from matcher.letters.models import IssuedLetter
from matcher.letters.proof import isolated as apart
from matcher.letters.proof.paper import Issued, issue_pdf
from matcher.letters.proof.receipt import Issue as IssueOf
from matcher.letters.proof.receipt import receipt_of
from matcher.letters.proof.trust import digest
from matcher.letters.register import record_decisions, record_letter, revoke_letter, supersede_letter
from matcher.rulebook.rulebook import Rulebook
from matcher.sandbox import Sandbox
from matcher.text.codes import spaced
from matcher.text.dates import today
from matcher.web.database import engine
from tests.fixtures.browsing import NARROW, is_narrow_enough, looked_at, new_context, visit
from tests.fixtures.hostile import endless, tree_of_fields
from tests.fixtures.pages import Visitor, parsed
from tests.fixtures.signed_letters import AS_OF, AT, BEICHEN, FIRM, Office, office_of_the_site


@pytest.fixture(scope="module")
def office(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office whose keys are those of the site."""
    with office_of_the_site(rulebook, tmp_path_factory.mktemp("site")) as here:
        yield here


@pytest.fixture(scope="module")
def letters(app: Flask, office: Office) -> dict[str, Issued]:
    """Letters in the site's register: one for long, one that ran out, one revoked, one on several schemes …"""
    several = ("six-taxes-two-fees", "small-scale-vat")
    made = {
        "valid": office.issue(office.receipt(1).model_copy(update={"valid_until": "2099-12-31"})),
        "expired": office.issue(office.receipt(2)),
        "revoked": office.issue(office.receipt(3).model_copy(update={"valid_until": "2099-12-31"})),
        "several": office.issue(office.receipt(4, several).model_copy(update={"valid_until": "2099-12-31"})),
        "old": office.issue(office.receipt(5).model_copy(update={"format": 1, "valid_until": None})),
        "superseded": office.issue(office.receipt(6).model_copy(update={"valid_until": "2099-12-31"})),
    }
    with app.app_context():
        for place, letter in enumerate(made.values(), 1):
            enter(office, letter, place)
        with session(engine()) as register:
            at = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
            revoke_letter(register, made["revoked"].receipt.number, "情况不实", at)
            supersede_letter(register, made["superseded"].receipt.number, made["valid"].receipt.number, at)
    return made


def print_out(pdf: bytes) -> bytes:
    """The pages of a letter saved as another file, as a viewer's printer does it."""
    writer, out = PdfWriter(), BytesIO()
    for page in PdfReader(BytesIO(pdf)).pages:
        writer.add_page(page).pop("/Annots", None)
    writer.write(out)
    return out.getvalue()


def scanned(_: bytes) -> bytes:
    """A picture of a page as a PDF, such as a scanner writes."""
    out = BytesIO()
    Image.new("L", (210, 297), 255).save(out, "PDF")
    return out.getvalue()


def enter(office: Office, letter: Issued, place: int) -> None:
    """Put a letter into the register."""
    receipt = letter.receipt
    with session(engine()) as register:
        decided = record_decisions(
            register,
            receipt_id=f"verify-{place}",
            created_at=AT,
            as_of=AS_OF,
            rulebook_hash=receipt.rulebook,
            decisions=receipt.decisions,
            origin="desk",
        )
        record_letter(
            register,
            decision_record_id=decided.id,
            kind="eligibility",
            language="zh",
            pdf=letter.pdf,
            made_at=AT,
            schemes=receipt.schemes,
            number=receipt.number,
        )
        written_on, valid_until = receipt.day("written_on"), receipt.day("valid_until")
        assert written_on is not None
        entry = IssuedLetter(
            number=receipt.number,
            centre=BEICHEN.id,
            year=2026,
            place=place,
            code=letter.code,
            key_id=office.key.id,
            written_on=written_on,
            valid_until=valid_until,
            receipt=receipt.to_bytes().decode(),
            pdf=letter.pdf,
        )
        register.add(entry)


@pytest.mark.parametrize(
    ("kind", "word", "en"),
    [("valid", "有效", "Valid"), ("expired", "已失效", "Expired"), ("revoked", "已撤销", "Revoked")],
)
def test_code(visitor: Visitor, letters: dict[str, Issued], kind: str, word: str, en: str) -> None:
    """The twelve characters, however typed, lead to an address of their own that says in one word how the letter stands."""
    letter = letters[kind]
    typed = spaced(letter.code).lower().replace("-", " ")
    answer = send(visitor, code=typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/v/{spaced(letter.code)}")
    page = visitor.get(f"/v/{letter.code}")
    assert page.by_id("state").text == word
    assert letter.receipt.number in page.text
    assert visitor.get(f"/v/{letter.code}?lang=en").by_id("state").text == en


def test_no_fact_beyond_the_paper(visitor: Visitor, letters: dict[str, Issued]) -> None:
    """A stranger with the code sees the statement, whom it is for, and nothing else of the firm: not its other figures."""
    page = visitor.get(f"/v/{letters['valid'].code}")
    assert "19,321.29元" in page.text
    assert "91120113MA06ABCD1X" in page.text
    assert "38,642.57" not in page.text
    assert FIRM["name"] in page.text
    assert BEICHEN.name.zh in page.text
    assert "核对结果的函" in page.text
    assert "自查结果仅供参考" not in page.text


@pytest.mark.parametrize("kind", ["revoked", "superseded"])
@pytest.mark.both_databases
def test_withdrawn(visitor: Visitor, letters: dict[str, Issued], kind: str) -> None:
    """Of a letter that was withdrawn no result is shown and nothing is to be compared; what replaced it is named."""
    page = visitor.get(f"/v/{letters[kind].code}")
    assert letters[kind].receipt.number in page.text
    assert "19,321.29" not in page.text
    assert "逐项对照" not in page.text
    assert ("已由此函替代" in page.text) == (kind == "superseded")
    assert (letters["valid"].receipt.number in page.text) == (kind == "superseded")


@pytest.mark.parametrize("kind", ["valid", "revoked", "several"])
def test_qr_text(visitor: Visitor, letters: dict[str, Issued], kind: str) -> None:
    """What a phone read is verified as it was pasted; one character off and it is refused."""
    letter = letters[kind]
    word = {"revoked": "已撤销"}.get(kind, "有效")
    assert parsed(send(visitor, code=letter.qr + "\n")).by_id("state").text == word
    changed = letter.qr[:-1] + ("A" if letter.qr[-1] != "A" else "B")
    page = parsed(send(visitor, code=changed))
    assert page.by_id("state").text in ("已被改动，不可采信", "无法核验")
    assert "逐项对照" not in page.text


def test_file(visitor: Visitor, letters: dict[str, Issued]) -> None:
    """The file itself is verified whole: as it went out it is valid, with one byte changed it is not."""
    pdf = letters["valid"].pdf
    assert parsed(send(visitor, file=(BytesIO(pdf), "letter.pdf"))).by_id("state").text == "有效"
    other = bytes([pdf[70_000] ^ 1])
    page = parsed(send(visitor, file=(BytesIO(pdf[:70_000] + other + pdf[70_001:]), "letter.pdf")))
    assert page.by_id("state").text == "已被改动，不可采信"
    assert "文件在签名后被改动或另存过" in page.text
    assert "19,321.29" not in page.text


@pytest.mark.both_databases
def test_issued_file_is_known_unopened(visitor: Visitor, letters: dict[str, Issued]) -> None:
    """A file in the register is known by its digest: it is answered while somebody else's file holds the verifier."""
    with apart._sandbox.admitted():
        for kind, word in (("valid", "有效"), ("revoked", "已撤销"), ("expired", "已失效")):
            answer = send(visitor, file=(BytesIO(letters[kind].pdf), "letter.pdf"))
            assert parsed(answer).by_id("state").text == word
        answer = send(visitor, file=(BytesIO(letters["valid"].pdf + b"%"), "letter.pdf"))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "请过十几秒再交一次" in parsed(answer).text


def test_limit_of_codes(app: Flask, letters: dict[str, Issued]) -> None:
    """An address may ask for six hundred codes in ten minutes, right or wrong; then it is told when to come again. Others go on."""
    client, one = app.test_client(), {"REMOTE_ADDR": "203.0.113.7"}
    codes = {client.get(f"/v/{letters['valid'].code}", environ_base=one).status_code for _ in range(600)}
    assert codes == {200}
    answer = client.get(f"/v/{letters['valid'].code}", environ_base=one)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert "请稍后再试" in parsed(answer).text
    other = client.get(f"/v/{letters['valid'].code}", environ_base={"REMOTE_ADDR": "203.0.113.8"})
    assert other.status_code == 200


def test_limit_of_heavy_files(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has sent three files that were too heavy may send no more to be opened for a while."""
    # What made files heavy is refused unread today: any file may stand for one, in a real process with little time.
    monkeypatch.setattr(apart, "_verify", endless)
    monkeypatch.setattr(apart, "_sandbox", Sandbox(replace(apart.LIMITS, seconds=0.5), []))
    client, one = app.test_client(), {"REMOTE_ADDR": "2001:db8::1"}
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/verify").get_data(as_text=True))
    assert token is not None

    def sent() -> int:
        data = {"csrf_token": token[1], "file": (BytesIO(tree_of_fields()), "letter.pdf")}
        return client.post("/verify", data=data, environ_base=one).status_code

    assert [sent() for _ in range(4)] == [200, 200, 200, 429]


def test_limit_of_heavy_files_of_programs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of a program: what it sends holds up everybody as much."""
    monkeypatch.setattr(apart, "_verify", endless)
    monkeypatch.setattr(apart, "_sandbox", Sandbox(replace(apart.LIMITS, seconds=0.5), []))
    client, one = app.test_client(), {"REMOTE_ADDR": "2001:db8:1::1"}

    def sent() -> int:
        made = client.post("/api/v1/verify", data=tree_of_fields(), content_type="application/pdf", environ_base=one)
        return made.status_code

    assert [sent() for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "make", [print_out, scanned, lambda _: b"\x89PNG\r\n\x1a\n" + bytes(64)], ids=["print", "scan", "picture"]
)
def test_scan(visitor: Visitor, letters: dict[str, Issued], make: Callable[[bytes], bytes]) -> None:
    """A printout is verified by the code on it; a scan in which none is found is not called false, and says what to do instead."""
    page = parsed(send(visitor, file=(BytesIO(make(letters["valid"].pdf)), "scan.pdf")))
    assert page.by_id("state").text == ("有效" if make is print_out else "无法核验")
    assert ("逐项对照" in page.text) == (make is print_out)
    assert make is print_out or "校验码" in page.text
    assert "改动" not in page.by_id("content").text


@pytest.mark.parametrize(
    ("typed", "said"), [("", "请输入校验码"), ("ABC", "校验码不对"), ("3467-9ACD-EFG3", "校验码不对")]
)
def test_mistyped(visitor: Visitor, typed: str, said: str) -> None:
    """What cannot be a code is said beside the field, and what was typed stays in it."""
    answer = send(visitor, code=typed)
    page = parsed(answer)
    assert answer.status_code == 422
    assert said in page.text
    assert page.value("code") == typed


def test_unknown_code(visitor: Visitor, office: Office) -> None:
    """A code that no letter in the register has is said to be none."""
    stranger = office.issue(office.receipt(99))
    answer = visitor.client.get(f"/v/{stranger.code}")
    assert answer.status_code == 404
    assert "登记中没有这个校验码" in answer.get_data(as_text=True)


def test_stale_page(visitor: Visitor) -> None:
    """A post whose token does not hold is asked for again, with what was typed."""
    answer = visitor.client.post("/verify", data={"code": "ABC", "csrf_token": "no"})
    assert answer.status_code == 422
    assert parsed(answer).value("code") == "ABC"


def test_pages_in_a_browser(browser: Browser, address: str, letters: dict[str, Issued]) -> None:
    """On a small phone the pages fit, complain of nothing, and axe finds no fault with them."""
    context = new_context(browser, viewport=NARROW, locale="zh-CN", base_url=address)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    for path in ("/verify", f"/v/{letters['valid'].code}", f"/v/{letters['revoked'].code}?lang=en"):
        looked_at(visit(page, path))
    assert complaints == []
    context.close()


def test_a_camera_opens_the_page(browser: Browser, address: str, letters: dict[str, Issued]) -> None:
    """The address in a code opens a page that verifies on the phone, shows what the paper must say, and sends nothing of it."""
    context = new_context(browser, viewport=NARROW, locale="zh-CN", base_url=address)
    page, asked, complaints = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    for kind, word in (("several", "有效"), ("revoked", "已撤销"), ("expired", "已失效")):
        page.goto("about:blank")
        page.goto(f"/V#{letters[kind].qr}")
        expect(page.locator("#word")).to_contain_text(word)
        expect(page.locator("#rows")).to_contain_text(letters[kind].receipt.number)
        assert page.locator("#compare").is_visible() == (kind != "revoked")
        assert page.locator("h1 + #stale + #verdict").count() == 1, "what it is comes first"
    assert is_narrow_enough(page)
    assert {url.removeprefix(address) for url in asked if url.startswith("http")} == {"V"}
    assert complaints == []
    context.close()


# --- without a network ------------------------------------------------------------------------------------------------


@pytest.fixture
def offline(
    visitor: Visitor, browser: Browser, letters: dict[str, Issued], tmp_path: Path
) -> Iterator[tuple[Page, Path]]:
    """The verifier as it was downloaded, opened from the disk by a browser that has no network."""
    answer = visitor.client.get("/verify/offline")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="verify-letter.html"'
    file = tmp_path / "verify-letter.html"
    file.write_bytes(answer.get_data())
    context = new_context(browser, viewport=NARROW, locale="zh-CN", offline=True)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    visit(page, file.as_uri())
    yield page, file
    assert complaints == []
    context.close()


def test_offline(offline: tuple[Page, Path], letters: dict[str, Issued]) -> None:
    """From the file it tells valid, expired, revoked and false apart, and shows the code that must stand on the paper."""
    page, _ = offline
    words = {
        "valid": "有效",
        "expired": "已失效",
        "revoked": "已撤销",
        "several": "有效",
        "old": "有效",
        "superseded": "已被替代",
    }
    for kind, word in words.items():
        verify_offline(page, letters[kind].qr)
        expect(page.locator("#word")).to_contain_text(word)
        expect(page.locator("#rows")).to_contain_text(spaced(letters[kind].code))
        expect(page.locator("#rows")).to_contain_text(letters[kind].receipt.number)
    verify_offline(page, letters["valid"].qr)
    for said in ("19,321.29", FIRM["name"], FIRM["credit_code"], BEICHEN.name.zh, "核对结果的函", "“六税两费”"):
        expect(page.locator("#rows")).to_contain_text(said)
    verify_offline(page, letters["superseded"].qr)
    expect(page.locator("#rows")).to_contain_text(letters["valid"].receipt.number)
    expect(page.locator("#rows")).not_to_contain_text("19,321.29")
    qr = letters["valid"].qr
    for text in (qr[:-4] + ("A" if qr[-4] != "A" else "B") + qr[-3:], qr[:80] + qr[81:], "TJ1:", "", "HC1:6BF"):
        verify_offline(page, text)
        expect(page.locator("#word")).to_contain_text(re.compile("无法核验|已被改动，不可采信"))
        expect(page.locator("#rows")).to_be_empty()
        expect(page.locator("#compare")).to_be_hidden()
    assert is_narrow_enough(page)


def test_offline_items(offline: tuple[Page, Path], office: Office) -> None:
    """Of several machines it shows each with its own name, as they stand on the paper."""
    page, _ = offline
    car = {"nev_in_purchase_tax_catalogue": True, "nev_purchase_kind": "other_vehicle", "nev_vehicles_bought": 1}
    rulebook, slugs = office.rulebook, ("vehicle-purchase-tax-nev",)
    named = [Item("equipment", f"equipment-{n}", {**car, "nev_taxable_price": n * 10**7}, f"货车{n}") for n in (1, 2)]
    items = Items(tuple(named))
    told = {"name": FIRM["name"], "credit_code": FIRM["credit_code"]}
    decisions = check(rulebook, told, AS_OF, slugs, items=items)
    under = IssueOf(BEICHEN.id, BEICHEN.name, "津辰惠函〔2026〕77号", AS_OF, date(2099, 12, 31))
    receipt = receipt_of(rulebook, told, decisions, AS_OF, under, program="0", items=items, seed=bytes(32))
    issued = issue_pdf(rulebook, receipt, decisions, office.key, AT)
    verify_offline(page, issued.qr)
    expect(page.locator("#word")).to_contain_text("有效")
    for one in named:
        expect(page.locator("#rows")).to_contain_text(f"“{one.name}”")


def test_offline_code(offline: tuple[Page, Path], letters: dict[str, Issued]) -> None:
    """Whoever types the twelve characters there learns that they are looked up on the site's page."""
    page, _ = offline
    for typed in (letters["valid"].code, spaced(letters["valid"].code), spaced(letters["valid"].code).lower()):
        verify_offline(page, typed)
        expect(page.locator("#meaning")).to_contain_text("12位校验码要联网到核验页查询")


def test_offline_keys(offline: tuple[Page, Path], letters: dict[str, Issued], office: Office) -> None:
    """It knows what a closed key may have signed, and where a browser cannot verify at all it says so."""
    page, file = offline
    text, key = file.read_text(encoding="utf-8"), office.key.public
    closed = text.replace('"state": "active"', '"state": "retired"').replace('"last": {}', '"last": {"2026": 1}')
    assert closed != text
    file.write_text(closed, encoding="utf-8")
    page.reload()
    verify_offline(page, letters["valid"].qr)
    expect(page.locator("#word")).to_contain_text("有效")
    verify_offline(page, letters["several"].qr)
    expect(page.locator("#meaning")).to_contain_text("不能签发这个文号")
    file.write_text(text.replace(key.id, "0" * 12), encoding="utf-8")
    page.reload()
    verify_offline(page, letters["valid"].qr)
    expect(page.locator("#meaning")).to_contain_text("不在公钥清单中")
    file.write_text(text, encoding="utf-8")
    page.reload()
    page.evaluate("() => { crypto.subtle.importKey = () => Promise.reject(new Error()); }")
    verify_offline(page, letters["valid"].qr)
    expect(page.locator("#meaning")).to_contain_text("不会核验")


def test_offline_revoked_key(offline: tuple[Page, Path], letters: dict[str, Issued], office: Office) -> None:
    """A revoked key vouches for what it is known to have signed: not for a number it signed again for another firm."""
    page, file = offline
    text, issued = file.read_text(encoding="utf-8"), letters["valid"]
    named = json.dumps({"statements": [digest(issued.qr.encode())]})
    closed = text.replace('"state": "active"', '"state": "revoked"').replace('"last": {}', '"last": {"2026": 9}')
    file.write_text(closed.replace('"signed_before": null', f'"signed_before": {named}'), encoding="utf-8")
    page.reload()
    verify_offline(page, issued.qr)
    expect(page.locator("#word")).to_contain_text("有效")
    forged = office.issue(office.receipt(1, name="天津市别家有限公司"))
    verify_offline(page, forged.qr)
    expect(page.locator("#word")).to_contain_text("无法核验")
    expect(page.locator("#meaning")).to_contain_text("不在吊销前签发之列")
    expect(page.locator("#rows")).to_be_empty()


def test_offline_whose_list(offline: tuple[Page, Path], letters: dict[str, Issued], office: Office) -> None:
    """It says whose list it holds, and once that is more than two weeks old that it knows nothing of what came since."""
    page, file = offline
    expect(page.locator("#root")).to_have_text(office.trust().fingerprint)
    expect(page.locator("#stale")).to_be_hidden()
    text = file.read_text(encoding="utf-8")
    made = today()
    for days, stale in ((14, False), (15, True)):
        aged = text.replace(f'"made": "{made}"', f'"made": "{made - timedelta(days=days)}"')
        assert aged != text
        file.write_text(aged, encoding="utf-8")
        page.reload()
        verify_offline(page, letters["valid"].qr)
        expect(page.locator("#word")).to_contain_text("有效")
        (expect(page.locator("#stale")).to_be_visible if stale else expect(page.locator("#stale")).to_be_hidden)()


def test_number_signed_again(visitor: Visitor, letters: dict[str, Issued], office: Office) -> None:
    """What a stolen key signed under a number of the register is not what was issued under it, and is refused."""
    forged = office.issue(office.receipt(1, name="天津市别家有限公司").model_copy(update={"valid_until": None}))
    for sent in ({"code": forged.qr}, {"file": (BytesIO(forged.pdf), "letter.pdf")}):
        page = parsed(send(visitor, **sent))
        assert page.by_id("state").text == "已被改动，不可采信"
        assert "天津市别家有限公司" not in page.text


def verify_offline(page: Page, text: str) -> None:
    """Paste and press."""
    page.locator("#word").evaluate("node => node.textContent = ''")
    page.locator("#text").fill(text)
    page.get_by_role("button").click()
    expect(page.locator("#word")).not_to_be_empty()


def send(visitor: Visitor, **form: object) -> TestResponse:
    """Post the form as a browser does."""
    token = visitor.get("/verify").value("csrf_token")
    return visitor.client.post("/verify", data={"csrf_token": token, **form})


def test_data_is_plain(visitor: Visitor, letters: dict[str, Issued]) -> None:
    """The list inside is JSON that no closing tag can break out of, and holds public keys only."""
    text = visitor.client.get("/verify/offline").get_data(as_text=True)
    inside = text.split('id="data">')[1].split("</script>")[0]
    data = json.loads(inside)
    assert [sorted(one) for one in data["trust"]["keys"]] == [
        [
            "centre",
            "centre_name",
            "certificate",
            "id",
            "last",
            "mark",
            "paper",
            "reason",
            "signed_before",
            "since",
            "state",
            "until",
        ]
    ]
    assert "PRIVATE" not in text
    assert data["trust"]["letters"][letters["revoked"].receipt.number]["state"] == "revoked"
