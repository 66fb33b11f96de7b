"""What a screening comes to as one page: tables with bars, in a file that needs no other."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import jinja2

from matcher import places
from matcher.rulebook import Rulebook
from matcher.text import figures, sentences

from .open_data import DESCRIPTION, LEAST_FIRMS, Named, held_back, write_open_data
from .output import OutputError, writing
from .summary import GROUPS, Tallies, counts_of, is_for_firms, sum_is

_MOST_BARS = 40

_PAGES = ("index.html", "index-en.html")

_HEADINGS = {
    "district": sentences.Sentence("各区"),
    "industry": sentences.Sentence("各行业"),
    "size": sentences.Sentence("各种规模"),
}

_PAIRS = sentences.Sentence("企业与政策的对数")

_SUM_IS = {
    "deduction": sentences.Sentence("扣除额"),
    "deferral": sentences.Sentence("缓缴额"),
    "apart": sentences.Sentence("付给别人"),
    "not_counted": sentences.Sentence("不计"),
}

_NO_SUM = "—"
"""Where nothing adds up: mostly a scheme without money, or one whose sums hang on what nobody told. Naught yuan would be a statement."""

_Row = tuple[str, int, int, tuple[int, ...]]
"""Name, fen of exact sums, fen of the most of others, counts of firms."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a table with its bar: what it is of, the cells beside it, and how far the bar goes (per cent): solid for what is certain,
    hatched up to what it is at most."""

    name: str
    cells: tuple[str, ...]
    solid: str
    hatched: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A table with bars: heading, what it shows, the heads of its columns, its rows, and how many more there are."""

    id: str
    heading: str
    lead: str
    heads: tuple[str, ...]
    rows: tuple[Bar, ...]
    more: int


def summary_page(rulebook: Rulebook, found: Tallies, day: date, lang: str, other: str) -> str:
    """The page in a language. ``other``: the name of the file that holds it in the other language."""
    charts = [
        *_schemes(rulebook, found, day, lang),
        *(_group(rulebook, found, kind, day, lang) for kind in GROUPS),
        _untold(rulebook, found, lang),
    ]
    return _template().render(
        lang=lang, other=other, t=lambda text, **values: sentences.say(text, lang, **values), day=figures.day(day, lang), firms=found.firms,
        charts=[one for one in charts if one.rows], rules=rulebook.hash[:12], least=LEAST_FIRMS, grouped=figures.grouped,
    )  # fmt: skip


