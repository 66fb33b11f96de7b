"""Make look-up queries as people type them, with the firms each one stands for.

    python3 generate_queries.py firms.csv -n 2000 --seed 3 -o queries.csv

Needs pypinyin beside the standard library. Reads what generate_firms.py wrote (csv or jsonl).

Columns: qid, kind, query, target_id, true_ids, near_ids, target_name.
true_ids: every firm the query fits as well as it fits the target, by the same kind of slip (joined by |, target first).
near_ids: firms at the same plain edit distance by another kind of slip; finding them first is no fault.
A query that fits some other firm *better* than its target (for instance exactly) is thrown away, and so is one that fits
more than --max-true firms.
"""

import argparse
import csv
import json
import pathlib
import random
import re
import sys
import unicodedata
from collections import defaultdict

from pypinyin import Style, lazy_pinyin

DATA = json.loads((pathlib.Path(__file__).parent / "name_data.json").read_text(encoding="utf-8"))
DISTRICTS = [x[1] for x in DATA["districts"]]
LEGAL = re.compile("有限责任公司|股份有限公司|有限公司|农民专业合作社|专业合作社|合伙企业（(?:有限|普通)合伙）")
REGION = re.compile(f"^(?:天津市|天津(?!市))?(?:{'|'.join(DISTRICTS)})?|（天津）")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TO_FULL = {c: chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F))}

KINDS = {  # kind: share
    "homophone": 10,
    "look_alike": 8,
    "missing_char": 8,
    "swapped_chars": 6,
    "dropped_legal_form": 8,
    "dropped_region": 8,
    "core_only": 8,
    "traditional": 5,
    "width": 5,
    "pinyin_full": 8,
    "initials": 4,
    "half_pinyin": 3,
    "former_name": 6,
    "legal_form_swapped": 4,
    "region_variant": 4,
    "uscc_part": 6,
    "uscc_typed": 4,
    "mixed": 9,
    "exact": 2,
}

_pinyin = {}


def py(c: str) -> str:
    """Toneless pinyin of one character, one reading each; anything else is kept in lower case."""
    if c not in _pinyin:
        if "\u4e00" <= c <= "\u9fff":
            _pinyin[c] = DATA["pinyin_override"].get(c) or lazy_pinyin(c, style=Style.NORMAL)[0]
        else:
            _pinyin[c] = "" if c in "（）()" else c.lower()
    return _pinyin[c]


def pinyin(s):
    """The pinyin of a text, without spaces."""
    return "".join(map(py, s))


def initials(s):
    """The first letters of its pinyin."""
    return "".join(py(c)[:1] for c in s)


def no_legal(s):
    """A name without its legal form."""
    return LEGAL.sub("", s, count=1)


def no_region(s):
    """A name without its region."""
    return REGION.sub("", s)


def core(s):
    """A name without region and legal form."""
    return no_region(no_legal(s))


def distance(a: str, b: str) -> int:
    """Edits with neighbour swaps as one (optimal string alignment)."""
    before, last = None, list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        row = [i]
        for j, cb in enumerate(b, 1):
            v = min(last[j] + 1, row[-1] + 1, last[j - 1] + (ca != cb))
            if i > 1 and j > 1 and ca == b[j - 2] and a[i - 2] == cb:
                v = min(v, before[j - 2] + 1)
            row.append(v)
        before, last = last, row
    return last[-1]


def deletions(s):
    """Every text that is one character shorter."""
    return {s[:i] + s[i + 1 :] for i in range(len(s))}


def relation(query: str, name: str) -> set:
    """The kinds of single slip that lead from name to query."""
    found = set()
    if len(query) == len(name):
        d = [i for i in range(len(name)) if query[i] != name[i]]
        if len(d) == 1:
            a, b = name[d[0]], query[d[0]]
            if py(a) == py(b):
                found.add("homophone")
            if b in DATA["look_alike"].get(a, ""):
                found.add("look_alike")
        elif len(d) == 2 and d[1] == d[0] + 1 and query[d[0]] == name[d[1]] and query[d[1]] == name[d[0]]:
            found.add("swapped_chars")
    elif len(query) == len(name) - 1 and query in deletions(name):
        found.add("missing_char")
    return found


class Firm:
    """What queries need to know of a firm."""

    __slots__ = ("form", "former", "id", "name", "uscc")

    def __init__(self, ident, name, uscc, form, former):
        self.id, self.name, self.uscc, self.form, self.former = ident, name, uscc, form, former


