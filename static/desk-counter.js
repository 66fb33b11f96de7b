// The counter by the keyboard: 1-9 turn an answer, Ctrl+Enter shows what goes out and pressed again issues it, Ctrl+S keeps it.
"use strict";
const form = document.getElementById("counter");
const issue = document.getElementById("issue");
let waiting, number = 0, isSure = false, isSent = false;

const isTyping = (at) => at.matches("input:not([type=radio], [type=checkbox]), textarea, select");

async function look() {
  const mine = ++number;
  const body = new FormData(form);
  body.set("do", "look");
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(body), redirect: "error" });
    if (!answer.ok || mine !== number) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-live][id]")) {
      const fresh = page.getElementById(old.id);
      if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // Without a connection or a session nothing changes here; what is sent by a button says what is wrong.
  } finally {
    if (mine === number) form.toggleAttribute("data-looking", false);
  }
}

function changed(delay) {
  unsure();
  form.toggleAttribute("data-looking", true);
  clearTimeout(waiting);
  waiting = setTimeout(look, delay);
}

// The first press says what would go out, and only the second sends it.
function sure() {
  document.activeElement?.blur(); // what was typed last counts as changed now, not when the button takes the focus
  isSure = true;
  issue.querySelector("span").textContent = issue.dataset.sure;
  document.getElementById("bar").classList.add("sure");
  issue.focus();
}

function unsure() {
  if (!isSure) return;
  isSure = false;
  issue.querySelector("span").textContent = said;
  document.getElementById("bar").classList.remove("sure");
}

const said = issue?.querySelector("span").textContent;

function turn(key) {
  const row = form.querySelector(`.gate[data-key="${key}"]`);
  if (!row) return;
  const all = [...row.querySelectorAll("input")], at = all.findIndex((one) => one.checked);
  const next = all[(at + 1) % all.length];
  next.checked = true;
  next.focus();
  for (const one of form.querySelectorAll(".gate")) one.classList.toggle("at", one === row);
  changed(150);
}

form.addEventListener("change", () => changed(50));
form.addEventListener("input", (event) => {
  if (isTyping(event.target)) changed(400);
});
form.addEventListener("submit", (event) => {
  if (event.submitter?.formTarget === "_blank") return;
  if (event.submitter === issue && !isSure) {
    event.preventDefault();
    sure();
    return;
  }
  if (event.submitter?.value === "look") {
    event.preventDefault();
    changed(0);
    return;
  }
  if (isSent) event.preventDefault();
  isSent = true;
});
addEventListener("pageshow", () => {
  isSent = false;
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const isControl = event.ctrlKey || event.metaKey;
  if (isControl && event.key === "Enter" && issue) {
    event.preventDefault();
    if (isSure) form.requestSubmit(issue);
    else sure();
  } else if (isControl && event.key.toLowerCase() === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=save]"));
  } else if (event.key === "Escape" && isSure) {
    unsure();
  } else if (!isControl && !event.altKey && !isTyping(document.activeElement)) {
    if (/^[1-9]$/.test(event.key)) {
      event.preventDefault();
      turn(event.key);
    } else if (event.key === "0") {
      event.preventDefault();
      form.querySelector(".counter-figures :is(input, select)")?.focus();
    } else if (event.key === "/") {
      event.preventDefault();
      location.assign(form.querySelector("[aria-keyshortcuts='/']").href);
    }
  }
});
