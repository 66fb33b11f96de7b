// Inside the frame: pages follow each other without a new document, so that “back” goes one screen back and the page around
// stays; it is told how high the page is and what came out. It listens to nobody.
"use strict";
(() => {
  const outer = document.body.dataset.outer;
  const seen = [document.documentElement.outerHTML];

  function send(message) {
    if (parent !== window) parent.postMessage(message, outer); // this origin alone, or the browser drops it
  }

  function tell() {
    const outcome = document.querySelector("[data-outcome]");
    if (outcome) send({ type: "matcher:result", result: JSON.parse(outcome.dataset.outcome) });
  }

  function show(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceChildren(...page.body.childNodes);
    (document.getElementById("faults") || document.getElementById("content"))?.focus();
    tell();
  }

  let running = 0;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.target) return; // that one opens a window of its own
    event.preventDefault();
    const mine = ++running;
    const to = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
    let text;
    try {
      text = await (await fetch(to, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)), credentials: "omit" })).text();
    } catch {
      return; // Without a connection the page stays as it is; the button works later.
    }
    if (mine !== running) return;
    const number = (history.state?.number ?? 0) + 1;
    seen.length = number;
    seen[number] = text;
    history.pushState({ number }, "");
    show(text);
  });
  addEventListener("popstate", (event) => {
    const text = seen[event.state?.number ?? 0];
    if (text) show(text);
  });
  new ResizeObserver(() => send({ type: "matcher:height", height: Math.ceil(document.documentElement.getBoundingClientRect().height) })).observe(document.documentElement);
  tell();
})();
