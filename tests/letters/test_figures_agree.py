"""The figures of a letter are read off its print, and compared with the site, the desk, the command line, and the record inside."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from flask import Flask

from matcher.accounts.models import Account
from matcher.cases.service import Content, Opening
from matcher.cases.service import open_case as open_in_store
from matcher.firms.profile import read_facts
from matcher.letters.proof.container import read_container
from matcher.letters.proof.contents import receipt_in
from matcher.letters.proof.receipt import read_receipt
from matcher.rulebook.rulebook import Rulebook
from matcher.rulebook.shapes import decimal
from matcher.text.figures import fen_of, sum_in_yuan, yuan
from matcher.text.statuses import STATUS
from tests.benchmarks.interviewed import AS_OF as DRAWN_DAY
from tests.benchmarks.interviewed import completed, generated
from tests.conftest import count
from tests.fixtures.command_line import Run
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import ask_letter, issued_code, store_of
from tests.fixtures.pages import Visitor as SiteVisitor
from tests.fixtures.pages import words

FIRMS = {
    one["id"]: one
    for one in yaml.safe_load(
        (Path(__file__).parents[1] / "worked_cases/given/firms/firms.yaml").read_text(encoding="utf-8")
    )
}

# The fullest page in Chinese and one with fen in English; every firm in both languages under the bench.
CHOSEN = [("training-machine-works", "zh"), ("testing-lab", "en")]

ALL = [(name, lang) for name in FIRMS for lang in ("zh", "en")]

FIGURE = r"\d[\d,]*(?:\.\d\d)?"

HEADINGS = {
    "certain": r"(?:当时)?可以享受，金额确定|Entitled(?: on that day)?; the sum is certain",
    "possible": r"(?:当时)?有望再得|May still come|Might have come on top",
    "apart": r"(?:当时)?另有|Also(?:, on that day)?",
}

# What the desk says of the three: all with figures, the third in words, none with a figure.
SAID = {
    "zh": (
        "现金{cash}，少缴{less}，还可能{possible}",
        "现金{cash}，少缴{less}，还可能多少{possible}",
        "金额{possible}",
    ),
    "en": (
        "cash {cash}, {less} less to pay, {possible} still possible",
        "cash {cash}, {less} less to pay, what is still possible: {possible}",
        "sums: {possible}",
    ),
}

# In which words each place says of a number why it has no figure: a letter; every page and sheet.
ON_PAPER = {"以核定为准": "to be set", "to be set": "to be set", "情况待补": "missing", "not yet known": "missing"}

ON_PAGE = {
    "还算不出": "to be set",
    "to be worked out": "to be set",
    "还不清楚": "missing",
    "not known yet": "missing",
}


@dataclass(frozen=True)
class Print:
    """What stands on a letter's first page: fen of the three numbers, of each group's rows and of its total; the rest as text.
    ``said``: the three as they are said, in words where one has no figure."""

    numbers: tuple[int, ...]
    said: tuple[int | str, ...]
    rows: dict[str, list[int | None]]
    totals: dict[str, int]
    counts: dict[str, int]
    annex: str


def fen(figure: str) -> int:
    """Fen of a figure as it is printed."""
    return fen_of(figure.replace(",", ""))


def read_print(pdf: bytes, lang: str) -> Print:
    """Read the text layer as poppler lays it out."""
    out = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    first, _, annex = out.stdout.decode().partition("\f")
    unit = "yuan" if lang == "en" else "元"
    one = rf"({FIGURE} ?{unit}|{'|'.join(ON_PAPER)})"
    three = re.search(rf"^\s*{one}\s+{one}\s+{one}$", first, re.M)
    assert three, first
    said = tuple(_said(one, ON_PAPER) for one in three.groups())
    rows: dict[str, list[int | None]] = {}
    totals: dict[str, int] = {}
    group = ""
    for line in first.splitlines():
        text = line.strip()
        heading = next((key for key, words in HEADINGS.items() if re.match(rf"(?:{words})(?:\s|$)", text)), None)
        if heading:
            group = heading
            if total := re.search(rf"\s({FIGURE})(?:\s|$)", text):
                totals[group] = fen(total[1])
        elif group and re.match(r"[●◐◎]\s", text) and not re.search(r"[；;]", text):
            unset = re.search(r"\s(?:以核定为准|to be set)", text)
            found = re.search(rf"(?:\s{{2,}}|\s最高 ?|\sup to )({FIGURE})[※①-⑦]*(?:\s|$)", text)
            assert unset or found, text
            rows.setdefault(group, []).append(fen(found[1]) if found and not unset else None)
    flat = re.sub(r"\s+", "" if lang == "zh" else " ", first)
    told = {status: one.letter.get(lang) for status, one in STATUS.items()}
    counted = {
        status: re.search(rf"(?:：|，){words}(\d+)项" if lang == "zh" else rf"(?:\(|, ){words} (\d+)", flat)
        for status, words in told.items()
    }
    return Print(
        tuple(one if isinstance(one, int) else 0 for one in said),
        said,
        rows,
        totals,
        {status: int(one[1]) for status, one in counted.items() if one},
        re.sub(r"\s+", "", annex),
    )


@pytest.mark.parametrize(("name", "lang"), ALL if count(10) > 1 else CHOSEN)
def test_a_letter_says_what_every_other_place_says(
    desk_app: Flask,
    issues: Flask,
    accounts: dict[str, Account],
    signed_in: Callable[[str], Visitor],
    run: Run,
    tmp_path: Path,
    name: str,
    lang: str,
) -> None:
    """Of a whole firm: the three numbers are the sums of their rows, those of the result page and of the desk's case; rows, annex
    and counts are what the command line decides; the record inside the file says the same."""
    firm = FIRMS[name]
    rulebook = desk_app.config["RULEBOOK"]
    facts = _as_filed(rulebook, read_facts(rulebook, firm["facts"])[0])
    told = {"as_of": firm["as_of"].isoformat(), "facts": facts}

    clerk = signed_in("clerk")
    case = _case(desk_app, accounts["clerk"], facts, firm["as_of"])
    desk = words(clerk.get(f"/desk/cases/{case}?lang={lang}").by_id("answer"))
    every = list(desk_app.config["RULEBOOK"].schemes)
    code = issued_code(ask_letter(clerk, case, *every, language=lang))
    pdf = clerk.client.get(f"/desk/letters/{code}/file").data
    page = read_print(pdf, lang)
    cash, less, possible = page.numbers

    # Within the page.
    receipt = read_receipt(receipt_in(read_container(pdf)) or b"")
    assert receipt.page is not None
    assert sum(one or 0 for one in page.rows.get("certain", ())) == cash + less
    assert receipt.page.more or sum(one or 0 for one in page.rows.get("possible", ())) == possible
    assert all(total == sum(one or 0 for one in page.rows[group]) for group, total in page.totals.items())
    # The record inside.
    assert receipt.page.numbers == page.numbers
    assert Counter((one.group, one.fen) for one in receipt.page.lines) == Counter(
        (group, one) for group, rows in page.rows.items() for one in rows
    )
    # The desk and the site.
    assert _at_desk(page.said, lang) in desk.lower()
    assert _shown(SiteVisitor(desk_app.test_client()), told, lang) == page.said
    # The command line.
    file = tmp_path / "firm.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    decided = json.loads(run("check", file, "--json").stdout)["decisions"]
    assert page.counts == Counter(one["status"] for one in decided)
    amounts = {one["scheme"]: one["amount"] for one in decided}
    for line in receipt.page.lines:
        amount = amounts[line.scheme]
        figure = None if amount is None else amount.get("high", amount.get("value"))
        if figure is not None:
            assert sum_in_yuan(fen_of(figure), lang, cents=True).replace(" ", "") in page.annex, line
        if figure is not None and line.fen not in (None, fen_of(figure)):
            assert sum_in_yuan(line.fen or 0, lang, cents=True).replace(" ", "") in page.annex, line


def test_every_door_says_the_same_three_sums(
    desk_app: Flask,
    issues: Flask,
    accounts: dict[str, Account],
    signed_in: Callable[[str], Visitor],
    repo_root: Path,
    tmp_path: Path,
) -> None:
    """Of every given firm and of drawn ones: the result page, the owner's sheet, the service for programs, the desk's case and the
    signed letter say the same three sums, and in words what has none; so does one that is asked for whatever its trade hardly has,
    since nothing is presumed."""
    rulebook, clerk = desk_app.config["RULEBOOK"], signed_in("clerk")
    chance = random.Random(30)
    companies = generated(tmp_path, repo_root / "tests" / "tools" / "generate_firms.py", count(30))
    drawn = [(completed(rulebook, one, chance), DRAWN_DAY) for one in companies]
    given = [(read_facts(rulebook, one["facts"])[0], one["as_of"]) for one in FIRMS.values()]
    for read, day in [*given, *drawn]:
        facts = _as_filed(rulebook, read)
        told = {"as_of": day.isoformat(), "facts": facts}
        visitor = SiteVisitor(desk_app.test_client())
        sums = _shown(visitor, told, "zh")
        assert _on_sheet(visitor) == sums
        asked = visitor.client.post("/api/v1/next-question", json=told).get_json()["estimate"]
        bare = tuple(one if isinstance(one, int) else 0 for one in sums)
        assert (fen_of(asked["sure"]["cash"]), fen_of(asked["sure"]["less"]), fen_of(asked["possible"])) == bare
        case = _case(desk_app, accounts["clerk"], facts, day)
        assert _at_desk(sums, "zh") in words(clerk.get(f"/desk/cases/{case}").by_id("answer"))
        code = issued_code(ask_letter(clerk, case, *rulebook.schemes, language="zh"))
        pdf = clerk.client.get(f"/desk/letters/{code}/file").data
        receipt = read_receipt(receipt_in(read_container(pdf)) or b"")
        assert receipt.page is not None
        assert receipt.page.numbers == bare
        assert read_print(pdf, "zh").said == sums


def _said(text: str, known: Mapping[str, str]) -> int | str:
    """Fen of a sum as it stands somewhere, or why there is none."""
    return known[text] if text in known else fen(text.rstrip("元yuan "))


def _at_desk(said: tuple[int | str, ...], lang: str) -> str:
    """The line of a case at the desk, in small letters."""
    in_words = {why: text for text, why in ON_PAGE.items() if text.isascii() == (lang == "en")}
    parts = [in_words[one] if isinstance(one, str) else sum_in_yuan(one, lang) for one in said]
    count = sum(isinstance(one, str) for one in said)
    line = SAID[lang][0 if not count else 1 if count == 1 else 2]
    return line.format(**dict(zip(("cash", "less", "possible"), parts, strict=True))).lower()


def _on_sheet(visitor: SiteVisitor) -> tuple[int | str, ...]:
    """Fen of the three numbers on the owner's sheet, or the words in their place."""
    pdf = visitor.client.get("/take/result.pdf").data
    out = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    said = re.findall(rf"{FIGURE} ?元|{'|'.join(ON_PAGE)}", out.stdout.decode())[:3]
    return tuple(_said(one, ON_PAGE) for one in said)


