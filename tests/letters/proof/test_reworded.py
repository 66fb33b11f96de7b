"""Letters outlive their wording: a sentence, a label, a template may change, and what was issued before stays valid and says so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from matcher import places
from matcher.letters.compose.words import PHRASES
from matcher.letters.pdf import render
from matcher.letters.pdf.setting import setting
from matcher.letters.proof.container import read_container
from matcher.letters.proof.contents import receipt_in
from matcher.letters.proof.paper import Issued
from matcher.letters.proof.receipt import ReceiptError, read_receipt
from matcher.letters.proof.rulebook_archive import Shelf
from matcher.letters.proof.trust import read_trust_list
from matcher.letters.proof.verdict import Verdict
from matcher.letters.proof.verdict_text import notes
from matcher.letters.proof.verify import Against, verify
from matcher.rulebook.load import load
from tests.fixtures.signed_letters import WRITTEN_ON, Office
from tests.letters.proof.test_issued_by_0_1_0 import FOLDER


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the templates, which the program sets letters with from now on."""
    copy = tmp_path / "templates"
    shutil.copytree(places.templates_dir(), copy)
    monkeypatch.setattr(places, "templates_dir", lambda: copy)
    for cached in (render._template, setting):
        cached.cache_clear()
    yield copy
    for cached in (render._template, setting):
        cached.cache_clear()


def reword(monkeypatch: pytest.MonkeyPatch, key: str, old: str, new: str) -> None:
    """Mend a sentence of the letters."""
    zh, en = PHRASES[key]
    assert old in zh
    monkeypatch.setitem(PHRASES, key, (zh.replace(old, new), en))


def add_a_line(templates: Path) -> None:
    """Mend the template that ends a letter."""
    file = templates / "letters" / "end.html"
    file.write_text(f"{file.read_text(encoding='utf-8')}<p>（此页以下空白）</p>\n", encoding="utf-8")


def words(verdict: Verdict) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The state, the faults, and what could be made again."""
    return verdict.state, tuple(one.word for one in verdict.faults), verdict.reproduced


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("opening", "，", "，现就有关事项，"),
        ("amount.to_confirm", "{figures}", "共计{figures}"),
    ],
)
def test_another_sentence(
    office: Office, letters: list[Issued], monkeypatch: pytest.MonkeyPatch, key: str, old: str, new: str
) -> None:
    """A letter whose sentences were mended since is valid, its conclusion derives again, and that its words differ is said."""
    reword(monkeypatch, key, old, new)
    verdict = verify(letters[0].pdf, office.against())
    assert words(verdict) == ("valid", (), ("conclusion", "other_words"))
    assert any("修改过措辞" in note for note in notes(verdict, "zh"))


def test_another_template(office: Office, letters: list[Issued], templates: Path) -> None:
    """The same words set with other templates: that, and nothing else, differs."""
    add_a_line(templates)
    verdict = verify(letters[0].pdf, office.against())
    assert words(verdict) == ("valid", (), ("conclusion", "words", "other_setting"))
    assert [("逐字相同" in note, "版式" in note) for note in notes(verdict, "zh")[1:]] == [(True, False), (False, True)]


def test_another_sentence_and_another_template(
    office: Office, letters: list[Issued], templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are said."""
    add_a_line(templates)
    reword(monkeypatch, "opening", "，", "，现就有关事项，")
    verdict = verify(letters[0].pdf, office.against())
    assert words(verdict) == ("valid", (), ("conclusion", "other_words", "other_setting"))


def test_another_label_in_the_rules(office: Office, letters: list[Issued], tmp_path: Path) -> None:
    """A letter is worded by the rules it was issued under, which are kept: another label today changes nothing of it."""
    kept, today = tmp_path / "kept", tmp_path / "rules"
    kept.mkdir()
    shutil.make_archive(str(kept / office.rulebook.hash), "zip", places.rules_dir())
    shutil.copytree(places.rules_dir(), today)
    for path in (today / "facts").glob("*.yaml"):
        path.write_text(
            path.read_text(encoding="utf-8").replace("增值税纳税人类别", "增值税纳税人身份"), encoding="utf-8"
        )
    other = load(today)
    assert other.hash != office.rulebook.hash
    verdict = verify(letters[0].pdf, Against(office.trust(), WRITTEN_ON, Shelf(kept, (today,)).find))
    assert words(verdict) == ("valid", (), ("conclusion", "page"))
    gone = verify(letters[0].pdf, Against(office.trust(), WRITTEN_ON, {other.hash: other}.get))
    assert words(gone) == ("valid", ("rulebook_not_here",), ())


def test_a_letter_of_0_1_0(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its receipt says nothing of words and setting; it stays valid, and that its page differs is said."""
    add_a_line(templates)
    reword(monkeypatch, "opening", "，", "，现就有关事项，")
    trust = read_trust_list((FOLDER / "trust-list.json").read_bytes())
    shelf = Shelf(None, (FOLDER / "rules.zip",))
    verdict = verify((FOLDER / "one-scheme.pdf").read_bytes(), Against(trust, date(2026, 12, 2), shelf.find))
    assert words(verdict) == ("valid", (), ("conclusion", "other_page"))


def test_the_receipt_says_what_was_worded_and_set(letters: list[Issued]) -> None:
    """Each letter has a digest of its own words, and all the one of what they were set with."""
    receipts = [read_receipt(receipt_in(read_container(one.pdf)) or b"") for one in letters]
    assert len({one.worded for one in receipts}) == len(letters)
    assert {one.setting for one in receipts} == {setting()}


def test_a_receipt_without_the_two_is_read(office: Office) -> None:
    """As receipts were written before, byte for byte; a digest that is none is refused."""
    before = office.receipt()
    assert b"worded" not in before.to_bytes()
    assert read_receipt(before.to_bytes()) == before
    with pytest.raises(ReceiptError):
        read_receipt(before.model_copy(update={"worded": "all"}).to_bytes())
