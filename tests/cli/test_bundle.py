"""`matcher bundle`: the given bundles, what goes in, what comes out, and what is refused in which words."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from matcher.rulebook.rulebook import Rulebook
from matcher.workbench.cases import chosen_otherwise

Run = Callable[..., Result]
Write = Callable[[str, Any], Path]

LOAN: dict[str, Any] = {
    "id": "loan",
    "as_of": "2026-06-01",
    "offers": [
        {
            "scheme": "startup-guarantee-loan", "object": "loan-1", "status": "eligible", "recipient": "firm_price",
            "amount": {"kind": "exact", "value": "96000.00"},
        },
        {
            "scheme": "sme-loan-interest-subsidy", "object": "loan-1", "status": "needs_decision",
            "recipient": "firm_price", "amount": {"kind": "ceiling", "value": "360000.00"},
        },
    ],
}  # fmt: skip


def changed(path: str, value: Any) -> dict[str, Any]:
    """The loan bundle with one value replaced; `path` is dotted."""
    copy = json.loads(json.dumps(LOAN))
    *before, last = path.split(".")
    at: Any = copy
    for part in before:
        at = at[int(part)] if isinstance(at, list) else at[part]
    at[int(last) if isinstance(at, list) else last] = value
    return copy


def test_the_given_bundles(run: Run, given_cases: Path) -> None:
    """A list is answered one JSON line each, in order; each is what its case expects, and nothing more is said to be so."""
    file = given_cases / "bundles" / "bundles.yaml"
    result = run("bundle", file)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert len(given) >= 46
    for case, answer in zip(given, answers, strict=True):
        assert answer["id"] == case["id"]
        assert list(chosen_otherwise(case["expect"], answer)) == [], case["id"]


def test_one_bundle_is_answered_in_words_or_json(run: Run, write: Write) -> None:
    """Text says set, sum and runner-up in both languages; JSON has every key of the issue; standard input does as well."""
    file = write("loan.json", LOAN)
    assert "合计少264,000.00元" in "".join(run("bundle", file).stdout.split())
    assert "264,000.00 yuan less" in " ".join(run("bundle", file, "--lang", "en").stdout.split())
    found = json.loads(run("bundle", "-", "--json", stdin=json.dumps(LOAN)).stdout)
    assert found.keys() >= {
        "chosen", "not_chosen", "total", "deferrals", "deductions", "released_credit", "apart", "runner_up",
    }  # fmt: skip
    assert found["chosen"] == [{"scheme": "sme-loan-interest-subsidy", "object": "loan-1"}]
    assert found["runner_up"] == {"total": {"exact": "96000.00", "up_to": "0.00"}, "less_by": "264000.00"}
    assert found["alternative"]["loses_by"] == "money"


def test_given_relations_stand_in_place_of_ours(run: Run, write: Write) -> None:
    """With none given as a list nothing is shut out; their schemes and ids are free."""
    file = write("free.json", {**LOAN, "relations": []})
    assert len(json.loads(run("bundle", file, "--json").stdout)["chosen"]) == 2
    own = {"id": "Our own rule", "kind": "excludes", "schemes": ["tea", "coffee"]}
    offers = [{**LOAN["offers"][0], "scheme": scheme} for scheme in ("tea", "coffee")]
    file = write("own.json", {**LOAN, "offers": offers, "relations": [own]})
    found = json.loads(run("bundle", file, "--json").stdout)
    assert found["not_chosen"] == [
        {"scheme": "tea", "object": "loan-1", "because": "Our own rule", "instead": "coffee"}
    ]


BAD = [
    (changed("as_of", "2026-02-30"), "as_of", "no day"),
    (changed("as_of", None), "as_of", "must be a date"),
    (changed("offers", None), "offers", "is missing"),
    (changed("offers", {}), "offers", "must be a list"),
    (changed("offers.0", "x"), "offers.0", "must be an object"),
    (changed("offers.0.scheme", "startup-guarantee-lone"), "offers.0.scheme", "perhaps startup-guarantee-loan"),
    (changed("offers.0.object", None), "offers.0.object", "must be a name"),
    (changed("offers.0.item", []), "offers.0.item", "must be a name"),
    (changed("offers.0.status", "elligible"), "offers.0.status", "must be one of"),
    (changed("offers.0.recipient", None), "offers.0.recipient", "must be one of"),
    (changed("offers.0.award", "by_luck"), "offers.0.award", "must be one of"),
    (changed("offers.0.amount", None), "offers.0.amount", "must be {kind"),
    (changed("offers.0.amount.kind", "about"), "offers.0.amount", "must be {kind"),
    (changed("offers.0.amount.value", "-1"), "offers.0.amount.value", "not below zero"),
    (changed("offers.0.amount.value", "1.005"), "offers.0.amount.value", "two decimals"),
    (changed("offers.0.amount.value", "9,600"), "offers.0.amount.value", "separators"),
    (changed("offers.0.amount", {"kind": "range", "low": 5, "high": 4}), "offers.0.amount.low", "above the upper"),
    (changed("offers.0.itme", "x"), "offers.0.itme", "perhaps item"),
    (changed("offers.1", LOAN["offers"][0]), "offers.1", "same scheme, item and object as offer 1"),
    (changed("held", ["enterprise-training-center"]), "held.0", "perhaps enterprise-training-centre"),
    (changed("held", "centre"), "held", "must be a list"),
    (changed("received", {"subsidised-principal": "1"}), "received.subsidised-principal", "perhaps subsidised-"),
    (changed("received", []), "received", "must be an object"),
    (changed("relations", [{"id": "x", "kind": "excludes"}]), "relations.0", "schemes is missing"),
    (changed("relations", [{"id": "x", "kind": "forbids", "schemes": ["a"]}]), "relations.0.kind", "should be"),
    (changed("relations", [{"id": "x", "kind": "excludes", "schemes": ["a"]}] * 2), "relations", "stands twice"),
    (changed("recieved", {}), "recieved", "perhaps received"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "field", "said"), BAD, ids=[f"{field}: {said}" for _, field, said in BAD])
def test_a_fault_is_named_with_its_field(run: Run, write: Write, content: Any, field: str, said: str) -> None:
    """Every fault comes out in JSON and in words, and nothing is chosen: status 2."""
    file = write("bad.json", content)
    result = run("bundle", file, "--json")
    assert result.exit_code == 2
    errors = json.loads(result.stdout)["errors"]
    assert any(error["field"] == field and said in error["text"]["en"] for error in errors), errors
    words = run("bundle", file, "--lang", "en")
    assert (words.exit_code, words.stdout) == (2, "")
    assert said in " ".join(words.stderr.split())


def test_a_fault_is_named_with_its_line(run: Run, write: Write) -> None:
    """In a YAML file the line of the bad value is said."""
    text = "id: b\nas_of: 2026-06-01\noffers:\n- scheme: startup-guarantee-loan\n  object: loan-1\n  status: maybe\n"
    errors = json.loads(run("bundle", write("b.yaml", text), "--json").stdout)["errors"]
    assert [error["line"] for error in errors if error["field"] == "offers.0.status"] == [6]


def test_a_bad_bundle_in_a_list_does_not_stop_the_others(run: Run, write: Write) -> None:
    """Its line carries the errors; the status is 1."""
    result = run("bundle", write("two.json", [changed("as_of", "x"), LOAN]))
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (result.exit_code, "errors" in first, "chosen" in second) == (1, True, True)


@pytest.mark.parametrize("content", ["", "[", "just words", "{id: [}", "7", "null"])
def test_what_is_no_bundle_is_refused_in_words(run: Run, write: Write, content: str) -> None:
    """Never a traceback."""
    result = run("bundle", write("b.yaml", content))
    assert result.exit_code == 2
    assert result.stderr
    assert run("bundle", "no-such-file.json").exit_code == 2


# --- a profile -------------------------------------------------------------------------------------------------------


def test_check_carries_the_bundle(run: Run, write: Write, rulebook: Rulebook) -> None:
    """Out of the positive decisions, with the objects of the contract; the text ends with it."""
    shop = {
        "id": "shop",
        "as_of": "2024-08-15",
        "schemes": ["six-taxes-two-fees", "small-scale-vat", "individual-business-income-tax", "vat-credit-refund"],
        "facts": {
            "legal_form": "individual_business", "vat_status": "small_scale", "tax_filing_cycle": "quarterly",
            "six_taxes_two_fees_payable": "310.00", "period_sales": "155000.00", "period_real_estate_sales": "0.00",
            "period_special_invoice_sales": "0.00", "business_taxable_income": "86000.00", "other_iit_relief": "0.00",
        },
    }  # fmt: skip
    file = write("shop.json", shop)
    found = json.loads(run("check", file, "--json").stdout)
    chosen = {(one["scheme"], one["object"]) for one in found["bundle"]["chosen"]}
    assert chosen >= {
        ("six-taxes-two-fees", "period-2024Q3"),
        ("small-scale-vat", "period-2024Q3"),
        ("individual-business-income-tax", "iit-2024"),
    }
    amounts = [one["amount"]["value"] for one in found["decisions"] if one["status"] == "eligible"]
    assert found["bundle"]["total"]["exact"] == f"{sum(map(float, amounts)):.2f}"
    assert "可同时享受的一组" in run("check", file).stdout


def test_whole_firms_get_a_consistent_set(run: Run, given_cases: Path) -> None:
    """No two chosen schemes exclude each other, and every open decision is chosen or left out with a reason."""
    firms = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    lines = "\n".join(json.dumps({k: firm[k] for k in ("id", "as_of", "facts")}, default=str) for firm in firms[:4])
    for line in run("check", "-", "--json", stdin=lines).stdout.splitlines():
        found = json.loads(line)
        open_ = {one["scheme"] for one in found["decisions"] if one["status"] in ("eligible", "needs_decision")}
        bundle = found["bundle"]
        assert {one["scheme"] for one in bundle["chosen"] + bundle["not_chosen"]} == open_
        assert not {"steel-capacity-ban", "energy-review"} & {one["scheme"] for one in bundle["chosen"]}


KINDS = ("exact", "ceiling")


def test_a_hopeless_tangle_is_refused_in_words(run: Run, write: Write) -> None:
    """Far more offers than a firm has, in crossing circles: no answer that might be wrong, and no endless search."""
    source = random.Random(1)
    names = [f"s{index:02}" for index in range(60)]
    offers = [
        {
            **LOAN["offers"][0],
            "scheme": name,
            "amount": {"kind": source.choice(KINDS), "value": str(source.randrange(1000))},
        }
        for name in names
    ]
    circles = [{"id": f"x{index}", "kind": "excludes", "schemes": source.sample(names, 2)} for index in range(60)]
    sums = [
        {"id": f"c{step}", "kind": "shares_ceiling", "schemes": names[step::3], "ceiling": {"value": "4000"}}
        for step in range(3)
    ]
    result = run(
        "bundle", write("tangle.json", {**LOAN, "offers": offers, "relations": circles + sums}), "--lang", "en"
    )
    assert result.exit_code == 2
    assert "ask about fewer" in " ".join(result.stderr.split())
