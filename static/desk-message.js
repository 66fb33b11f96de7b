// Copies the message, or prints it alone; both take what stands in its field now.
"use strict";
{
  const field = document.getElementById("body"), sheet = document.querySelector(".message-print");
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = button.textContent;
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        field.select(); // without the right to the clipboard: Ctrl+C takes what is selected
        if (!document.execCommand("copy")) return;
      }
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
  for (const button of document.querySelectorAll("[data-prints]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      sheet.textContent = field.value;
      print();
    });
  }
}
