"""Make N synthetic Tianjin firms, the same ones for the same seed.

    python3 generate_firms.py 1000000 --seed 7 -o firms.csv
    python3 generate_firms.py 500 --seed 7 -o firms.jsonl

Standard library only. Nothing here is a real firm; a name or a code may coincide with one by chance.

Columns: id, name, uscc, district_code, zone, industry_code (GB/T 4754-2017 class), legal_form, established, employees,
revenue_yuan, assets_yuan, former_names (joined by |, newest first), parent_id (branches only).
"""

import argparse
import csv
import datetime
import json
import math
import pathlib
import random
from bisect import bisect
from itertools import accumulate

DATA = json.loads((pathlib.Path(__file__).parent / "name_data.json").read_text(encoding="utf-8"))
COLUMNS = [
    "id",
    "name",
    "uscc",
    "district_code",
    "zone",
    "industry_code",
    "legal_form",
    "established",
    "employees",
    "revenue_yuan",
    "assets_yuan",
    "former_names",
    "parent_id",
]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUE = {c: i for i, c in enumerate(ALPHABET)}
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_VALUE = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORG_CHECK = ("0", "X", "9", "8", "7", "6", "5", "4", "3", "2", "1")  # by sum mod 11: 11 -> 0, 10 -> X
FIRST_DAY, LAST_DAY = datetime.date(1986, 1, 1).toordinal(), datetime.date(2025, 6, 30).toordinal()
UNIFIED = datetime.date(2015, 10, 1).toordinal()
NUMERALS = "一二三四五六七八九十"


def credit_code(prefix: str, body: str) -> str:
    """Prefix (8 characters) + organisation body (8) -> full 18-character code with both check characters."""
    total = 0
    for c, w in zip(body, ORG_WEIGHTS, strict=True):
        total += ORG_VALUE[c] * w
    code = prefix + body + ORG_CHECK[total % 11]
    total = 0
    for c, w in zip(code, WEIGHTS, strict=True):
        total += VALUE[c] * w
    return code + ALPHABET[-total % 31]


class Bodies:
    """Organisation-code bodies, never twice: a counter spread over each range by a multiplier prime to its size."""

    def __init__(self, rnd):
        self.counter, self.start = {}, {}
        self.rnd = rnd

    def _next(self, key, size):
        if key not in self.counter:
            self.counter[key] = 0
            self.start[key] = self.rnd.randrange(size)
        n = self.counter[key] = self.counter[key] + 1
        if n > size:
            raise SystemExit(f"no codes left in the range {key}; ask for fewer firms")
        return (self.start[key] + n * 7368787) % size  # 7368787 is prime, and no factor of any size used here

    def make(self, day: int) -> str:
        if day < UNIFIED:
            return str(10000000 + self._next("digits", 69999991))
        year = datetime.date.fromordinal(day).year
        if year <= 2020:
            head = "MA05" if year <= 2016 else "MA06" if year <= 2018 else "MA07"
            if self.counter.get(head, 0) >= 923521:
                head = "MA08"
            width = 4
        else:
            head = {2021: "MA7", 2022: "MAB", 2023: "MAC", 2024: "MAD"}.get(year, "MAE")
            width = 5
        n, tail = self._next(head, 31**width), ""
        for _ in range(width):
            n, digit = divmod(n, 31)
            tail = ALPHABET[digit] + tail
        return head + tail


def cumulative(weights):
    """The running sums of the weights, and their total."""
    total = list(accumulate(weights))
    return total, total[-1]


