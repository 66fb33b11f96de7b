// A case while it is worked on: the results follow what is typed, Ctrl+S saves, leaving with something unsaved asks first.
"use strict";
const form = document.querySelector("form[data-case]");
const once = document.querySelector("form[data-once]");
let isUnsaved = form?.hasAttribute("data-unsaved"), number = 0, waiting;

async function look() {
  const body = new FormData(form);
  body.set("do", "look");
  body.set("look", "1");
  const mine = ++number;
  let page;
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(body), redirect: "error" });
    if (!answer.ok) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // Without a connection the page stays as it is.
  }
  if (mine !== number) return;
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

function markOf(fold) {
  return fold.id || fold.closest("[id]").id + [...fold.closest("[id]").querySelectorAll("details")].indexOf(fold);
}

function changed(delay) {
  isUnsaved = true;
  document.getElementById("unsaved").hidden = false;
  clearTimeout(waiting);
  waiting = setTimeout(look, delay);
}

if (form) {
  form.addEventListener("change", (event) => {
    // A code that was picked takes the place of the words that led to it.
    const field = event.target.dataset.for && form.elements[event.target.dataset.for];
    if (field) {
      field.value = event.target.value;
      field.focus();
    }
    changed(50);
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("input[type=text], textarea")) changed(500);
  });
  form.addEventListener("submit", () => {
    isUnsaved = false;
  });
  addEventListener("pageshow", () => {
    isUnsaved = form.hasAttribute("data-unsaved");
  });
  addEventListener("beforeunload", (event) => {
    if (isUnsaved) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=save]"));
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
