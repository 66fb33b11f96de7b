"""any, all, sum and count over a firm's items: three-valued, exact, and never guessed where a list may be incomplete."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import Any

import pytest
import z3

from matcher.engine import Item, Items, check, world_of
from matcher.engine.choose import best_of
from matcher.engine.decide import decider
from matcher.engine.decision import Decision
from matcher.engine.quantifiers import written_out
from matcher.engine.status import FAIL, PASS, settle
from matcher.engine.words import Words
from matcher.rulebook import RulebookError, load
from matcher.rulebook.language import Scalar
from matcher.workbench.mutation.relations import mutants
from matcher.workbench.prove.findings import read_places
from matcher.workbench.prove.formula import Formula
from matcher.workbench.prove.prove import prove
from tests.conftest import count
from tests.engine.several_rules import LEAST, MOST, SHARE, TESTS, file, several, write_several

DAY = date(2024, 3, 1)
LOAN = "loan"

Loan = dict[str, Scalar]


def firm(loans: list[Loan], complete: bool) -> Items:
    """A firm with these loans."""
    made = tuple(Item("loan", f"loan-{number}", facts) for number, facts in enumerate(loans, 1))
    return Items(made, frozenset({"loan"}) if complete else frozenset())


def decide(slug: str, loans: list[Loan], complete: bool, **facts: Scalar) -> Decision:
    """The decision on a scheme about the firm."""
    (decision,) = check(several(), facts, DAY, [slug], items=firm(loans, complete))
    return decision


WORD = {"eligible": "T", "not_eligible": "F", "needs_information": "?"}


# --- the tables ------------------------------------------------------------------------------------------------------

# T: of this loan it holds; F: it does not; ?: unknown.
_OF = {"T": {"sum_lent": LEAST}, "F": {"sum_lent": LEAST - 1}, "?": {}}

# A row: what holds of the loans; any, all, "at least two", "at most two", of a list that is complete, and of one that may go on.
TABLE = {
    "": ("FTFT", "??" "??"),
    "T": ("TTFT", "T?" "??"),
    "F": ("FFFT", "?F" "??"),
    "?": ("??FT", "??" "??"),
    "TT": ("TTTT", "T?" "T?"),
    "TF": ("TFFT", "TF" "??"),
    "T?": ("T??T", "T?" "??"),
    "FF": ("FFFT", "?F" "??"),
    "F?": ("?FFT", "?F" "??"),
    "??": ("???T", "??" "??"),
    "TTT": ("TTTF", "T?" "TF"),
    "TTF": ("TFTT", "TF" "T?"),
    "TT?": ("T?T?", "T?" "T?"),
    "TFF": ("TFFT", "TF" "??"),
    "TF?": ("TF?T", "TF" "??"),
    "T??": ("T???", "T?" "??"),
    "FFF": ("FFFT", "?F" "??"),
    "FF?": ("?FFT", "?F" "??"),
    "F??": ("?F?T", "?F" "??"),
    "???": ("????", "??" "??"),
}  # fmt: skip


def test_the_table_has_every_row_of_up_to_three_items() -> None:
    """Whatever the order; the order itself is tried below."""
    rows = {"".join(row) for size in range(4) for row in combinations_with_replacement("TF?", size)}
    assert rows == set(TABLE)


@pytest.mark.parametrize("row", TABLE)
@pytest.mark.parametrize("complete", [True, False])
def test_the_three_valued_tables(row: str, complete: bool) -> None:
    """any, all, at least two, at most two, in either order of the loans; what is open names what would settle it."""
    expected = TABLE[row][0 if complete else 1]
    for loans in ([dict(_OF[one]) for one in order] for order in (row, row[::-1])):
        found = [
            decide(slug, loans, complete) for slug in ("any-loan", "all-loans", "count-least", "count-most")
        ]  # fmt: skip
        assert "".join(WORD[one.status] for one in found) == expected
        for one in found:
            is_open = one.status == "needs_information"
            assert bool(one.missing) == is_open
            assert set(one.incomplete) <= ({"loan"} if is_open and not complete else set())
            assert {item.id for _, item in one.missing_items} <= {
                f"loan-{number}" for number, loan in enumerate(loans, 1) if not loan
            }


@pytest.mark.parametrize(
    ("lent", "complete", "expected"),
    [
        ([], True, "TF"), ([], False, "??"),
        ([MOST], True, "TT"), ([MOST], False, "?T"),
        ([MOST + 1], True, "FT"), ([MOST + 1], False, "FT"),
        ([LEAST - 1], True, "TF"), ([LEAST - 1], False, "??"),
        ([None], True, "??"), ([None], False, "??"),
        ([MOST, None], True, "?T"), ([MOST + 1, None], True, "FT"), ([MOST + 1, None], False, "FT"),
        ([LEAST, LEAST, LEAST], True, "TT"), ([LEAST, LEAST, LEAST + 1], True, "FT"), ([LEAST, LEAST, LEAST], False, "?T"),
    ],
)  # fmt: skip
def test_the_table_of_sums(lent: list[int | None], complete: bool, expected: str) -> None:
    """At most and at least a sum; what cannot lie below zero only adds, so that above the most nothing more can help."""
    loans: list[Loan] = [{} if one is None else {"sum_lent": one} for one in lent]
    assert "".join(WORD[decide(slug, loans, complete).status] for slug in ("sum-most", "sum-least")) == expected


def test_a_sum_of_what_may_be_a_loss_stays_open_while_a_loan_may_come() -> None:
    """A further loan may take away what the others bring."""
    assert decide("sum-profit", [{"profit": LEAST}], True).status == "eligible"
    assert decide("sum-profit", [{"profit": LEAST}], False).status == "needs_information"
    assert decide("sum-profit", [{"profit": LEAST}, {}], True).status == "needs_information"


# --- against every completion ----------------------------------------------------------------------------------------

_LENT = (0, LEAST - 1, LEAST, MOST + 1)
_PROFIT = (-10 * MOST, 0, 10 * MOST)


def holds(slug: str, loans: list[Loan], is_local: bool) -> bool:
    """What a scheme comes to of a firm of which everything is known, reckoned in plain Python."""
    large = [bool(one["sum_lent"] >= LEAST) for one in loans]  # type: ignore[operator]
    sound = [bool(one["sound"]) for one in loans]
    lent = sum(int(one["sum_lent"]) for one in loans)  # type: ignore[arg-type]
    match slug:
        case "any-loan":
            return any(large)
        case "all-loans":
            return all(large)
        case "no-loan":
            return not any(large)
        case "sum-most":
            return lent <= MOST
        case "sum-least":
            return lent >= LEAST
        case "sum-profit":
            return sum(int(one["profit"]) for one in loans) >= LEAST  # type: ignore[arg-type]
        case "count-least":
            return sum(large) >= 2
        case "count-most":
            return sum(large) <= 2
        case "count-all":
            return len(loans) >= 2
        case "any-or-none" | "all-or-some":
            return True
        case "both":
            return is_local and any(a and b for a, b in zip(large, sound, strict=True))
    raise AssertionError(slug)


_READ = {"sum-profit": {"profit": _PROFIT}, "count-all": {}, "any-or-none": {"sound": (True, False)}}
_READ |= {"all-or-some": {"sound": (True, False)}, "both": {"sum_lent": _LENT, "sound": (True, False)}}


def completions(slug: str, loans: list[Loan], complete: bool) -> Iterator[list[Loan]]:
    """Every way to fill in what is untold of the loans, and up to three further ones, with figures on either side of every bound."""
    read: dict[str, tuple[Scalar, ...]] = _READ.get(slug, {"sum_lent": _LENT})  # type: ignore[assignment]
    whole: Loan = {"sum_lent": 0, "sound": False, "profit": 0}
    for more in range(1 if complete else 4):
        every = [*loans, *({} for _ in range(more))]
        open_ = [(index, name) for index, loan in enumerate(every) for name in read if name not in loan]
        for values in product(*(read[name] for _, name in open_)):
            filled: list[Loan] = [{**whole, **loan} for loan in every]
            for (index, name), value in zip(open_, values, strict=True):
                filled[index][name] = value
            yield filled


def drawn(source: random.Random, most: int) -> tuple[list[Loan], bool, dict[str, Scalar]]:
    """Up to so many loans, some of them told in part, of a list that is complete or not; and what is told of the firm."""
    told: dict[str, tuple[Scalar, ...]] = {
        "sum_lent": (0, LEAST - 1, LEAST, LEAST, LEAST + 1, MOST - LEAST, MOST, MOST + 1),
        "sound": (True, False),
        "profit": (-LEAST, 0, LEAST),
    }
    loans = [
        {name: source.choice(values) for name, values in told.items() if source.random() < 0.75}
        for _ in range(source.randrange(most + 1))
    ]
    return loans, source.random() < 0.5, {"is_local": True} if source.random() < 0.8 else {}


def test_settled_is_exactly_what_every_completion_gives() -> None:
    """Of random firms with up to three loans, over all the schemes: what is settled is so under every completion, and what is so
    is settled."""
    source, seen = random.Random(3), Counter[str]()
    for _ in range(count(400)):
        loans, complete, facts = drawn(source, 3)
        for slug in TESTS:
            outcomes = {
                holds(slug, one, local)
                for one in completions(slug, loans, complete)
                for local in ((True,) if facts else (True, False))
            }
            expected = "?" if len(outcomes) > 1 else "T" if outcomes == {True} else "F"
            found = decide(slug, loans, complete, **facts)
            assert WORD[found.status] == expected, (slug, loans, complete, facts)
            seen[expected] += 1
    assert min(seen[word] for word in "TF?") > count(400)


@cache
def _formula(slug: str, size: int, complete: bool) -> tuple[Any, Any]:
    """The solver's reading of a scheme for a firm with so many loans: its variables, and when it is met."""
    items = firm([{}] * size, complete)
    out = written_out(several(), {}, items, None, None, {})
    edition = out.scheme_at(slug, DAY)
    assert edition.body is not None
    formula = Formula(out, edition.body, (DAY, DAY))
    return formula.variables, formula.condition(edition.body.requires)


