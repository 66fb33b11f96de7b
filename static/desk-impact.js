// Figures of the rules: beside each number a slider that sets it. Without a script there is the number alone.
"use strict";
{
  for (const number of document.querySelectorAll("input[data-most]")) {
    const slider = document.createElement("input");
    const label = number.labels[0];
    label.id ||= `${number.id}-label`;
    slider.type = "range";
    slider.min = 0;
    slider.max = number.dataset.most;
    slider.step = number.dataset.step;
    slider.value = number.value;
    slider.setAttribute("aria-labelledby", label.id);
    slider.addEventListener("input", () => { number.value = slider.value; });
    number.addEventListener("input", () => { slider.value = number.value; });
    number.closest(".entry").after(slider);
  }
}
