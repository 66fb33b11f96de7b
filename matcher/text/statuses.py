"""The words for a status and for who is paid, short enough for a list: the command line and the workbooks share them."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.rulebook import Text

STATUS: Mapping[str, Text] = {
    "eligible": Text(zh="可享受", en="entitled"),
    "needs_decision": Text(zh="待部门决定", en="department decides"),
    "needs_information": Text(zh="还缺信息", en="information missing"),
    "not_eligible": Text(zh="不符合", en="not entitled"),
    "not_open": Text(zh="不在执行期", en="not in force"),
    "unconfirmed": Text(zh="未核实", en="unconfirmed"),
    "applies": Text(zh="受此限制", en="restriction applies"),
    "does_not_apply": Text(zh="不受此限制", en="restriction does not apply"),
}

RECIPIENT: Mapping[str, Text] = {
    "firm_cash": Text(zh="款项付给企业", en="paid to the firm"),
    "firm_price": Text(zh="企业少缴或少付", en="the firm pays less"),
    "firm_deferral": Text(zh="企业缓缴，到期仍要缴", en="the firm pays later, but pays"),
    "firm_right": Text(zh="企业取得的资格或权利", en="a right or title of the firm"),
    "institution": Text(zh="付给机构，不付给企业", en="paid to an institution, not to the firm"),
    "worker": Text(zh="付给职工本人", en="paid to the worker"),
    "area": Text(zh="给园区或区域，不给单个企业", en="for an area, not for a single firm"),
}
