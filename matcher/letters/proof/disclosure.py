"""Discloses facts that a letter withholds: each is proved by its salted hash inside the signed file, and the others stay hidden."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from matcher.letters.compose import StatedBy
from matcher.text import BilingualError

from .receipt import Receipt, canonical, leaf_of, root_of, salt_of
from .shapes import Stated

LARGEST = 256 * 1024

FORMAT = 1

_SALT_BYTES = 16


class DisclosureError(BilingualError):
    """What cannot be disclosed, or a disclosure that does not belong to the letter; ``text`` says why."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A fact that was disclosed: its id, its value as text, and who stated it."""

    fact: str
    value: str
    by: str


def disclose(receipt: Receipt, seed: bytes, told: Mapping[str, str], names: Iterable[str]) -> bytes:
    """The file that proves these facts to whoever has the letter.

    :param seed: kept in the register beside the letter.
    :param told: the values of all facts that the letter was decided on, as text.
    :raises DisclosureError: for a fact that the letter does not withhold, or whose value was forgotten.
    """
    leaves = set(receipt.withheld.leaves) if receipt.withheld else set()
    facts = {}
    for name in names:
        salt = salt_of(seed, name)
        ways = (Stated(value=told[name], by=by) for by in get_args(StatedBy) if name in told)
        stated = next((one for one in ways if leaf_of(name, one, salt) in leaves), None)
        if stated is None:
            raise DisclosureError(
                f"{receipt.number} 没有保留 {name} 这一项，或者它已写在函件里，或者登记簿中已删除。",
                f"{receipt.number} withholds no fact {name}: it is in the letter already, or was deleted from the register.",
            )
        facts[name] = {"value": stated.value, "by": stated.by, "salt": salt.hex()}
    return canonical(
        {"format": FORMAT, "number": receipt.number, "root": receipt.withheld and receipt.withheld.root, "facts": facts}
    )


def check_disclosed(receipt: Receipt, data: bytes) -> tuple[Disclosed, ...]:
    """The facts in a disclosure, each of which the letter's receipt vouches for. Raises DisclosureError for anything else."""
    try:
        read = json.loads(data[: LARGEST + 1])
        told = [
            (str(name), Stated(value=one["value"], by=one["by"]), bytes.fromhex(one["salt"]))
            for name, one in read["facts"].items()
        ]
        number, root = read["number"], read["root"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DisclosureError("这不是补充披露的文件。", "This is no disclosure.") from error
    withheld = receipt.withheld
    if withheld is None or (number, root) != (receipt.number, withheld.root) or root_of(withheld.leaves) != root:
        raise DisclosureError("这份补充披露不属于这份函件。", "This disclosure belongs to another letter.")
    for name, stated, salt in told:
        if len(salt) != _SALT_BYTES or leaf_of(name, stated, salt) not in withheld.leaves:
            raise DisclosureError(f"{name} 与函件中的摘要不符。", f"{name} does not fit the hash in the letter.")
    return tuple(Disclosed(name, stated.value, stated.by) for name, stated, _ in told)
