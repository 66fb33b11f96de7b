"""The words for a status, for who gets a support and for the kind of a sum: one table each, whatever speaks them.

Where a surface needs another form than the short one of lists (a letter that addresses the firm, the heading of a group),
that is a named form of the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.rulebook import AmountKind, Recipient, Status, Text

from .figures import bare_sum, blank, sum_in_yuan

# ---------------------------------------------------------------------------------------------------------------------
# Statuses.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A status in words.

    :param mark: its sign where there is no room for a word, or no colour.
    :param short: in lists, workbooks and the terminal.
    :param letter: as a letter counts it in its opening, and the register and a verification name it.
    :param heading: of the group of schemes on a page of results.
    :param reached: what a near miss comes to; None where that is not what anybody strives for.
    """

    mark: str
    short: Text
    letter: Text
    heading: Text
    reached: Text | None = None


STATUS: Mapping[Status, StatusWords] = {
    "eligible": StatusWords(
        "●",
        short=Text(zh="可享受", en="entitled"),
        letter=Text(zh="可以享受", en="entitled"),
        heading=Text(zh="现在可享受", en="Entitled now"),
        reached=Text(zh="就可享受", en="the firm is entitled"),
    ),
    "needs_decision": StatusWords(
        "◐",
        short=Text(zh="待部门决定", en="department decides"),
        letter=Text(zh="待部门决定", en="for a department to decide"),
        heading=Text(zh="由部门决定", en="A department decides"),
        reached=Text(zh="就由部门决定", en="a department decides"),
    ),
    "needs_information": StatusWords(
        "◔",
        short=Text(zh="还缺信息", en="information missing"),
        letter=Text(zh="情况待补", en="facts still missing"),
        heading=Text(zh="还缺信息", en="Still open"),
    ),
    "not_eligible": StatusWords(
        "○",
        short=Text(zh="不符合", en="not entitled"),
        letter=Text(zh="不符合条件", en="not entitled"),
        heading=Text(zh="按目前填写的情况，暂不符合", en="Not for you, on what was stated"),
    ),
    "not_open": StatusWords(
        "·",
        short=Text(zh="不在执行期", en="not in force"),
        letter=Text(zh="不在施行期", en="not open"),
        heading=Text(zh="这一天不在施行期", en="Not in force on that day"),
    ),
    "unconfirmed": StatusWords(
        "?",
        short=Text(zh="未核实", en="unconfirmed"),
        letter=Text(zh="规定待核实", en="rules not confirmed"),
        heading=Text(zh="规定还没有核实", en="Rules not confirmed"),
    ),
    "applies": StatusWords(
        "▲",
        short=Text(zh="受此限制", en="restriction applies"),
        letter=Text(zh="须遵守", en="restrictions that apply"),
        heading=Text(zh="须遵守的限制", en="Restrictions that apply"),
    ),
    "does_not_apply": StatusWords(
        "△",
        short=Text(zh="不受此限制", en="restriction does not apply"),
        letter=Text(zh="不受限制", en="restrictions that do not apply"),
        heading=Text(zh="不受这些限制", en="Restrictions that do not apply"),
        reached=Text(zh="就不受此限制", en="the restriction does not apply"),
    ),
}


# What can be used comes first, then what is open, then what is not for the firm.
ORDER_OF_USE: tuple[Status, ...] = (
    "eligible",
    "needs_decision",
    "applies",
    "needs_information",
    "not_eligible",
    "does_not_apply",
    "unconfirmed",
    "not_open",
)


# ---------------------------------------------------------------------------------------------------------------------
# Recipients: a firm is never told to claim what is not its own.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecipientWords:
    """Who gets a support, in words.

    :param short: in lists, workbooks and the terminal, of the firm in the third person.
    :param page: to the firm itself, on a card and on a scheme's sheet.
    :param letter: to the firm itself, as a sentence of a letter.
    """

    short: Text
    page: Text
    letter: Text


