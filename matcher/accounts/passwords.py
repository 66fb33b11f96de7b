"""Passwords of accounts: which are refused and why, how they are kept (argon2id), and how one is looked at in even time."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from matcher.rulebook import Text
from matcher.text import sentences

SHORTEST, LONGEST = 12, 128

"""Characters of a password."""

FEWEST_GUESSES = 10**10

"""So many guesses a password must be worth by zxcvbn's estimate: its highest score, beyond what guessing a stolen hash pays for.

zxcvbn knows the 30,000 most used passwords of the published lists (Chinese ones such as woaini and 5201314 among them), words,
names, dates, rows of the keyboard, repetitions and 3 for e; it is Dropbox's, and is known from USENIX Security 2016.
"""

_ESTIMATED = 72

"""Characters that zxcvbn looks at: its work grows fast with them, and what begins so long is not guessed."""

_HASHER = PasswordHasher()

_OWN_LEFT = 6

# Words of Chinese passwords that zxcvbn's lists do not have: pinyin of common phrases, places, what people call a password.
_PINYIN = (
    *(
        "tianjin",
        "beijing",
        "shanghai",
        "zhongguo",
        "fuwu",
        "zhongxin",
        "qiye",
        "zhengce",
        "huiqi",
        "mima",
        "meiyoumima",
    ),
    *(
        "woaini",
        "woaiwojia",
        "woaizhongguo",
        "woshishui",
        "woshiwo",
        "wojiushiwo",
        "wangjimima",
        "wangjile",
        "buzhidao",
    ),
    *("nihao", "zhangwei", "wangwei", "wangfang", "liwei", "wanglei", "zhanglei", "liuyang", "zhangmin", "wangjing"),
    *("xiaoming", "baobao", "laopo", "laogong", "yijiaren", "pingan", "facai", "jixiang", "ruyi", "shengri", "kuaile"),
)

# What most guessed passwords are put together from; what is left without it must be somebody's own.
_COMMON = re.compile(
    "administrator|password|passwort|passw0rd|p@ssword|p@ssw0rd|letmein|welcome|iloveyou|changeme|default|matcher"
    "|admin|root|user|test|guest|login|master|secret|monkey|dragon|qwertyuiop|asdfghjkl|zxcvbnm|qwerty|asdfgh|zxcvbn"
    "|1qaz2wsx|qazwsx|1q2w3e4r|abc123|woaini|mima|tianjing|tianjin|zhongguo|china|fuwuzhongxin|fuwu|5201314|1314520"
    "|a123456|密码|天津|企业|服务|中心|管理员|工作台|政策"
)

_YEAR = re.compile(r"(?:19|20)\d\d")

_RUN = re.compile(r"(.)\1+")

_NO_LOOKALIKES = "abcdefghjkmnpqrstuvwxyz23456789"

_GROUPS, _GROUP = 4, 5


def refused(password: str, name: str, *known: str) -> Text | None:
    """Why a password is not taken, in words; None if it is. ``known`` are the account's centre and other things of it."""
    told = _told(password)
    if len(told) < SHORTEST:
        return sentences.filled("密码至少{least}个字符，现在是{length}个。", least=SHORTEST, length=len(told))
    if len(told) > LONGEST:
        return sentences.filled("密码最多{most}个字符。", most=LONGEST)
    folded = told.casefold()
    for own in (name, *known):
        if len(own) > 1 and own.casefold() in folded:
            return sentences.filled("密码里不能有登录名、姓名或中心的名称。")
    estimate = zxcvbn(told[:_ESTIMATED], [*_PINYIN, *known], max_length=_ESTIMATED)
    if len(set(_own_part(folded))) < _OWN_LEFT or estimate["guesses"] < FEWEST_GUESSES:
        return sentences.filled("这个密码太常见，容易被猜到。可以用几个互不相干的词连起来。")
    return None


def hashed(password: str) -> str:
    """What is kept of a password: argon2's own text, with salt and parameters."""
    return _HASHER.hash(_told(password))


def holds(kept: str | None, password: str) -> bool:
    """Whether this is the password. Without an account (None), or with one that has no password, it takes as long and says no."""
    is_hash = kept is not None and kept.startswith("$")
    try:
        right = _HASHER.verify(kept if kept is not None and is_hash else _nobodys(), _told(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and is_hash


def stronger(kept: str, password: str) -> str | None:
    """The password hashed anew where it was kept with weaker parameters than today's; None where all is well."""
    return hashed(password) if _HASHER.check_needs_rehash(kept) else None


def generated() -> str:
    """A first password, to be read out or typed from paper: 99 random bits in groups of five."""
    groups = ("".join(secrets.choice(_NO_LOOKALIKES) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _told(password: str) -> str:
    """The same characters however a keyboard sends them."""
    return unicodedata.normalize("NFKC", password)


def prepare() -> None:
    """Make the hash that a name without an account is compared with: the first such look must take no longer than others."""
    _nobodys()


@cache
def _nobodys() -> str:
    return hashed(secrets.token_hex(16))


def _own_part(password: str) -> str:
    """What is left of a password without common words, years, repetitions and characters that follow one another."""
    password = _RUN.sub(r"\1", _YEAR.sub("", _COMMON.sub("", password)))
    return "".join(
        sign for before, sign in zip(" " + password, password, strict=False) if abs(ord(sign) - ord(before)) > 1
    )
