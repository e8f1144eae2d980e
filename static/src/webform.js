// The survey form of ODK Collect in a page of ours: opened, kept as a draft while it is filled in, and sent.
//
// Everything it needs stands in data attributes of the part templates/office/poverty/_webform.html, its sentences too.
// The component exposes nothing of its own before a form is sent. Our build therefore lets it expose the form's state and its
// own way of sending (static/build/webform.patches.json); from there on only the engine's public interface is used:
// `root.instanceState.instanceXML`, `root.prepareInstancePayload()` and `restoreInstance()`.

import { createApp, h, shallowRef, watch } from "./webform/vue.js";
import { OdkWebForm, webFormsPlugin } from "./webform/index.js";
import { dropDraft, dropOldDrafts, keepDraft, readDraft } from "./webform-drafts.js";
import { locale } from "./webform-locale.js";
import { NotSent, send } from "./webform-sending.js";

const KEEP_EVERY_MS = 1000;
const CLOCK = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" });
const INSTANCE = "xml_submission_file";
const PICTURE_NAMES = />[^<>]+\.(?:jpe?g|png|webp|gif|heic)</gi;

class Survey {
  constructor(place) {
    this.place = place;
    this.set = place.dataset;
    // Drafts of two people who share a computer do not meet.
    this.key = `${document.body.dataset.person || ""} ${this.set.draftKey}`;
    this.component = shallowRef(null);
    this.lastXml = null;
    this.kept = { xml: null, files: [] };
    this.isDone = false;
  }

  part(name) {
    return this.place.querySelector(`[data-part="${name}"]`);
  }

  say(name, values = {}) {
    const sentence = this.place.querySelector("template").content.querySelector(`[data-say="${name}"]`).textContent;
    return sentence.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }

  async open() {
    dropOldDrafts().catch(() => {});
    this.part("discard").addEventListener("click", () => this.discard());
    this.part("again").addEventListener("click", () => this.component.value?.send());
    try {
      const [formXml, draft] = await Promise.all([this.text(this.set.form), readDraft(this.key).catch(() => undefined)]);
      this.draft = draft;
      this.replaced = draft?.replaced ?? "";
      this.mount(formXml);
    } catch (error) {
      this.part("opening").hidden = true;
      this.fail(this.say("not-opened"));
      throw error;
    }
  }

  mount(formXml) {
    const app = createApp({
      render: () =>
        h(OdkWebForm, {
          ref: this.component,
          formXml,
          fetchFormAttachment: (resource) => this.attachment(resource),
          editInstance: this.instance(),
          onSubmit: (payload) => this.submit(payload),
        }),
    });
    app.use(webFormsPlugin, { csp: { nonce: this.place.nonce }, locale });
    app.mount(this.part("form"));
    if (this.draft) {
      this.kept.files = this.draft.files;
      this.showKept(this.draft.savedAt);
    }
    // The component draws nothing before the form is loaded, which takes seconds on a slow line or phone.
    // What stands in the form before anybody has touched it is no draft.
    const loaded = () => this.component.value?.formState?.instance?.root;
    watch(loaded, (root) => {
      if (!root) return;
      this.part("opening").hidden = true;
      this.lastXml ??= root.instanceState.instanceXML;
    });
    this.timer = setInterval(() => this.keep(), KEEP_EVERY_MS);
    document.addEventListener("visibilitychange", () => document.hidden && this.leave());
    addEventListener("pagehide", () => this.leave());
  }

  async text(address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.text();
  }

  /** Fetch what the form names as jr://kind/name; where nothing is attached it says so by its status. */
  attachment(resource) {
    const name = String(resource).split("/").pop();
    return fetch(this.set.attachments + name, { credentials: "same-origin" });
  }

  /** Return what to begin with: the draft on this computer, else the answers that are being corrected, else nothing. */
  instance() {
    if (this.draft) {
      const draft = new FormData();
      draft.set(INSTANCE, new File([this.draft.xml], INSTANCE, { type: "text/xml" }));
      for (const file of this.draft.files) draft.set(file.name, file);
      return { draft };
    }
    if (!this.set.editInstance) return undefined;
    return {
      resolveInstance: () => this.text(this.set.editInstance),
      attachmentFileNames: JSON.parse(this.set.editFiles || "[]"),
      resolveAttachment: (name) => fetch(this.set.editAttachments + encodeURIComponent(name), { credentials: "same-origin" }),
    };
  }

