"""Reads a business licence: code, name, kind, day of establishment, and the district of its address where that stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from matcher.text import without_blanks

from .pages import Row

_LABELS = (
    "统一社会信用代码|名称|类型|组成形式|法定代表人|负责人|经营者|执行事务合伙人|投资人|注册资本|成立日期|注册日期|营业期限|合伙期限|"
    "住所|主要经营场所|经营场所|营业场所|经营范围|登记机关|注册号"
)

_FIELD = re.compile(rf"({_LABELS}):?(.*?)(?=(?:{_LABELS}):?|$)")

# A name that does not end as names do goes on in the next row, or in what was not read.
_WHOLE_NAME = re.compile(r"[^:]{3,}(公司|企业|\(有限合伙\)|\(普通合伙\)|中心|工作室|厂|店|馆|行|部|社|所|院)")

_FORMS: tuple[tuple[str, str], ...] = (
    ("分公司|分支机构", "branch"),
    ("合伙企业", "partnership"),
    ("个人独资企业", "sole_proprietorship"),
    ("个体工商户|个体户", "individual_business"),
    ("农民专业合作社", "farmers_cooperative"),
    ("有限责任公司|股份有限公司|有限公司", "company"),
)

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")

Value = tuple[str, str, str, int | None]
"""A fact, the line's name, the value as a profile states it, and the page."""


def licence_values(rows: Iterable[Row], districts: Mapping[str, str]) -> Iterator[Value]:
    """What a licence says; ``districts`` are the values of the fact by their Chinese names."""
    seen: set[str] = set()
    for row in rows:
        for label, text in _FIELD.findall(without_blanks("".join(row.words))):
            if label in seen:
                continue
            seen.add(label)
            for fact, value in _read(label, text, districts):
                yield fact, label, value, row.page


def _read(label: str, text: str, districts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if label == "统一社会信用代码" and re.fullmatch(r"[0-9A-Z]{18}", text):
        yield "credit_code", text
    elif label == "名称" and _WHOLE_NAME.fullmatch(text):
        yield "name", text
    elif label == "类型":
        yield from (("legal_form", form) for words, form in _FORMS[:1] if re.search(words, text))
        if not re.search(_FORMS[0][0], text):
            found = [form for words, form in _FORMS[1:] if re.search(words, text)]
            yield from (("legal_form", form) for form in found[:1])
    elif label in ("成立日期", "注册日期") and (day := _DAY.fullmatch(text)):
        try:
            yield "established_on", date(*map(int, day.groups())).isoformat()
        except ValueError:
            return
    elif label in ("住所", "主要经营场所", "经营场所", "营业场所"):
        names = "|".join(map(re.escape, districts))
        named = re.match(rf"天津市?({names})", text)
        if named:
            yield "district", districts[named[1]]