def read(path):
    """The firms of a csv or jsonl file of generate_firms.py."""
    firms = []
    with open(path, encoding="utf-8", newline="") as f:
        if path.endswith(".jsonl"):
            for line in f:
                x = json.loads(line)
                firms.append(Firm(x["id"], x["name"], x["uscc"], x["legal_form"], tuple(x["former_names"])))
        else:
            r = csv.reader(f)
            col = {c: i for i, c in enumerate(next(r))}
            a, b, c, d, e = (col[x] for x in ("id", "name", "uscc", "legal_form", "former_names"))
            for x in r:
                firms.append(Firm(x[a], x[b], x[c], x[d], tuple(x[e].split("|")) if x[e] else ()))
    return firms


def homophones():
    """Characters of GB 2312 level 1 (the 3,755 everyday ones) by sound."""
    groups = defaultdict(list)
    for hi in range(0xB0, 0xD8):
        for lo in range(0xA1, 0xFF):
            try:
                c = bytes((hi, lo)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            groups[py(c)].append(c)
    return groups


class Maker:
    """Makes queries of every kind from one seed."""

    def __init__(self, seed):
        self.rnd = random.Random(seed)
        self.sounds = homophones()

    def pick(self, x):
        return x[self.rnd.randrange(len(x))]

    def typo(self, s, kind, lo=0, hi=None):
        """One slip of the kind somewhere in s[lo:hi]; None where there is no place for it."""
        hi = len(s) if hi is None else hi
        places = list(range(lo, hi))
        self.rnd.shuffle(places)
        for i in places:
            c = s[i]
            if kind == "missing_char":
                return s[:i] + s[i + 1 :]
            if kind == "swapped_chars" and i + 1 < hi and s[i + 1] != c:
                return s[:i] + s[i + 1] + c + s[i + 2 :]
            if kind == "homophone":
                other = [x for x in self.sounds.get(py(c), ()) if x != c]
                if other:
                    return s[:i] + self.pick(other) + s[i + 1 :]
            if kind == "look_alike" and c in DATA["look_alike"]:
                return s[:i] + self.pick(DATA["look_alike"][c]) + s[i + 1 :]
        return None

    def make(self, kind, f):
        """(query, view, slip, key) or None. view says what of a firm is compared with key."""
        name, r = f.name, self.rnd
        k = core(name)
        if len(k) < 3:
            return None
        if kind == "exact":
            return name, "full", None, name
        if kind in ("homophone", "look_alike", "missing_char", "swapped_chars"):
            view = "full" if r.random() < 0.6 else "core"
            base = name if view == "full" else k
            start = base.find(k[:2]) if view == "full" else 0
            q = self.typo(base, kind, max(start, 0), max(start, 0) + min(len(k), 8))
            return q and (q, view, kind, q)
        if kind == "mixed":
            view = self.pick(("core", "no_legal", "no_region"))
            base = {"core": k, "no_legal": no_legal(name), "no_region": no_region(name)}[view]
            start = max(base.find(k[:2]), 0)
            slip = self.pick(("homophone", "look_alike", "missing_char", "swapped_chars", "homophone"))
            q = self.typo(base, slip, start, min(len(base), start + 8))
            if not q:
                return None
            shown = q
            if r.random() < 0.3:
                cut = r.randrange(1, len(q))
                shown = q[:cut] + " " + q[cut:]
            return shown, view, slip, q
        if kind == "dropped_legal_form":
            q = no_legal(name)
            return None if q == name else (q, "no_legal", None, q)
        if kind == "dropped_region":
            q = no_region(name)
            return None if q == name else (q, "no_region", None, q)
        if kind == "core_only":
            return None if k == name else (k, "core", None, k)
        if kind == "traditional":
            view = "full" if r.random() < 0.6 else "core"
            base = name if view == "full" else k
            q = "".join(DATA["traditional"].get(c, c) for c in base)
            return None if q == base else (q, view, None, base)
        if kind == "width":
            u = r.random()
            if "（" in name and u < 0.6:
                q = (
                    name.replace("（", "(").replace("）", ")")
                    if u < 0.4
                    else name.replace("（", " (").replace("）", ") ")
                )
            elif u < 0.7:
                i = r.randrange(2, len(name) - 1)
                q = name[:i] + self.pick(("\u3000", "  ", "\u00a0")) + name[i:]
            elif u < 0.85:
                q = " ".join(name)
            else:
                q = "\u3000" + name + "\u3000"
            return q, "full", None, name
        if kind == "pinyin_full":
            view = "full" if r.random() < 0.3 else "core"
            base = name if view == "full" else k
            p = [py(c) for c in base if py(c)]
            u = r.random()
            q = " ".join(p) if u < 0.35 else "".join(p) if u < 0.85 else "".join(x.capitalize() for x in p)
            return q, "pinyin_" + view, None, pinyin(base)
        if kind == "initials":
            view = "full" if r.random() < 0.8 else "core"
            q = initials(name if view == "full" else k)
            if len(q) < 6:
                return None
            return q.upper() if r.random() < 0.3 else q, "initials_" + view, None, q
        if kind == "half_pinyin":
            cut = 2 if len(k) > 4 else 1
            if r.random() < 0.5:
                q = "".join(map(py, k[:cut])) + k[cut:]
                return q, "pinyin_core", ("tail", k[cut:]), pinyin(k)
            q = k[:cut] + "".join(map(py, k[cut:]))
            return q, "pinyin_core", ("head", k[:cut]), pinyin(k)
        if kind == "former_name":
            if not f.former:
                return None
            old = self.pick(f.former)
            if r.random() < 0.7:
                return old, "full", None, old
            q = core(old)
            return None if len(q) < 4 else (q, "core", None, q)
        if kind == "legal_form_swapped":
            if "有限责任公司" in name:
                q = name.replace("有限责任公司", "有限公司")
            elif "股份有限公司" in name:
                q = name.replace("股份有限公司", "有限公司")
            elif "有限公司" in name:
                q = name.replace("有限公司", self.pick(("有限责任公司", "公司", "有限责任公司", "股份有限公司")), 1)
            else:
                return None
            return q, "no_legal", None, no_legal(name)
        if kind == "region_variant":
            if f.form not in ("有限责任公司", "股份有限公司"):
                return None
            if name.startswith("天津市"):
                q = "天津" + name[3:]
            elif name.startswith("天津"):
                q = "天津市" + name[2:]
            else:
                q = "天津" + name.replace("（天津）", "")
            return q, "no_region", None, no_region(name)
        if kind == "uscc_part":
            u = f.uscc
            form = self.pick(("last6", "last8", "organisation", "first14", "organisation_hyphen"))
            if form == "last6":
                return u[-6:], "uscc_last6", None, u[-6:]
            if form == "last8":
                return u[-8:].lower() if r.random() < 0.3 else u[-8:], "uscc_last8", None, u[-8:]
            if form == "first14":
                return u[:14], "uscc_first14", None, u[:14]
            q = u[8:17]
            return q[:8] + "-" + q[8] if form.endswith("hyphen") else q, "uscc_org", None, q
        if kind == "uscc_typed":
            u, w = f.uscc, r.random()
            if w < 0.2:
                q = u.lower()
            elif w < 0.4:
                q = " ".join((u[:4], u[4:8], u[8:12], u[12:16], u[16:]))
            elif w < 0.55:
                q = "".join(TO_FULL[c] for c in u)
            elif w < 0.75 and "0" in u:
                q = u.replace("0", "O") if r.random() < 0.5 else u[:2] + u[2:].replace("0", "O", 1)
            else:
                i = r.randrange(8, 17)
                c = self.pick([x for x in ALPHABET if x != u[i]])
                q = u[:i] + c + u[i + 1 :] if w > 0.87 or u[i] == u[i + 1] else u[:i] + u[i + 1] + u[i] + u[i + 2 :]
                if q == u:
                    return None
            return q, "uscc", None, u
        raise ValueError(kind)


VIEWS = {
    "full": lambda s: s,
    "no_legal": no_legal,
    "no_region": no_region,
    "core": core,
    "pinyin_full": pinyin,
    "pinyin_core": lambda s: pinyin(core(s)),
    "initials_full": initials,
    "initials_core": lambda s: initials(core(s)),
}
USCC_VIEWS = {
    "uscc": lambda u: u,
    "uscc_last6": lambda u: u[-6:],
    "uscc_last8": lambda u: u[-8:],
    "uscc_first14": lambda u: u[:14],
    "uscc_org": lambda u: u[8:17],
}


def answer(cands, firms, max_true, max_near):
    """Give each candidate its true and near ids, in one pass over all firms; drop those that fit another firm better."""
    exact = defaultdict(lambda: defaultdict(list))  # view -> key -> candidates
    fuzzy = defaultdict(lambda: defaultdict(set))  # view -> deletion variant -> candidate numbers
    plain = defaultdict(list)  # what was typed, compared with whole names
    for n, c in enumerate(cands):
        c["true"], c["near"], c["bad"] = {}, {}, False
        if c["slip"] and not isinstance(c["slip"], tuple):
            for v in deletions(c["key"]) | {c["key"]}:
                fuzzy[c["view"]][v].add(n)
        else:
            exact[c["view"]][c["key"]].append(n)
        if not c["view"].startswith("uscc"):
            plain[
                unicodedata.normalize("NFKC", c["query"]).replace(" ", "").replace("(", "（").replace(")", "）")
            ].append(n)
    for f in firms:
        for view, keys in exact.items():
            if view in USCC_VIEWS:
                for n in keys.get(USCC_VIEWS[view](f.uscc), ()):
                    cands[n]["true"][f.id] = 1
        for name in (f.name, *f.former):
            for n in plain.get(name, ()):
                if cands[n]["target"].id != f.id:
                    cands[n]["bad"] = True  # typed exactly somebody else's name
            for view, keys in exact.items():
                if view not in USCC_VIEWS:
                    for n in keys.get(VIEWS[view](name), ()):
                        c = cands[n]
                        if c["slip"]:  # half pinyin: the written part must agree too
                            k, (where, part) = core(name), c["slip"]
                            if not (k.endswith(part) if where == "tail" else k.startswith(part)):
                                continue
                        c["true"][f.id] = 1
            for view, keys in fuzzy.items():
                s = VIEWS[view](name)
                found = set(keys.get(s, ()))
                for v in deletions(s):
                    if v in keys:
                        found |= keys[v]
                for n in found:
                    c = cands[n]
                    d = distance(c["key"], s)
                    if d == 0:
                        if f.id != c["target"].id:
                            c["bad"] = True
                    elif d == 1:
                        c["true" if c["slip"] in relation(c["key"], s) else "near"][f.id] = 1
    good = []
    for c in cands:
        t = c["target"].id
        if c["bad"] or t not in c["true"] or len(c["true"]) > max_true:
            continue
        near = [x for x in c["near"] if x not in c["true"]]
        if len(near) > max_near:
            continue
        c["true_ids"] = [t, *sorted(x for x in c["true"] if x != t)]
        c["near_ids"] = sorted(near)
        good.append(c)
    return good


def main():
    """The command line."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("companies")
    p.add_argument("-n", type=int, default=2000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("-o", "--output", default="queries.csv")
    p.add_argument("--max-true", type=int, default=10)
    p.add_argument("--max-near", type=int, default=40)
    a = p.parse_args()
    firms = read(a.companies)
    if not firms:
        p.error("no firms in the file")
    with_former = [f for f in firms if f.former]
    maker, total = Maker(a.seed), sum(KINDS.values())
    want = {k: round(a.n * s / total) for k, s in KINDS.items()}
    want["homophone"] += a.n - sum(want.values())
    done, used = defaultdict(list), set()
    for _ in range(6):
        cands = []
        for kind, number in want.items():
            missing = number - len(done[kind])
            pool = with_former if kind == "former_name" else firms
            if missing <= 0 or not pool:
                continue
            for _try in range(int(missing * (6 if kind == "initials" else 1.6)) + 5):
                f = pool[maker.rnd.randrange(len(pool))]
                made = maker.make(kind, f)
                if not made or (kind, made[0]) in used or (made[0] == f.name and kind != "exact"):
                    continue
                used.add((kind, made[0]))
                q, view, slip, key = made
                cands.append({"kind": kind, "query": q, "view": view, "slip": slip, "key": key, "target": f})
        if not cands:
            break
        for c in answer(cands, firms, a.max_true, a.max_near):
            if len(done[c["kind"]]) < want[c["kind"]]:
                done[c["kind"]].append(c)
    rows = [c for kind in want for c in done[kind]]
    maker.rnd.shuffle(rows)
    with open(a.output, "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["qid", "kind", "query", "target_id", "true_ids", "near_ids", "target_name"])
        for n, c in enumerate(rows, 1):
            w.writerow(
                (
                    f"Q{n:05d}",
                    c["kind"],
                    c["query"],
                    c["target"].id,
                    "|".join(c["true_ids"]),
                    "|".join(c["near_ids"]),
                    c["target"].name,
                )
            )
    short = {k: want[k] - len(done[k]) for k in want if len(done[k]) < want[k]}
    print(f"{len(rows)} queries" + (f"; too few of {short}" if short else ""), file=sys.stderr)


if __name__ == "__main__":
    main()
