"""The tables that a screening and a comparison of rules print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from matcher.population import Change, Impact, Named, Tallies, counts_of, is_for_firms
from matcher.rulebook import Rulebook, Text
from matcher.text import english_count, grouped, sentences

from .options import columns

GROUPED_BY = {
    "district": Text(zh="各区", en="district"),
    "industry": Text(zh="行业大类", en="industry"),
    "size": Text(zh="规模", en="size"),
    "decile": Text(zh="营业收入十等分（1最小）", en="decile of revenue (1 the smallest)"),
}


def summary_table(rulebook: Rulebook, found: Tallies, day: date, lang: str) -> str:
    """The schemes that somebody has, those with the most money first; sums that are no firm's money stand below, marked."""
    heads = (
        ("符合", "待部门决定", "还缺信息", "金额（元）", "最多（元）", "政策")
        if lang == "zh"
        else ("entitled", "to decide", "undecided", "yuan", "at most", "scheme")
    )
    rows = []
    for slug, statuses in found.schemes.items():
        entitled, decide, exact, most = counts_of(statuses)
        if not entitled + decide:
            continue
        undecided = statuses.get("needs_information", [0])[0]
        name = rulebook.schemes[slug].name.get(lang)
        is_apart = exact + most > 0 and not is_for_firms(rulebook, slug, day)
        sums = (_yuan(one) if one else "—" for one in (exact, most))
        cells = (grouped(entitled), grouped(decide), grouped(undecided), *sums, f"*{name}" if is_apart else name)
        rows.append(((is_apart, -exact - most), cells))
    table = _aligned([heads, *(row for _, row in sorted(rows, key=lambda row: row[0]))])
    foot = Text(
        zh=f"共 {grouped(found.firms)} 家，写出 {grouped(found.lines)} 行；{grouped(found.exact)} 项逐家精确核对，"
        f"{grouped(found.given_up)} 项无法判定，{grouped(found.wrong)} 格当作未知。",
        en=f"{english_count(found.firms, 'firm')}, {english_count(found.lines, 'line')}; {english_count(found.exact, 'answer')} "
        f"read exactly one by one, {grouped(found.given_up)} given up, {english_count(found.wrong, 'cell')} taken as unknown.",
    )
    star = Text(
        zh="* 扣除额、缓缴额或付给别人的，不是企业到手的钱。",
        en="* a deduction, a deferral or paid to others: no money that firms get.",
    )
    stars = [star.get(lang)] if any(is_apart for (is_apart, _), _ in rows) else []
    return "\n".join([*table, *stars, foot.get(lang)])


def changes_table(rulebook: Rulebook, found: Impact, lang: str) -> str:
    """The schemes of which anything changes, then the groups of firms."""
    heads = (
        ("新增", "失去", "有变", "之前（元）", "之后（元）", "政策")
        if lang == "zh"
        else ("gained", "lost", "changed", "yuan before", "yuan after", "scheme")
    )
    rows = [
        (rulebook.schemes[slug].name.get(lang), one)
        for slug, one in found.schemes.items()
        if one.gained or one.lost or one.changed
    ]
    if not rows:
        return sentences.say("没有任何变化", lang)
    foot = Text(
        zh=f"共 {grouped(found.firms)} 家：{grouped(found.better)} 家更好，{grouped(found.worse)} 家更差（按确切金额）。"
        f"企业能同时享受的，之前 {_yuan(found.total.before)} 元，之后 {_yuan(found.total.after)} 元。",
        en=f"{english_count(found.firms, 'firm')}: {grouped(found.better)} better off, {grouped(found.worse)} worse off (by exact sums). "
        f"What they can have together: {_yuan(found.total.before)} yuan before, {_yuan(found.total.after)} yuan after.",
    )
    tables = _aligned([heads, *(_cells(name, one) for name, one in rows)], _groups(rulebook, found, lang))
    return "\n".join([*tables, foot.get(lang)])


def _groups(rulebook: Rulebook, found: Impact, lang: str) -> list[tuple[str, ...]]:
    """The groups of firms of which any is better or worse off; nothing where there is none."""
    named = Named(rulebook)
    rows = [
        (
            grouped(one.gained),
            grouped(one.lost),
            "",
            _yuan(one.before),
            _yuan(one.after),
            f"{GROUPED_BY[kind].get(lang)} {named.group(kind, group).get(lang)}",
        )
        for kind, groups in found.groups.items()
        for group in sorted(groups, key=lambda group: (len(group), group))
        if (one := groups[group]).gained or one.lost
    ]
    heads = (
        ("更好", "更差", "", "之前（元）", "之后（元）", "哪一组企业（能同时享受的合计）")
        if lang == "zh"
        else ("better", "worse", "", "yuan before", "yuan after", "group of firms (what they can have together)")
    )
    return [heads, *rows] if rows else []


def _cells(name: str, one: Change) -> tuple[str, ...]:
    return (
        grouped(one.gained), grouped(one.lost), grouped(one.changed),
        _yuan(one.before + one.most_before), _yuan(one.after + one.most_after), name,
    )  # fmt: skip


def _yuan(fen: int) -> str:
    return grouped(Fraction(fen, 100), 2)


def _aligned(*tables: Sequence[Sequence[str]]) -> list[str]:
    """Tables one below the other in the same columns: five figures flush right, then a name."""
    lines = [line for table in tables for line in table]
    widths = [max(columns(line[place]) for line in lines) for place in range(5)]
    return [
        "  ".join([*(" " * (width - columns(cell)) + cell for width, cell in zip(widths, line, strict=False)), line[5]])
        for line in lines
    ]
