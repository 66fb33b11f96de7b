"""A small rulebook of its own and decisions written by hand, so that a letter's words are tested without the engine."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from matcher.letters.compose.compose import compose_letter_of
from matcher.letters.compose.letter import Letter
from matcher.rulebook import Given, Text
from matcher.rulebook.language import NUMBER, Const

AS_OF = date(2026, 11, 24)
NOTICE = "财政部 税务总局公告2023年第12号"


@dataclass(frozen=True)
class T:
    """The same words twice."""

    zh: str
    en: str

    def get(self, lang: str) -> str:
        """The words in one language."""
        return self.en if lang == "en" else self.zh

    def plain(self) -> dict[str, str]:
        """As a decision carries them."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class Fact:
    """A fact of the vocabulary, as much of it as a letter reads."""

    id: str
    type: str
    label: T
    unit: str | None = None
    values: dict[str, T] = field(default_factory=dict)
    stated_by: str = "firm"
    advise: str = "up"
    duty: T | None = None
    series: object = None


@dataclass(frozen=True)
class Version:
    """A version of a scheme."""

    instrument: str | None
    from_: date | None = None


@dataclass(frozen=True)
class Scheme:
    """A scheme, as much of it as a letter reads."""

    slug: str
    name: T
    recipient: str
    kind: str = "support"
    department: T = T("天津市税务局（主管税务机关）", "Tianjin Tax Service (the firm's tax office)")
    amount_means: T = T("所问期间少缴的税费", "tax and fees not paid for the period")
    evidence: tuple[T, ...] = ()
    channel: T | None = None
    say: T | None = None
    versions: tuple[Version, ...] = ()
    object: str = "firm"


@dataclass(frozen=True)
class SchemeEdition:
    """A scheme on a day, and the facts its rules read."""

    scheme: Scheme
    version: Version
    facts: tuple[str, ...]

    def outputs(self) -> dict[str, Given]:
        """Every scheme here may give one further output, a share."""
        return {
            "deferral_share": Given("deferral_share", Text(zh="缓缴比例", en="share put off"), Const(NUMBER, 0), None)
        }


@dataclass(frozen=True)
class Edition:
    """The rulebook on a day."""

    schemes: dict[str, SchemeEdition]


@dataclass(frozen=True)
class Book:
    """A rulebook, as much of it as a letter reads; it is the same on every day."""

    facts: dict[str, Fact]
    schemes: dict[str, Scheme]
    hash: str = "3f2a9c7d41e8b605" * 4
    relations: tuple[Any, ...] = ()

    def at(self, day: date) -> Edition:
        """Every scheme reads every fact but the firm's name and a department's finding."""
        facts = tuple(fact for fact in self.facts if fact != "name" and not fact.startswith("dept_"))
        version = Version(NOTICE + "第二条、第四条、第五条")
        return Edition({slug: SchemeEdition(scheme, version, facts) for slug, scheme in self.schemes.items()})

    def offices_of(self, scheme: Scheme) -> tuple[Any, ...]:
        """These rules say no office."""
        return ()


