"""A scheme that says what cannot be is refused in its own file, in both languages, with what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matcher.engine import check
from matcher.rulebook.citations import find_faults
from matcher.rulebook.load import load
from tests.engine.small_rules import FACTS, INSTRUMENTS, PARAMETERS, scheme, write_rules
from tests.rulebook.faulty import refused

_INDUSTRY = "- {id: industry, type: text, advise: never, group: g, label: {zh: 行业, en: trade}, question: {zh: 哪行？, en: Which?}}\n"
_TRADES = (
    "- {id: fund.trades, label: {zh: 行业, en: trades}, kind: codes, "
    "values: [{from: 2018-01-01, value: ['13'], source: \"one#一\", confidence: high, confirm_by: 2027-12-31}]}\n"
)
_LOCAL = "{test: is_local, ground: 本市}"
_DOUBLED = ", ".join(
    f"{{id: b{at}, label: {{zh: 乙, en: b}}, value: {f'b{at - 1}' if at else 'spent'} + {f'b{at - 1}' if at else 'spent'}}}"
    for at in range(13)
)


def _rules(requires: str = _LOCAL, **keys: str) -> str:
    """One body of rules: what it requires, and its other keys."""
    return f"rules:\n  - requires: [{requires}]\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items())


def _let(*names: str) -> str:
    return "let: [" + ", ".join(f"{{id: x, label: {{zh: 甲, en: x}}, {name}}}" for name in names) + "]"


def _law(rules: str, **head: str) -> str:
    return scheme(rules, award="by_law", **head)


SCHEMES = [
    (_law(_rules() + _let("value: spent", "value: spent")), "'x' stands twice"),
    (_law(_rules() + _let("value: spent").replace("id: x", "id: spent")), "'spent' is a fact or a concept already"),
    (_law(_rules() + _let("condition: is_local, value: spent")), "a name stands for a condition or for a value"),
    (_law(_rules() + f"let: [{_DOUBLED}]"), "grow to more than 5000 parts"),
    (_law(_rules(), kind="restriction"), "a restriction says applies_when, any other scheme requires"),
    (_law(_rules(routes="[{otherwise: true, fails_on: [moon]}]")), "unknown fact 'moon'"),
    (_law(_rules(benefit="{exact: spent, no_figure_without: [moon]}")), "unknown fact 'moon'"),
    (_law(_rules(benefit="{up_to: spent, exact_once: moon}")), "unknown fact 'moon'"),
    (_law(_rules(benefit="{exact: spent, up_to: spent}")), "a benefit is exact or up_to, not both"),
    (_law(_rules(benefit="{exact: spent, exact_once: dept_approved}")), "only a ceiling (up_to) can become exact"),
    (_law(_rules(routes=f"[{{when: {_LOCAL}, otherwise: true}}]")), "a route has a condition (when) or is the last one"),
    (_law(_rules(recipient="size")), "a recipient is wanted"),
    (_law(_rules("{test: is_local, any: [], ground: 本市}")), "a condition is exactly one of test, all, any, not"),
    (_law(_rules("5")), "a condition is an expression, a list, or a mapping"),
    (_law(_rules("spent > before")), "a test says which phrase it encodes"),
    (_law(_rules("spent >")), "not an expression: invalid syntax"),
    (_law(_rules("{test: 'fund.cap.more > 0', ground: 甲}")), "unknown name 'fund.cap.more'"),
    (_law(_rules("{test: 'count(spent).more > 0', ground: 甲}")), "a dot may only stand in the name of a parameter"),
    (_law(_rules(), versions="[{from: 2020-01-01, until: 2027-12-31, instrument: 一号, no_deadline: {zh: 无, en: none}, "
          "deadlines: [{what: {zh: 报, en: file}, recurs: {after: year, month: 5, day: 31}, source: 一号, confidence: high}]}]"),
     "leave one of the two out"),
    (_law(_rules("{test: x in fund.trades, ground: 甲}") + _let("value: industry")), "an industry code is named by its fact"),
    (_law(_rules(), name="资金：市"), "a full-width colon"),
    (_law(_rules(), name="null"), "not nothing"),
    (_law(_rules(), name="true"), "not true"),
]  # fmt: skip

AGAINST_THE_REST = [
    (_law(_rules(), evidence="[{zh: 单, en: paper, when: {staff: [true]}}]"), "'staff' is no fact with words or yes and no"),
    (_law(_rules(), evidence="[{zh: 单, en: paper, when: {size: [tiny]}}]"), "'size' has the words large, medium, small"),
    (_law(_rules(), versions="[{from: 2020-01-01, instrument: 一号}, {from: 2022-01-01, instrument: 一号}]"),
     "only the first version may lack its first day, only the last its last day"),
    (_law(_rules(), versions="[{from: 2020-01-01, until: 2021-12-31}, {from: 2022-01-01, until: 2027-12-31, instrument: 一号}]"),
     "an open version names its instrument"),
    (_law(_rules(from_="2029-01-01").replace("from_", "from")), "no open version uses these rules"),
    (scheme(_rules()), "settled_by is missing: the finding that settles it, or nobody"),
]  # fmt: skip


@pytest.mark.parametrize("schemes", [SCHEMES, AGAINST_THE_REST], ids=["each-alone", "against-the-rest"])
def test_schemes_that_cannot_be_are_refused_each_in_its_file(tmp_path: Path, schemes: list[tuple[str, str]]) -> None:
    """Names, conditions, routes, sums, papers and versions: all that is wrong is said at one load."""
    write_rules(
        tmp_path / "rules",
        FACTS + _INDUSTRY,
        PARAMETERS + _TRADES,
        {f"wrong-{number}": text for number, (text, _) in enumerate(schemes)},
    )
    said = {f"wrong-{number}": "" for number in range(len(schemes))}
    for one in refused(tmp_path / "rules"):
        if Path(one.file).stem in said:
            said[Path(one.file).stem] += str(one)
    assert [(words, text) for (_, words), text in zip(schemes, said.values(), strict=True) if words not in text] == []
    assert not any("说明见英文" in text for text in said.values()), said


def _with(folder: Path, texts: dict[str, str]) -> Path:
    """A small rulebook with these files besides, or in place of its own."""
    write_rules(folder, FACTS, PARAMETERS, {"fund": _law(_rules())})
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


_EARLIER = INSTRUMENTS.replace("seen: issuer", "seen: issuer, earlier_confidence: high")
_CONCEPT = "- {id: spent, label: {zh: 甲, en: x}, value: before}\n"
_SYNONYMS = "- {zh: [研发], en: []}\n"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("instruments/more.yaml", INSTRUMENTS.replace("id: one", "id: two"), "一号 stands already under the id 'one'"),
        ("instruments/all.yaml", _EARLIER, "say how the text was seen"),
        ("concepts/all.yaml", _CONCEPT, "'spent' is a fact already; only what derives it may bear its name"),
        ("schemes/other/fund.yaml", f"slug: fund\n{_law(_rules())}", "the scheme stands twice; first in"),
        ("reference/synonyms.yaml", "words: 5\n", "the file holds a list"),
        ("reference/synonyms.yaml", _SYNONYMS, "a group of synonyms has at least two words"),
        ("reference/presumed.yaml", "- {id: first, because: 5}\n", "because"),
        ("parameters/all.yaml", PARAMETERS.replace("value: 1000,", "value: true,"), "a number is wanted, not True"),
        ("parameters/all.yaml", PARAMETERS.replace("value: 1000,", f"value: '{'9' * 41}',"), "a number of 41 characters"),
        ("parameters/all.yaml", PARAMETERS.replace("value: 1000,", "value: 1000, ground: rumour,"), "'rumour' is no ground known here"),
    ],
)  # fmt: skip
def test_other_files_that_cannot_be_are_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    """What is wrong is said of the very file."""
    found = [str(one) for one in refused(_with(tmp_path / "rules", {name: text})) if one.file == name]
    assert any(words in one for one in found), found
    assert not any("说明见英文" in one for one in found), found


def test_of_many_unknown_names_only_the_first_are_compared_with_what_there_is(tmp_path: Path) -> None:
    """Each is named; what was meant is looked for twenty times, since that takes long."""
    tests = ", ".join(f"{{test: staf_{letter}, ground: 甲}}" for letter in "abcdefghijklmnopqrstuvwxyz")
    write_rules(tmp_path / "rules", FACTS, PARAMETERS, {"fund": _law(_rules(tests))})
    said = [str(one) for one in refused(tmp_path / "rules")]
    assert sum("unknown name" in one for one in said) == 26
    assert sum("did you mean" in one for one in said) <= 20


def test_a_table_of_upper_ends_gives_the_row_of_the_lowest_that_reaches(tmp_path: Path) -> None:
    """Upwards {upto: unit}; what is above all of them has the row of else."""
    table = (
        "- {id: fund.fee, label: {zh: 费, en: fee}, kind: table, type: money, keys: [{upto: persons}],\n"
        '   values: [{from: 2018-01-01, value: {10: 1, 20: 2, else: 3}, source: "one#一", confidence: high, confirm_by: 2027-12-31}]}\n'
    )
    fund = _law(_rules(benefit='{exact: "fund.fee[staff]"}'))
    write_rules(tmp_path / "rules", FACTS, table, {"fund": fund})
    rulebook = load(tmp_path / "rules")
    sums = {
        staff: decision.amount.high
        for staff in (5, 10, 11, 20, 21)
        for decision in check(rulebook, {"is_local": True, "staff": staff}, date(2024, 1, 1))
    }
    assert sums == {5: 100, 10: 100, 11: 200, 20: 200, 21: 300}


_FIGURE = (
    "label: {zh: 数, en: figure}, SHAPE, "
    'values: [{from: 2018-01-01, value: VALUE, source: "SOURCE", confidence: high, confirm_by: 2027-12-31}]'
)


def test_what_no_quoted_words_hold_is_said_with_the_reason(tmp_path: Path) -> None:
    """Figures and days of a version: no words are kept, or the words hold no such figure; a rate is no more than the whole."""
    figures = [
        ("type: date", "2020-01-01", "one#一", "2020-01-01 does not stand in the words of one#一;"),
        ("type: money", "1000", "two#一", "no words of two#一 are kept in which 1000 could stand"),
        (
            "kind: scale, type: rate, keys: [{upto: yuan}]",
            '{36000: "0.03", else: "1.5"}',
            "one#一",
            "no rate above 100 %: 1.5",
        ),
    ]
    parameters = "".join(
        f"- {{id: fund.figure{number}, {_FIGURE}}}\n".replace("SHAPE", how)
        .replace("VALUE", value)
        .replace("SOURCE", source)
        for number, (how, value, source, _) in enumerate(figures)
    )
    rules = _rules(
        "{test: founded_on > fund.figure0, ground: 甲}, {test: spent > fund.figure1, ground: 甲}",
        benefit="{exact: 'progressive(spent, fund.figure2)'}",
    )
    days = "[{from: 2020-01-01, until: 2027-12-31, instrument: 一号}]"
    quoted = days.replace("instrument:", 'source: {from: "two#一", until: "one#一"}, instrument:')
    folder = write_rules(
        tmp_path / "rules",
        FACTS,
        parameters,
        {"fund": _law(rules, versions=days), "other": _law(_rules(), versions=quoted)},
    )
    with (folder / "instruments" / "all.yaml").open("a", encoding="utf-8") as file:
        file.write("- {id: two, number: 二号, issuer: 市, title: 办法, seen: issuer}\n")
    found = [str(one) for one in find_faults(load(folder), folder)]
    wanted = [
        *(words for *_, words in figures),
        "name the article in which its days stand",
        "no words of two#一 are kept; the day must stand in them",
        "2027-12-31 does not stand in the words of one#一",
    ]
    assert [words for words in wanted if not any(words in one for one in found)] == [], found