RECIPIENT: Mapping[Recipient, RecipientWords] = {
    "firm_cash": RecipientWords(
        Text(zh="款项付给企业", en="paid to the firm"),
        Text(zh="款项付给贵单位", en="paid to the firm"),
        Text(zh="款项支付给贵单位。", en="The money is paid to you."),
    ),
    "firm_price": RecipientWords(
        Text(zh="企业少缴或少付", en="the firm pays less"),
        Text(zh="贵单位少缴或少付，不另发钱", en="the firm pays less; nothing is paid out"),
        Text(zh="贵单位在缴纳或付款时直接享受，不另发现金。", en="You benefit when you pay; no cash is paid out."),
    ),
    "firm_deferral": RecipientWords(
        Text(zh="企业缓缴，到期仍要缴", en="the firm pays later, but pays"),
        Text(zh="贵单位缓缴，到期仍要缴清，不是减免", en="the firm pays later; it stays due, nothing is waived"),
        Text(
            zh="贵单位可以延后缴付，到期仍应缴清，不是减免。",
            en="You may pay later. The sum stays due in full; it is not a reduction.",
        ),
    ),
    "firm_right": RecipientWords(
        Text(zh="企业取得的资格或权利", en="a right or title of the firm"),
        Text(zh="贵单位得到资格或权利，不发钱", en="the firm gains a title or a right, no money"),
        Text(zh="贵单位取得的是资格或权利，没有款项拨付。", en="You gain a title or a right; no money is paid out."),
    ),
    "institution": RecipientWords(
        Text(zh="付给机构，不付给企业", en="paid to an institution, not to the firm"),
        Text(
            zh="付给办理业务的机构（如担保机构、银行），由机构申领，贵单位不用申领",
            en="paid to the institution that does the business, such as the guarantor or bank, and claimed by it, not you",
        ),
        Text(
            zh="款项拨付给办理该业务的机构，由该机构申领；贵单位不申领。",
            en="The money is paid to the institution that carries out the business, and claimed by it, not by you.",
        ),
    ),
    "worker": RecipientWords(
        Text(zh="付给职工本人", en="paid to the worker"),
        Text(zh="付给个人，由本人申领，贵单位不能代领截留", en="paid to the person, who claims it; the firm does not"),
        Text(
            zh="款项发给个人，由本人申领；贵单位不申领、不截留。",
            en="The money is paid to the person concerned, who claims it; it is neither claimed nor kept by you.",
        ),
    ),
    "area": RecipientWords(
        Text(zh="给园区或区域，不给单个企业", en="for an area, not for a single firm"),
        Text(zh="给所在区域或园区，单个单位不申领", en="goes to the area; a single firm does not claim it"),
        Text(
            zh="支持给予所在区域或其管理机构；单个企业不申领。",
            en="The support is given to the area or its administration; a single firm does not claim it.",
        ),
    ),
}


# ---------------------------------------------------------------------------------------------------------------------
# Kinds of a sum.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AmountWords:
    """The kind of a sum in words.

    :param short: in a workbook's column.
    :param sums: what stands around the figures in a list: ``{high}`` and, of a range, ``{low}``.
    :param letter: the same in a letter, which may promise no more than is certain.
    :param before: on a card, what stands in front of the figure, which stands out.
    """

    short: Text
    sums: Text
    letter: Text
    before: Text


AMOUNT: Mapping[AmountKind, AmountWords] = {
    "exact": AmountWords(
        Text(zh="确数", en="exact"),
        Text(zh="{high}", en="{high}"),
        Text(zh="{high}", en="{high}"),
        Text(zh="恰好", en="exactly"),
    ),
    "ceiling": AmountWords(
        Text(zh="最高", en="ceiling"),
        Text(zh="最高{blank}{high}", en="up to {high}"),
        Text(zh="最高不超过{high}", en="up to {high}"),
        Text(zh="最高", en="up to"),
    ),
    "range": AmountWords(
        Text(zh="区间", en="range"),
        Text(zh="{low}{blank}至{blank}{high}", en="{low} to {high}"),
        Text(zh="{low}至{high}", en="from {low} to {high}"),
        Text(zh="在", en="between"),
    ),
    "none": AmountWords(
        Text(zh="未定", en="not fixed"),
        Text(zh="没有确定的金额", en="no definite amount"),
        Text(zh="没有确定的金额", en="no definite amount"),
        Text(zh="金额还不能算，以部门核定为准", en="no figure can be worked out yet; the department sets it"),
    ),
}


def amount_text(kind: AmountKind, low: int, high: int, lang: str, *, tight: bool = True, cents: bool = False) -> str:
    """A sum with what its kind says of it: ``最高 5,000 元``, ``1,000 to 5,000 yuan``.

    :param low: in fen, as ``high``; only a range has another.
    """
    most = sum_in_yuan(high, lang, tight=tight, cents=cents)
    between = blank("zh", tight=tight)
    return AMOUNT[kind].sums.get(lang).format(low=bare_sum(low, cents=cents), high=most, blank=between)