def _as_filed(rulebook: Rulebook, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as the rules read them, as a file holds them."""
    return {name: _told(rulebook.facts[name].type, one) for name, one in facts.items()}


def _told(kind: str, value: Any) -> bool | int | str:
    if kind == "money":
        return yuan(value)
    if isinstance(value, Fraction):
        return decimal(value)
    return value if isinstance(value, bool | int | str) else value.isoformat()


def _case(app: Flask, clerk: Account, facts: dict[str, Any], as_of: date) -> int:
    """A case of a firm that is not in the register, with all that the firm told."""
    source = {"source": "declared", "on": "2026-11-24", "by": "clerk"}
    with store_of(app) as register:
        opening = Opening(
            "heping", clerk.id or 0, "search", Content(facts, dict.fromkeys(facts, source), as_of), None, uuid4().hex
        )
        made = open_in_store(register, opening, datetime.now(UTC))
        assert made.id is not None
        return made.id


def _shown(visitor: SiteVisitor, told: dict[str, Any], lang: str) -> tuple[int | str, ...]:
    """Fen of the three numbers on the result page or the words in their place, once the firm's file was opened."""
    token = visitor.get("/save").value("csrf_token")
    file = (BytesIO(json.dumps(told).encode()), "firm.json")
    assert visitor.client.post("/open", data={"csrf_token": token, "file": file}).status_code == 303
    root = visitor.get(f"/result?lang={lang}").root
    said = [words(one) for one in root.findall(".//p/strong")]
    return tuple(_said(one, ON_PAGE) for one in said if one in ON_PAGE or re.fullmatch(FIGURE, one))[:3]
