"""Turn what an owner typed into the words that are compared, and tell from verbs in which divisions a trade stands."""

from __future__ import annotations

import functools
import re
import unicodedata
from itertools import pairwise

from opencc import OpenCC

from matcher.firms import read_table, trade_words
from matcher.places import rules_dir

# ---------------------------------------------------------------------------------------------------------------------
# Turn what an owner typed into the words that are compared: one width, one script, no small talk, no legal form.
# ---------------------------------------------------------------------------------------------------------------------


LONGEST = 60  # characters; a longer text is a story, and its beginning says what the firm does

_DISTRICTS = ("kind", "code", "name_zh", "name_en", "district_code", "aliases", "status", "value")

_SMALL_TALK = re.compile(
    "我们家?|我家|我是|我在|我想|我有|我|俺们?|咱们|咱|自己|专门|主要|从事|经营(?!部)|业务|一家|一个|有个|有家|"
    "(给|帮|替)(别人|人家|人)|干活$|各种|之类|什么|的(?!士)|"
    "了|呢|吗|啊|某+|(?:[0-9]+|[一二三四五六七八九十百千万两几]+)(?:多|来)?(?:只|头|亩|台|匹|辆|艘|间|箱|口)"
)

_CUSTOMER = re.compile(
    "(给|帮|替|为).{1,7}?(?=送|供|做|造|种|养|配|装|修|拉|运|搞|弄|洗|印|镀|喷|焊|电镀|加工|生产|设计|检测|$)"
)

_BUYER = re.compile("(?<=.{4}),? ?再?(?:卖|供|供应|供货|销售)给[^,;。]{1,10}")

_DONE_TO = re.compile("(?:给|帮|替|为)(?:.*的)?(.{1,8}?)(?:做|搞|提供|进行)(?=.{2})")

_LED_IN = re.compile(
    "^(?:在|从|到|给|帮|替|为|带|有|用|老|上门|下乡).{1,12}?"
    "(?=(?:生产|加工|制造|制作|批发|销售|出租|安装|维修|承包|承接|供应|种|(?<![保疗培])养|卖|做|(?<![装维])修|(?<!丰)收).{2})"
)

_ENDED = re.compile(
    "(?<=[木石砖])头|(?<=[箱管板架柜桌椅凳瓶罐盒袋裤裙鞋帽袜镜杯盘勺棍绳珠果枣桃柿桔粽饺房棚摊鸽鸭狗兔梯扇刷梳筷剪钉链毯褥被])子"
)

_CLAUSE = re.compile("[,;:!?。…]+")

_LEGAL_FORM = re.compile("(集团|股份|连锁|专业)*(有限(责任)?公司|合作社)$|集团(公司)?$")

_FORM = re.compile(
    "(公司|经营部|服务部|门市部|商行|工作室|合作社|"
    "个体工商户|个体户|事务所|中心|厂家|工厂|厂|店铺|店|铺子|铺|作坊|摊主|摊位|摊|生意|行业|产业|制造业|制造|加工|生产|"
    "销售|服务|业|小企业|企业|师傅)$"
)

_VERB = re.compile(
    "^(开办|开设|开(?!发|采|锁|模|关|放|水)|做|卖|搞|办(?!公)|干(?!洗|果|货|燥|细)|弄|生产|制造|制作|加工|销售|经销|倒腾|"
    "造(?!纸|价|林|型|影)|小(?=.{3}))"
)

_NOTHING = re.compile(
    "(天津市?|公司|有限|责任|股份|集团|企业|商户|个体户?|店铺?|厂家?|做|开|卖|搞|办|干|弄|的|我们?|有|一?家|一?个|在|是|想|"
    "生意|行业|产业|业务|买卖|东西|小|大|老板|不知道|不清楚|工作|上班|经营|制造业|服务业|其他|没有?|无|company|business|shop|"
    "factory|firm|none|other|unknown|nothing|[\\W_])+"
)

_TOWN = re.compile("^.{2,3}[镇乡街村](?=.{4})")

_STAYING: set[str] = set()

_PIECE = re.compile(r"[a-z0-9&+'-]+|[\u3400-\u9fff\U00020000-\U0003ffff]")


@functools.cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)


def plain(text: str) -> str:
    """Return the text in half width, lower case and simplified characters, at most `LONGEST` characters of it."""
    return " ".join(simplified(_narrow(text)).split())


def from_taiwan(text: str) -> str | None:
    """Return the plain text with Taiwan's words turned into the mainland's (計程車, 塑膠), None where it has none."""
    narrow = _narrow(text)
    if _convert(narrow, "t2s") == narrow:  # simplified already: nobody of Taiwan wrote it
        return None
    there = " ".join(_convert(narrow, "tw2sp").split())
    return there if there != plain(text) else None


