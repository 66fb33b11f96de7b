// Verifies the statement in a letter's QR code against the list of keys in this file. No network, no library.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CODE_ALPHABET = "34679ACDEFGHJKMNPRTVWXY";
const SIGNATURE = 64;
const DIGEST = 16;
const TYPED = /^\s*([0-9a-z][\s-]*){12}$/i;
const FIRST_DAY = Date.UTC(2020, 0, 1);
const DAY = 86400000;

const FAULTS = {
  unreadable: ["二维码内容读不懂，请整段粘贴。", "This is not what a letter's QR code says; paste it whole."],
  stranger: ["签发者不在公钥清单中。", "Whoever signed it is not in the list of keys."],
  false: ["内容被改动过，签名无效。", "It was changed: the signature does not hold."],
  revoked: [
    "签发的密钥已吊销，这一内容不在吊销前签发之列。",
    "The key was revoked, and this is not among what it signed before.",
  ],
  closed: ["该密钥不能签发这个文号和日期的函件。", "This key may not sign a letter of this number and date."],
  unable: [
    "这个浏览器不会核验 Ed25519 签名。请换用新版 Edge、Chrome、Firefox 或 Safari，或上网核验。",
    "This browser cannot verify Ed25519 signatures. Use a recent Edge, Chrome, Firefox or Safari, or the site.",
  ],
  typed: [
    "12位校验码要联网到核验页查询。这里只核验二维码内容（以 TJ1: 或 TJ3: 开头，或含它的网址）。",
    "A code of twelve characters must be looked up on the site's page, with a network. Here only what a QR code says is verified.",
  ],
  unseen: ["照片中没有找到二维码，请再拍一张。", "No QR code was found in the photograph; take another."],
};

class Fault extends Error {}

