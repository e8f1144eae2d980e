// What scripts add to pages that work without them.
import { Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink, createAll } from "./govuk-frontend.js";
import { keepTyped, sendOnce } from "./forms.js";
import { countMarked, walkRows } from "./worklist.js";

const COMPONENTS = [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, Radios, SkipLink];

function dress(scope) {
  for (const component of COMPONENTS) createAll(component, undefined, { scope, onError: () => {} });
  keepTyped(scope);
  countMarked(scope);
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
dress(document);
sendOnce();
walkRows();

// A part that HTMX put in is dressed like the page it came into.
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) dress(event.detail.elt);
});
