"""The documents: links lead somewhere, files named in them exist, decisions are numbered, the glossary says a term once."""

import re
from collections import Counter
from pathlib import Path

import pytest

from matcher.text.statuses import STATUS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), ROOT / "rules" / "README.md")
)
PARTS = ("Context", "Chosen", "Given up", "How to tell that it was wrong")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str, repo_root: Path) -> None:
    """A link to another file names one that is there."""
    text = (repo_root / document).read_text(encoding="utf-8")
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    folder = (repo_root / document).parent
    assert [target for target in targets if target and not (folder / target).exists()] == []


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if name.startswith("docs/")])
def test_files_that_are_named_exist(document: str, repo_root: Path) -> None:
    """A test, script, rule file or module that a document points at has not moved away; modules are named below matcher/."""
    text = (repo_root / document).read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|script|rules|matcher)/[\w./-]+|[a-z_]+(?:/[a-z_]+)+\.py)`", text)
    gone = [path for path in named if not ((repo_root / path).exists() or (repo_root / "matcher" / path).exists())]
    assert gone == []


def test_decisions_are_numbered_and_listed(repo_root: Path) -> None:
    """Decisions count from one without a gap, stand in their list in that order, and have the same four parts."""
    folder = repo_root / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    listed = re.findall(r"\[(\d+)\. (.+)\]\((.+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert [name for _, _, name in listed] == pages
    for number, title, name in listed:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. {title}\n")
        assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == PARTS


def test_the_glossary_says_each_term_once(repo_root: Path) -> None:
    """No term stands twice, in either language, and a status is called what lists call it."""
    text = (repo_root / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]
    terms = Counter(cell for row in rows if len(row) == 4 for cell in row[:2] if cell not in ("English", "中文"))
    assert terms
    assert [term for term, times in terms.items() if times > 1] == []
    statuses = {row[0].strip("`"): tuple(row[1:]) for row in rows if len(row) == 3 and row[0].startswith("`")}
    assert statuses == {status: (words.short.en, words.short.zh) for status, words in STATUS.items()}


def test_every_requirement_of_the_standard_has_one_row(repo_root: Path) -> None:
    """The table of ASVS 5.0 names each of the 253 requirements of levels 1 and 2 once, with a state that it explains."""
    text = (repo_root / "docs" / "security-asvs.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| ([a-z][a-z/ 0-9]+) \| ", text.partition("## V1 ")[0], re.MULTILINE)) - {"state"}
    named: list[str] = []
    for numbers, state in re.findall(r"^\| ((?:\d+\.\d+\.\d+[–, ]*)+)[^|]*\| ([^|]+) \|", text, re.MULTILINE):
        assert state in explained, numbers
        for first, last in re.findall(r"(\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))?", numbers):
            section, _, place = first.rpartition(".")
            end = int((last or first).rpartition(".")[2])
            named += [f"{section}.{at}" for at in range(int(place), end + 1)]
    assert len(named) == len(set(named)) == 253
