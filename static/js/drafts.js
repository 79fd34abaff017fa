// What was typed survives a dead signal: every form of the phone pages keeps itself field by field until the server
// took it; sent without a signal it waits in a local queue, and what goes wrong there is shown, never hidden.
import { fill, formOf, isKept, keyOf, merge, read } from "./fields.js";
import { forget, hasSignal, keep, send, waiting } from "./outbox.js";

const EVERY = 30_000;
// What is tried again without being asked; the rest needs a person first.
const BY_ITSELF = new Set(["waiting", "stranger"]);
let words = {};
let busy = false;

function saved(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(`draft:${key}`));
    return kept?.values ? kept : null;
  } catch {
    return null;
  }
}

function note(form, text) {
  let place = form.querySelector(":scope > .draft-note");
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "note warn draft-note" });
    place.setAttribute("role", "status");
    form.prepend(place);
  }
  place.textContent = text;
}

const labelOf = (form, name) =>
  (form.querySelector(`[name="${CSS.escape(name)}"]`)?.labels?.[0]?.textContent ?? name).trim();

/** Bring back what was typed; where the server has something newer too, say so and show both. */
function restore(form, key, base) {
  const kept = saved(key);
  if (!kept) return;
  const { values, clashes } = merge(kept.base, kept.values, base);
  for (const [name, each] of Object.entries(values)) if (name in base) fill(form, name, each);
  if (clashes.length) {
    const lines = clashes.map((name) => `${labelOf(form, name)}：${kept.values[name].join("、")}`);
    note(form, `${words.clash} ${lines.join("；")}`);
  } else if (JSON.stringify(read(form)) !== JSON.stringify(base)) {
    note(form, words.restored);
    form.closest("details")?.setAttribute("open", "");
  }
}

/** Where the form can be looked at again; after an error the address is the one that takes it. */
const pageOf = (form) => form.dataset.page || location.pathname + location.search;

/** The form as a thing that can wait: fields, photos, and what the server showed when typing began. */
function item(form, base, submitter) {
  const fields = new FormData(form, submitter);
  const values = read(form);
  const all = [...fields].filter(([name]) => name !== "csrf_token");
  return {
    key: keyOf(form),
    page: pageOf(form),
    action: form.action,
    label: (form.closest("details")?.querySelector("summary") ?? submitter ?? form.querySelector("[type=submit]"))?.textContent.trim() ?? "",
    at: Date.now(),
    base,
    values,
    hidden: all.filter(([name, value]) => typeof value === "string" && !(name in values)),
    files: all.filter(([, value]) => value instanceof File && value.size),
    state: "waiting",
  };
}

function watch(form) {
  const key = keyOf(form);
  const base = read(form);
  const wrong = form.closest("main").querySelector(".error-summary");
  if (!wrong) restore(form, key, base);
  const remember = () => localStorage.setItem(`draft:${key}`, JSON.stringify({ base, values: read(form) }));
  form.addEventListener("input", remember);
  form.addEventListener("change", remember);
  form.addEventListener("submit", async (event) => {
    if (form.dataset.hasSignal) {
      delete form.dataset.hasSignal;
      sessionStorage.setItem("draft:sent", key);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await hasSignal()) {
      form.dataset.hasSignal = "yes";
      form.requestSubmit(event.submitter);
      return;
    }
    try {
      await keep(item(form, base, event.submitter));
      note(form, words.waits);
    } catch {
      note(form, words.cannot);
    }
    await show();
  }, true);
}

/** The queue above the page: what waits, what went wrong, and what can be done about it. */
async function show() {
  const items = await waiting();
  document.getElementById("outbox")?.remove();
  if (!items.length) return;
  const box = Object.assign(document.createElement("section"), { id: "outbox", className: "note warn" });
  box.setAttribute("aria-live", "polite");
  box.append(Object.assign(document.createElement("strong"), { textContent: words.title }));
  const list = document.createElement("ul");
  for (const one of items) {
    const line = document.createElement("li");
    line.append(`${one.label}（${new Date(one.at).toLocaleString()}）${words[one.state] ?? ""}${one.text ? `：${one.text}` : ""} `);
    if (one.page !== location.pathname + location.search) {
      line.append(Object.assign(document.createElement("a"), { href: one.page, textContent: words.open }), " ");
    }
    const drop = Object.assign(document.createElement("button"), { type: "button", className: "plain-button", textContent: words.drop });
    drop.addEventListener("click", async () => {
      if (!window.confirm(words.sure)) return;
      await forget(one.key);
      await show();
    });
    line.append(drop);
    list.append(line);
  }
  box.append(list);
  const now = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary", textContent: words.send });
  now.addEventListener("click", () => work({ again: true }));
  box.append(now);
  document.querySelector("main .wrap").prepend(box);
}

/** Send what waits. What only a person can settle stays in the queue with its reason. */
async function work({ again = false } = {}) {
  const due = (await waiting()).filter((one) => again || BY_ITSELF.has(one.state));
  if (busy || !due.length || !(await hasSignal())) return;
  busy = true;
  let led = "";
  for (const one of due) {
    const result = await send(one, formOf);
    if (result.state === "sent") {
      await forget(one.key);
      localStorage.removeItem(`draft:${one.key}`);
      sessionStorage.setItem("outbox:sent", one.label);
      if (one.page === location.pathname + location.search) led = result.url;
    } else if (result.state === "more") {
      // The server asks something more (are these two problems?): the person goes on in the form itself.
      await forget(one.key);
      localStorage.setItem(`draft:${one.key}`, JSON.stringify({ base: one.base, values: one.values }));
    } else if (result.state !== "waiting") {
      const fields = result.clashes?.map((name) => one.values[name].join("、")).join("；");
      await keep({ ...one, state: result.state, text: result.text ?? fields ?? "" });
    }
  }
  busy = false;
  if (!led) {
    await show();
    thank();
  } else if (led.split("#")[0] === location.href.split("#")[0]) location.reload();
  else location.assign(led);
}

/** Say what has gone out meanwhile. */
function thank() {
  const label = sessionStorage.getItem("outbox:sent");
  if (!label) return;
  sessionStorage.removeItem("outbox:sent");
  const told = Object.assign(document.createElement("div"), { className: "note good", textContent: `${words.sent}${label}` });
  told.setAttribute("role", "status");
  document.querySelector("main .wrap").prepend(told);
}

/** The page after a form that went through is not that form any more: its draft has done its work. */
function tidy() {
  const key = sessionStorage.getItem("draft:sent");
  sessionStorage.removeItem("draft:sent");
  if (!key || document.querySelector("main .error-summary")) return;
  if (!formOf(document, key) || document.querySelector("main .note.good")) {
    localStorage.removeItem(`draft:${key}`);
    forget(key).catch(() => {});
  }
}

export async function drafts() {
  const meta = document.querySelector("meta[name=draft-words]");
  if (!meta) return;
  words = JSON.parse(meta.content);
  tidy();
  document.querySelectorAll("main form").forEach((form) => isKept(form) && watch(form));
  window.addEventListener("online", work);
  window.setInterval(work, EVERY);
  thank();
  await show();
  await work();
}
