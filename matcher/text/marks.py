"""Says which marks a line of Chinese may not begin or end with (GB/T 15834), and what is a run of Latin letters.

Both who composes a letter and who sets it in lines ask this: the one where a long title may be parted, the other where a line may.
"""

import re
from functools import lru_cache

# What may not begin a line: closing marks, pauses, and marks that belong to what stands before them.
CLOSING = frozenset("、，。；：？！）〕】〗」』”’》〉％‰℃々")

# What may not end a line.
OPENING = frozenset("（〔【〖「『“‘《〈￥№")

LATIN_RUN = re.compile(r"[!-~£§°²³µ·À-ɏ€]+")


@lru_cache(maxsize=4096)
def is_latin(text: str) -> bool:
    """Whether `text` is a run of Latin letters and figures, inside which nothing is spaced out."""
    return LATIN_RUN.fullmatch(text) is not None
