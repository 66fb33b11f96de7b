// Lists whose rows can be chosen: J and K move, X chooses, Enter opens, Esc leaves the search box or chooses none;
// Ctrl+Enter does the bar's main thing with what is chosen, and the bar says how many that are.
"use strict";
{
  const rows = [...document.querySelectorAll("[data-rows] tbody tr, [data-rows] > li")];
  const bars = document.querySelectorAll("[data-list]");
  let at = -1;

  const box = (row) => row.querySelector("input[type=checkbox]");
  const typing = () => document.activeElement?.matches("input:not([type=checkbox], [type=radio], [type=button]), textarea, select");

  function move(to) {
    rows[at]?.classList.remove("at");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("at");
    (box(rows[at]) ?? rows[at].querySelector("a"))?.focus();
    rows[at].scrollIntoView({ block: "nearest" });
  }

  function count() {
    for (const bar of bars) {
      const said = bar.querySelector("[data-chosen]"), many = rows.filter((row) => box(row)?.checked).length;
      said.dataset.empty ??= said.textContent;
      said.textContent = many ? said.dataset.many.replace("#", many) : said.dataset.empty;
      bar.classList.toggle("any", many > 0);
    }
    for (const row of rows) row.classList.toggle("picked", Boolean(box(row)?.checked));
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (typing()) {
      if (event.key === "Escape" && document.activeElement.value === "") document.activeElement.blur();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const main = [...document.querySelectorAll(".chosen.any button")].at(-1);
      if (!main) return;
      event.preventDefault();
      main.click();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    if (key === "j") move(at + 1);
    else if (key === "k") move(at - 1);
    else if (key === "x" && rows[at] && box(rows[at])) {
      box(rows[at]).checked = !box(rows[at]).checked;
      count();
    } else if (event.key === "Enter" && rows[at] && document.activeElement === box(rows[at])) rows[at].querySelector("a")?.click();
    else if (event.key === "Escape") {
      for (const row of rows) if (box(row)) box(row).checked = false;
      count();
    } else return;
    event.preventDefault();
  });
  document.addEventListener("change", count);
  for (const [place, row] of rows.entries()) row.addEventListener("focusin", () => {
    rows[at]?.classList.remove("at");
    at = place;
    row.classList.add("at");
  });
  count();
}
