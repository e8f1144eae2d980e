// Puts the form component, Vue and their styles where the survey page loads them from. The component's distribution needs
// nothing but Vue, so its files are copied, not bundled: minifying them with terser takes 16 s and saves 15 % of what is sent.
//
// What is changed on the way stands in webform.patches.json: places that no option of the component reaches. A place that is
// no longer found as often as it says stops the build, so that a new version of the component cannot lose one in silence.

import { readFileSync, readdirSync, writeFileSync, mkdirSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SOURCE = "node_modules/@getodk/web-forms/dist";
const VUE = "node_modules/vue/dist/vue.runtime.esm-browser.prod.js";
const [, , target] = process.argv;
const patches = JSON.parse(readFileSync(new URL("webform.patches.json", import.meta.url), "utf-8"));

const entry = readFileSync(`${SOURCE}/index.js`, "utf-8");
const form = only(/^index-.+\.js$/);
const map = only(/^MapBlock-.+\.js$/);
const renamed = { [form]: "form.js", [map]: "map.js", vue: "vue.js" };

mkdirSync(target, { recursive: true });
put("vue.js", readFileSync(VUE, "utf-8"));
put("form.js", patched("form", link(readFileSync(`${SOURCE}/${form}`, "utf-8"))));
put("map.js", patched("map", link(readFileSync(`${SOURCE}/${map}`, "utf-8"))));
put("index.js", link(afterStyles(entry)));
put("component.css", used(styles(entry), ["form.js", "map.js"]));

function only(pattern) {
  const found = readdirSync(SOURCE).filter((name) => pattern.test(name));
  if (found.length !== 1) stop(`${SOURCE}: ${found.length} files are called ${pattern}`);
  return found[0];
}

function stop(reason) {
  console.error(`static/build/webform.js: ${reason}`);
  process.exit(1);
}

/** Let the parts find each other under our names; anything else that a part asks for would be missing in the browser. */
function link(text) {
  return text.replace(/^((?:import|\} from|export).*?|.*\bimport\()"(\.\/)?([^"]+)"/gm, (all, before, _dot, name) => {
    const known = renamed[name];
    if (known) return `${before}"./${known}"`;
    if (/^(import|\} from|export .* from)/.test(before)) stop(`a part imports ${name}, which we do not serve`);
    return all;
  });
}

function patched(part, text) {
  const missed = [];
  for (const { find, put: replacement, times = 1 } of patches[part]) {
    const pieces = text.split(find);
    if (pieces.length - 1 !== times) missed.push(`${part}.js holds ${pieces.length - 1} times, not ${times}: ${find}`);
    text = pieces.join(replacement);
  }
  if (missed.length) stop(missed.join("\n"));
  return text;
}

/** The component writes its styles into the page by a script; ours come as a file, without the fonts. */
function styles(text) {
  const [, written] = /createTextNode\('((?:[^'\\]|\\.)*)'\)/s.exec(text) ?? stop("index.js holds no styles");
  return Function(`"use strict"; return '${written}'`)().replace(/@font-face\{[^}]*\}/g, "");
}

function afterStyles(text) {
  return text.slice(text.indexOf("\nimport ") + 1);
}

/** Leave out rules for classes that no part ever names: nine tenths of it is a general library of helper classes. */
function used(css, parts) {
  const words = new Set(parts.flatMap((name) => readFileSync(`${target}/${name}`, "utf-8").match(/[\w:-]+/g)));
  const begun = [...words].filter((word) => word.endsWith("-") && word.length > 3);
  const isNamed = (name) => words.has(name) || begun.some((word) => name.startsWith(word));
  const isUsed = (selector) =>
    [...selector.matchAll(/\.((?:\\.|[\w-])+)/g)].every(([, name]) => isNamed(name.replaceAll("\\", "")));
  const keep = (text) =>
    text.replace(/([^{};]+)\{([^{}]*)\}/g, (rule, selectors) => {
      if (selectors.trim().startsWith("@")) return rule;
      return selectors.split(",").some(isUsed) ? rule : "";
    });
  return keep(css).replace(/@media[^{}]*\{\s*\}/g, "");
}

function put(name, text) {
  writeFileSync(`${target}/${name}`, text);
  writeFileSync(`${target}/${name}.gz`, gzipSync(text, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  writeFileSync(`${target}/${name}.br`, brotliCompressSync(text, { params }));
}
