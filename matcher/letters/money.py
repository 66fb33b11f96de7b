"""Words the amount of a decision and who is paid; a firm is never promised what goes to somebody else."""

from __future__ import annotations

from matcher.letters.letter import Amount
from matcher.letters.numerals import capital
from matcher.letters.own_words import own_words, words_are_whole
from matcher.letters.values import capitalise, fen_of, write_money
from matcher.letters.writer import Writer

GRANTED = ("eligible", "needs_decision", "applies")
PARTS = ("value", "low", "high")


def amount(writer: Writer) -> Amount | None:
    """The sum in figures and capital numerals; None where the status has no amount."""
    told = writer.decision.get("amount")
    if not told or writer.status not in GRANTED:
        return None
    means = writer.scheme.amount_means.get(writer.lang).rstrip("。.")  # what follows it goes on with the sum
    sums = {part: fen_of(told[part]) for part in PARTS if told.get(part) is not None}
    if not sums:
        return Amount("none", means, "", "", _no_figure(writer))
    written = {part: write_money(fen, writer.lang) for part, fen in sums.items()}
    figures = writer.say(f"amount.{told['kind']}", **written)
    capitals = "至".join(capital(fen) for fen in sums.values())
    key = "amount.to_confirm" if _doubtful(writer) else "amount.sentence"
    sentence = writer.say(key, means=means, figures=figures, capitals=capitals)
    return Amount(told["kind"], means, figures, capitals, _conditional(writer, sentence))


def _conditional(writer: Writer, sentence: str) -> str:
    """While a department has not decided, the sum is not promised."""
    if writer.status == "needs_decision":
        return writer.say("amount.if_granted", sentence=sentence)
    return capitalise(sentence)


def _doubtful(writer: Writer) -> bool:
    """Whether a figure behind the sum is not confirmed, or had to be confirmed again by a day that is past."""
    codes = [str(warning["code"]) for warning in writer.decision.get("warnings") or ()]
    return writer.decision.get("confidence") != "high" or any(code.startswith("figure_") for code in codes)


def _no_figure(writer: Writer) -> str:
    """No money in it and no figure for it are two things: only the second leaves the firm waiting for a sum."""
    bare = writer.recipient == "firm_right" or writer.scheme.kind != "support"
    return "" if bare else writer.say("amount.none")


def paid(writer: Writer) -> str:
    """Who is paid, and what the scheme's own words add; for a restriction only those; empty where nothing is granted."""
    own = own_words(writer.scheme, writer.status, writer.decision.get("extra") or {}, writer.lang)
    nothing = writer.decision.get("amount") is None or writer.scheme.kind == "restriction"
    if nothing or (own and words_are_whole(writer.scheme, writer.recipient)):
        return own
    general = writer.say("paid.service" if writer.scheme.kind == "service" else f"paid.{writer.recipient}")
    return (" " if writer.lang == "en" else "").join(filter(None, (general, own)))
