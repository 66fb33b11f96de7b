// On the page of a run: shows how far it is, and opens the page anew when it has ended. Before an upload: how large the file is.
"use strict";
const progress = document.getElementById("progress");
const file = document.getElementById("file");

async function look() {
  try {
    const answer = await fetch(progress.dataset.from, { redirect: "error" });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const state = page.querySelector("[data-state]")?.dataset.state;
      if (state && state !== "waiting" && state !== "running") {
        location.replace(location.href);
        return;
      }
      progress.replaceChildren(...page.body.childNodes);
    }
  } catch {
    // No connection just now, or signed out: the page stays as it is.
  }
  setTimeout(look, 1500);
}

if (progress) setTimeout(look, 800);

file?.addEventListener("change", () => {
  const chosen = file.files[0];
  file.setCustomValidity(chosen && chosen.size > Number(file.dataset.largest) ? file.dataset.said : "");
  if (!file.checkValidity()) file.reportValidity();
});
