// Puts the check into a page of another site: a frame where this script stands, as high as its content.
// Loaded from our site by <script src="…/embed.js" data-lang="en" data-scheme="slug slug"></script>.
"use strict";
(() => {
  const script = document.currentScript;
  const site = new URL(script.src);
  const address = new URL("embed/check", site);
  address.searchParams.set("origin", location.origin);
  if (script.dataset.lang) address.searchParams.set("lang", script.dataset.lang);
  for (const slug of (script.dataset.scheme || "").split(/\s+/).filter(Boolean)) address.searchParams.append("scheme", slug);
  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = script.dataset.lang === "en" ? "Check of support schemes" : "惠企政策自查";
  frame.referrerPolicy = "no-referrer";
  // It may do what a form does, and open windows; never lead the page around away.
  frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  Object.assign(frame.style, { display: "block", width: "100%", height: "40rem", border: "0" });
  addEventListener("message", (event) => {
    if (event.origin !== site.origin || event.source !== frame.contentWindow) return;
    const { type, height, result } = event.data || {};
    if (type === "matcher:height" && Number.isFinite(height)) frame.style.height = `${Math.min(Math.max(height, 100), 50000)}px`;
    if (type === "matcher:result") frame.dispatchEvent(new CustomEvent("matcher:result", { bubbles: true, detail: result }));
  });
  script.after(frame);
})();
