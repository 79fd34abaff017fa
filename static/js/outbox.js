// Forms that wait for a signal, kept on the phone with their photos (IndexedDB), sent one after the other.
import { merge, read } from "./fields.js";

const open = () =>
  new Promise((done, fail) => {
    const asked = indexedDB.open("dianjiang", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });

async function store(mode, act) {
  const database = await open();
  try {
    return await new Promise((done, fail) => {
      const asked = act(database.transaction("outbox", mode).objectStore("outbox"));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  } finally {
    database.close();
  }
}

/** What waits, oldest first. */
export async function waiting() {
  try {
    return (await store("readonly", (s) => s.getAll())).sort((a, b) => a.at - b.at);
  } catch {
    return [];
  }
}

export const keep = (item) => store("readwrite", (s) => s.put(item));
export const forget = (key) => store("readwrite", (s) => s.delete(key));

/** Whether the server answers, and soon. */
export async function hasSignal() {
  if (!navigator.onLine) return false;
  try {
    const answer = await fetch("/static/favicon.svg", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(6000) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Send one form. Returns {state, ...}: "sent" with where it led; "waiting" without a signal; else what is wrong. */
export async function send(item, formOf) {
  let page;
  try {
    page = await fetch(item.page, { cache: "no-store" });
    if (page.redirected && page.url.includes("/login")) return { state: "stranger" };
    if (!page.ok) return { state: "wrong", text: await sentence(page) };
    const now = new DOMParser().parseFromString(await page.text(), "text/html");
    const form = formOf(now, item.key);
    if (!form) return { state: "gone" };
    const { values, clashes } = merge(item.base, item.values, read(form));
    if (clashes.length) return { state: "clash", clashes };
    const answer = await fetch(item.action, { method: "POST", body: body(item, values, form), cache: "no-store" });
    if (answer.status >= 500) return { state: "waiting" };
    if (answer.redirected && answer.url.includes("/login")) return { state: "stranger" };
    if (!answer.ok) return { state: "wrong", text: await sentence(answer) };
    return answer.redirected ? { state: "sent", url: answer.url } : { state: "more" };
  } catch {
    return { state: "waiting" };
  }
}

/** The form as it was filled in, with the key it had (pressing twice is taken once) and a fresh token. */
function body(item, values, form) {
  const sent = new FormData();
  for (const [name, value] of item.hidden) sent.append(name, value);
  for (const [name, each] of Object.entries(values)) for (const value of each) sent.append(name, value);
  for (const [name, file] of item.files) sent.append(name, file, file.name);
  sent.set("csrf_token", form.elements.csrf_token?.value ?? "");
  return sent;
}

async function sentence(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // The first of these that the page has: not the first of any in the order of the page.
  const places = ["main .error-summary ul", "main .error-summary", "main .error", "main p"];
  const told = places.map((place) => page.querySelector(place)).find(Boolean);
  return (told?.textContent ?? "").trim().slice(0, 300) || String(answer.status);
}