def write_summary(folder: Path, rulebook: Rulebook, found: Tallies, day: date) -> None:
    """Write the page in both languages and the open data into a folder, all at once: an older summary there is replaced.

    :raises OutputError: where it cannot be written, or the folder holds something else.
    """
    draft = folder.with_name(f".{folder.name}.draft")
    if folder.exists() and not (folder / DESCRIPTION).is_file() and any(folder.iterdir()):
        raise OutputError(
            zh=f"{folder} 里有别的文件，请换一个文件夹。", en=f"{folder} holds other files: choose another folder."
        )
    with writing(folder):
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            write_open_data(draft, rulebook, found, day)
            for lang, name, other in (("zh", *_PAGES), ("en", *reversed(_PAGES))):
                (draft / name).write_text(summary_page(rulebook, found, day, lang, other), encoding="utf-8")
            if folder.exists():
                shutil.rmtree(folder)
            draft.replace(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(places.templates_dir()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("population/summary.html")


def _schemes(rulebook: Rulebook, found: Tallies, day: date, lang: str) -> tuple[Chart, Chart]:
    """The schemes whose sums firms get, and those whose sums are something else, so that a deduction does not lead the list as money."""
    got, other = list[_Row](), list[_Row]()
    for slug, statuses in found.schemes.items():
        entitled, to_decide, exact, most = counts_of(statuses)
        if entitled + to_decide < LEAST_FIRMS:
            continue
        name, undecided = rulebook.schemes[slug].name.get(lang), statuses.get("needs_information", [0])[0]
        is_apart = exact + most > 0 and not is_for_firms(rulebook, slug, day)
        if is_apart:
            is_ = sentences.say(_SUM_IS[sum_is(rulebook, slug, day)], lang)
            name = sentences.say("{name}（{is_}）", lang, name=name, is_=is_)
        (other if is_apart else got).append((name, exact, most, (entitled, to_decide, undecided)))
    heads = (
        sentences.Sentence("政策"),
        sentences.Sentence("符合的企业"),
        sentences.Sentence("待部门决定"),
        sentences.Sentence("还缺信息"),
        sentences.Sentence("确定的金额"),
        sentences.Sentence("最多再加"),
    )
    said = sentences.Sentence("企业符合的政策，按金额从多到少。")
    apart = sentences.Sentence(
        "扣除额从应纳税所得额里减，缓缴的税费以后还要交，付给别人的不归企业：都不是企业到手的钱，不算进别的表。"
    )
    return (
        _chart("schemes", sentences.Sentence("各项政策"), said, heads, got, lang),
        _chart("apart", sentences.Sentence("不是企业到手的钱"), apart, heads, other, lang),
    )


def _group(rulebook: Rulebook, found: Tallies, kind: str, day: date, lang: str) -> Chart:
    heading = _HEADINGS[kind]
    groups, named = found.groups.get(kind, {}), Named(rulebook)
    sums: dict[str, list[int]] = {}
    for slug in {slug for of_group in groups.values() for slug in of_group}:
        few = held_back({one: of[slug] for one, of in groups.items() if slug in of})
        counts_money = is_for_firms(rulebook, slug, day)
        for value, of_group in groups.items():
            if slug in of_group and value not in few:
                firms, exact, most = of_group[slug]
                told = (firms, exact, most) if counts_money else (firms, 0, 0)
                sums[value] = [a + b for a, b in zip(sums.get(value, [0, 0, 0]), told, strict=True)]
    rows = [(named.group(kind, value).get(lang), exact, most, (firms,)) for value, (firms, exact, most) in sums.items()]
    heads = (heading, _PAIRS, sentences.Sentence("确定的金额"), sentences.Sentence("最多再加"))
    lead = sentences.Sentence(
        "一家企业符合几项政策就算几对；互相排斥的政策各自计入；扣除额、缓缴额和付给别人的不计入金额。"
    )
    return _chart(kind, heading, lead, heads, rows, lang)


def _untold(rulebook: Rulebook, found: Tallies, lang: str) -> Chart:
    missing: dict[str, int] = {}
    for facts in found.untold.values():
        for name, firms in facts.items():
            missing[name] = missing.get(name, 0) + firms
    ordered = sorted(missing.items(), key=lambda one: (-one[1], one[0]))
    longest = max(missing.values(), default=1)
    rows = tuple(
        Bar(rulebook.facts[name].label.get(lang), (figures.grouped(firms),), _share(firms, longest), "0", figures.grouped(firms))
        for name, firms in ordered[:_MOST_BARS] if firms >= LEAST_FIRMS
    )  # fmt: skip
    heads = (sentences.Sentence("没有说明的信息"), _PAIRS)
    return Chart(
        "untold", sentences.say("还缺什么信息", lang), sentences.say("补上这些信息，最多的政策就能判断了。", lang),
        tuple(sentences.say(head, lang) for head in heads), rows, max(len(ordered) - len(rows), 0),
    )  # fmt: skip


def _chart(
    id_: str,
    heading: sentences.Sentence,
    lead: sentences.Sentence,
    heads: Iterable[sentences.Sentence],
    rows: Sequence[_Row],
    lang: str,
) -> Chart:
    ordered = sorted(rows, key=lambda row: (-(row[1] + row[2]), -row[3][0], row[0]))
    longest = max((exact + most for _, exact, most, _ in rows), default=1)
    bars = []
    for name, exact, most, counts in ordered[:_MOST_BARS]:
        sums = tuple(figures.sum_in_yuan(fen, lang) if fen else _NO_SUM for fen in (exact, most))
        label = " + ".join(one for one in sums if one != _NO_SUM) or _NO_SUM
        cells = (*(figures.grouped(one) for one in counts), *sums)
        bars.append(Bar(name, cells, _share(exact, longest), _share(most, longest), label))
    said = tuple(sentences.say(head, lang) for head in heads)
    return Chart(id_, sentences.say(heading, lang), sentences.say(lead, lang), said, tuple(bars), len(rows) - len(bars))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "0"
