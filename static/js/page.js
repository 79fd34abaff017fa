// What makes pages better where scripts run; every page does its job without.
import { previews } from "./preview.js";
import { drafts } from "./drafts.js";
import { keyboard } from "./keyboard.js";

// A form that is on its way is not sent again by an impatient thumb.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Copy buttons stand only where copying works.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const isField = "value" in source;
    if (isField) source.select();
    else window.getSelection().selectAllChildren(source);
    try {
      await navigator.clipboard.writeText(isField ? source.value : source.textContent);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = "✓";
  });
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// The summary of errors takes the focus, so that it is read out first.
document.querySelector(".error-summary")?.focus();

previews();
drafts();
keyboard();
