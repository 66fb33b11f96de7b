import shutil
from pathlib import Path

import pytest

from matcher.places import rules_dir
from tests.rulebook.faulty import CONCEPTS, FIGURES, ORDER, SCHEMES, VOCABULARY


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rules cut down to four schemes and what they rest on, so that one load is quick."""
    source, copy = rules_dir(), tmp_path / "rules"
    for name in (*VOCABULARY, FIGURES, CONCEPTS, *(f"schemes/tax/{slug}.yaml" for slug in SCHEMES)):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, copy / name)
    (copy / ORDER).write_text("\n".join(SCHEMES) + "\n", encoding="utf-8")
    return copy
