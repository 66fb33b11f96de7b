// While a screen is being answered, the same form is sent for a look: what it would settle is shown, nothing is kept.
"use strict";
let pending = 0;

async function look(form) {
  const body = new FormData(form);
  body.set("do", "look");
  body.set("look", "1");
  const mine = ++pending;
  let page;
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(body), redirect: "error" });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // Without a connection the page stays as it is; the button still works later.
  }
  if (mine !== pending || !form.isConnected) return; // A newer look is on its way.
  for (const old of document.querySelectorAll("[data-live][id]")) {
    const fresh = page.getElementById(old.id);
    if (fresh && fresh.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) {
      old.replaceChildren(...fresh.childNodes);
      old.classList.add("moved");
      setTimeout(() => old.classList.remove("moved"), 2000);
    }
  }
  const bar = page.getElementById("settled");
  if (bar) Object.assign(document.getElementById("settled"), { max: bar.max, value: bar.value });
}

let waiting;
function soon(event, delay) {
  const form = event.target.closest("form[data-look]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => look(form), delay);
}
document.addEventListener("change", (event) => soon(event, 50));
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-type-look]")) soon(event, 350);
});
