"""An unconfirmed scheme is answered by its last terms: marked, in no total, with whom to ask and what is awaited."""

from __future__ import annotations

from datetime import date

from matcher.engine.check import check
from matcher.engine.choose.profile import bundle
from matcher.rulebook.rulebook import Rulebook

DAY = date(2026, 12, 1)
RENEWAL = "equipment-renewal-treasury-bond"
PROJECT = {
    "project_in_tianjin": True, "project_approved_or_filed": True, "renewal_in_supported_field": True, "renewal_is_new_build": False,
    "renewal_fixed_investment": 5_000_000_000, "project_progress": 0.5, "renewal_old_equipment_share": 0.3,
}  # fmt: skip


def test_the_last_terms_say_what_they_would_have_given(rulebook: Rulebook) -> None:
    """The renewal bonds of 2026 are decided by the batch that closed on 24 October 2025, and the next call is awaited."""
    (decision,) = check(rulebook, PROJECT, DAY, [RENEWAL])
    assert (decision.status, decision.amount, decision.recipient) == ("unconfirmed", None, None)
    known = decision.last_known
    assert (known["as_of"], known["status"]) == ("2025-10-24", "needs_decision")
    assert known["amount"] == {"kind": "ceiling", "value": "7500000.00"}
    assert "发展改革委" in known["ask"]["zh"]
    assert "NDRC" in known["awaits"]["en"]


def test_the_last_terms_are_in_no_total(rulebook: Rulebook) -> None:
    """What an unconfirmed scheme would have given counts nowhere."""
    decisions = check(rulebook, PROJECT, DAY, [RENEWAL])
    assert bundle(rulebook, PROJECT, decisions, DAY)["total"] == {"exact": "0.00", "up_to": "0.00"}


def test_a_firm_of_later_is_judged_by_the_terms_not_by_its_age(rulebook: Rulebook) -> None:
    """A firm registered after the last terms ended is told what they ask for, not that it did not exist."""
    (decision,) = check(rulebook, {**PROJECT, "established_on": date(2026, 3, 1)}, DAY, [RENEWAL])
    assert decision.last_known["status"] == "needs_decision"


def test_what_fails_or_is_missing_under_the_last_terms_is_named(rulebook: Rulebook) -> None:
    """A new build would have been refused; an untold investment would have been asked for."""
    (refused,) = check(rulebook, {**PROJECT, "renewal_is_new_build": True}, DAY, [RENEWAL])
    assert refused.last_known["failing"] == ["renewal_is_new_build"]
    (untold,) = check(rulebook, {k: v for k, v in PROJECT.items() if k != "renewal_fixed_investment"}, DAY, [RENEWAL])
    assert untold.last_known["missing"] == ["renewal_fixed_investment"]


def test_what_is_confirmed_or_was_never_known_has_no_last_terms(rulebook: Rulebook) -> None:
    """Nothing is said of a scheme in force, of one that has ended, nor of one that is older than what is encoded."""
    for slug, day in (("six-taxes-two-fees", DAY), ("manufacturing-tax-deferral", DAY), (RENEWAL, date(2025, 1, 1))):
        (decision,) = check(rulebook, {}, day, [slug])
        assert decision.last_known is None


def test_every_open_end_of_tax_and_industry_says_what_is_awaited(rulebook: Rulebook) -> None:
    """Where known terms were followed by an unconfirmed version that lasts, the notice awaited is named in both languages."""
    for slug, scheme in rulebook.schemes.items():
        last = scheme.versions[-1]
        if scheme.family in ("tax", "industry") and last.state == "unconfirmed" and len(scheme.versions) > 1:
            assert last.awaits is not None, slug


def test_the_last_terms_are_said_in_a_sentence(rulebook: Rulebook) -> None:
    """Until when they ran, what they would have given, what was missing or refused, and that no total counts it."""
    (decision,) = check(rulebook, PROJECT, DAY, [RENEWAL])
    text = decision.last_known["text"]
    for lang, words in (
        ("zh", ("执行到2025年10月24日", "最高 7,500,000 元", "不计入合计")),
        ("en", ("In force until 24 October 2025", "up to 7,500,000 yuan", "no total counts them")),
    ):
        assert all(word in text[lang] for word in words), text[lang]
    (refused,) = check(rulebook, {**PROJECT, "renewal_is_new_build": True}, DAY, [RENEWAL])
    assert "卡在：新建、原厂搬迁或异地新建项目" in refused.last_known["text"]["zh"]
    (untold,) = check(rulebook, {k: v for k, v in PROJECT.items() if k != "renewal_fixed_investment"}, DAY, [RENEWAL])
    assert rulebook.facts["renewal_fixed_investment"].label.en in untold.last_known["text"]["en"]
