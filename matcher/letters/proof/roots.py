"""Holds a trust list against the root that its reader trusts: a list is signed, but by whoever made it.

The reader names the root by its fingerprint. Where nobody did, the first list's root is kept, and every later list must be
of the same: an attacker who comes second is found out. One who comes first is not, which is why it is said aloud.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from matcher.text import BilingualError

from .trust import TrustList

FILE = "root.json"

_FINGERPRINT = re.compile(r"[0-9a-f]{32}")

# How a list's root came to be believed: named by hand, as kept, kept now for the first time, or not to be kept here.
Pinning = Literal["named", "replaced", "known", "first", "unkept"]


class RootError(BilingualError, ValueError):
    """A list that is not to be believed, or a fingerprint that is none; ``text`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class KeptRoot:
    """The root that a person trusts, kept in ``folder``."""

    folder: Path

    def read(self) -> str | None:
        """The fingerprint kept, or None. Raises RootError for a file that cannot be read: it must not pass for none."""
        path = self.folder / FILE
        try:
            return read_fingerprint(json.loads(path.read_bytes())["root"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError):
            raise RootError(
                f"读不了 {path}，不知道信任哪个根。请改正或删除该文件后重试。",
                f"{path} cannot be read, so the root to trust is unknown; mend or delete the file and try again",
            ) from None

    def pin(self, trust: TrustList, named: str | None) -> Pinning:
        """Hold the list against the root that is ``named``, or else the one kept; keep what is new.

        :raises RootError: the list is of another root.
        """
        kept, wanted = self.read(), None if named is None else read_fingerprint(named)
        expected, own = wanted or kept, read_fingerprint(trust.fingerprint)
        if expected is not None and expected != own:
            raise RootError(*_other(trust.fingerprint, grouped(expected), wanted is not None))
        if kept == own:
            return "known" if wanted is None else "named"
        if not self._write(own):
            return "unkept" if wanted is None else "named"
        return "first" if wanted is None else "named" if kept is None else "replaced"

    def _write(self, fingerprint: str) -> bool:
        """Keep it, whole or not at all; False where this folder cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "w") as file:
                json.dump({"root": grouped(fingerprint)}, file)
            Path(draft).replace(self.folder / FILE)
        except OSError:
            return False
        return True


def read_fingerprint(typed: str) -> str:
    """The 32 hexadecimal digits, however they are grouped. Raises RootError for anything else."""
    found = re.sub(r"[\s:\-]", "", str(typed)).lower()
    if not _FINGERPRINT.fullmatch(found):
        raise RootError(
            "根指纹是32位十六进制数，可用空格分组；请对照签发单位公布的指纹",
            "a root's fingerprint is 32 hexadecimal digits, in groups or not; compare with the one the city publishes",
        )
    return found


def grouped(fingerprint: str) -> str:
    """In groups of four, as it is compared by eye."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def _other(found: str, expected: str, named: bool) -> tuple[str, str]:
    if named:
        return (
            f"根指纹不符：这份清单是 {found}，--root 给出的是 {expected}。不能凭它核验，请向签发单位取清单。",
            f"the list is of root {found}, and --root names {expected}: do not verify by it; fetch the list from the city",
        )
    return (
        f"根指纹不符：这份清单是 {found}，本机此前信任的是 {expected}，可能是冒充的清单。若签发单位公布过新的指纹，"
        f"核对后用 --root 写明。",
        f"the list is of root {found}, but this machine has trusted {expected}: it may be an impostor's. If the city has "
        "published a new fingerprint, compare it and name it with --root",
    )
