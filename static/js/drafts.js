// What was typed survives a dead signal: a form with data-draft keeps itself on the phone until the server took it.
// Field by field: what the page already holds is newer than the draft and stays.
const skip = new Set(["csrf_token", "form_key"]);

function values(form) {
  const kept = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !skip.has(name) && value) (kept[name] ??= []).push(value);
  }
  return kept;
}

function restore(form, kept) {
  for (const [name, saved] of Object.entries(kept)) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = saved.includes(control.value);
      } else if (control.type !== "hidden" && control.type !== "file" && !control.value) {
        control.value = saved[0];
      }
    }
  }
}

export function drafts() {
  const taken = document.body.dataset.taken;
  if (taken) localStorage.removeItem(`draft:${taken}`);
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const key = `draft:${form.dataset.draft}`;
    const kept = localStorage.getItem(key);
    if (kept) restore(form, JSON.parse(kept));
    form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify(values(form))));
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) {
        sessionStorage.setItem("draft:sent", key);
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const note = form.querySelector("[data-offline]");
      if (note) note.hidden = false;
      window.addEventListener("online", () => form.requestSubmit(), { once: true });
    }, true);
  });
  // The page after a form that went through is not that form any more: its draft has done its work.
  const sent = sessionStorage.getItem("draft:sent");
  if (sent && !document.querySelector(".error-summary")) {
    const again = document.querySelector(`form[data-draft="${CSS.escape(sent.slice(6))}"]`);
    if (!again || document.querySelector(".note.good")) localStorage.removeItem(sent);
    sessionStorage.removeItem("draft:sent");
  }
}
