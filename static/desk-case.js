// A case while it is worked on: the results follow what is typed, which is kept as a draft; Ctrl+S saves; leaving asks
// first where something is neither saved nor kept.
"use strict";
const form = document.querySelector("form[data-case]");
const once = document.querySelector("form[data-once]");
const unsaved = document.getElementById("unsaved");
const typedIn = "input[type=text], textarea";
let isUnsaved = form?.hasAttribute("data-unsaved"), isKept = form?.hasAttribute("data-kept");
let number = 0, waiting, looking, held, isOver = false;

async function look() {
  clearTimeout(waiting);
  waiting = undefined;
  const body = new FormData(form);
  body.set("do", "look");
  body.set("look", "1");
  const mine = ++number;
  looking = asked(new URLSearchParams(body));
  const page = await looking;
  if (mine !== number) return;
  looking = undefined;
  if (held) return goOn();
  show(page);
}

// Without a connection, or a session, there is no answer: the page stays as it is, and what was typed stands on it alone.
async function asked(body) {
  try {
    const signal = AbortSignal.timeout?.(5000), keepalive = document.visibilityState === "hidden";
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual", signal, keepalive });
    // Led away, or refused: the session is over, or the account may not write here any more.
    isOver = answer.type === "opaqueredirect" || [401, 403].includes(answer.status);
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : undefined;
  } catch {
    return undefined;
  }
}

function show(page) {
  const sent = page?.querySelector("form[data-case]");
  if (!waiting) {
    isUnsaved = !sent || sent.hasAttribute("data-unsaved");
    isKept = Boolean(sent?.hasAttribute("data-kept"));
  }
  say(sent ? sent.hasAttribute("data-kept") : false);
  if (!page) return;
  for (const old of document.querySelectorAll("[data-live][id]")) {
    const fresh = page.getElementById(old.id);
    if (!fresh || fresh.innerHTML === old.innerHTML || old.contains(document.activeElement)) continue;
    // What was unfolded stays so.
    const open = new Map([...old.querySelectorAll("details")].map((fold) => [markOf(fold), fold.open]));
    old.replaceChildren(...fresh.childNodes);
    for (const fold of old.querySelectorAll("details")) {
      if (open.has(markOf(fold))) fold.open = open.get(markOf(fold));
    }
  }
}

// While one goes on typing the words stay: they are read aloud, and the draft is half a second behind at most.
function say(isThere) {
  const text = isOver ? unsaved.dataset.over : isThere ? unsaved.dataset.kept : unsaved.dataset.alone;
  if (unsaved.textContent !== text) unsaved.textContent = text;
  unsaved.classList.toggle("over", isOver);
  unsaved.hidden = !isUnsaved;
}

function markOf(fold) {
  return fold.id || fold.closest("[id]").id + [...fold.closest("[id]").querySelectorAll("details")].indexOf(fold);
}

function changed(delay) {
  isUnsaved = true;
  isKept = false;
  unsaved.hidden = false;
  clearTimeout(waiting);
  waiting = setTimeout(look, delay);
}

// What was typed last must not be kept after it was saved or dropped: a look that is on its way comes first.
function inTurn(event) {
  clearTimeout(waiting);
  waiting = undefined;
  isUnsaved = false;
  if (!looking) return;
  event.preventDefault();
  held = [event.target, event.submitter];
}

// After a save the page comes anew: it stands where it stood, with the same field in hand and the same parts unfolded.
const place = form && `place:${form.getAttribute("action").split("?")[0]}`;

function keepPlace() {
  const at = document.activeElement, open = [...document.querySelectorAll("details[open][id]")].map((fold) => fold.id);
  const field = form.contains(at) ? at.id || at.name : "";
  const view = { x: scrollX, y: scrollY, field, top: field ? at.getBoundingClientRect().top : 0, open };
  try {
    sessionStorage.setItem(place, JSON.stringify(view));
  } catch {
    // A browser that keeps nothing begins at the top.
  }
}

function goToPlace() {
  let view;
  try {
    view = JSON.parse(sessionStorage.getItem(place) || "null");
    sessionStorage.removeItem(place);
  } catch {
    return;
  }
  if (document.querySelector(".faults, .clashes")) return;
  if (!view) return begin();
  for (const id of view.open) document.getElementById(id)?.setAttribute("open", "");
  const field = view.field && (document.getElementById(view.field) || form.elements[view.field]);
  scrollTo({ left: view.x, top: view.y, behavior: "instant" });
  if (!field?.focus) return;
  // A fact that is told now may stand elsewhere: the page follows, so that it stays where the eyes are.
  field.focus({ preventScroll: true });
  scrollBy({ top: field.getBoundingClientRect().top - view.top, behavior: "instant" });
}

// A case that is opened begins at what is asked first, a group that was brought at its first field; a telephone's keys stay away.
function begin() {
  if (!matchMedia("(pointer: fine)").matches || document.querySelector(".drafted")) return;
  const part = document.getElementById(location.hash.slice(1) || "section-next");
  if (form.contains(part)) part.querySelector("input:not([type=hidden]), select")?.focus({ preventScroll: !location.hash });
}

function goOn() {
  const [sent, button] = held;
  held = undefined;
  sent.requestSubmit(button);
}

if (form) {
  form.addEventListener("change", (event) => {
    // A code that was picked takes the place of the words that led to it.
    const field = event.target.dataset.for && form.elements[event.target.dataset.for];
    if (field) {
      field.value = event.target.value;
      field.focus();
    }
    // Leaving a field in which one has typed changes nothing more.
    if (!event.target.matches(typedIn) || waiting || (isUnsaved && !isKept)) changed(50);
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches(typedIn)) changed(500);
  });
  form.addEventListener("submit", inTurn);
  form.addEventListener("submit", keepPlace);
  // After the browser has gone to the address's own mark, which would take the focus away again.
  addEventListener("load", () => requestAnimationFrame(goToPlace));
  document.querySelector("form[data-drop]")?.addEventListener("submit", inTurn);
  addEventListener("pageshow", () => {
    isUnsaved = isUnsaved || form.hasAttribute("data-unsaved");
  });
  // A telephone may close the page without a word once it is out of sight.
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting) look();
  });
  addEventListener("beforeunload", (event) => {
    if (isUnsaved && !isKept) event.preventDefault();
  });
  // Ctrl+S saves, Ctrl+Enter goes on to the letter's form, which issues nothing by itself.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (event.key.toLowerCase() === "s") form.requestSubmit(form.querySelector("button[value=save]"));
    else if (event.key === "Enter") document.getElementById("to-letter")?.click();
    else return;
    event.preventDefault();
  });
}

// A letter takes a second or two: pressed again meanwhile, nothing more is sent. The server would make one letter anyway.
let isSent = false;
once?.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget === "_blank") return;
  if (isSent) event.preventDefault();
  isSent = true;
});
addEventListener("pageshow", () => {
  isSent = false;
});
// Ctrl+Enter first shows in one line what goes out, then issues it; what is changed in between is shown anew.
if (once?.id === "letter") {
  once.addEventListener("change", () => document.getElementById("reviewed")?.remove());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat) return;
    event.preventDefault();
    once.requestSubmit(once.querySelector(`button[value=${document.getElementById("reviewed") ? "issue" : "review"}]`));
  });
}