def _by_solver(slug: str, loans: list[Loan], complete: bool, facts: dict[str, Scalar]) -> str:
    variables, met = _formula(slug, len(loans), complete)
    solver = z3.Solver()
    told = dict(facts) | {
        f"{name}__loan_{number}": value for number, loan in enumerate(loans, 1) for name, value in loan.items()
    }
    for name, value in told.items():
        solver.add((variables.boolean(name) if isinstance(value, bool) else variables.number(name)) == value)
    solver.add(*variables.bounds)
    can = [solver.check(claim if isinstance(claim, z3.BoolRef) else z3.BoolVal(claim)) == z3.sat
           for claim in (met, z3.Not(met) if isinstance(met, z3.BoolRef) else not met)]  # fmt: skip
    return {(True, False): "T", (False, True): "F"}.get((can[0], can[1]), "?")


def _by_cells(slug: str, items: Items, facts: dict[str, Scalar]) -> tuple[str, str]:
    """What the cells of the scheme, written out for these loans, come to, and what its compiled form gives."""
    out = written_out(several(), facts, items, None, None, facts)
    edition = out.scheme_at(slug, DAY)
    found = {outcome for _, outcome in settle(edition, world_of(out, out.told, DAY)).cells}
    return {PASS: "T", FAIL: "F"}[found.pop()] if len(found) == 1 else "?", decider(out, DAY, slug)(out.told)[0]


