"""Passwords: which are refused, how they are kept, and that looking at one tells nothing."""

import importlib.util

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from matcher.accounts import passwords

GOOD = "correct horse battery"
KNOWN = ("heping", "天津市和平区企业服务中心", "李娜")


@pytest.mark.parametrize("told", [GOOD, "海河边上的第七盏灯亮了没有", "csvnb-efjsn-shwhn-2u2fr", "Хорошая погода 17"])
def test_a_password_of_ones_own_is_taken(told: str) -> None:
    """Words in any script, or a made-up one, of twelve characters and more."""
    assert passwords.refused(told, "li.na", *KNOWN) is None


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("short but mine, 7", None),
        ("short bad", "12"),
        ("x" * 129, "128"),
        ("my name is Li.Na!", "登录名"),
        ("work at HEPING centre", "中心"),
        ("李娜的密码没有人知道哦哦", "姓名"),
        ("password1234", "常见"),
        ("P@ssw0rd2026!!", "常见"),
        ("qwertyuiop12345", "常见"),
        ("123456789012345", "常见"),
        ("aaaaaaaaaaaaaaaa", "常见"),
        ("abcdefghijklmnop", "常见"),
        ("Tianjin2026Tianjin", "常见"),
        ("woaini1314520520", "常见"),
    ],
)
def test_a_refusal_says_why(told: str, why: str | None) -> None:
    """Too short or long, the account's own, or one that is guessed first: each in its own words, in both languages."""
    reason = passwords.refused(told, "li.na", *KNOWN)
    assert (reason is None) == (why is None)
    if reason is not None and why is not None:
        assert why in reason.zh
        assert reason.en


# Twelve characters and more, as the published lists of stolen passwords have them, or one step from there.
COMMON = """password1234 password12345 qwertyuiop123 qwertyuiopas qwerty123456 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1q2w3e4r5t6y
q1w2e3r4t5y6 123456789012 1234567890ab abcd12345678 abc123456789 Aa123456789. iloveyou1234 iloveyou5201314 woaini5201314
woaini1314520 tianjin2026!! Tianjin@20261 P@ssw0rd12345 Passw0rd1234! Welcome12345! admin1234567 administrator1
letmein12345 zaq12wsxcde3 qazwsxedcrfv asdfghjkl123 asdf1234qwer zxcvbnm12345 1234qwerasdf a1b2c3d4e5f6 111111222222
112233445566 147258369147 dragon123456 monkey123456 football1234 baseball2024 superman1234 sunshine2026 princess1234
google123456 huawei123456 zhangwei1990 wangfang1988 wanglei19880808 liuyang123456 woshishui123 wojiushiwo123
meiyoumima123 wangjimima88 qwe123!@#asd 1qaz@WSX3edc !QAZ2wsx#EDC QWERqwer1234 Qwer1234!@#$ 5201314520131"""


@pytest.mark.parametrize("told", COMMON.split())
def test_a_password_of_the_published_lists_is_refused(told: str) -> None:
    """Rows of the keyboard, words with a year, a letter turned into a sign; and the Chinese ones in pinyin and figures."""
    reason = passwords.refused(told, "li.na", *KNOWN)
    assert reason is not None
    assert "常见" in reason.zh


def test_a_kept_password_holds_for_itself_alone() -> None:
    """The hash is argon2id, differs each time, and opens with the password only."""
    kept = passwords.hashed(GOOD)
    assert kept.startswith("$argon2id$")
    assert kept != passwords.hashed(GOOD)
    assert passwords.holds(kept, GOOD)
    assert not passwords.holds(kept, GOOD + " ")


def test_a_real_site_hashes_dearly() -> None:
    """With at least the memory and passes that OWASP asks of argon2id, which tests are spared (19 MiB, two)."""
    spec = importlib.util.find_spec(passwords.__name__)
    assert spec is not None
    assert spec.loader is not None
    as_installed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(as_installed)
    found = extract_parameters(as_installed.hashed(GOOD))
    assert found.type is Type.ID
    assert found.memory_cost >= 19 * 1024
    assert found.time_cost >= 2


def test_without_an_account_nothing_holds() -> None:
    """A name that nobody has is looked at in the same way, and so is a hash that cannot be read."""
    assert not passwords.holds(None, GOOD)
    assert not passwords.holds("$argon2id$nothing", GOOD)


def test_the_same_characters_typed_otherwise() -> None:
    """Full-width letters of a Chinese keyboard are the same password."""
    assert passwords.holds(passwords.hashed("abcd efgh ijkl 9"), "ａｂｃｄ efgh ijkl ９")


def test_a_weaker_hash_is_made_anew() -> None:
    """What was kept with smaller parameters is hashed again once the password is known; a good one stays."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    stronger = passwords.stronger(weak, GOOD)
    assert stronger is not None
    assert passwords.holds(stronger, GOOD)
    assert passwords.stronger(stronger, GOOD) is None


def test_generated_ones_are_good_and_differ() -> None:
    """A first password is taken by our own rules, and holds no letter that looks like another."""
    made = {passwords.generated() for _ in range(100)}
    assert len(made) == 100
    assert all(passwords.refused(one, "li.na", *KNOWN) is None for one in made)
    assert not set("".join(made)) & set("01ilo")
