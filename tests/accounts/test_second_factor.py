"""The second factor: the codes of an app, each good once, and a secret that only this site opens for this account."""

from base64 import b32decode
from datetime import UTC, datetime, timedelta

import pytest

from matcher.accounts import second_factor
from matcher.accounts.second_factor import FactorBroken, opened, sealed, step_of

# RFC 6238, appendix B: the secret of its SHA-1 examples; of its eight digits an app of six shows the last six.
RFC = b"12345678901234567890"
SITE, OLD = "a-site's-secret-of-thirty-two-characters", b"the-secret-that-it-had-before-that-one"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_published_codes_are_taken(seconds: int, code: str) -> None:
    """The examples of the standard, blanks in them forgiven."""
    at = datetime.fromtimestamp(seconds, UTC)
    assert step_of(RFC, code, at, None) == seconds // 30
    assert step_of(RFC, f"{code[:3]} {code[3:]} ", at, None) == seconds // 30


@pytest.mark.parametrize(("off", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(off: int, is_taken: bool) -> None:
    """A phone half a minute late or early still works, one that is further off does not."""
    at = datetime.fromtimestamp(1111111111, UTC) + timedelta(seconds=off)
    assert (step_of(RFC, "050471", at, None) is not None) is is_taken


def test_no_code_works_twice() -> None:
    """The step that was used last, and those before, are refused; the next one is taken."""
    at = datetime.fromtimestamp(1111111111, UTC)
    used = step_of(RFC, "050471", at, None)
    assert step_of(RFC, "050471", at, used) is None
    assert step_of(RFC, "081804", at, used) is None


@pytest.mark.parametrize("code", ["", "0", "050470", "0504710", "５０４７１", "050471\ud800", "abcdef"])
def test_anything_else_is_no_code(code: str) -> None:
    """Nothing but the six digits is taken, and nothing breaks."""
    assert step_of(RFC, code, datetime.fromtimestamp(1111111111, UTC), None) is None


def test_the_secret_opens_for_its_account_alone() -> None:
    """Neither another account's row nor another site's secret opens it; an older secret of the site does."""
    kept = sealed(OLD, RFC, 7)
    assert RFC.decode() not in kept
    assert opened([SITE, OLD], kept, 7) == RFC
    with pytest.raises(FactorBroken):
        opened([SITE, OLD], kept, 8)
    with pytest.raises(FactorBroken):
        opened([SITE], kept, 7)


def test_what_is_scanned_and_typed_is_the_secret() -> None:
    """The typed text is the secret in base32; the picture is an image that needs no other site."""
    secret = second_factor.new_secret()
    assert b32decode(second_factor.typed(secret).replace(" ", "")) == secret
    assert second_factor.picture(secret, "li.na").startswith("data:image/svg+xml")
    assert second_factor.new_secret() != secret
