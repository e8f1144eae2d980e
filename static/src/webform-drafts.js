// Drafts of survey forms in this browser: the answers and the pictures, so that a closed page or a dead line loses nothing.

const DATABASE = "lienthong-webform";
const STORE = "drafts";
const KEPT_DAYS = 60;
const DAY_MS = 24 * 60 * 60 * 1000;

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

/** Do one thing in the store; `isAll` hands it over at once, so that it is done even if the page goes now. */
async function work(mode, job, isAll = false) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const asked = job(transaction.objectStore(STORE));
    if (isAll) transaction.commit?.();
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Return `{key, xml, files, replaced, savedAt}` or undefined; `replaced` is the instanceID that a correction replaces. */
export function readDraft(key) {
  return work("readonly", (store) => store.get(key));
}

export function keepDraft(key, { xml, files, replaced }) {
  return work("readwrite", (store) => store.put({ key, xml, files, replaced, savedAt: Date.now() }), true);
}

export function dropDraft(key) {
  return work("readwrite", (store) => store.delete(key));
}

/** Nobody comes back to a draft after two months, and it holds what a household has told. */
export function dropOldDrafts() {
  const oldest = Date.now() - KEPT_DAYS * DAY_MS;
  return work("readwrite", (store) => {
    store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (cursor.value.savedAt < oldest) cursor.delete();
      cursor.continue();
    };
  });
}
