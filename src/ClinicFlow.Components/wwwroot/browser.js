// What the components ask of the reader's browser. Drafts lie in IndexedDB, under the key of one user, with the time they
// were kept; what is older than its lifetime is removed by whoever looks next. Nothing here talks to a server.

const memory = new Map();
let opening;

function open() {
  opening ??= new Promise((done, fail) => {
    const asked = indexedDB.open("clinicflow", 1);
    asked.onupgradeneeded = () => ["drafts", "typed", "files"].forEach(name => asked.result.createObjectStore(name));
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opening = undefined; };
      done(asked.result);
    };
    asked.onerror = () => fail(asked.error);
  });
  return opening;
}

// Does something in one store; null where the browser keeps nothing (a private window, a full disk).
async function inStore(name, mode, act) {
  try {
    const db = await open();
    return await new Promise((done, fail) => {
      const transaction = db.transaction(name, mode);
      const asked = act(transaction.objectStore(name));
      transaction.oncomplete = () => done(asked?.result ?? true);
      transaction.onabort = transaction.onerror = () => fail(transaction.error);
    });
  } catch {
    return null;
  }
}

const get = (name, key) => inStore(name, "readonly", store => store.get(key));
const put = (name, key, value) => inStore(name, "readwrite", store => store.put(value, key));
const remove = (name, key) => inStore(name, "readwrite", store => store.delete(key));

/** The reader's time zone and language. */
export function reader() {
  return { zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "", language: navigator.language ?? "" };
}

/** Takes the file that was chosen in an input; says what it is, and whether it will be there after a reload. */
export async function takeFile(input, slot, mostBytes) {
  const file = input.files?.[0];
  input.value = "";
  if (!file) { return null; }
  if (file.size > mostBytes) { return { name: file.name, size: file.size, isKept: false, isTooLarge: true }; }
  memory.set(slot, file);
  return { name: file.name, size: file.size, isKept: await put("files", slot, { file, savedAt: Date.now() }) !== null, isTooLarge: false };
}

// A stream of no bytes is none to Blazor: one byte stands for nothing.
const nothing = () => new Blob([" "]);

/** The file of a slot, to be streamed; nothing where there is none, or it is empty. */
export async function openFile(slot) {
  if (!memory.has(slot)) {
    const kept = (await get("files", slot))?.file;
    if (kept) { memory.set(slot, kept); }
  }
  const file = memory.get(slot);
  return file?.size ? file : nothing();
}

/** Forgets the file of a slot. */
export async function dropFile(slot) {
  memory.delete(slot);
  await remove("files", slot);
}

/** Keeps a draft; false where the browser keeps nothing. */
export async function saveDraft(key, json) {
  return await put("drafts", key, { json, savedAt: Date.now() }) !== null;
}

/** A draft with what was typed since, as JSON to be streamed; nothing where there is none. Removes what is too old. */
export async function openDraft(key, lifetimeMs) {
  const oldest = Date.now() - lifetimeMs;
  for (const name of ["drafts", "files"]) {
    await inStore(name, "readwrite", store => {
      const asked = store.openCursor();
      asked.onsuccess = () => {
        const cursor = asked.result;
        if (!cursor) { return; }
        if (!(cursor.value.savedAt >= oldest)) { cursor.delete(); }
        cursor.continue();
      };
    });
  }
  const draft = await get("drafts", key);
  const typed = await get("typed", key);
  const isTyped = typed && typeof typed === "object";
  if (!draft?.json) {
    if (isTyped) { await remove("typed", key); }
    return nothing();
  }
  return new Blob([JSON.stringify({ draft: draft.json, typed: isTyped ? typed : {}, savedAt: draft.savedAt })]);
}

/** Forgets a draft with its files and what was typed. */
export async function forgetDraft(key) {
  await remove("drafts", key);
  await remove("typed", key);
  for (const slot of [...memory.keys()].filter(slot => slot.startsWith(key))) { await dropFile(slot); }
  await inStore("files", "readwrite", store => store.delete(IDBKeyRange.bound(key, key + "\uffff")));
}

/** Forgets every draft of everybody. */
export async function forgetDrafts() {
  memory.clear();
  for (const name of ["drafts", "typed", "files"]) { await inStore(name, "readwrite", store => store.clear()); }
}

/**
 * Keeps what is typed in fields that have data-draft, as it is typed: so that nothing is lost where the connection to
 * the page's server is away. Also tells of tables that are pasted (text with a tab or a line end) into such fields.
 */
export function watch(root, key, page) {
  let typed;
  let timer;
  const keep = () => { clearTimeout(timer); timer = setTimeout(() => put("typed", key, typed), 150); };
  const onInput = async event => {
    const name = event.target?.dataset?.draft;
    if (!name) { return; }
    if (!typed) {
      typed = {};
      const before = await get("typed", key);
      typed = { ...(before && typeof before === "object" ? before : {}), ...typed };
    }
    typed[name] = event.target.value;
    keep();
  };
  const onPaste = event => {
    const name = event.target?.dataset?.draft;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!name?.startsWith("cell:") || !/[\t\n]/.test(text.trim())) { return; }
    event.preventDefault();
    memory.set(key + "/paste", new Blob([text]));
    page.invokeMethodAsync("PastedAsync", name);
  };
  root.addEventListener("input", onInput);
  root.addEventListener("paste", onPaste);
  return {
    forget() { typed = undefined; clearTimeout(timer); },
    stop() { root.removeEventListener("input", onInput); root.removeEventListener("paste", onPaste); },
  };
}

/** Shows a PDF that is streamed here, in a frame where the browser can, and under a link always. */
export async function showPdf(frame, link, stream) {
  const bytes = await stream.arrayBuffer();
  const before = link.href;
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
  link.href = address;
  const isShown = navigator.pdfViewerEnabled !== false;
  if (isShown) { frame.src = address + "#toolbar=0&navpanes=0&view=FitH"; }
  frame.hidden = !isShown;
  if (before.startsWith("blob:")) { setTimeout(() => URL.revokeObjectURL(before), 10_000); }
  return isShown;
}

/** Opens a dialog over everything. */
export function showDialog(dialog) {
  if (!dialog.open) { dialog.showModal(); }
}

/** Closes it. */
export function closeDialog(dialog) {
  if (dialog.open) { dialog.close(); }
}

/** Moves the keyboard to something that has just come up. */
export function focus(element) {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
}