def _narrow(text: str) -> str:
    whole = text[:LONGEST].encode("utf-8", "ignore").decode()  # half a character, as broken programs send it
    return unicodedata.normalize("NFKC", whole).casefold()


def simplified(text: str) -> str:
    """Return the text in simplified characters, phrase by phrase: 乾 is not always 干."""
    # Converting takes fifty times as long as seeing that every character is one that stays as it is.
    if _STAYING.issuperset(text):
        return text
    _STAYING.update(char for char in text if _convert(char, "t2s") == char)
    return _convert(text, "t2s")


def _convert(text: str, config: str) -> str:
    return text if text.isascii() else str(_converter(config).convert(text))


def says_nothing(text: str) -> bool:
    """True if a plain text names no trade: 开公司, 做生意, 天津市."""
    return not text or _NOTHING.fullmatch(text) is not None


def without_small_talk(text: str) -> str:
    """Return a plain text without words that say nothing of the trade; the text itself where nothing else is left."""
    return _SMALL_TALK.sub("", text).strip() or text


def without_customer(text: str) -> str:
    """Return a plain text without those it is done for: what 给饭店送海鲜 sends, not where it goes."""
    return _CUSTOMER.sub("", text, count=1) or text


def without_buyer(text: str) -> str:
    """Return a plain text without those it is sold to in the end: 种丹参，卖给药厂 grows."""
    return _BUYER.sub("", text)


def done_to(text: str) -> str:
    """Return a plain text with what a thing gets right after the thing: 给港口的船做维修 is 船维修."""
    found = _DONE_TO.search(text)
    return found[1] + text[found.end() :] if found else text


def from_verb(text: str) -> str:
    """Return a plain text from its first verb of trade on: what 在山里种丹参 grows, not where."""
    return _LED_IN.sub("", text, count=1)


def clipped(text: str) -> str:
    """Return a plain text without the endings that speech adds to things: 木头箱子 is what the trade calls 木箱."""
    return _ENDED.sub("", text)


def clauses(text: str) -> tuple[str, ...]:
    """Return a plain text and, where it has several clauses, each of them that says something."""
    parts = [part.strip() for part in _CLAUSE.split(text)]
    return text, *(part for part in parts if part != text and not says_nothing(part))


def kernel(text: str) -> str:
    """Return the thing a trade is about: without the verb before it and the legal or shop form after it."""
    bare = text
    while (shorter := _FORM.sub("", bare)) != bare and shorter:
        bare = shorter
    return _VERB.sub("", bare) or bare


def without_legal_form(text: str) -> str:
    """Return a firm's name without what the law makes it end in."""
    return _LEGAL_FORM.sub("", text) or text


def without_place(text: str) -> str:
    """Return a firm's name without the places of Tianjin that it begins with."""
    bare = text
    while place := next((place for place in places() if bare.startswith(place) and bare != place), None):
        bare = bare[len(place) :]
    return _TOWN.sub("", bare) if bare != text else bare


@functools.cache
def places() -> tuple[str, ...]:
    """The city, its districts and zones with their other names, longest first."""
    rows = [row for _, row in read_table(rules_dir(), "reference/districts.csv", _DISTRICTS)]
    names = {plain(name) for row in rows for name in (row["name_zh"], *row["aliases"].split("|")) if name}
    return tuple(sorted(names | {"天津市", "天津"}, key=len, reverse=True))


def pieces(text: str) -> list[str]:
    """Return the characters of a plain text, a run of letters or digits counting as one."""
    return _PIECE.findall(text)


def grams(parts: list[str]) -> dict[str, bool]:
    """Return the single parts and the pairs of neighbours, each with whether it is a pair, as a set without order."""
    return dict.fromkeys(parts, False) | {f"{left} {right}": True for left, right in pairwise(parts)}


# ---------------------------------------------------------------------------------------------------------------------
# Tell from a verb or a kind of shop in which divisions a trade stands: 卖 sells, 修 repairs, 厂 makes.
# ---------------------------------------------------------------------------------------------------------------------


_TOWARDS, _AWAY = 1.25, 0.85


def lean(text: str) -> frozenset[str]:
    """Return the divisions that the verbs of a plain text speak for; none where it says nothing of the kind."""
    return frozenset().union(*(one.divisions for one in trade_words() if one.pattern.search(text)))


def leaning(towards: frozenset[str], division: str) -> float:
    """Return by what to multiply the score of a group of this division."""
    if not towards:
        return 1.0
    return _TOWARDS if division in towards else _AWAY
