"""Lead from a thing to those who deal in it: who sells or repairs what others make stands in a group of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.firms.industry_search.index import Match, better

_RETAIL, _WHOLESALE, _REPAIR = "retail", "wholesale", "repair"
_SIGNS = {
    _RETAIL: re.compile(r"卖|零售|专卖|门市|店$|铺$|\b(sell\w*|sales|retail\w*|shop|store)\b"),
    _WHOLESALE: re.compile(
        r"批发|贸易|经销|销售|倒腾|进口|出口|代销|代理|供应|供货|\b(wholesale\w*|trad\w+|distribut\w*|dealer|supplier|import\w*|export\w*|buy\w*|resell\w*)\b"
    ),
    _REPAIR: re.compile(r"修(?!路|桥|剪|建|脚|眉|身)|保养|\b(repair\w*|fix\w*|maintenance|overhaul\w*|servicing)\b"),
}
_MAKES = re.compile(r"生产|制造|加工|制作|自产|\b(mak\w+|manufactur\w*|produc\w*)\b")
_ABROAD = re.compile(r"进口|出口|外贸|\b(import\w*|export\w*)\b")
_ABROAD_GROUP = "518"
_FIRST, _SECOND = 0.9, 0.75  # of the thing's own match: the likelier trade, and the other that sells too
# Who makes it (the longest beginning of the code counts): who sells it to people, to firms, and who
# repairs it; nothing where no group does.
_DEALERS: dict[str, tuple[str, str, str]] = {
    "01": ("522", "511", ""),
    "017": ("525", "515", ""),
    "02": ("523", "511", ""),
    "03": ("522", "511", ""),
    "04": ("522", "512", ""),
    "06": ("", "516", ""),
    "07": ("", "516", ""),
    "08": ("", "516", ""),
    "09": ("", "516", ""),
    "10": ("528", "516", ""),
    "13": ("522", "512", ""),
    "132": ("529", "511", ""),
    "14": ("522", "512", ""),
    "15": ("522", "512", ""),
    "16": ("522", "512", ""),
    "17": ("523", "513", ""),
    "18": ("523", "513", "819"),
    "19": ("523", "513", "819"),
    "20": ("528", "516", ""),
    "21": ("528", "513", "819"),
    "22": ("524", "514", ""),
    "24": ("524", "514", "819"),
    "25": ("526", "516", ""),
    "26": ("528", "516", ""),
    "267": ("529", "519", ""),
    "268": ("523", "513", ""),
    "27": ("525", "515", ""),
    "28": ("523", "516", ""),
    "29": ("528", "516", ""),
    "30": ("528", "516", ""),
    "305": ("528", "513", ""),
    "307": ("528", "513", ""),
    "31": ("528", "516", ""),
    "32": ("528", "516", ""),
    "33": ("528", "517", "431"),
    "331": ("528", "516", "431"),
    "338": ("523", "513", "431"),
    "34": ("528", "517", "432"),
    "35": ("528", "517", "433"),
    "358": ("525", "515", "433"),
    "36": ("526", "517", "811"),
    "37": ("526", "517", "434"),
    "375": ("526", "517", "811"),
    "376": ("523", "513", "819"),
    "377": ("523", "517", "811"),
    "38": ("528", "517", "435"),
    "384": ("527", "517", "435"),
    "385": ("527", "513", "813"),
    "386": ("527", "513", "813"),
    "387": ("528", "513", "813"),
    "39": ("527", "517", "812"),
    "395": ("527", "513", "813"),
    "40": ("528", "517", "436"),
    "403": ("523", "513", "819"),
    "404": ("524", "517", "436"),
    "41": ("523", "513", ""),
}


def with_dealers(matches: dict[str, Match], asked: str) -> dict[str, Match]:
    """Add, where the words speak of selling or repairing, the groups that sell or repair what the matches make."""
    trades = [trade for trade, pattern in _SIGNS.items() if pattern.search(asked)]
    if not trades or _MAKES.search(asked):
        return matches
    dealers = _dealers(matches, trades, asked)
    return better(matches, *({group: match} for group, match in dealers if group))


def _dealers(matches: dict[str, Match], trades: list[str], asked: str) -> Iterator[tuple[str, Match]]:
    for group, match in matches.items():
        retail, wholesale, repair = next((_DEALERS[group[:n]] for n in (3, 2) if group[:n] in _DEALERS), ("", "", ""))
        if _REPAIR in trades:
            yield repair, match.dealt_in(_FIRST)
        elif retail or wholesale:
            yield retail, match.dealt_in(_FIRST if _RETAIL in trades else _SECOND)
            yield wholesale, match.dealt_in(_FIRST if _WHOLESALE in trades else _SECOND)
        if _ABROAD.search(asked):
            yield _ABROAD_GROUP, match.dealt_in(_FIRST)
