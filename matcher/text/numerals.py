"""Writes a sum of money in capital Chinese numerals (支付结算办法, annex 1), and counts sections in plain ones."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"

PLACES = ("仟", "佰", "拾", "")

GROUPS = ((10**8, "亿"), (10**4, "万"))

LARGEST = 10**18  # in fen: below ten quadrillion yuan every sum has one reading


def capital(fen: int) -> str:
    """Write `fen` (integer, 0 or more) as 人民币…元整, …角 or …分; a sum that cannot be written raises ValueError.

    Where the rules leave a choice, the form they print first is taken: 107,000.53 is 壹拾万柒仟元零伍角叁分.
    """
    if not 0 <= fen < LARGEST:
        raise ValueError(f"金额超出可书写的范围 / a sum out of the range that can be written: {fen} fen")
    yuan, rest = divmod(fen, 100)
    return "人民币" + _yuan(yuan, rest) + _parts(yuan, rest)


def _yuan(yuan: int, rest: int) -> str:
    """The part in front of 角 and 分; left out where there is no whole yuan but something after it."""
    if yuan:
        return _whole(yuan) + "元"
    return "" if rest else "零元"


def _parts(yuan: int, rest: int) -> str:
    """角 and 分: 整 closes whole yuan only, and 零 keeps a place from being read as the one before it."""
    jiao, fen = divmod(rest, 10)
    if not rest:
        return "整"
    tens = DIGITS[jiao] + "角" if jiao else ""
    gap = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    return gap + tens + (DIGITS[fen] + "分" if fen else "")


def _whole(number: int) -> str:
    """Read a whole number above zero; the part above 亿 or 万 is read as a number of its own."""
    for size, name in GROUPS:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if low and low < size // 10 else ""
            return _whole(high) + name + (gap + _whole(low) if low else "")
    return _thousands(number)


def _thousands(number: int) -> str:
    """Read 1 to 9999: zeros inside are read once, zeros at either end not at all."""
    words, skipped = "", False
    for digit, place in zip(f"{number:04d}", PLACES, strict=True):
        if digit == "0":
            skipped = bool(words)
            continue
        words += ("零" if skipped else "") + DIGITS[int(digit)] + place
        skipped = False
    return words


def count(number: int) -> str:
    """Write 1 to 99 in plain Chinese numerals, as headings are numbered (一, 十一, 二十); from 100 on in figures."""
    if not 1 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    plain = "〇一二三四五六七八九"
    return ("" if tens < 2 else plain[tens]) + ("十" if tens else "") + (plain[ones] if ones else "")
