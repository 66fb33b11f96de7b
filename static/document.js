// On the document page a scheme that is pointed at or focused lights every clause that it encodes. Without it nothing is lost.
"use strict";
const light = (slug) => {
  for (const clause of document.querySelectorAll(".clause")) {
    const names = [...clause.querySelectorAll("a[data-scheme]")].map((link) => link.dataset.scheme);
    clause.classList.toggle("lit", slug !== null && names.includes(slug));
  }
};
const slugAt = (event) => event.target.closest?.("a[data-scheme]")?.dataset.scheme ?? null;
document.addEventListener("mouseover", (event) => light(slugAt(event)));
document.addEventListener("focusin", (event) => light(slugAt(event)));
