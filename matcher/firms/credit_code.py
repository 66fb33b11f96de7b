"""Check a unified social credit code (GB 32100-2015) and say what is wrong with it; nothing is repaired silently."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum.cn import uscc

from matcher.rulebook import Text

from .faults import Remark, shown

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_LABEL = re.compile(r"^(统一社会信用代码|社会信用代码|信用代码|纳税人识别号|税号|USCC)[:：]*", re.IGNORECASE)

_MISREAD = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "UY"}

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_NOTHING = {"", "无", "没有", "暂无", "NONE", "NULL", "N/A", "/"}

_PROVINCES = frozenset(
    f"{region}{number}"
    for region, numbers in {
        1: "012345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "12",
    }.items()
    for number in numbers
)  # 10: the State Administration for Market Regulation itself

# Registering authorities of Tianjin, old county codes included: firms keep the code they were given.
_TIANJIN = frozenset(
    {"120000", "120107", "120108", "120109", "120191", "120192", "120193"}
    | {str(code) for code in range(120101, 120107)}
    | {str(code) for code in range(120110, 120120)}
    | {str(code) for code in range(120221, 120226)}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is as a credit code: `code` where it can be used, else `wrong` and perhaps one `proposal`."""

    code: str | None
    wrong: Text | None = None
    proposal: str | None = None
    remarks: tuple[Remark, ...] = ()


def normalise(text: str) -> str:
    """Return the text with full-width forms, spaces, invisible marks, hyphens, label and lower case removed."""
    wide = unicodedata.normalize("NFKC", text)
    dropped = {"Cf", "Zs", "Zl", "Zp", "Pd"}
    kept = "".join(c for c in wide if unicodedata.category(c) not in dropped and not c.isspace())
    return _LABEL.sub("", kept.lstrip("'‘’`")).upper()


def check_character(code: str) -> str:
    """Return the 18th character that the first 17 call for; they must be of the alphabet."""
    return uscc.calc_check_digit(code[:17])


