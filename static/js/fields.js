// The fields of a form as plain values, and what to do when the server and the phone both changed one.
const OURS = new Set(["csrf_token", "form_key"]);
const NOT_TYPED = new Set(["hidden", "file", "submit", "button", "password"]);

const controls = (form, name) => [...form.elements].filter((control) => control.name === name);

/** name → values of every field a person can change; what is not ticked is an empty list. Passwords and what proves
 * who is there (autocomplete off) are nobody's draft. */
export function read(form) {
  const found = {};
  for (const control of form.elements) {
    if (!control.name || OURS.has(control.name) || NOT_TYPED.has(control.type) || control.autocomplete === "off") continue;
    const values = (found[control.name] ??= []);
    if (control.type === "checkbox" || control.type === "radio") {
      if (control.checked) values.push(control.value);
    } else values.push(control.value);
  }
  return found;
}

/** Put values back into a field. */
export function fill(form, name, values) {
  const left = [...values];
  for (const control of controls(form, name)) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (!NOT_TYPED.has(control.type)) control.value = left.shift() ?? "";
  }
}

const same = (one, other) => JSON.stringify(one ?? []) === JSON.stringify(other ?? []);

/** Field by field: `base` is what the server showed when typing began, `mine` what was typed, `theirs` what the
 * server shows now. What only one side changed is taken from it; what both changed differently is a clash. */
export function merge(base, mine, theirs) {
  const values = {};
  const clashes = [];
  for (const name of Object.keys(mine)) {
    if (!(name in theirs) || same(theirs[name], base[name]) || same(theirs[name], mine[name])) values[name] = mine[name];
    else if (same(mine[name], base[name])) values[name] = theirs[name];
    else {
      values[name] = theirs[name];
      clashes.push(name);
    }
  }
  return { values, clashes };
}

/** Whether a form may be kept on the phone at all: one that asks for a password never is. */
export const isKept = (form) => form.method === "post" && !form.querySelector("[type=password]");

/** The name of a form on this phone: the same before and after a reload. */
export const keyOf = (form) => form.dataset.draft || new URL(form.action, location.href).pathname;

/** The form of that name in a document. */
export const formOf = (place, key) => [...place.querySelectorAll("main form")].find((form) => form.method === "post" && keyOf(form) === key);