def test_decide_explain_cells_compiled_form_and_the_solver_agree() -> None:
    """On random firms with none to five loans, one scheme each: the status, the head of the reasons, the outcomes of the cells,
    the compiled form, and what the solver finds possible."""
    source, seen = random.Random(5), Counter[str]()
    heads = {True: "T", False: "F", None: "?"}
    for _ in range(count(20_000)):
        loans, complete, facts = drawn(source, 5)
        slug = source.choice(sorted(TESTS))
        found = decide(slug, loans, complete, **facts)
        word, (cells, compiled) = WORD[found.status], _by_cells(slug, firm(loans, complete), facts)
        solved = _by_solver(slug, loans, complete, facts)
        assert (heads[found.reasons["outcome"]], cells, WORD[compiled], solved) == (word,) * 4, (slug, loans, complete)
        seen[word] += 1
    assert min(seen[word] for word in "TF?") > count(20_000) // 10


def test_one_more_loan_of_a_list_that_may_go_on_overturns_nothing() -> None:
    """What is settled stays settled, about the firm and about each loan, and so does one more fact of a loan."""
    source = random.Random(11)
    for _ in range(count(500)):
        loans, _, facts = drawn(source, 4)
        more, _, _ = drawn(source, 2)
        before = check(several(), facts, DAY, items=firm(loans, False))
        after = check(several(), facts, DAY, items=firm(loans + more, False))
        then = {(one.scheme, one.item.id if one.item else ""): one.status for one in after}
        for one in before:
            if one.status == "needs_information" or (one.item is None and one.scheme == "own-and-all"):
                continue
            assert then[one.scheme, one.item.id if one.item else ""] == one.status, (one, loans, more)


