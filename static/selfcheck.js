// A link to a question opens the folds it lies in; newer browsers do this by themselves.
"use strict";
function reveal() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  let opened = false;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    if (!fold.open) fold.open = opened = true;
  }
  if (opened) target.scrollIntoView();
}
addEventListener("hashchange", reveal);
// The same link pressed twice changes no address.
document.addEventListener("click", (event) => {
  if (event.target.closest('a[href^="#fact_"]')) setTimeout(reveal);
});
reveal();
