"""Knows the address under which the site verifies letters: it is printed on them, and kept with each."""

from __future__ import annotations

import os
import re

from matcher.issuing.refusal import Refusal

SETTING = "MATCHER_PUBLIC_URL"
_ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~/-]*)?)")
_LONGEST = 60  # characters, or the words around it would be torn over several lines


def public_site() -> str | None:
    """The address without `https://` and without a slash at its end, as letters print it; None where none is set.

    Raises Refusal for a setting that is no such address: a letter that names a wrong one would be signed for good.
    """
    told = os.environ.get(SETTING, "").strip()
    if not told:
        return None
    found = _ADDRESS.fullmatch(told)
    if found is None or len(told) > _LONGEST:
        raise Refusal(
            f"设置 {SETTING} 应是以 https:// 开头、不超过{_LONGEST}字符的网址，未签发。",
            f"{SETTING} must be an address that begins with https://, of at most {_LONGEST} characters; nothing was issued.",
        )
    return found[1].rstrip("/")