  /** Keep the answers when they have changed since the last time. */
  async keep() {
    const root = this.component.value?.formState?.instance?.root;
    if (!root || this.isDone) return;
    const begun = root.instanceState.instanceXML;
    if (begun === this.lastXml) return;
    this.lastXml = begun;
    try {
      const files = await filesOf(root);
      // Asking for the pictures sets the time of the form's end, and somebody may have gone on answering meanwhile.
      const now = root.instanceState.instanceXML;
      const xml = String(pictures(now)) === String(pictures(begun)) ? now : begun;
      this.lastXml = xml;
      if (this.isDone) return;
      this.replaced ||= idIn(xml, "deprecatedID");
      await keepDraft(this.key, { xml, files, replaced: this.replaced });
      this.kept = { xml, files };
      this.showKept(Date.now());
    } catch {
      this.showLine(this.say("not-kept"));
    }
  }

  /**
   * Keep what was answered since, at once: a page that goes does not wait for the pictures to be asked for. Those that were kept
   * already are kept again; where a new one is missing, only the slower way can keep it.
   */
  leave() {
    const root = this.component.value?.formState?.instance?.root;
    if (!root || this.isDone) return;
    const xml = root.instanceState.instanceXML;
    if (xml === this.kept.xml || (this.kept.xml === null && xml === this.lastXml)) return;
    const { files } = this.kept;
    if (pictures(xml).every((name) => files.some((file) => file.name === name))) {
      keepDraft(this.key, { xml, files, replaced: this.replaced || idIn(xml, "deprecatedID") }).catch(() => {});
    }
    this.keep();
  }

  showKept(at) {
    const isToday = DAY.format(at) === DAY.format(Date.now());
    this.showLine(this.say(isToday ? "kept" : "kept-before", { time: CLOCK.format(at), day: DAY.format(at) }));
  }

  showLine(sentence) {
    this.part("draft").hidden = false;
    this.part("kept").textContent = sentence;
  }

  async discard() {
    if (!confirm(this.say("sure"))) return;
    this.isDone = true;
    await dropDraft(this.key);
    location.reload();
  }

  async submit(payload) {
    if (this.isSending || this.isDone) return;
    await this.keep();
    this.begin();
    try {
      const { submission, partBytes, csrf } = this.set;
      const data = this.replaced ? await naming(payload.data[0], this.replaced) : payload.data[0];
      const next = await send(submission, data, Number(partBytes), csrf, (share) => this.progress(share));
      this.isDone = true;
      clearInterval(this.timer);
      // The answers are with the office: if the draft cannot be dropped now, it is dropped as an old one.
      await dropDraft(this.key).catch(() => {});
      location.assign(next || this.set.next);
    } catch (error) {
      this.end();
      if (!(error instanceof NotSent)) throw error;
      this.fail(error.sentence || this.say(error.reason), error.reason !== "refused");
    }
  }

  begin() {
    this.isSending = true;
    this.part("problem").hidden = true;
    this.part("form").inert = true;
    this.part("sending").hidden = false;
    this.progress(0);
    this.part("sending").scrollIntoView({ block: "nearest" });
  }

  progress(share) {
    const percent = Math.round(share * 100);
    this.part("bar").value = percent;
    this.part("share").textContent = this.say(percent < 100 ? "sending" : "waiting", { percent });
  }

  end() {
    this.isSending = false;
    this.part("form").inert = false;
    this.part("sending").hidden = true;
  }

  fail(sentence, canSendAgain = false) {
    this.part("problem").hidden = false;
    this.part("sentence").textContent = sentence;
    this.part("again").hidden = !canSendAgain;
    this.part("problem").focus();
  }
}

/** Return the names of the pictures that the answers hold. */
function pictures(xml) {
  return (xml.match(PICTURE_NAMES) ?? []).map((name) => name.slice(1, -1));
}

function idIn(xml, name) {
  return new DOMParser().parseFromString(xml, "text/xml").getElementsByTagNameNS("*", name)[0]?.textContent ?? "";
}

/**
 * Name in the answers what they replace. The engine does so while answers are edited, but a draft of a correction is restored,
 * and then the engine drops what the form itself does not know: the correction would arrive as a second visit.
 */
async function naming(data, replaced) {
  const answers = new DOMParser().parseFromString(await data.get(INSTANCE).text(), "text/xml");
  const [id] = answers.getElementsByTagNameNS("*", "instanceID");
  if (!id || answers.getElementsByTagNameNS("*", "deprecatedID").length) return data;
  const named = answers.createElementNS(id.namespaceURI, id.nodeName.replace("instanceID", "deprecatedID"));
  named.textContent = replaced;
  id.after(named);
  data.set(INSTANCE, new File([new XMLSerializer().serializeToString(answers)], INSTANCE, { type: "text/xml" }));
  return data;
}

async function filesOf(root) {
  const { data } = await root.prepareInstancePayload({ payloadType: "monolithic" });
  return [...data[0].entries()].filter(([name]) => name !== INSTANCE).map(([name, file]) => new File([file], name, { type: file.type }));
}

for (const place of document.querySelectorAll("[data-webform]")) new Survey(place).open();
