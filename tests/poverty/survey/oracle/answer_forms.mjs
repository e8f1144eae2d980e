// Fills a form in ODK's own engine, without a browser, and writes what it computed: one instance a line.
//
//   node answer_forms.mjs work.json
//
// work.json: {form, attachments: {name: text}, chains: [{instance, changes: [[[path, value], …], …]}]}. A chain begins with a
// filled instance, which is restored; each list of changes is then answered in it, as somebody with the phone would.

import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";

const NAMES = [
  "window", "document", "DOMParser", "XMLSerializer", "Node", "Element", "Document", "XMLDocument", "Text", "Attr",
  "CDATASection", "Comment", "NodeFilter", "File", "Blob", "FormData", "localStorage", "XPathResult", "XPathEvaluator",
  "XPathExpression", "ProcessingInstruction", "DocumentFragment", "HTMLElement", "NamedNodeMap",
];
const { window } = new JSDOM("<!doctype html>", { url: "https://survey.example/" });
for (const name of NAMES) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
}
// The engine's bundle expects to be loaded by a bundler.
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = process.cwd();

const { loadForm } = await import("@getodk/xforms-engine");
const work = JSON.parse(readFileSync(process.argv[2], "utf8"));

const form = await loadForm(work.form, {
  fetchFormAttachment: async (address) =>
    new Response(work.attachments[String(address).split("/").at(-1)], { headers: { "content-type": "text/csv" } }),
});
if (form.status === "failure") throw form.error;

async function restored(instance) {
  const data = new FormData();
  data.append("xml_submission_file", new File([instance], "xml_submission_file", { type: "text/xml" }));
  return (await form.restoreInstance({ data: [data] })).root;
}

/** Every question by its path: groups are opened, members are counted from 1. */
function questionsOf(node, prefix = "", found = new Map()) {
  for (const child of node.currentState.children ?? []) {
    const name = child.definition.nodeset?.split("/").at(-1) ?? "";
    if (child.nodeType.startsWith("repeat-range")) {
      child.currentState.children.forEach((member, place) => questionsOf(member, `${name}[${place + 1}]/`, found));
    } else if (child.currentState.children) {
      questionsOf(child, prefix, found);
    } else {
      found.set(prefix + name, child);
    }
  }
  return found;
}

function answer(question, value) {
  if (question.nodeType !== "select") return question.setValue(value);
  return question.selectValues(value === "" ? [] : value.split(" "));
}

function write(text) {
  const bytes = Buffer.from(`${text}\n`);
  for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
}

for (const { instance, changes } of work.chains) {
  const root = await restored(instance);
  const questions = questionsOf(root);
  write(root.instanceState.instanceXML);
  for (const change of changes) {
    for (const [path, value] of change) answer(questions.get(path), value);
    write(root.instanceState.instanceXML);
  }
}