class Maker:
    """Draws firm after firm from one seed."""

    def __init__(self, seed: int):
        self.rnd = random.Random(seed)
        self.random = self.rnd.random
        d = DATA
        self.industry_cum, self.industry_sum = cumulative([x[0] for x in d["industries"]])
        self.shops = [x for x in d["industries"] if x[3]]
        self.shop_cum, self.shop_sum = cumulative(
            [x[0] * (4 if any(w[-1] in "店馆厅站吧" for w in x[3]) else 1) for x in self.shops]
        )
        self.district_cum, self.district_sum = cumulative([x[3] for x in d["districts"]])
        self.zone_cum, self.zone_sum = cumulative([x[1] for x in d["zones"]])
        self.surname_cum, self.surname_sum = cumulative([1 / (k + 3) for k in range(len(d["surnames"]))])
        # brands: the front of the list is used far more often than its tail
        two = [a + b for a in d["a"] for b in d["b"] if a != b]
        order = random.Random(seed ^ 0x5EED)
        order.shuffle(two)
        head = list(dict.fromkeys(d["head"]))
        order.shuffle(head)
        taken = set(head)
        self.two = head + [x for x in two if x not in taken]
        self.bodies = Bodies(self.rnd)
        self.seen = set()
        self.parents = []  # firms that may have branches: (name, id, industry, day, size)

    def pick(self, items):
        return items[int(self.random() * len(items))]

    def brand(self) -> str:
        u, d = self.random(), DATA
        if u < 0.66:
            return self.two[int(len(self.two) * self.random() ** 2.6)]
        if u < 0.86:
            return self.pick(d["a"]) + self.pick(d["b"]) + self.pick(d["c"])
        if u < 0.93:
            return self.pick(d["pre3"]) + (
                self.pick(d["b"]) if self.random() < 0.5 else self.two[int(len(self.two) * self.random() ** 2)]
            )
        if u < 0.98:
            return (
                self.pick(d["translit_a"])
                + self.pick(d["translit_b"])
                + (self.pick(d["translit_b"]) if self.random() < 0.5 else "")
            )
        return self.two[int(len(self.two) * self.random())] + self.two[int(len(self.two) * self.random())]

    def surname(self):
        return DATA["surnames"][bisect(self.surname_cum, self.random() * self.surname_sum)]

    def day(self) -> int:
        # the younger the more
        return LAST_DAY - int((LAST_DAY - FIRST_DAY) * self.random() ** 2.2)

    def numbers(self, code: str, shop: bool, parent_size=1.0):
        """Employees, revenue, assets (yuan): many small, few large, the three of them hanging together."""
        gauss = self.rnd.gauss
        if shop:
            people = max(1, int(math.exp(gauss(0.8, 0.6))))
            revenue = int(people * math.exp(gauss(11.6, 0.7)))
            return people, revenue, int(revenue * math.exp(gauss(-0.9, 0.6)))
        division = code[:2]
        mean = 2.4 if "06" <= division <= "46" else 2.2 if division in ("47", "48", "61", "70", "78") else 1.6
        people = int(math.exp(gauss(mean, 1.35)) * parent_size)
        if self.random() < 0.004:
            people = int((people + 30) * math.exp(gauss(2.2, 0.9)))  # the few big ones
        per_head = (
            13.9
            if division == "51"
            else 13.2
            if "06" <= division <= "48"
            else 12.6
            if division in ("52", "58", "65")
            else 12.2
        )
        revenue = int(max(people, 0.5) * math.exp(gauss(per_head, 0.9)))
        stock = (
            0.5
            if "06" <= division <= "46"
            else 1.6
            if division in ("70", "71", "66")
            else 1.0
            if division == "72"
            else -0.1
        )
        assets = int(revenue * math.exp(gauss(stock, 0.8)))
        if self.random() < 0.06:
            revenue = 0  # idle
        return max(people, 0), revenue, assets

    def company_name(self, brand, word, suffix):
        u = self.random()
        if u < 0.36:
            return f"天津市{brand}{word}{suffix}"
        if u < 0.78:
            return f"天津{brand}{word}{suffix}"
        if u < 0.94:
            return f"{brand}（天津）{word}{suffix}"
        if u < 0.97:
            return f"天津市{brand}{word}集团{suffix}" if suffix == "有限公司" else f"天津市{brand}{word}{suffix}"
        return f"{brand}{word}（天津）{suffix}"

    def unique(self, make):
        for _ in range(60):
            name = make()
            if name not in self.seen:
                self.seen.add(name)
                return name
        raise SystemExit("names used up; widen name_data.json")

    def firm(self, k: int):
        r, d = self.random, DATA
        u = r()
        district = d["districts"][bisect(self.district_cum, r() * self.district_sum)]
        zone, registry = "", d["registry"].get(district[0], district[0])
        day, parent, former = self.day(), "", []
        if district[0] == "120116":
            zone, _, registry = d["zones"][bisect(self.zone_cum, r() * self.zone_sum)]
        if day < UNIFIED and registry == "120118":
            registry = "120116"
        if r() < 0.015 and u > 0.26:
            registry = "120000"
        kind, size = "91", 1.0
        if u < 0.26:  # individual business
            kind, form = "92", "个体工商户"
            ind = self.shops[bisect(self.shop_cum, r() * self.shop_sum)]

            def make():
                place = (
                    f"天津市{district[1]}"
                    if r() < 0.72
                    else f"{district[1]}"
                    if r() < 0.5
                    else f"天津市{zone[2:] or district[1]}"
                )
                v = r()
                if v < 0.45:
                    return f"{place}{self.brand()}{self.pick(ind[3])}"
                if v < 0.75:
                    s, m = self.surname(), self.pick(d["shop_mid"])
                    return f"{place}{m + s if m in ('小', '阿', '老') else s + m}{self.pick(ind[3])}"
                return f"{place}{self.surname()}{self.pick(d['b'])}{self.pick(d['c'])}{self.pick(ind[3])}"

            day = max(day, LAST_DAY - 9000)
        elif u < 0.275:  # farmers' cooperative
            kind, form = "93", "农民专业合作社"
            code, word = self.pick(d["coop"])
            ind = [1, [code], [word], []]
            if r() < 0.8:
                district = self.pick(
                    [x for x in d["districts"] if x[0] in ("120114", "120115", "120117", "120118", "120119", "120113")]
                )
                zone, registry = "", d["registry"].get(district[0], district[0])

            def make():
                place = "天津市" if r() < 0.6 else f"天津市{district[1]}"
                return f"{place}{self.brand()}{word}{'农民' if r() < 0.3 else ''}专业合作社"

            day = max(day, datetime.date(2007, 7, 1).toordinal() + int(r() * 3000))
        else:
            ind = d["industries"][bisect(self.industry_cum, r() * self.industry_sum)]
            if u < 0.335 and len(self.parents) > 50:  # branch
                form = "分支机构"
                if r() < 0.15:
                    chosen = [None, "", ind, FIRST_DAY]

                    def make():
                        parent = f"{self.pick(d['outside'])}{self.brand()}{self.pick(ind[2])}有限公司"
                        return f"{parent}天津{district[2] if r() < 0.4 else ''}分公司"
                else:
                    chosen = []

                    def make():
                        # a few parents have many branches, most one or two
                        chosen[:] = self.parents[int(len(self.parents) * r() ** 1.8)]
                        parent_name, shop = chosen[0], chosen[2][1][0][:2] in ("52", "61", "62")
                        v = r()
                        if v < 0.40:
                            return f"{parent_name}{district[2]}分公司"
                        if v < 0.65:
                            return f"{parent_name}第{self.pick(NUMERALS)}分公司"
                        return f"{parent_name}{self.pick(d['roads'])}{'店' if shop else '分公司'}"

                size = 0.7
            elif u < 0.351:  # partnership
                form = "合伙企业"
                wanted, words = self.pick(
                    (
                        ("6760", ("股权投资", "创业投资", "投资管理")),
                        ("7249", ("企业管理咨询", "商务信息咨询")),
                        ("7211", ("企业管理",)),
                        ("7519", ("科技", "技术服务")),
                    )
                )
                ind = next(x for x in d["industries"] if x[1][0] == wanted)
                limited = r() < 0.85

                def make():
                    word = self.pick(words)
                    return self.company_name(
                        self.brand(), word, "合伙企业（有限合伙）" if limited else "合伙企业（普通合伙）"
                    )
            elif u < 0.368:  # sole proprietorship
                form = "个人独资企业"

                def make():
                    tail = (
                        self.pick(("厂", "经营部", "中心", "工作室"))
                        if "13" <= ind[1][0][:2] <= "43"
                        else self.pick(("经营部", "中心", "工作室", "服务部"))
                    )
                    return f"天津市{district[1] if r() < 0.3 else ''}{self.brand()}{self.pick(ind[2])}{tail}"
            else:
                v = r()
                form = "股份有限公司" if v < 0.006 else "有限责任公司"
                suffix = "股份有限公司" if v < 0.006 else "有限责任公司" if v < 0.03 else "有限公司"

                def make():
                    return self.company_name(self.brand(), self.pick(ind[2]), suffix)

        name = self.unique(make)
        if form == "分支机构":
            _, parent, ind, day0 = chosen
            day = min(LAST_DAY, max(day, day0 + 200))
        code = ind[1][int(len(ind[1]) * r() ** 1.5)]
        ident = f"T{k:07d}"
        people, revenue, assets = self.numbers(code, kind == "92", size)
        if form in ("有限责任公司", "股份有限公司"):
            if day < LAST_DAY - 1200 and r() < 0.09:
                for _ in range(1 if r() < 0.85 else 2):
                    w = r()
                    if w < 0.45:  # another brand
                        old = self.company_name(self.brand(), self.pick(ind[2]), suffix)
                    elif w < 0.7 and "（天津）" not in name:  # same brand, another trade
                        cut = next((x for x in ind[2] if x in name), None)
                        old = (
                            name.replace(cut, self.pick(d["industries"])[2][0])
                            if cut
                            else name.replace("天津市", "天津", 1)
                        )
                    elif w < 0.85:  # 天津市 / 天津
                        old = (
                            name.replace("天津市", "天津", 1)
                            if name.startswith("天津市")
                            else name.replace("天津", "天津市", 1)
                            if name.startswith("天津")
                            else name.replace("（天津）", "")
                        )
                    else:  # became a company limited by shares, or lost 责任
                        old = (
                            name.replace("股份有限公司", "有限公司")
                            if form == "股份有限公司"
                            else name.replace("有限公司", "有限责任公司")
                        )
                    if old != name and old not in self.seen:
                        self.seen.add(old)
                        former.append(old)
            if people > 25 and suffix == "有限公司" and len(self.parents) < 200000:
                self.parents.append((name, ident, ind, day))
        uscc = credit_code(kind + registry, self.bodies.make(day))
        return (
            ident,
            name,
            uscc,
            district[0],
            zone,
            code,
            form,
            datetime.date.fromordinal(day).isoformat(),
            people,
            revenue,
            assets,
            "|".join(former),
            parent,
        )


def main():
    """The command line."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("n", type=int, help="number of firms (up to about 3 million)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("-o", "--output", required=True, help="FILE.csv or FILE.jsonl")
    a = p.parse_args()
    if a.n < 1:
        p.error("n must be at least 1")
    if not a.output.endswith((".csv", ".jsonl")):
        p.error("the output must end in .csv or .jsonl")
    maker = Maker(a.seed)
    with open(a.output, "w", encoding="utf-8", newline="") as f:
        rows = (maker.firm(k) for k in range(1, a.n + 1))
        if a.output.endswith(".csv"):
            w = csv.writer(f, lineterminator="\n")
            w.writerow(COLUMNS)
            w.writerows(rows)
        else:
            for row in rows:
                item = dict(zip(COLUMNS, row, strict=True))
                item["former_names"] = item["former_names"].split("|") if item["former_names"] else []
                f.write(json.dumps(item, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
