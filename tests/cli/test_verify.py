"""`matcher keys` and `matcher verify`: keys made, lists published, letters verified at a bank that has nothing but files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matcher import __version__, places
from matcher.cli import main
from matcher.engine.check import check
from matcher.letters.proof.keys import KeyFolder, SigningKey
from matcher.letters.proof.paper import Issued, issue_pdf
from matcher.letters.proof.receipt import Issue as IssueOf
from matcher.letters.proof.receipt import receipt_of
from matcher.letters.proof.trust import read_trust_list
from matcher.rulebook.rulebook import Rulebook
from matcher.text.dates import today
from tests.fixtures.signed_letters import BEICHEN, Office

Run = Callable[..., Result]
ON = ("--as-of", "2026-04-02")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `matcher` as on a machine of its own, with an instance folder that is still empty."""
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("MATCHER_CONFIG", str(tmp_path / "settings"))
    for name in ("DATABASE_URL", "MATCHER_KEYS", "MATCHER_KEYS_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    return lambda *args: CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def office(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose keys were made on the command line, and are dated back to when its letters were written."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATCHER_KEYS", str(folder))
        assert CliRunner().invoke(main, ["keys", "new", "beichen"]).exit_code == 0
    listed = folder / "keys.json"
    keys = json.loads(listed.read_text(encoding="utf-8"))
    keys[0]["since"] = "2026-01-05"
    keys[0]["centre_name"] = {"zh": "天津市北辰区企业服务中心", "en": "Beichen Enterprise Service Centre"}
    listed.write_text(json.dumps(keys), encoding="utf-8")
    return Office(rulebook, KeyFolder(folder))


@pytest.fixture(scope="module")
def letter(office: Office) -> Issued:
    """A letter of that office."""
    return office.issue(office.receipt())


@pytest.fixture
def bank(tmp_path: Path, office: Office, letter: Issued) -> Path:
    """A folder with what a bank has: the letter's file and the published list."""
    (tmp_path / "letter.pdf").write_bytes(letter.pdf)
    (tmp_path / "list.json").write_bytes(office.trust().to_bytes())
    return tmp_path


def test_verified_from_the_file(run: Run, bank: Path) -> None:
    """With the list a letter verifies without a network or a register, and says what it says."""
    done = run("verify", bank / "letter.pdf", "--trust-list", bank / "list.json", *ON)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("有效  津辰惠函〔2026〕1号")
    assert "金额：19,321.29元" in done.output
    english = run("verify", bank / "letter.pdf", "--trust-list", bank / "list.json", "--lang", "en", *ON)
    assert english.output.startswith("Valid  津辰惠函〔2026〕1号")


def test_json(run: Run, bank: Path) -> None:
    """Programs get integrity, issuer and standing, each in its own word, with firm, days, schemes and sums, and whose list it was;
    the exit status says which of them is wrong. The old keys stay for one version."""
    pdf = (bank / "letter.pdf").read_bytes()
    (bank / "changed.pdf").write_bytes(
        pdf.replace(b"/Type/Page", b"/Type/Paga", 1).replace(b"\n3 0 obj", b"\n4 0 obj", 1)
    )
    good = run("verify", bank / "letter.pdf", "--trust-list", bank / "list.json", "--json", *ON)
    told = json.loads(good.output)
    listed = told.pop("trust_list")
    assert {name: told[name] for name in ("valid", "state", "number", "faults", "reproduced")} == {
        "valid": True,
        "state": "valid",
        "number": "津辰惠函〔2026〕1号",
        "faults": [],
        "reproduced": ["conclusion", "page"],
    }
    assert (told["integrity"], told["issuer"], told["standing"], told["proved"]) == ("intact", "known", "valid", "file")
    assert told["firm"] == {"name": "天津市北辰区恒通精密机械有限公司", "credit_code": "91120113MA06ABCD1X"}
    assert (told["as_of"], told["valid_until"], told["totals"]) == ("2026-03-31", "2026-06-29", None)
    assert told["schemes"] == [
        {"scheme": "six-taxes-two-fees", "status": "eligible", "recipient": "firm_price", "amount": "19321.29"}
    ]
    assert (listed["dated"], listed["stale"], listed["pinned"]) == ("2026-04-01", False, "first")
    bad = run("verify", bank / "changed.pdf", "--trust-list", bank / "list.json", "--json", *ON)
    told = json.loads(bad.output)
    assert (bad.exit_code, told["valid"], told["state"], told["integrity"]) == (3, False, "unknown", "altered")
    assert all(set(one) >= {"part", "what"} for one in told["faults"])
    assert told["faults"]


def test_unknown_without_a_list(run: Run, bank: Path) -> None:
    """Off-line without a list the state is unknown, and that is said."""
    done = run("verify", bank / "letter.pdf", *ON)
    assert done.exit_code == 4
    assert done.output.startswith("无法核验")
    assert "没有公钥清单" in done.output


def test_rulebook_brought(run: Run, office: Office, bank: Path) -> None:
    """A letter issued under other rules needs them: without, that is the fault; brought as a folder or archive, it verifies."""
    rules = bank / "rules"
    shutil.copytree(places.rules_dir(), rules)
    notes = rules / "concepts" if (rules / "concepts").is_dir() else rules
    first = sorted(notes.rglob("*.yaml"))[0]
    first.write_text(first.read_text(encoding="utf-8") + "# an older edition\n", encoding="utf-8")
    from matcher.rulebook.load import load

    older = Office(load(rules), office.folder)
    (bank / "older.pdf").write_bytes(older.issue(older.receipt()).pdf)
    arguments = ("verify", bank / "older.pdf", "--trust-list", bank / "list.json", "--json", *ON)
    told = json.loads(run(*arguments).output)
    assert [one["what"] for one in told["faults"]] == ["rulebook_not_here"]
    archive = shutil.make_archive(str(bank / "older"), "zip", rules)
    for path in (rules, archive):
        assert run(*arguments, "--rulebook", path).exit_code == 0


@pytest.mark.parametrize(
    ("as_of", "code", "word"), [("2026-06-29", 0, "有效"), ("2026-06-30", 6, "已失效")], ids=["last day", "day after"]
)
def test_code(run: Run, bank: Path, letter: Issued, as_of: str, code: int, word: str) -> None:
    """What a phone read from the paper is verified with the list alone."""
    done = run("verify", "--code", letter.qr, "--trust-list", bank / "list.json", "--as-of", as_of)
    assert (done.exit_code, done.output.split()[0]) == (code, word)


def test_codes_that_are_none(run: Run, bank: Path, letter: Issued) -> None:
    """A slip of the pen is told from a changed code, and from one that only the register could know."""
    listed = ("--trust-list", bank / "list.json", "--json")
    changed = letter.qr[:-1] + ("A" if letter.qr[-1] != "A" else "B")
    for typed, what in [("ABC", "code_mistyped"), (letter.code, "no_register"), (changed, "code_false")]:
        told = json.loads(run("verify", "--code", typed, *listed).output)
        assert [one["what"] for one in told["faults"]] in ([what], ["code_unreadable"])


def test_refusals(run: Run, bank: Path) -> None:
    """What cannot be done is said in one line, with exit status 2."""
    (bank / "bad.json").write_text("{}")
    for arguments, said in [
        (("verify", bank / "none.pdf"), "none.pdf"),
        (("verify", bank / "letter.pdf", "--trust-list", bank / "bad.json"), "bad.json"),
        (("verify", bank / "letter.pdf", "--as-of", "tomorrow"), "tomorrow"),
        (("verify",), "--code"),
        (("keys", "new", "paris"), "paris"),
        (("keys", "revoke", "x", "--reason", "y"), "x"),
        (("keys", "revoke", "0" * 12, "--reason", "y"), "0" * 12),
    ]:
        done = run(*arguments)
        assert (done.exit_code, said in done.output) == (2, True), done.output


def test_a_certificate_is_exported(run: Run, tmp_path: Path) -> None:
    """PDF readers can be told whom to trust; a key without a passphrase is warned of."""
    made = run("keys", "new", "heping")
    assert "MATCHER_KEYS_PASSPHRASE" in made.output
    done = run("keys", "export", "heping", "--cer", tmp_path / "heping.cer")
    assert (done.exit_code, "SHA-256" in done.output) == (0, True)
    listed = read_trust_list(run("keys", "trust-list").output.encode())
    assert (tmp_path / "heping.cer").read_bytes() == listed.keys[0].certificate_der
    assert run("keys", "export", "hexi", "--cer", tmp_path / "hexi.cer").exit_code == 2


def test_keys(run: Run, tmp_path: Path) -> None:
    """A key is made, exchanged and revoked; the published list says so, and is signed."""
    first = run("keys", "new", "heping").output.split()[0]
    assert run("keys", "new", "heping").exit_code == 2
    second = run("keys", "rotate", "heping").output.split()[0]
    assert run("keys", "revoke", second, "--reason", "失窃").exit_code == 0
    assert run("keys", "trust-list", "-o", tmp_path / "list.json").exit_code == 0
    listed = read_trust_list((tmp_path / "list.json").read_bytes())
    assert [(one.id, one.state) for one in listed.keys] == [(first, "retired"), (second, "revoked")]
    assert read_trust_list(run("keys", "trust-list").output.encode()) == listed


def test_another_root_than_the_one_kept(run: Run, bank: Path, office: Office, rulebook: Rulebook) -> None:
    """An attacker's letter with the attacker's own list is refused wherever the city's list was used before."""
    thief = KeyFolder(bank / "thief")
    thief.new(BEICHEN, date(2026, 1, 5))
    forged = Office(rulebook, thief)
    (bank / "forged.pdf").write_bytes(forged.issue(forged.receipt()).pdf)
    (bank / "forged.json").write_bytes(forged.trust().to_bytes())
    first = run("verify", bank / "letter.pdf", "--trust-list", bank / "list.json", *ON)
    assert "首次使用，已记住这个根指纹" in first.output
    assert office.trust().fingerprint in first.output
    again = run("verify", bank / "letter.pdf", "--trust-list", bank / "list.json", *ON)
    assert (again.exit_code, "首次使用" in again.output) == (0, False)
    done = run("verify", bank / "forged.pdf", "--trust-list", bank / "forged.json", *ON)
    assert done.exit_code == 2
    assert "根指纹不符" in done.output
    assert "--root" in done.output


def test_root_named(run: Run, bank: Path, office: Office) -> None:
    """A list of another root than the one named is refused at its first use; named aright, it is used and kept."""
    listed, fingerprint = ("--trust-list", bank / "list.json"), office.trust().fingerprint
    wrong = run("verify", bank / "letter.pdf", *listed, "--root", "0" * 32, *ON)
    assert (wrong.exit_code, "根指纹不符" in wrong.output) == (2, True)
    right = run("verify", bank / "letter.pdf", *listed, "--root", fingerprint.replace(" ", "").upper(), *ON)
    assert (right.exit_code, fingerprint in right.output, "首次使用" in right.output) == (0, True, False)
    later = run("verify", bank / "letter.pdf", *listed, *ON)
    assert (later.exit_code, "首次使用" in later.output) == (0, False)
    mistyped = run("verify", bank / "letter.pdf", *listed, "--root", "abc", *ON)
    assert (mistyped.exit_code, "32位十六进制数" in mistyped.output) == (2, True)


def test_root_replaced(run: Run, bank: Path, office: Office) -> None:
    """When the city has a new root it is named once, which is said, and the old one is trusted no more."""
    (bank / "settings").mkdir()
    (bank / "settings" / "root.json").write_text(json.dumps({"root": "0" * 32}))
    listed = ("--trust-list", bank / "list.json")
    assert run("verify", bank / "letter.pdf", *listed, *ON).exit_code == 2
    done = run("verify", bank / "letter.pdf", *listed, "--root", office.trust().fingerprint, *ON)
    assert (done.exit_code, "此前记住的不再信任" in done.output) == (0, True)
    assert run("verify", bank / "letter.pdf", *listed, *ON).exit_code == 0


def test_root_that_cannot_be_read(run: Run, bank: Path) -> None:
    """A damaged note of the root is not taken for none: nothing is verified by it."""
    (bank / "settings").mkdir()
    (bank / "settings" / "root.json").write_text("{")
    done = run("verify", bank / "letter.pdf", "--trust-list", bank / "list.json", *ON)
    assert (done.exit_code, "root.json" in done.output) == (2, True)


@pytest.mark.parametrize(("day", "stale"), [("2026-04-15", False), ("2026-04-16", True)])
def test_stale_list(run: Run, bank: Path, day: str, stale: bool) -> None:
    """A list more than two weeks old is used, and said to know nothing of what was revoked since."""
    listed = ("--trust-list", bank / "list.json", "--as-of", day)
    done = run("verify", bank / "letter.pdf", *listed)
    assert (done.exit_code, "这份公钥清单已超过14天" in done.output) == (0, stale)
    assert "所用公钥清单：2026年4月1日，根指纹 " in done.output
    assert json.loads(run("verify", "--code", "TJ1:", *listed, "--json").output)["trust_list"]["stale"] == stale


def test_revoked_key_vouches_for_its_letters_only(run: Run, tmp_path: Path, rulebook: Rulebook) -> None:
    """Once a key is revoked the published list names what it signed: that verifies, and its number signed again does not."""
    assert run("keys", "new", "heping").exit_code == 0
    firm = tmp_path / "firm.json"
    firm.write_text(
        json.dumps({"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57", "name": "甲公司"})
    )
    letter, listed = tmp_path / "letter.pdf", tmp_path / "list.json"
    issue = ("letter", firm, "--issue", "--centre", "heping", "--scheme", "six-taxes-two-fees", "-o", letter)
    assert run(*issue).exit_code == 0
    stolen = KeyFolder(tmp_path / "instance" / "keys").signing("heping")
    number = json.loads(run("letters", "list", "--json").output)[0]["number"]
    forged = _signed_again(rulebook, stolen, number)
    (tmp_path / "forged.pdf").write_bytes(forged.pdf)
    on_line = run("verify", tmp_path / "forged.pdf", "--json")
    assert [one["what"] for one in json.loads(on_line.output)["faults"]] == ["register_other"]
    by_code = json.loads(run("verify", "--code", forged.qr, "--json").output)
    assert [one["what"] for one in by_code["faults"]] == ["register_other_statement"]
    assert run("keys", "revoke", stolen.id, "--reason", "失窃").exit_code == 0
    assert run("keys", "trust-list", "-o", listed).exit_code == 0
    assert run("verify", letter, "--trust-list", listed).exit_code == 0
    assert run("verify", letter).exit_code == 0
    for of in ((tmp_path / "forged.pdf",), ("--code", forged.qr)):
        told = json.loads(run("verify", *of, "--trust-list", listed, "--json").output)
        assert not told["valid"]
        assert {one["what"] for one in told["faults"]} <= {"key_revoked", "code_key_revoked"}


def _signed_again(rulebook: Rulebook, key: SigningKey, number: str) -> Issued:
    """A letter of that number for another firm, made with a stolen key."""
    told = {"name": "乙公司", "vat_status": "small_scale", "six_taxes_two_fees_payable": 500_000_000}
    day, schemes = today(), ("six-taxes-two-fees",)
    decisions = check(rulebook, told, day, schemes)
    issue = IssueOf("heping", key.public.centre_name, number, day, None)
    receipt = receipt_of(rulebook, told, decisions, day, issue, program=__version__)
    return issue_pdf(rulebook, receipt, decisions, key, datetime.now(UTC))