FACTS = (
    Fact("name", "text", T("企业名称", "firm's name")),
    Fact(
        "vat_status",
        "enum",
        T("增值税纳税人身份", "VAT status"),
        values={"small_scale": T("小规模纳税人", "small-scale"), "general": T("一般纳税人", "general")},
    ),
    Fact(
        "is_before_first_settlement",
        "boolean",
        T("是否新设立且尚未办理首次汇算清缴", "new, before its first settlement"),
    ),
    Fact(
        "in_restricted_or_prohibited_industry", "boolean", T("是否从事国家限制或禁止行业", "in a restricted industry")
    ),
    Fact(
        "employees_end_last_month",
        "integer",
        T("申报期上月末从业人数", "staff at the end of last month"),
        unit="persons",
    ),
    Fact("assets_end_last_month", "money", T("申报期上月末资产总额", "total assets at the end of last month")),
    Fact(
        "six_taxes_two_fees_payable", "money", T("本期六税两费应纳额（已减其他优惠）", "six taxes and two fees payable")
    ),
    Fact("dept_approved", "boolean", T("主管部门是否批准", "approved by the department"), stated_by="department"),
)
ETAX = T("电子税务局 https://etax.tianjin.chinatax.gov.cn 或办税服务厅", "electronic tax office or the tax hall")
PAPERS = (
    T("上月末工资表", "payroll of the end of last month"),
    T("上月末资产负债表", "balance sheet of the end of last month"),
    T("汇算清缴申报表", "settlement return"),
)
SCHEMES = (
    Scheme(
        "six-taxes-two-fees",
        T("小微企业“六税两费”减免", "six taxes and two fees, halved for small firms"),
        "firm_price",
        evidence=PAPERS,
        channel=ETAX,
    ),
    Scheme(
        "guarantee-fee-rebate",
        T("小微企业融资担保费补贴", "guarantee fee rebate"),
        "institution",
        department=T("市财政局", "Tianjin Finance Bureau"),
        amount_means=T("担保费补贴额", "rebate of the guarantee fee"),
        evidence=(T("担保合同", "guarantee contract"), T("借款合同", "loan contract")),
    ),
    Scheme(
        "illegal-fee-complaint",
        T("涉企违规收费投诉", "complaint about illegal fees"),
        "firm_right",
        kind="service",
        department=T("市市场监管委", "Tianjin Market Regulation Commission"),
        channel=T("拨打12345或12315", "call 12345 or 12315"),
        amount_means=T("无金额", "no money in it"),
    ),
    Scheme(
        "labour-market-conduct",
        T("人力资源市场秩序", "order in the labour market"),
        "firm_right",
        kind="restriction",
        department=T("市人社局（劳动保障监察）", "labour inspection"),
        amount_means=T("罚款幅度", "range of the fine"),
        versions=(Version(None, date(2027, 7, 1)), Version(None, date(2028, 1, 1))),
    ),
)


def source(article: str = "第五条", confidence: str = "high") -> dict[str, str]:
    """Where a condition is written."""
    return {"instrument": NOTICE, "article": article, "confidence": confidence}


def leaf(fact: str | None, text: T, outcome: bool | None, **more: Any) -> dict[str, Any]:
    """A tested condition of a reasons tree."""
    bare = {
        "value": None,
        "op": None,
        "bound": None,
        "distance": None,
        "says": None,
        "source": source(),
        "children": [],
    }
    return {
        "id": f"requires.{fact}",
        "kind": "test",
        "outcome": outcome,
        "text": text.plain(),
        "fact": fact,
        **bare,
        **more,
    }


def node(kind: str, outcome: bool | None, children: list[dict[str, Any]], article: str = "第二条") -> dict[str, Any]:
    """A branch of a reasons tree."""
    text = T("须同时符合", "all of") if kind == "all" else T("符合其一", "any of")
    return leaf(None, text, outcome, kind=kind, source=source(article), children=children)


STAFF = T(
    "申报期上月末从业人数 212 人，不超过 300 人", "staff at the end of last month 212 persons, at most 300 persons"
)
ASSETS = T(
    "申报期上月末资产总额 3,800 万元，不超过 5,000 万元（还有 1,200 万元余地）",
    "total assets 38,000,000 yuan, at most 50,000,000 yuan (12,000,000 yuan to spare)",
)
NEW = T("新设立且尚未办理首次汇算清缴", "new and before its first annual settlement")
LAWFUL = T("不从事国家限制或禁止行业", "not in a restricted or prohibited industry")
SMALL = T("增值税一般纳税人，不是小规模纳税人", "a general VAT taxpayer, not small-scale")


