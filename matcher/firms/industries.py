"""Know which industry codes of GB/T 4754-2017 exist, and what shop owners call the trades of each group."""

from __future__ import annotations

import functools
import re
import unicodedata

from matcher.firms.faults import Remark
from matcher.firms.groups import IndustryGroup, read_groups
from matcher.firms.reference import read_table
from matcher.places import rules_dir
from matcher.rulebook import Text


@functools.cache
def industries() -> dict[str, str]:
    """Return the Chinese name of every division, group and class by its code; empty where the list is not installed.

    Raises RulebookError where the list cannot be read.
    """
    if not (rules_dir() / "reference" / "gbt4754.csv").is_file():
        return {}
    rows = read_table(rules_dir(), "reference/gbt4754.csv", ("level", "code", "name_zh", "parent"))
    return {row["code"]: row["name_zh"] for _, row in rows if row["level"] != "section"}


@functools.cache
def groups() -> tuple[IndustryGroup, ...]:
    """Return the groups (three digits) with their keywords, in the order of the standard; read on the first call.

    Raises RulebookError, naming file and line, where `reference/industries.csv` or the code list cannot be used.
    """
    return read_groups(rules_dir())


def read_industry(text: str) -> str | Text:
    """Return the code that a text stands for, or why it is none.

    A division or group filled up with zeros stands for itself: registers write it so, and earlier editions did (1310 of
    2011 is the group 131 of 2017).
    """
    known = industries()
    if re.fullmatch(r"[0-9]{2,4}", text):
        if not known or text in known:
            return text
        group = next((text[:size] for size in (3, 2) if set(text[size:]) == {"0"} and text[:size] in known), None)
        return group or _unknown(text, known)
    narrow = unicodedata.normalize("NFKC", text).strip()
    digits = re.fullmatch(r"[A-Ta-t]?\s*([0-9]{2,4})", narrow)
    if digits:
        bare = digits[1]
        return Text(zh=f"只写数字，写成 {bare}", en=f"write the digits only: {bare}")
    return Text(
        zh="行业代码是 GB/T 4754—2017 的 2 至 4 位数字，如 3911",
        en="an industry code has two to four digits of GB/T 4754-2017, such as 3911",
    )


def remark_on(text: str) -> Remark | None:
    """Return what to show where a code is read as something else than was written."""
    code = read_industry(text.strip())
    if isinstance(code, Text) or code == text.strip():
        return None
    name = industries()[code]
    zh = f"GB/T 4754—2017 中没有行业代码 {text}，按 {code}（{name}）处理"
    en = f"GB/T 4754-2017 has no industry code {text}; read as {code}"
    return Remark("industry_read_as_group", ("industry",), Text(zh=zh, en=en))


def _unknown(code: str, known: dict[str, str]) -> Text:
    parent = next((code[:size] for size in range(len(code) - 1, 1, -1) if code[:size] in known), None)
    zh, en = f"GB/T 4754—2017 中没有行业代码 {code}", f"GB/T 4754-2017 has no industry code {code}"
    if parent is None:
        return Text(zh=zh, en=en)
    below = [child for child in sorted(known) if len(child) == len(parent) + 1 and child.startswith(parent)]
    listed_zh = "、".join(f"{child} {known[child]}" for child in below[:6])
    listed_en = ", ".join(below[:6])
    return Text(
        zh=f"{zh}；{parent}（{known[parent]}）之下有 {listed_zh}{' 等' if below[6:] else ''}",
        en=f"{en}; under {parent} there are {listed_en}{' and more' if below[6:] else ''}",
    )
