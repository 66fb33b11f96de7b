// Finds while one types: asks for the list alone, drops the answer that is no longer wanted; arrows move, Enter opens.
"use strict";
const form = document.getElementById("search");
const box = document.getElementById("q");
const list = document.getElementById("hits");
let asking, waiting, shown = box.defaultValue.trim();

async function look() {
  asking?.abort();
  asking = new AbortController();
  const text = box.value.trim();
  if (!text) {
    shown = "";
    list.replaceChildren();
    return;
  }
  try {
    const address = new URL(form.getAttribute("action"), location.href);
    address.searchParams.set("part", "hits");
    address.searchParams.set("q", text);
    const answer = await fetch(address, { signal: asking.signal, redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...page.body.childNodes);
    shown = text;
  } catch {
    // A newer question is on its way, or there is no connection: the button still works.
  }
}

const links = () => [...list.querySelectorAll(".hits a")];

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 120);
});

form.addEventListener("submit", (event) => {
  const first = links()[0];
  if (first && shown === box.value.trim()) {
    event.preventDefault();
    first.click();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = document.activeElement, all = links(), place = all.indexOf(at);
  const isTyping = at.matches("input, textarea, select");
  if (event.key === "/" && !isTyping) {
    box.focus();
    box.select();
  } else if (event.key === "Escape" && place >= 0) {
    box.focus();
  } else if (event.key === "ArrowDown" && (at === box || place >= 0) && all.length) {
    all[Math.min(place + 1, all.length - 1)].focus();
  } else if (event.key === "ArrowUp" && place >= 0) {
    (place ? all[place - 1] : box).focus();
  } else {
    return;
  }
  event.preventDefault();
});

// What was typed before this ran, or came back with the page, is looked for too.
if (box.value.trim() !== shown) look();
