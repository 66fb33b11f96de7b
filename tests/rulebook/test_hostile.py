"""Hostile rule files are refused with a clear error: what could hang, exhaust memory or run something is never reached."""

from pathlib import Path

import pytest

from matcher.rulebook.reading import Problem
from tests.rulebook.faulty import CONCEPTS, line_of, refused

HOSTILE = "concepts/hostile.yaml"


def _alias_bomb() -> str:
    """Nine aliases of nine aliases …: a few lines that would grow to 9⁹ words."""
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines)


def _name_bomb() -> str:
    """Definitions made of the definition before, twice: the same trick without aliases."""
    first = "- {id: bomb0, label: {zh: 零, en: zero}, condition: {test: is_audited_collection, ground: 零}}"
    rest = [
        f"- {{id: bomb{n}, label: {{zh: 数, en: number}}, value: bomb{n - 1} and bomb{n - 1}}}" for n in range(1, 60)
    ]
    return "\n".join([first, *rest])


def _many_names() -> str:
    """Thousands of definitions, none of them too large by itself."""
    each = [f"- {{id: big{n}, label: {{zh: 数, en: number}}, value: bomb9 and bomb9}}" for n in range(4000)]
    return "\n".join([*_name_bomb().split("\n")[:10], *each])


FILES: list[tuple[str, bytes | str, int, str]] = [
    ("a-million-brackets", "- id: a\n  label: " + "[" * 1_000_000, 2, "nest"),
    ("a-million-braces", "- id: a\n  label: " + "{" * 1_000_000, 2, "nest"),
    ("a-million-dashes", "- " * 900_000 + "x", 1, "nested more than 40 deep"),
    ("deep-blocks", "".join(" " * depth + "a:\n" for depth in range(1900)), 42, "nested more than 40 deep"),
    ("complex-keys", "? " * 900_000 + "x", 1, "a key must be a word or a number"),
    ("an-integer-of-10-mb", "- id: " + "9" * 10_000_000, 1, "at most 2000000 are read"),
    ("an-integer-of-1-mb", "- id: a\n  label: " + "9" * 1_000_000, 2, "a number of 1000000 digits"),
    ("an-alias-bomb", _alias_bomb(), 1, "an anchor"),
    ("an-alias-to-itself", "- &a [*a]", 1, "an anchor"),
    ("an-alias-to-nothing", "- id: *a", 1, "an alias"),
    ("a-python-object", "- id: a\n  label: !!python/object/apply:os.system ['echo']", 2, "a tag"),
    ("a-python-name", "- id: !!python/name:os.system", 1, "a tag"),
    ("a-tag-of-its-own", "%TAG ! tag:example.org,2000:\n---\n- id: !a b", 3, "a tag"),
    ("two-documents", "- id: a\n---\n- id: b", 2, "a second document"),
    ("not-utf-8", b"- id: a\n  label: \xff\xfe", 2, "not UTF-8"),
    ("utf-16", "- id: a\n".encode("utf-16"), 1, "not UTF-8"),
    ("nul-bytes", b"- id: a\n  label: \0\0\0", 2, "a control character (U+0000)"),
    ("an-escape-character", b"- id: a\n  label: \x1b[2J", 2, "a control character (U+001B)"),
    ("half-a-million-words", "-\n" * 500_000, 30_000, "more than 30000 values"),
    ("not-yaml", "- id: a\n  label: ]", 2, "not YAML"),
    ("a-bare-word", "boom", 1, "the file holds a list"),
    ("a-word-of-1-mb", "- id: " + "a" * 1_000_000, 1, "at most 60 characters"),
    ("definitions-that-grow", _name_bomb(), 12, "grow to more than 5000 parts"),
    ("definitions-without-end", _many_names(), 4010, "together grow to more than 50000 parts"),
]


@pytest.mark.parametrize(("name", "content", "line", "message"), FILES, ids=[file[0] for file in FILES])
def test_a_hostile_file_is_refused(name: str, content: bytes | str, line: int, message: str, rules: Path) -> None:
    """What could hang, exhaust or run something is refused with its file and line."""
    (rules / HOSTILE).write_bytes(content if isinstance(content, bytes) else content.encode())
    problems = refused(rules)
    found = [problem for problem in problems if (problem.file, problem.line) == (HOSTILE, line)]
    assert any(message in problem.message for problem in found), problems[:3]
    assert all(len(str(problem)) < 1000 for problem in problems)


EXPRESSIONS: list[tuple[str, str, str]] = [
    ("import", "__import__('os').system('echo')", "only the functions of the language"),
    ("import-alone", "__import__('os')", "unknown function '__import__'"),
    ("attributes", "legal_form.__class__.__mro__", "may not begin with an underscore"),
    ("attribute-chain", ".".join(["a"] * 500), "nested more than 60 deep"),
    ("long-attribute-chain", ".".join(["a"] * 100_000), "at most 1200 are read"),
    ("subclasses", "().__class__.__bases__[0].__subclasses__()", "only the functions of the language"),
    ("a-million-brackets", "(" * 1_000_000, "at most 1200 are read"),
    ("forty-brackets", "(" * 40 + "1" + ")" * 40, "nested more than 30 deep"),
    ("signs", "-" * 1000 + "1", "nested more than 60 deep"),
    ("nots", "not " * 250 + "is_audited_collection", "nested more than 60 deep"),
    ("ifs", "0 if a else " * 90 + "0", "nested more than 60 deep"),
    ("an-integer", "9" * 1_000_000, "at most 1200 are read"),
    ("a-power", "9**9**9", "is not part of the language"),
    ("a-shift", "1 << 1", "is not part of the language"),
    ("a-nul", "1 \\0 1", "not an expression"),
]


@pytest.mark.parametrize(("name", "text", "message"), EXPRESSIONS, ids=[one[0] for one in EXPRESSIONS])
def test_a_hostile_expression_is_refused(name: str, text: str, message: str, rules: Path) -> None:
    """An expression is read by the closed grammar and never evaluated; the problem names its line."""
    file = rules / CONCEPTS
    old = "{test: legal_form in legal_forms.cit_payer"
    file.write_text(file.read_text(encoding="utf-8").replace(old, f'{{test: "{text}"'), encoding="utf-8")
    wanted = (CONCEPTS, line_of(file, "{test:"), "test")
    found = [one.message for one in refused(rules) if (one.file, one.line, one.key) == wanted]
    assert any(message in one for one in found), found
    assert all(len(one) < 1000 for one in found)


@pytest.mark.parametrize("name", ["schemes/ORDER", "reference/gbt4754.csv"])
def test_a_file_that_is_no_yaml_is_refused_too(name: str, rules: Path) -> None:
    """The order of the catalogue and the code list may not be anything but text either."""
    (rules / name).parent.mkdir(exist_ok=True)
    (rules / name).write_bytes(b"level,code\n\xff\xfe")
    assert [(one.file, one.line) for one in refused(rules) if "not UTF-8" in one.message] == [(name, 2)]


def test_a_folder_named_like_a_file_is_refused(rules: Path) -> None:
    """What is no file is not opened."""
    (rules / HOSTILE).mkdir()
    assert refused(rules)[0] == Problem(HOSTILE, 1, "-", "not a file")
