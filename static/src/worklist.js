// Work lists: j and k walk the rows, Enter opens (it is a link), x marks, ? explains. What carries `data-key` is pressed by
// its letter: in the row that has the focus, or on a page without rows. Can be switched off (WCAG 2.1.4).

const OFF = "keys-off";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function walkRows() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest(TYPING)) return;
    const help = document.querySelector("[data-keys-help]");
    if (!help || help.open) return;
    if (event.key === "?") help.showModal();
    else if (localStorage.getItem(OFF)) return;
    else if (press(event.key)) event.preventDefault();
    else if (!document.querySelector("table[data-keys]")) return;
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "x") mark();
    else return;
    event.preventDefault();
  });
  const opener = document.querySelector("[data-keys-open]");
  if (opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => document.querySelector("[data-keys-help]").showModal());
  }
  const switchOff = document.querySelector("[data-keys-off]");
  if (switchOff) {
    switchOff.checked = localStorage.getItem(OFF) !== null;
    switchOff.addEventListener("change", () => {
      if (switchOff.checked) localStorage.setItem(OFF, "yes");
      else localStorage.removeItem(OFF);
    });
  }
  document.addEventListener("focusin", (event) => {
    document.querySelectorAll(".row-here").forEach((row) => row.classList.remove("row-here"));
    event.target.closest("table[data-keys] [data-row]")?.classList.add("row-here");
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-mark-all]")) {
      document.querySelectorAll("[data-mark]").forEach((box) => (box.checked = event.target.checked));
    }
    if (event.target.matches("[data-mark], [data-mark-all]")) countMarked(document);
  });
}

/** Say how many rows a bulk action would touch; where nothing is marked the action rests. */
export function countMarked() {
  const bulk = document.querySelector("[data-bulk]");
  if (!bulk) return;
  const count = document.querySelectorAll("[data-mark]:checked").length;
  bulk.querySelectorAll("[data-count]").forEach((place) => (place.textContent = count));
  bulk.querySelectorAll("[data-counted]").forEach((part) => (part.hidden = false));
  bulk.querySelectorAll("button").forEach((button) => (button.disabled = count === 0));
}

function rows() {
  return [...document.querySelectorAll("table[data-keys] [data-row]")];
}

function here() {
  return rows().indexOf(document.activeElement?.closest("[data-row]"));
}

function step(by) {
  const all = rows();
  const next = here() < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here() + by, 0), all.length - 1);
  all[next]?.querySelector("[data-open]")?.focus();
}

function press(key) {
  if (!/^[a-z]$/.test(key)) return false;
  const place = rows().length ? rows()[here()] : document;
  const target = place?.querySelector(`[data-key="${key}"]`);
  if (!target || target.disabled) return false;
  target.click();
  return true;
}

function mark() {
  rows()[here()]?.querySelector("[data-mark]")?.click();
}
