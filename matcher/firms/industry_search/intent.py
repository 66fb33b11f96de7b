"""Tell from a verb or a kind of shop in which divisions a trade stands: 卖 sells, 修 repairs, 厂 makes."""

from __future__ import annotations

import re

_TOWARDS, _AWAY = 1.25, 0.85


def _divisions(*spans: str) -> frozenset[str]:
    found: set[str] = set()
    for span in spans:
        first, _, last = span.partition("-")
        found |= {f"{number:02}" for number in range(int(first), int(last or first) + 1)}
    return frozenset(found)


_MAKING = _divisions("13-42")
_SELLING = _divisions("51-52")
_SHOPS = _divisions("52", "61-62", "80-82", "90")
# Every pattern that is found speaks for its divisions; words that only seem to say so are left out by a look around.
_SIGNS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern), divisions)
    for pattern, divisions in (
        ("^种(?!子)|种植|果园|大棚|栽培", _divisions("01-02", "05")),
        ("(?<![保疗营培])养(?!老|生|护|路|车)|养殖|饲养|畜牧|牧场", _divisions("03-05")),
        ("开采|采矿|矿山|^挖(?!掘|土)", _divisions("06-12", "50")),
        ("生产|制造|制作|加工|组装|厂$|作坊|厂家|车间|定制", _MAKING),
        ("^做|^造|^织|^酿|^打(?!字|扫|印|官司|鱼|猎|车)|^炼|^铸", _MAKING),
        ("卖", _divisions("51-52", "62")),
        ("销售|经销|贸易|商贸|倒腾|^贩|代销|商行|供应|供货", _SELLING),
        ("进口|出口|外贸|代理", _divisions("51", "58")),
        ("清洗|保洁|打扫", _divisions("82")),
        ("翻新|缝补", _divisions("81", "50")),
        ("批发", _divisions("51")),
        ("零售|专卖|门市|超市", _divisions("52")),
        ("店$|店铺|铺子?$|^开.*[馆店吧]$", _SHOPS),
        ("修(?!路|桥|马路|水库|剪|建|脚|眉)|维保|检修", _divisions("43", "81", "65")),
        ("(?<!开出)租", _divisions("70-71")),
        ("运输|货运|拉货|^跑|^运|物流|快运|搬运", _divisions("53-60")),
        ("^送", _divisions("51", "60-62")),
        ("安装|施工|^装(?!裱|订|卸|饰)|^盖|工程队|建筑工程|建设工程|^铺|^埋|^架(?!子)", _divisions("47-50")),
        ("培训|辅导|补习|学校|^教(?!堂|具|会)", _divisions("83")),
        ("设计", _divisions("65", "74")),
        ("研发|研究", _divisions("73")),
        ("检测|检验|认证|鉴定", _divisions("74", "84")),
        ("回收", _divisions("51", "42")),
        ("软件|编程|程序|小程序|app", _divisions("65")),
        (r"\b(farm|farming|grow|growing|grower|breeding)\b", _divisions("01-05")),
        (r"\b(mine|mining|quarry)\b", _divisions("06-12")),
        (r"\b(factory|maker|making|make|manufactur\w*|produc\w*|plant|mill|works|processing)\b", _MAKING),
        (
            r"\b(sell|selling|sale|sales|trading|trade|trader|dealer|importer|exporter|supplier|buying|buyer|resell\w*)\b",
            _SELLING,
        ),
        (r"\b(wholesale\w*|distribut\w*)\b", _divisions("51")),
        (r"\b(retail\w*|store)\b", _divisions("52")),
        (r"\b(shop|salon|bar|cafe)\b", _SHOPS),
        (r"\b(repair\w*|fix|fixing|maintenance|overhaul\w*|servicing)\b", _divisions("43", "81", "65")),
        (r"\b(rental|rent|hire|leasing|renting)\b", _divisions("70-71")),
        (r"\b(transport\w*|freight|shipping|logistics|haulage)\b", _divisions("53-60")),
        (r"\b(install\w*|construction|contractor|builder|building)\b", _divisions("47-50")),
        (r"\b(training|school|lessons?|classes|teaching|tutoring)\b", _divisions("83")),
        (r"\b(design\w*|architect\w*)\b", _divisions("65", "74")),
        (r"\b(research|r&d)\b", _divisions("73")),
        (r"\b(recycling|scrap)\b", _divisions("42", "51")),
    )
)


def lean(text: str) -> frozenset[str]:
    """Return the divisions that the verbs of a plain text speak for; none where it says nothing of the kind."""
    return frozenset().union(*(divisions for pattern, divisions in _SIGNS if pattern.search(text)))


def leaning(towards: frozenset[str], division: str) -> float:
    """Return by what to multiply the score of a group of this division."""
    if not towards:
        return 1.0
    return _TOWARDS if division in towards else _AWAY
