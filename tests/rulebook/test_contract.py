"""The contract that the rules grew from: every id in it still means the same, whatever has been added since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from matcher.rulebook.rulebook import Rulebook


def entries(folder: Path) -> Iterator[dict[str, Any]]:
    """What stands in the lists of a folder of the contract."""
    for file in sorted(folder.glob("*.yaml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8"))


def test_every_fact_keeps_its_id_its_type_and_its_values(rulebook: Rulebook, contract_dir: Path) -> None:
    """Files of firms go by them: none is gone, renamed, counted in another unit, or stated by somebody else."""
    given = list(entries(contract_dir / "facts"))
    assert given
    for one in given:
        ours = rulebook.facts.get(one["id"])
        assert ours is not None, one["id"]
        assert (ours.type, ours.unit, ours.stated_by) == (one["type"], one.get("unit"), one["stated_by"]), one["id"]
        assert set(one.get("values") or ()) <= set(ours.values), one["id"]


def test_every_scheme_keeps_what_it_is_and_its_first_days(rulebook: Rulebook, contract_dir: Path) -> None:
    """Each is there with its kind, recipient, family and award, and with the first day of every version that was given."""
    given = list(entries(contract_dir / "schemes"))
    assert given
    for one in given:
        ours = rulebook.schemes.get(one["slug"])
        assert ours is not None, one["slug"]
        what = (ours.kind, ours.family, ours.recipient, ours.award, ours.object)
        assert what == tuple(one.get(key) for key in ("kind", "family", "recipient", "award", "object")), one["slug"]
        begins = {version.from_ for version in ours.versions}
        assert {version["from"] for version in one["versions"]} <= begins, one["slug"]