def reasons(outcome: bool | None) -> dict[str, Any]:
    """The tree of six taxes and two fees: a small-scale taxpayer, or a new firm under two bounds."""
    staff = leaf("employees_end_last_month", STAFF, outcome, value="212", op="<=", bound="300", distance="88")
    if outcome is False:
        text = T(
            "申报期上月末从业人数 312 人，要求不超过 300 人，差 12 人",
            "staff at the end of last month 312 persons, must be at most 300 persons; 12 persons off",
        )
        staff = {**staff, "text": text.plain(), "value": "312", "distance": "12"}
    new_firm = [
        leaf("is_before_first_settlement", NEW, True, value="true"),
        leaf("in_restricted_or_prohibited_industry", LAWFUL, True, value="false"),
        staff,
        leaf("assets_end_last_month", ASSETS, True, value="38000000.00", op="<=", bound="50000000.00"),
    ]
    small_scale = leaf("vat_status", SMALL, False, value="general", source=source("第二条"))
    return node("any", outcome, [small_scale, node("all", outcome, new_firm, "第五条")])


def decision(status: str, scheme: str = "six-taxes-two-fees", **changes: Any) -> dict[str, Any]:
    """A decision with `status` as the engine prints it; `changes` overrides any key."""
    granted = status in ("eligible", "needs_decision", "applies")
    outcome = {"not_eligible": False, "needs_information": None, "does_not_apply": False}.get(status, True)
    told: dict[str, Any] = {
        "scheme": scheme,
        "status": status,
        "recipient": "firm_price" if granted else None,
        "amount": {"kind": "exact", "value": "19321.29"} if granted else None,
        "extra": {},
        "missing": ["employees_end_last_month", "assets_end_last_month"] if status == "needs_information" else [],
        "failing": ["vat_status", "employees_end_last_month"] if status == "not_eligible" else [],
        "reason": "ended" if status == "not_open" else None,
        "reasons": None if status in ("not_open", "unconfirmed") else reasons(outcome),
        "near_miss": [],
        "last_known": None,
        "deadlines": [],
        "version": {"from": "2023-01-01", "until": "2027-12-31"},
        "clauses": ["m19-tax"],
        "confidence": "high",
        "warnings": [],
        "arithmetic": [
            T("38,642.57 × 50% = 19,321.285 → 19,321.29", "38,642.57 × 50 % = 19,321.285 → 19,321.29").plain()
        ]
        if granted
        else [],
    }
    if status == "not_eligible":
        change = {"fact": "employees_end_last_month", "from": "312", "to": "300"}
        told["near_miss"] = [{"changes": [change], "on": None, "reaches": "eligible"}]
    return {**told, **changes}


@pytest.fixture(scope="session")
def book() -> Book:
    """The small rulebook."""
    return Book({fact.id: fact for fact in FACTS}, {scheme.slug: scheme for scheme in SCHEMES})


@pytest.fixture(scope="session")
def facts() -> dict[str, Any]:
    """A new manufacturing firm of 212 persons, as a profile is read: money in fen."""
    return {
        "name": "天津市北辰区恒通精密机械有限公司",
        "vat_status": "general",
        "is_before_first_settlement": True,
        "in_restricted_or_prohibited_industry": False,
        "employees_end_last_month": 212,
        "assets_end_last_month": 3_800_000_000,
        "six_taxes_two_fees_payable": 3_864_257,
    }


@pytest.fixture(scope="session")
def decide() -> Callable[..., dict[str, Any]]:
    """Builds a decision by hand: `decide(status, scheme, **changes)`."""
    return decision


@pytest.fixture(scope="session")
def write(book: Book, facts: dict[str, Any]) -> Callable[..., Letter]:
    """Composes the letter on decisions built by hand: `write(*decisions, lang=…, addressee=…)`."""

    def written(
        *decisions: dict[str, Any],
        lang: str = "zh",
        addressee: str | None = None,
        kind: Any = "self_check",
        **more: Any,
    ) -> Letter:
        rulebook: Any = book
        return compose_letter_of(rulebook, {**facts, **more}, decisions, AS_OF, lang, addressee=addressee, kind=kind)

    return written


@pytest.fixture(scope="session")
def pages() -> Callable[[bytes], list[str]]:
    """The text of each page of a PDF, as poppler's pdftotext reads it."""

    def read(pdf: bytes) -> list[str]:
        text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=120).stdout
        return text.decode().split("\f")[:-1]

    return read