def organisation_check(code: str) -> str:
    """Return the ninth character of the organisation code (positions 9 to 17) by GB 11714."""
    total = sum(int(char, 36) * weight for char, weight in zip(code[8:16], _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def read_code(text: str) -> Reading:
    """Read what a person typed as a credit code; a wrong last check refuses it, a wrong inner check only warns."""
    code = normalise(text)
    wrong, proposal = _wrong(code)
    if wrong is not None:
        return Reading(None, wrong, proposal)
    return Reading(code, remarks=tuple(_remarks(text, code)))


def _wrong(code: str) -> tuple[Text | None, str | None]:
    other = _other_number(code)
    if other is not None:
        return other, None
    if len(code) != 18:
        return _wrong_length(code)
    if any(char not in ALPHABET for char in code):
        return _wrong_letter(code)
    if not code[2:8].isdigit() or not (code[1].isdigit()):
        return Text(
            zh="第 2 至 8 位应全是数字（登记类别和登记机关代码），请对照营业执照重填",
            en="characters 2 to 8 must be digits (kind and registering authority): copy it from the licence again",
        ), None
    if code[17] != check_character(code):
        return _wrong_check(code), None
    return None, None


def _other_number(code: str) -> Text | None:
    """Recognise what people give instead of the credit code."""
    if code in _NOTHING:
        return Text(
            zh="没有填写；不知道就不要写这一项（或写 null）",
            en="nothing is given; leave the field out, or write null, if it is not known",
        )
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", code):
        return Text(
            zh="表格软件把代码变成了数字；请把该列设为文本格式后重新录入 18 位代码",
            en="a spreadsheet turned the code into a number: format the column as text and retype the code",
        )
    if re.fullmatch(r"\d{15}", code):
        return Text(
            zh="这是 15 位的旧注册号或旧税号，不是统一社会信用代码；请填营业执照上的 18 位代码",
            en="this is a number used until 2015 (15 digits): give the 18-character code of the licence",
        )
    if re.fullmatch(r"\d{6}[0-9A-Z]{9}", code):
        return Text(
            zh="这是 15 位的旧税号，不是统一社会信用代码；请填营业执照上的 18 位代码",
            en="this is the tax number used until 2015 (15 characters): give the 18-character code of the licence",
        )
    if re.fullmatch(r"[0-9A-Z]{9}", code):
        return Text(
            zh="这是 9 位的组织机构代码，只是统一社会信用代码的第 9 至 17 位；请填营业执照上的 18 位代码",
            en="this is the organisation code, positions 9 to 17 of the credit code: give all 18 characters",
        )
    return None


def _wrong_length(code: str) -> tuple[Text, str | None]:
    proposal = None
    if len(code) == 17:
        proposal = _only(code[:i] + char + code[i:] for i in range(18) for char in ALPHABET)
    elif len(code) == 19:
        proposal = _only(code[:i] + code[i + 1 :] for i in range(19))
    zh = f"应为 18 位，现在是 {len(code)} 位，" + ("少" if len(code) < 18 else "多") + f"了 {abs(18 - len(code))} 位"
    en = f"must have 18 characters, has {len(code)}"
    return _with_proposal(Text(zh=zh, en=en), proposal), proposal


def _wrong_letter(code: str) -> tuple[Text, str | None]:
    strange = [f"{char}" for char in dict.fromkeys(code) if char not in ALPHABET]
    proposal = None
    if all(char in ALPHABET or char in _MISREAD for char in code):
        proposal = _only("".join(chars) for chars in itertools.product(*(_MISREAD.get(c, c) for c in code)))
    listed = shown("、".join(strange))
    zh = f"代码里不会出现字符 {listed}（字母 I、O、S、V、Z 不使用，常是 1、0、5、U、2 的误写）"
    en = f"a code never contains {shown(', '.join(strange))} (I, O, S, V, Z are not used: often 1, 0, 5, U, 2 misread)"
    return _with_proposal(Text(zh=zh, en=en), proposal), proposal


def _wrong_check(code: str) -> Text:
    if code.isdigit() and code.endswith("000"):
        return Text(
            zh="校验位不对；末几位成了 0，多半是表格软件只保留了 15 位数字，请对照营业执照重填",
            en="the check character is wrong; its zeros suggest a spreadsheet that keeps 15 digits: retype it",
        )
    return Text(
        zh="校验位不对，多半有一个字符写错或相邻两个写反了，请对照营业执照重填",
        en="the check character is wrong: one character mistyped, or two neighbours swapped; see the licence",
    )


def _only(candidates: Iterator[str]) -> str | None:
    """Return the one candidate that passes both checks, or None where none or several do."""
    passing = {code for code in candidates if _passes(code)}
    return passing.pop() if len(passing) == 1 else None


def _passes(code: str) -> bool:
    fits = all(char in ALPHABET for char in code) and code[1:8].isdigit()
    return fits and code[17] == check_character(code) and code[16] == organisation_check(code)


def _with_proposal(text: Text, proposal: str | None) -> Text:
    if proposal is None:
        return Text(zh=text.zh + "；请对照营业执照重填", en=text.en + ": copy it from the licence again")
    return Text(
        zh=f"{text.zh}；是不是 {proposal}？请核对后改写", en=f"{text.en}; perhaps {proposal}? Check and correct it"
    )


def _remarks(text: str, code: str) -> Iterator[Remark]:
    facts = ("credit_code",)
    if code != text:
        zh, en = f"统一社会信用代码按 {code} 处理", f"the credit code was read as {code}"
        yield Remark("credit_code_normalised", facts, Text(zh=zh, en=en))
    if code[16] != organisation_check(code):
        zh = "统一社会信用代码中的组织机构代码（第 9 至 17 位）校验位不符，请核对营业执照"
        en = "the organisation code inside the credit code (positions 9 to 17) fails its own check: compare the licence"
        yield Remark("credit_code_organisation_check", facts, Text(zh=zh, en=en))
    if code[0] != "9" and not code.startswith("N2"):
        zh = f"代码前两位 {code[:2]} 不是市场监管部门登记的企业，请核对营业执照"
        en = f"codes that begin {code[:2]} are not of firms registered by market regulation: compare the licence"
        yield Remark("credit_code_department", facts, Text(zh=zh, en=en))
    if code[2:4] not in _PROVINCES or (code.startswith("12", 2) and code[2:8] not in _TIANJIN):
        zh = f"代码第 3 至 8 位 {code[2:8]} 不是已知的登记机关代码，请核对营业执照"
        en = f"positions 3 to 8, {code[2:8]}, are no known registering authority: compare the licence"
        yield Remark("credit_code_area", facts, Text(zh=zh, en=en))
