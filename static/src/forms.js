// Forms: sent once, and what was typed is kept in this tab until it is sent.

const RESEND_AFTER_MS = 10_000;
const PREFIX = "typed:";
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button"]);

/** A second press while the first is under way sends nothing. */
export function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // After this turn of the loop, so that the pressed button's name and value still go with the form.
    setTimeout(() => setDisabled(form, true));
    setTimeout(() => release(form), RESEND_AFTER_MS);
  });
  // A page taken back from the browser's memory may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) release(form);
  });
}

function setDisabled(form, disabled) {
  for (const control of form.elements) {
    if (control.type === "submit") control.disabled = disabled;
  }
}

function release(form) {
  delete form.dataset.sent;
  setDisabled(form, false);
}

/** Keep what is typed in `<form data-keep>`; forget it when the form is sent, at sign-out, and for another person. */
export function keepTyped(scope) {
  forgetOthers();
  for (const form of scope.querySelectorAll("form[data-keep]")) keep(form);
  for (const form of scope.querySelectorAll("form[data-forget]")) form.addEventListener("submit", forgetAll);
}

function keep(form) {
  const key = PREFIX + location.pathname + location.search + (form.id ? `#${form.id}` : "");
  const note = form.querySelector("[data-kept-note]");
  const hasErrors = document.querySelector(".govuk-error-summary") !== null;
  const before = read(form);
  const kept = hasErrors ? null : JSON.parse(sessionStorage.getItem(key) || "null");
  if (kept && JSON.stringify(kept) !== JSON.stringify(before)) {
    write(form, kept);
    if (note) note.hidden = false;
  }
  form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(read(form))));
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
  note?.querySelector("[data-kept-drop]")?.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    write(form, before);
    note.hidden = true;
  });
}

function controls(form) {
  return [...form.elements].filter((control) => control.name && !SKIPPED.has(control.type));
}

function read(form) {
  return controls(form).map((control) => [
    control.name,
    "checked" in control && /radio|checkbox/.test(control.type) ? control.checked : control.value,
  ]);
}

function write(form, kept) {
  controls(form).forEach((control, place) => {
    const [name, value] = kept[place] || [];
    if (name !== control.name) return;
    if (typeof value === "boolean") control.checked = value;
    else control.value = value;
  });
}

function forgetOthers() {
  const person = document.body.dataset.person || "";
  if (sessionStorage.getItem("person") !== person) forgetAll();
  sessionStorage.setItem("person", person);
}

function forgetAll() {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(PREFIX))
    .forEach((key) => sessionStorage.removeItem(key));
}