def test_the_order_of_the_loans_never_matters() -> None:
    """Statuses, sums, what is missing and the best set."""
    source = random.Random(13)
    for _ in range(count(500)):
        loans, complete, facts = drawn(source, 5)
        items = firm(loans, complete)
        turned = Items(items.all[::-1], items.complete)
        seen = []
        for one in (items, turned):
            found = check(several(), facts, DAY, items=one)
            best = best_of(several(), facts, found, DAY, one)
            told = sorted(
                (d.scheme, d.item.id if d.item else "", d.status, str(d.amount), sorted(d.missing), sorted(d.failing))
                for d in found
            )
            seen.append((told, [offer.key for offer in best.chosen], best.total))
        assert seen[0] == seen[1]


# --- a scheme about each that looks at all ---------------------------------------------------------------------------


def test_a_loan_is_decided_for_itself_and_by_all() -> None:
    """Its own principal, and the sum of all: with the other known both are settled, untold each can still turn it."""

    def statuses(loans: list[Loan], complete: bool) -> str:
        return "".join(
            WORD[one.status] for one in check(several(), {}, DAY, ["own-and-all"], items=firm(loans, complete))
        )

    assert statuses([{"sum_lent": LEAST}, {"sum_lent": LEAST - 1}], True) == "TF"
    assert statuses([{"sum_lent": LEAST}, {"sum_lent": LEAST - 1}], False) == "?F"
    assert statuses([{"sum_lent": LEAST}, {"sum_lent": MOST}], True) == "FF"
    assert statuses([{"sum_lent": LEAST}, {}], True) == "??"
    assert statuses([{}, {"sum_lent": MOST - LEAST}], True) == "??"
    assert statuses([{}, {"sum_lent": MOST - LEAST + 1}], True) == "F?"  # at least 100 of its own would be too much


def test_one_loan_told_flat_is_one_loan() -> None:
    """Quick and exact, flat and as an item, agree where the list is complete or not."""
    source = random.Random(17)
    for _ in range(count(500)):
        loan, facts = (drawn(source, 1)[0] or [{}])[0], drawn(source, 0)[2]
        flat = check(several(), {**facts, **loan}, DAY)
        alone = check(several(), facts, DAY, items=firm([loan], False))
        for one, other in zip(flat, alone, strict=True):
            if loan:
                assert (one.scheme, one.status, one.amount, set(one.missing), set(one.failing)) == (
                    other.scheme, other.status, other.amount, set(other.missing), set(other.failing),
                )  # fmt: skip
            assert decider(several(), DAY, one.scheme)({**facts, **loan})[0] == one.status


# --- money, words, near misses ---------------------------------------------------------------------------------------


def test_a_sum_over_the_loans_is_exact_with_all_known_and_else_a_range() -> None:
    """Half of what the sound ones come to; of a list that may go on there is no upper end."""
    loans: list[Loan] = [{"sum_lent": 20_001, "sound": True}, {"sum_lent": 500, "sound": False}]
    (exact,) = check(several(), {"is_local": True}, DAY, ["paid"], items=firm(loans, True))
    assert exact.amount is not None
    assert (exact.amount.kind, exact.amount.low) == ("exact", 10_001)  # half up to the fen, once
    assert Fraction(20_001) * SHARE == Fraction(20_001, 2)
    (wide,) = check(several(), {"is_local": True}, DAY, ["paid"], items=firm([*loans, {"sum_lent": 300}], True))
    assert wide.amount is not None
    assert (wide.amount.kind, wide.amount.low, wide.amount.high) == ("range", 10_001, 10_151)
    (open_,) = check(several(), {"is_local": True}, DAY, ["paid"], items=firm(loans, False))
    assert open_.amount is not None
    assert open_.amount.kind == "none"


