// On the page of a case: says who else has it open, and lets them know the same.
"use strict";
{
  const here = document.getElementById("presence");

  async function look() {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(here.dataset.from, { redirect: "error" });
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const now = page.getElementById("presence");
          if (now && now.textContent !== here.textContent) here.textContent = now.textContent;
          here.hidden = !here.textContent;
        }
      } catch {
        // No connection just now, or signed out: the page stays as it is.
      }
    }
    setTimeout(look, 20000);
  }

  if (here) setTimeout(look, 20000);
}
