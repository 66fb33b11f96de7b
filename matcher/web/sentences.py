"""Says all decisions together in a sentence: what the firm has, what is still to be decided, open or to be obeyed."""

from collections import Counter

from matcher.web import words


def held(kinds: Counter[str], is_blank: bool, lang: str) -> list[str]:
    """What the firm has, in clauses; that there is nothing, where there is nothing."""
    keys = (("eligible", "entitled", "scheme"), ("others", "others", "scheme"), ("service", "service", "service"))
    found = [clause(f"answer.{key}", kinds[kind], noun, lang) for kind, key, noun in keys if kinds[kind]]
    if is_blank:
        return [words.say("answer.blank", lang), *found]
    return found or [words.say("answer.nothing", lang)]


def rest(kinds: Counter[str], missing: int, lang: str) -> list[str]:
    """What is still to be decided, within reach, open, or to be obeyed, in clauses."""
    keys = (("needs_decision", "decision"), ("others_decision", "others_decision"), ("almost", "almost"))
    found = [clause(f"answer.{key}", kinds[kind], "scheme", lang) for kind, key in keys if kinds[kind]]
    if kinds["needs_information"]:
        facts = words.count(lang, missing, "fact")
        found.append(clause("answer.open", kinds["needs_information"], "scheme", lang, facts=facts))
    last = (("applies", "restriction"), ("listed", "scheme"))
    return found + [clause(f"answer.{kind}", kinds[kind], noun, lang) for kind, noun in last if kinds[kind]]


def clause(key: str, number: int, noun: str, lang: str, **more: str) -> str:
    """The words of a key with a number and what is counted."""
    return words.say(key, lang, count=words.count(lang, number, noun), **more)


def sentence(clauses: list[str], lang: str) -> str:
    """The clauses as one sentence; empty where there are none."""
    separator, end = ("；", "。") if lang == "zh" else ("; ", ".")
    whole = separator.join(clauses) + (end if clauses else "")
    return whole[:1].upper() + whole[1:]
