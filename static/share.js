// Copies a private link where the browser can; without scripts the field is there to copy from.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!field || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    for (const said of document.querySelectorAll("[data-copied]")) said.hidden = false;
  });
}
