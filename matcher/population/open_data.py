"""What a screening comes to as open data: tables as CSV and Parquet, with a description in the form of a Frictionless data package.

A figure that rests on fewer than `LEAST_FIRMS` firms is left out, and with it the next smallest where it could be found by
subtraction: nobody learns from it what one firm is given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from matcher.firms import divisions_in_english, industries
from matcher.rulebook import Rulebook, Text

from .summary import GROUPS, Count, Tallies, counts_of, sum_is

LEAST_FIRMS = 5

DESCRIPTION = "datapackage.json"

_TYPES = {pl.String: "string", pl.Int64: "integer"}

_FEN = ("exact_fen", "most_fen")

_COLUMNS = {
    "scheme": Text(zh="政策编号", en="id of the scheme"),
    "scheme_zh": Text(zh="政策名称", en="its name in Chinese"),
    "scheme_en": Text(zh="政策的英文名称", en="its name in English"),
    "entitled": Text(zh="符合的企业数", en="firms that are entitled, or to which it applies"),
    "to_decide": Text(zh="条件已满足、由部门决定的企业数", en="firms of which a department decides"),
    "undecided": Text(zh="还缺信息的企业数", en="firms of which something untold leaves it open"),
    "not_entitled": Text(zh="不符合的企业数", en="firms that are not entitled"),
    "exact_fen": Text(zh="确定金额的合计，单位分", en="sum of exact amounts, in fen (1/100 yuan)"),
    "most_fen": Text(zh="上限金额的合计，单位分", en="sum of what ceilings and ranges come to at most, in fen"),
    "sum_is": Text(
        zh="金额是什么：money 给企业的钱或少缴的税费、released_credit 退还的留抵税额、deduction 扣除额、deferral 缓缴额、apart 付给别人、"
        "not_counted 不计",
        en="what the sums are: money that firms get or keep, released_credit refunded, deduction from income, deferral, paid apart to "
        "others, or not counted",
    ),
    "by": Text(
        zh="分组方式：district 区、industry 国民经济行业大类、size 规模",
        en="grouped by: district, industry (division), size",
    ),
    "group": Text(zh="组的编号", en="id of the group"),
    "group_zh": Text(zh="组的名称", en="its name in Chinese"),
    "group_en": Text(zh="组的英文名称", en="its name in English"),
    "firms": Text(zh="企业数", en="firms"),
    "fact": Text(zh="缺的一项信息", en="id of the fact that is untold"),
    "fact_zh": Text(zh="信息名称", en="what it is called in Chinese"),
    "fact_en": Text(zh="信息的英文名称", en="what it is called in English"),
}

_TABLES = {
    "schemes": Text(zh="各项政策的企业数和金额", en="Firms and sums by scheme"),
    "groups": Text(zh="各区、各行业、各规模的企业数和金额", en="Firms and sums by district, industry and size"),
    "untold": Text(zh="哪些没有说明的信息使政策定不下来", en="Which untold facts leave schemes open"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """The names of groups, schemes and facts in both languages."""

    rulebook: Rulebook

    def scheme(self, slug: str) -> Text:
        """What a scheme is called."""
        return self.rulebook.schemes[slug].name

    def fact(self, name: str) -> Text:
        """What a fact is called."""
        return self.rulebook.facts[name].label

    def group(self, kind: str, value: str) -> Text:
        """What a group is called; the division of an industry with its number."""
        if kind == "industry":
            zh, en = (names.get(value, "") for names in (industries(), divisions_in_english()))
            return Text(zh=f"{value} {zh}".strip(), en=f"{value} {en}".strip())
        words = self.rulebook.facts["district" if kind == "district" else "size_class"].values
        return words.get(value, Text(zh=value, en=value))


def tables(rulebook: Rulebook, found: Tallies, day: date) -> dict[str, pl.DataFrame]:
    """The three tables, figures of few firms left out."""
    named = Named(rulebook)
    return {"schemes": _schemes(named, found, day), "groups": _groups(named, found), "untold": _untold(named, found)}


def held_back(counts: Mapping[str, Count]) -> frozenset[str]:
    """Of the parts of a whole those that are not published: of few firms, and one more where it alone would be the difference."""
    few = {name for name, (firms, *_) in counts.items() if 0 < firms < LEAST_FIRMS}
    if len(few) == 1 and len(counts) > 1:
        few.add(min(counts.keys() - few, key=lambda name: (counts[name][0], name)))
    return frozenset(few)


def write_open_data(folder: Path, rulebook: Rulebook, found: Tallies, day: date) -> None:
    """Write the tables and `datapackage.json` into a folder that is there. Raises OSError."""
    resources = []
    for name, table in tables(rulebook, found, day).items():
        csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
        table.write_csv(csv)
        table.write_parquet(parquet)
        schema = {
            "fields": [
                {
                    "name": column,
                    "type": _TYPES[type(dtype)],
                    "title": _COLUMNS[column].zh,
                    "description": _COLUMNS[column].en,
                }
                for column, dtype in table.schema.items()
            ],
            "missingValues": [""],
        }
        resources += [
            _resource(csv, name, _TABLES[name], "csv", "text/csv", schema),
            _resource(parquet, f"{name}-parquet", _TABLES[name], "parquet", "application/vnd.apache.parquet", schema),
        ]
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"screening-{day.isoformat()}",
        "title": f"惠企政策筛查汇总，以 {day.isoformat()} 为准",
        "description": f"Schemes over {found.firms} firms as of {day.isoformat()}, rules {rulebook.hash[:12]}. Money in fen. "
        f"Figures of fewer than {LEAST_FIRMS} firms are left out, and such as could be found from them by subtraction.",
        "version": day.isoformat(),
        "resources": resources,
    }  # fmt: skip
    (folder / DESCRIPTION).write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _resource(path: Path, name: str, title: Text, format_: str, media: str, schema: dict[str, Any]) -> dict[str, Any]:
    data = path.read_bytes()
    return {
        "name": name, "path": path.name, "title": title.zh, "description": title.en, "format": format_, "mediatype": media,
        "encoding": "utf-8", "bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "schema": schema,
    }  # fmt: skip


def _schemes(named: Named, found: Tallies, day: date) -> pl.DataFrame:
    rows = []
    for slug, statuses in found.schemes.items():
        entitled, to_decide, exact, most = counts_of(statuses)
        told = (entitled, to_decide, *(statuses.get(word, [0])[0] for word in ("needs_information", "not_eligible")))
        few = held_back({str(place): [one] for place, one in enumerate(told) if one})
        counts = [None if str(place) in few else one for place, one in enumerate(told)]
        sums = (None, None) if 0 < entitled + to_decide < LEAST_FIRMS else (exact, most)
        name = named.scheme(slug)
        rows.append((slug, name.zh, name.en, sum_is(named.rulebook, slug, day), *counts, *sums))
    texts = ("scheme", "scheme_zh", "scheme_en", "sum_is")
    numbers = ("entitled", "to_decide", "undecided", "not_entitled", *_FEN)
    return _frame(rows, texts, numbers)


def _groups(named: Named, found: Tallies) -> pl.DataFrame:
    return _frame(list(_group_rows(named, found)), ("by", "group", "group_zh", "group_en", "scheme"), ("firms", *_FEN))


def _group_rows(named: Named, found: Tallies) -> Iterator[tuple[Any, ...]]:
    for kind in GROUPS:
        groups = found.groups.get(kind, {})
        slugs = dict.fromkeys(slug for of_group in groups.values() for slug in of_group)
        few = {slug: held_back({one: of[slug] for one, of in groups.items() if slug in of}) for slug in slugs}
        for value, of_group in groups.items():
            name = named.group(kind, value)
            for slug, counts in of_group.items():
                told = (None, None, None) if value in few[slug] else counts
                yield (kind, value, name.zh, name.en, slug, *told)


def _untold(named: Named, found: Tallies) -> pl.DataFrame:
    rows = [
        (slug, fact, named.fact(fact).zh, named.fact(fact).en, firms)
        for slug, facts in found.untold.items()
        for fact, firms in facts.items()
        if firms >= LEAST_FIRMS
    ]
    return _frame(rows, ("scheme", "fact", "fact_zh", "fact_en"), ("firms",))


def _frame(rows: list[tuple[Any, ...]], texts: tuple[str, ...], numbers: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={**dict.fromkeys(texts, pl.String), **dict.fromkeys(numbers, pl.Int64)}, orient="row"
    )
