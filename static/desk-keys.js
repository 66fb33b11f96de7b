// Keys on every page of the desk: Ctrl+K opens the palette, ? the list of keys; both are dialogs of the page itself.
// Single keys can be turned off in that list, for this browser (WCAG 2.1.4): then no script of the desk hears one outside a field.
"use strict";
{
  const palette = document.getElementById("palette"), keys = document.getElementById("keys");
  const box = palette?.querySelector("input"), list = palette?.querySelector(".palette-hits");
  const single = document.getElementById("single-keys"), OFF = "desk-single-keys-off";
  let asking, waiting;

  const isOff = () => {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch {
      return false;
    }
  };
  if (single) {
    single.checked = !isOff();
    single.addEventListener("change", () => {
      try {
        if (single.checked) localStorage.removeItem(OFF);
        else localStorage.setItem(OFF, "1");
      } catch {
        // Nothing can be kept in this browser: single keys stay on.
      }
    });
  }
  // Before every other listener: one key that writes a sign, alone, does nothing but what the browser does with it.
  addEventListener("keydown", (event) => {
    if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey && isOff()) event.stopImmediatePropagation();
  }, true);

  const typing = () => document.activeElement?.matches("input:not([type=radio], [type=checkbox], [type=button]), textarea, select");
  const links = () => [...list.querySelectorAll("a")];

  async function look() {
    asking?.abort();
    asking = new AbortController();
    try {
      const address = `${palette.dataset.from}?q=${encodeURIComponent(box.value.trim())}`;
      const answer = await fetch(address, { signal: asking.signal, redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.body.childNodes);
      mark(links()[0]);
    } catch {
      // A newer question is on its way, or there is no connection.
    }
  }

  function mark(link) {
    for (const one of links()) one.classList.toggle("at", one === link);
    link?.scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const all = links(), at = all.findIndex((one) => one.classList.contains("at"));
    if (all.length) mark(all[(at + by + all.length) % all.length]);
  }

  box?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 100);
  });
  palette?.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") list.querySelector("a.at")?.click();
    else if (event.key === "Escape") palette.close(); // a search field would only empty itself
    else return;
    event.preventDefault();
  });
  for (const button of document.querySelectorAll("[data-opens]")) {
    button.addEventListener("click", () => {
      const dialog = document.getElementById(button.dataset.opens);
      dialog.showModal();
      if (dialog === palette) look();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
      event.preventDefault();
      if (palette.open) return palette.close();
      keys.close();
      palette.showModal();
      box.select();
      look();
    } else if (event.key === "?" && !typing() && keys && !palette.open) {
      event.preventDefault();
      if (keys.open) keys.close();
      else keys.showModal();
    }
  });
}