function base45(text) {
  const bytes = [];
  if (text.length % 3 === 1) throw new Fault("unreadable");
  for (let at = 0; at < text.length; at += 3) {
    const part = [...text.slice(at, at + 3)];
    const values = part.map((sign) => ALPHABET.indexOf(sign));
    if (values.includes(-1)) throw new Fault("unreadable");
    const number = values.reduceRight((sum, value) => sum * 45 + value, 0);
    const size = part.length - 1;
    if (number >= 256 ** size) throw new Fault("unreadable");
    if (size === 2) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return new Uint8Array(bytes);
}

// Just as much of CBOR as a statement is written in: whole numbers, bytes, text, lists, and nothing.
function cbor(bytes) {
  let at = 0;
  const take = (count) => {
    if (at + count > bytes.length) throw new Fault("unreadable");
    at += count;
    return bytes.subarray(at - count, at);
  };
  const argument = (low) => {
    if (low < 24) return low;
    if (low > 27) throw new Fault("unreadable");
    return take(2 ** (low - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
  };
  const item = () => {
    const head = take(1)[0];
    if (head === 0xf6) return null;
    const value = argument(head & 31);
    switch (head >> 5) {
      case 0: return value;
      case 1: return -1 - value;
      case 2: return take(value).slice();
      case 3: return new TextDecoder("utf-8", { fatal: true }).decode(take(value));
      case 4: {
        const list = [];
        for (let count = 0; count < value; count += 1) list.push(item());
        return list;
      }
      default: throw new Fault("unreadable");
    }
  };
  const found = item();
  if (at !== bytes.length || !Array.isArray(found)) throw new Fault("unreadable");
  return found;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => new Uint8Array(text.match(/../g).map((pair) => parseInt(pair, 16)));
const isoDay = (days) => (days === null ? null : new Date(FIRST_DAY + days * DAY).toISOString().slice(0, 10));

// A number whose digits, counted from 1, are characters; what could not be packed is text already.
function unpack(packed, alphabet) {
  if (packed === null || typeof packed === "string") return packed;
  let number = BigInt("0x" + hex(packed));
  let text = "";
  while (number > 0n) {
    number -= 1n;
    text = alphabet[Number(number % BigInt(alphabet.length))] + text;
    number /= BigInt(alphabet.length);
  }
  return text;
}

// As base45, but without the two characters that an address would escape.
function base43(text) {
  const alphabet = data.alphabets.page;
  const bytes = [];
  if (text.length % 3 === 1) throw new Fault("unreadable");
  for (let at = 0; at < text.length; at += 3) {
    const values = [...text.slice(at, at + 3)].map((sign) => alphabet.indexOf(sign));
    if (values.includes(-1)) throw new Fault("unreadable");
    const number = values.reduceRight((sum, value) => sum * 43 + value, 0);
    const size = values.length - 1;
    if (number >= 256 ** size) throw new Fault("unreadable");
    if (size === 2) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return new Uint8Array(bytes);
}

// Whole numbers of seven bits a byte, the lowest first; sums of fen may be beyond 32 bits.
function varints(bytes) {
  let at = 0;
  return {
    more: () => at < bytes.length,
    take: (count) => {
      if (at + count > bytes.length) throw new Fault("unreadable");
      at += count;
      return bytes.subarray(at - count, at);
    },
    next() {
      let number = 0;
      for (let place = 1; ; place *= 128) {
        const byte = this.take(1)[0];
        number += (byte & 127) * place;
        if (byte < 128) return number;
      }
    },
  };
}

// The first page, line by line; of several loans, projects … each line has the name of its own behind it all.
function pageOf(numbers, lines, counted, asOf, items) {
  const read = varints(lines);
  const shown = [];
  while (read.more()) {
    const mark = hex(read.take(3));
    const [code, place] = read.take(2);
    const amount = data.amounts[(code >> 3) & 3];
    const fen = amount === "none" ? null : read.next();
    const closes = read.next();
    shown.push({
      mark, status: code >> 5, amount, fen, group: data.groups[place >> 5], note: data.notes[place & 31],
      closes: closes ? isoDay(asOf + closes - 1) : null,
    });
  }
  if (items) {
    const named = name(items).split("\n");
    if (named.length !== shown.length) throw new Fault("unreadable");
    shown.forEach((one, at) => { one.item = named[at]; });
  }
  const rest = varints(counted);
  const tally = [];
  while (rest.more()) tally.push(rest.next());
  const [more, free, ...counts] = tally;
  return { numbers, lines: shown, more, free, waiting: counts[data.waiting], count: counts.reduce((sum, one) => sum + one, 0) };
}

const name = (bytes) => (bytes === null ? null : new TextDecoder("gb18030", { fatal: true }).decode(bytes));

// Version 1 has neither kind nor name, and its sum is no total.
function told(row) {
  if (row[0] === 1 && row.length === 9) {
    const [, key, number, creditCode, writtenOn, validUntil, matter] = row;
    const shown = matter.length === 3 ? [matter[0], null, matter[2]] : matter;
    return { key, number, kind: null, name: null, creditCode, writtenOn, validUntil, matter: shown };
  }
  if (row[0] === 3 && (row.length === 13 || row.length === 14)) {
    const [, key, number, kind, firm, code, writtenOn, term, back, numbers, lines, counted, , items] = row;
    return {
      key, number: name(number), kind, name: name(firm), creditCode: unpack(code, data.alphabets.code), writtenOn,
      validUntil: term === null ? null : writtenOn + term, asOf: writtenOn - back, past: term === null,
      matter: pageOf(numbers, lines, counted, writtenOn - back, items),
    };
  }
  if (row[0] !== 2 || row.length !== 10) throw new Fault("unreadable");
  const [, key, number, kind, firm, code, writtenOn, term, matter] = row;
  const shown = matter.length === 4 ? [unpack(matter[0], data.alphabets.slug), ...matter.slice(1)] : matter;
  return {
    key, number: name(number), kind, name: name(firm), creditCode: unpack(code, data.alphabets.code),
    writtenOn, validUntil: term === null ? null : writtenOn + term, matter: shown,
  };
}

function read(text) {
  const third = text.startsWith(data.prefix3);
  if (!third && !text.startsWith(data.prefix)) throw new Fault("unreadable");
  const bytes = (third ? base43 : base45)(text.slice(data.prefix.length));
  const signed = bytes.slice(0, -SIGNATURE);
  const found = told(cbor(signed));
  return {
    ...found, signed, key: hex(found.key),
    writtenOn: isoDay(found.writtenOn), validUntil: isoDay(found.validUntil),
    asOf: found.asOf === undefined ? null : isoDay(found.asOf),
    signature: bytes.slice(-SIGNATURE),
  };
}

// The day of this machine in Tianjin's time, which has no summer time.
const today = () => new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 10);
const isStale = () => (Date.parse(today()) - Date.parse(data.made)) / DAY > data.stale_after;

async function holds(key, statement) {
  let known;
  try {
    known = await crypto.subtle.importKey("raw", unhex(key.paper), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new Fault("unable");
  }
  return crypto.subtle.verify({ name: "Ed25519" }, known, statement.signature, statement.signed);
}

function covers(key, statement) {
  const found = /^(.+)〔(\d{4})〕([1-9]\d{0,8})号$/.exec(statement.number);
  if (!found || found[1] !== key.mark || statement.writtenOn < key.since) return false;
  if (key.state === "active") return true;
  const within = key.until === null || statement.writtenOn <= key.until;
  return within && Number(found[3]) <= (key.last[found[2]] || 0);
}

// A revoked key could be in any hands: it vouches for what it is known to have signed, and for nothing else.
async function vouches(key, text) {
  if (key.state !== "revoked") return true;
  if (!key.signed_before) return false;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return key.signed_before.statements.includes(hex(new Uint8Array(digest).slice(0, DIGEST)));
}

async function verify(text) {
  if (TYPED.test(text)) throw new Fault("typed");
  let statement;
  try {
    statement = read(text);
  } catch {
    throw new Fault("unreadable");
  }
  const key = data.trust.keys.find((one) => one.id === statement.key);
  if (!key) throw new Fault("stranger");
  if (!(await holds(key, statement))) throw new Fault("false");
  if (!covers(key, statement)) throw new Fault("closed");
  if (!(await vouches(key, text))) throw new Fault("revoked");
  const withdrawn = data.trust.letters[statement.number];
  if (withdrawn) return { statement, key, state: withdrawn.state, on: withdrawn.on, by: withdrawn.by };
  if (statement.past) return { statement, key, state: "past", on: statement.asOf, by: null };
  const over = statement.validUntil !== null && statement.validUntil < today();
  return { statement, key, state: over ? "expired" : "valid", on: statement.validUntil, by: null };
}

async function codeOf(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("letter code\0" + text));
  let number = BigInt("0x" + hex(new Uint8Array(digest)));
  let code = "";
  let sum = 0;
  for (let place = 1; place < 12; place += 1) {
    const value = Number(number % 23n);
    number /= 23n;
    sum += place * value;
    code += CODE_ALPHABET[value];
  }
  return (code + CODE_ALPHABET[sum % 23]).replace(/(.{4})(?=.)/g, "$1-");
}

const both = (text) => `${text.zh} / ${text.en}`;
const yuan = (fen) => `${(fen / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 })} 元`;

const BEFORE = { exact: "", ceiling: "最高不超过 / up to ", range: "…… 至 / … to " };

const yuanBare = (fen, cents) => (fen / 100).toLocaleString("zh-CN", {
  minimumFractionDigits: cents ? 2 : 0, maximumFractionDigits: 2,
});

// A line as it must stand on the paper: scheme, status, sum and last day.
function line(one, cents) {
  const label = data.labels;
  const slug = data.marks[one.mark];
  const item = one.item ? `“${one.item}”` : "";
  const scheme = (slug ? both(data.schemes[slug]) : `${both(label.unnamed)} (${one.mark})`) + item;
  const upTo = one.amount === "ceiling" ? "最高 / up to " : "";
  const sum = one.fen === null ? (one.group === "apart" ? "" : both(label.to_be_set)) : `${upTo}${yuanBare(one.fen, cents)} 元`;
  const closes = one.closes ? `${both(label.until)} ${one.closes}` : "";
  return [scheme, [both(data.statuses[one.status]), sum, closes].filter(Boolean).join("，")];
}

// In which words a number stands on the page that has no figure, as in_words has it; null where it has one.
function withoutFigure(page, one) {
  if (page.waiting && !page.lines.length && !page.numbers.some(Boolean)) return "missing";
  if (one !== "possible" || page.numbers[2]) return null;
  if (page.lines.some((row) => row.group === "possible" && row.fen === null)) return "to_be_set";
  return page.waiting ? "missing" : null;
}

function pageRows(page) {
  const label = data.labels;
  const shown = [];
  const cents = [...(page.numbers || []), ...page.lines.map((one) => one.fen || 0)].some((fen) => fen % 100);
  if (page.numbers) ["cash", "less", "possible"].forEach((one, at) => {
    const words = withoutFigure(page, one);
    shown.push([both(label[one]), words ? both(label[words]) : `${yuanBare(page.numbers[at], cents)} 元`]);
  });
  shown.push(...page.lines.map((one) => line(one, cents)));
  if (page.more) shown.push([both(label.more), String(page.more)]);
  if (page.free) shown.push([both(label.free), String(page.free)]);
  shown.push([both(label.count), String(page.count)]);
  return shown;
}

function result(matter) {
  const label = data.labels;
  if (!Array.isArray(matter)) return pageRows(matter);
  if (matter.length === 3) {
    const total = matter[1] === null ? [] : [[both(label.total), yuan(matter[1])]];
    return [[both(label.count), String(matter[0])], ...total];
  }
  const [slug, status, amount, fen] = matter;
  return [
    [both(label.scheme), data.schemes[slug] ? both(data.schemes[slug]) : slug],
    [both(label.status), both(data.statuses[status])],
    ...(fen === null ? [] : [[both(label.amount), BEFORE[data.amounts[amount]] + yuan(fen)]]),
  ];
}

const isWithdrawn = (state) => state === "revoked" || state === "superseded";

// Of a letter that was withdrawn only which it is: its result is nothing to go by any more.
function rows({ statement, key, state, by }) {
  const label = data.labels;
  const holds = !isWithdrawn(state);
  const shown = [[both(label.number), statement.number]];
  if (holds && statement.kind !== null) shown.push([both(label.kind), both(data.kinds[statement.kind])]);
  if (holds) shown.push([both(label.issuer), both(key.centre_name)]);
  if (holds && statement.name) shown.push([both(label.name), statement.name]);
  if (holds && statement.creditCode) shown.push([both(label.credit_code), statement.creditCode]);
  if (statement.asOf) shown.push([both(label.as_of), statement.asOf]);
  shown.push([both(label.written_on), statement.writtenOn]);
  if (statement.validUntil) shown.push([both(label.valid_until), statement.validUntil]);
  if (holds) shown.push(...result(statement.matter));
  if (by) shown.push([both(label.by), by]);
  return shown;
}

// Nothing is to be compared where no line holds: of a letter that was withdrawn, or of no letter at all.
function show(state, meaning, told, isToCompare) {
  document.getElementById("verdict").dataset.state = state;
  document.getElementById("compare").hidden = !isToCompare;
  document.getElementById("word").textContent = both(data.states[state].word);
  document.getElementById("meaning").textContent = meaning;
  document.getElementById("rows").replaceChildren(...told.map(([label, text]) => {
    const row = document.createElement("div");
    for (const [tag, words] of [["dt", label], ["dd", text]]) {
      const cell = document.createElement(tag);
      cell.textContent = words;
      row.append(cell);
    }
    return row;
  }));
}

// What a phone read may be an address: the statement stands behind its #.
function bare(text) {
  if (!/^http/i.test(text)) return text;
  const behind = text.slice(text.indexOf("#") + 1);
  try {
    return decodeURIComponent(behind);
  } catch {
    return behind;
  }
}

async function run(told) {
  const text = bare(told);
  document.getElementById("elsewhere").hidden = true;
  document.getElementById("stale").hidden = !isStale();
  try {
    const found = await verify(text);
    const shown = [["校验码 / Code", await codeOf(text)], ...rows(found)];
    show(found.state, both(data.states[found.state].meaning).replaceAll("{on}", found.on || ""), shown, !isWithdrawn(found.state));
  } catch (error) {
    const fault = error instanceof Fault ? error.message : "unreadable";
    const [zh, en] = FAULTS[fault];
    show(fault === "false" ? "altered" : "unknown", `${zh} ${en}`, [], false);
    const elsewhere = document.getElementById("elsewhere");
    if (fault === "unable" && elsewhere.dataset.here) {
      document.getElementById("sent").value = text;
      elsewhere.hidden = false;
    }
  }
}

document.getElementById("stale").hidden = !isStale();
const text = document.getElementById("text");
document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run(text.value.replace(/^\s+|[\r\n\t]+$/g, ""));
});

// Opened by a camera: the statement stands behind the # of the address, and is sent nowhere.
function runAddress() {
  if (location.hash.length < 2) return;
  text.value = bare(`http${location.hash}`);
  document.querySelector("h1").after(document.getElementById("stale"), document.getElementById("verdict")); // what it is comes first
  run(text.value);
}
window.addEventListener("hashchange", runAddress);
runAddress();

// Reading a photograph is the browser's own art; where it lacks it, the field stays hidden and a phone's reader serves.
if ("BarcodeDetector" in window) {
  document.getElementById("photo").hidden = false;
  document.getElementById("image").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      const [found] = await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(file));
      if (!found) throw new Fault("unseen");
      text.value = found.rawValue;
      await run(found.rawValue);
    } catch {
      show(both(data.states.unknown.word), FAULTS.unseen.join(" "), []);
    }
  });
}