def test_reasons_name_each_item_and_a_near_miss_the_one_to_change() -> None:
    """A branch for the loans with a line for each; the facts are those of the vocabulary."""
    items = Items(
        (Item("loan", "a", {"sum_lent": LEAST}, "设备贷款"), Item("loan", "b", {"sum_lent": 4_000})),
        frozenset({"loan"}),
    )
    (found,) = check(several(), {}, DAY, ["all-loans"], items=items)
    told = found.to_json()
    branch = told["reasons"]["children"][0]
    assert branch["text"] == {"zh": "每一笔贷款：本金不低于 100 元", "en": "every loan: principal at least 100 yuan"}
    assert [child["text"]["zh"] for child in branch["children"]] == [
        "设备贷款的本金 100 元，不低于 100 元",
        "贷款b的本金 40 元，要求不低于 100 元，差 60 元",
    ]
    assert [child["item"]["id"] for child in branch["children"]] == ["a", "b"]
    assert told["failing"] == ["sum_lent"]
    (change,) = told["near_miss"][0]["changes"]
    assert change == {
        "fact": "sum_lent", "from": "40.00", "to": "100.00", "item": {"kind": "loan", "id": "b", "name": None},
    }  # fmt: skip
    assert "__" not in str(told)


@pytest.mark.parametrize(
    ("slug", "zh", "en"),
    [
        ("any-loan", "至少有一笔贷款：本金不低于 100 元", "at least one loan: principal at least 100 yuan"),
        ("sum-most", "各笔贷款的本金之和不超过 300 元", "the sum over all loans of principal at most 300 yuan"),
        ("count-all", "贷款的笔数不低于 2", "the number of loans at least 2"),
        (
            "count-least",
            "符合“本金不低于 100 元”的贷款的笔数不低于 2",
            "the number of loans of which it holds: principal at least 100 yuan at least 2",
        ),
    ],
)
def test_the_words_of_the_rule(slug: str, zh: str, en: str) -> None:
    """As the rule is written, whoever the firm is."""
    book = several()
    edition = book.scheme_at(slug, DAY)
    assert edition.body is not None
    labels = {name: history.parameter.label for name, history in book.parameters.items()}
    for lang, expected in (("zh", zh), ("en", en)):
        words = Words(book.facts, book.parsed[slug].names, labels, lang)
        assert words.condition(edition.body.requires) == expected


def test_the_proof_finds_the_conditions_that_always_hold(tmp_path: Path) -> None:
    """The solver is given a firm with one loan and perhaps more: what turns nothing there is found, and nothing else."""
    folder = write_several(tmp_path)
    proof = prove(
        load(folder),
        read_places(folder),
        schemes={"any-or-none", "all-or-some", "own-and-all", "count-all", "all-loans"},
    )
    assert not proof.open
    assert {(one.kind, one.scheme) for one in proof.findings.values()} == {
        ("idle_condition", "any-or-none"), ("idle_condition", "all-or-some"),
    }  # fmt: skip


def test_every_nudge_of_a_figure_in_a_quantifier_is_a_mutant() -> None:
    """The comparison inside, and the one outside."""
    whats = [one.what for one in mutants(several())]
    assert "count-least: >= made > in comparison 1" in whats
    assert "count-least: >= made > in comparison 2" in whats


# --- what the load refuses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "said", "zh"),
    [
        ("any(lone: sound)", "unknown kind 'lone'", "是不是'loan'"),
        ("any(sound)", "any is asked of items", "要写明是哪一种事项"),
        ("all(loan: any(loan: sound))", "stands inside another", "不能再套一个"),
        ("sum(loan: sound) > 0", "a number is wanted here", "这里应是数"),
        ("any(loan: sum_lent)", "true or false is wanted here", "能答“是”或“否”"),
        ("sound", "'sound' is a fact of loan, and the scheme is about firm", "any、all、sum、count"),
        ("any(project: sound)", "'sound' is a fact of loan, and the scheme is about project", ""),
        ("sum(loan: sum_lent) > staff", "units do not fit", ""),
    ],
)
def test_a_wrong_quantifier_is_refused_in_plain_words(test: str, said: str, zh: str, tmp_path: Path) -> None:
    """With the kind that was meant, or what to write instead."""
    with pytest.raises(RulebookError) as caught:
        load(write_several(tmp_path, **{"any-loan": file(test)}))
    texts = [str(one) for one in caught.value.problems]
    assert any(said in one for one in texts), texts
    assert any(zh in one for one in texts), texts
