// What the components ask of the reader's browser. Drafts lie in IndexedDB, under the key of one user, with the time they
// were kept; what is older than its lifetime is removed by whoever looks next. Nothing here talks to the clinic's server.

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

// Does something in one store; null where the browser keeps nothing (a private window, a full disk), or is to keep nothing.
async function inStore(name, mode, act) {
  try {
    const db = await open();
    if (isForgotten && act.keeps) { return null; }
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

const keeps = act => Object.assign(act, { keeps: true });
const get = (name, key) => inStore(name, "readonly", store => store.get(key));
const put = (name, key, value) => inStore(name, "readwrite", keeps(store => store.put(value, key)));
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

// Drafts. Each tab has its own, so that two of them never write over each other: a tab holds its draft for as long as the
// page lives, and takes up only what no other tab holds, such as that of a tab that was closed.
const me = [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, "0")).join("");
const held = new Set();
const inUse = new Set();
const waitMs = ms => new Promise(done => setTimeout(done, ms));

// Locks are there in secure pages only (https, localhost). Elsewhere the tabs ask each other.
const hasLocks = !!globalThis.navigator?.locks;
const tabs = new BroadcastChannel("clinicflow-drafts");
let isForgotten = false;
tabs.addEventListener("message", ({ data }) => {
  if (data.ask && data.from !== me && held.has(data.ask)) { tabs.postMessage({ held: data.ask, to: data.from }); }
  if (data.forget) { forgetAll(); }
});

async function hold(key) {
  if (held.has(key)) { return true; }
  let isMine;
  if (!hasLocks) {
    isMine = true;
    const listen = ({ data }) => { if (data.held === key && data.to === me) { isMine = false; } };
    tabs.addEventListener("message", listen);
    tabs.postMessage({ ask: key, from: me });
    await waitMs(300);
    tabs.removeEventListener("message", listen);
  } else {
    isMine = await new Promise(done => navigator.locks.request(`clinicflow ${key}`, { ifAvailable: true }, lock => {
      done(!!lock);
      return lock && new Promise(() => {});
    }).catch(() => done(true)));
  }
  if (isMine) { held.add(key); }
  return isMine;
}

const ofTab = {
  get() { try { return sessionStorage.getItem("clinicflow-draft"); } catch { return null; } },
  set(key) { try { sessionStorage.setItem("clinicflow-draft", key); } catch { /* A browser that keeps nothing. */ } },
};

// What was typed a moment ago, at once: IndexedDB may still be writing when the page is loaded again. The tab's own, and gone with it.
const typedOfTab = {
  get(key) {
    try {
      const kept = JSON.parse(sessionStorage.getItem("clinicflow-typed"));
      return kept?.key === key ? kept.entries : null;
    } catch { return null; }
  },
  set(key, entries) {
    try {
      // A table of many thousand rows takes too long for each key that is pressed; IndexedDB has it a tenth of a second later.
      const isSmall = entries.reduce((sum, [, text]) => sum + text.length, 0) < 200_000;
      if (isForgotten || !isSmall) { this.clear(); } else { sessionStorage.setItem("clinicflow-typed", JSON.stringify({ key, entries })); }
    } catch { this.clear(); }
  },
  clear() { try { sessionStorage.removeItem("clinicflow-typed"); } catch { /* A browser that keeps nothing. */ } },
};

const typedBefore = async key => typedOfTab.get(key) ?? (await get("typed", key))?.entries ?? [];

/**
 * The key of this tab's draft: the one it had before a reload, or else the newest that no tab holds, or else a new one.
 * Says whether other tabs hold drafts. Removes what is too old.
 */
export async function claimDraft(user, lifetimeMs) {
  isForgotten = false;
  const oldest = Date.now() - lifetimeMs;
  const found = [];
  for (const name of ["drafts", "files", "typed"]) {
    await inStore(name, "readwrite", store => {
      const asked = store.openCursor();
      asked.onsuccess = () => {
        const cursor = asked.result;
        if (!cursor) { return; }
        if (!(cursor.value.savedAt >= oldest)) { cursor.delete(); }
        else if (name === "drafts" && String(cursor.key).startsWith(user + "/")) { found.push({ key: cursor.key, savedAt: cursor.value.savedAt }); }
        cursor.continue();
      };
    });
  }
  const mine = ofTab.get();
  found.sort((a, b) => (b.key === mine) - (a.key === mine) || b.savedAt - a.savedAt);
  let key;
  let isElsewhere = false;
  for (const draft of found) {
    if (inUse.has(draft.key)) { continue; }
    let isMine = await hold(draft.key);
    // A page that is just being left still holds for a moment what its reload takes up.
    for (let i = 0; !isMine && draft.key === mine && i < 5; i++) {
      await waitMs(100);
      isMine = await hold(draft.key);
    }
    if (isMine && !key) { key = draft.key; break; }
    isElsewhere = true;
  }
  if (!key) {
    key = `${user}/${[...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, "0")).join("")}`;
    await hold(key);
  }
  inUse.add(key);
  ofTab.set(key);
  // Where tabs cannot lock, one that slept while it was asked may believe in its draft still: it finds another owner.
  await inStore("drafts", "readwrite", store => {
    const asked = store.get(key);
    asked.onsuccess = () => { if (asked.result) { store.put({ ...asked.result, owner: me }, key); } };
  });
  return { key, isElsewhere };
}

/** Keeps a draft; false where the browser keeps nothing, or another tab has taken the draft over. */
export async function saveDraft(key, json) {
  let isMine = true;
  const isKept = await inStore("drafts", "readwrite", keeps(store => {
    const asked = store.get(key);
    asked.onsuccess = () => {
      isMine = !asked.result?.owner || asked.result.owner === me;
      if (isMine) { store.put({ json, savedAt: Date.now(), owner: me }, key); }
    };
  }));
  return isKept !== null && isMine;
}

/** A draft with what was typed since, as JSON to be streamed; nothing where there is none. */
export async function openDraft(key) {
  const draft = await get("drafts", key);
  if (!draft?.json) {
    typedOfTab.clear();
    await remove("typed", key);
    return nothing();
  }
  return new Blob([JSON.stringify({ draft: draft.json, typed: await typedBefore(key), savedAt: draft.savedAt })]);
}

/** Forgets a draft with its files and what was typed. */
export async function forgetDraft(key) {
  pending.get(key)?.clear();
  typedOfTab.clear();
  await remove("drafts", key);
  await remove("typed", key);
  for (const slot of [...memory.keys()].filter(slot => slot.startsWith(key + "/"))) { await dropFile(slot); }
  await inStore("files", "readwrite", store => store.delete(IDBKeyRange.bound(key + "/", key + "/\uffff")));
}

/** Forgets every draft of everybody, in all tabs; none keeps anything more, until a page begins again. */
export async function forgetDrafts() {
  tabs.postMessage({ forget: true });
  await forgetAll();
}

async function forgetAll() {
  isForgotten = true;
  memory.clear();
  typedOfTab.clear();
  for (const typed of pending.values()) { typed.clear(); }
  for (const name of ["drafts", "typed", "files"]) { await inStore(name, "readwrite", store => store.clear()); }
}

// What was typed or pasted, by a draft's key, and is not known to be in the draft: so that nothing is lost where the
// connection to the page's server is away. Each goes when the server has said that the draft holds it.
const pending = new Map();

class Pending {
  #entries;
  #left;
  #key;
  #timer;

  constructor(key, entries) {
    [this.#key, this.#entries] = [key, new Map(entries)];
    this.#left = new Set(this.#entries.keys());
  }

  get hasNews() { return this.#left.size > 0; }

  /** Of the fields that were left, in the order they were typed in; a table that was pasted counts as one. */
  get news() { return [...this.#entries].filter(([name]) => this.#left.has(name)); }

  /** Takes what stands in a field while somebody types there. */
  type(name, text) {
    this.#entries.delete(name);
    this.#entries.set(name, text);
    this.#left.delete(name);
    this.#keep();
  }

  /** The field was left. */
  leave(name) { if (this.#entries.has(name)) { this.#left.add(name); } }

  /** A table was pasted over a field. */
  paste(cell, text) {
    this.#entries.delete(cell);
    this.#left.delete(cell);
    const name = `paste:${[...crypto.getRandomValues(new Uint8Array(8))].map(byte => byte.toString(16).padStart(2, "0")).join("")}:${cell.split(":").slice(1).join(":")}`;
    this.#entries.set(name, text);
    this.#left.add(name);
    this.#keep();
  }

  /** The draft holds them. */
  settle(news) {
    for (const [name, text] of news) {
      if (this.#entries.get(name) === text && this.#left.has(name)) {
        this.#entries.delete(name);
        this.#left.delete(name);
      }
    }
    this.#keep();
  }

  clear() {
    this.#entries.clear();
    this.#left.clear();
    clearTimeout(this.#timer);
  }

  #keep() {
    typedOfTab.set(this.#key, [...this.#entries]);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#entries.size ? put("typed", this.#key, { entries: [...this.#entries], savedAt: Date.now() }) : remove("typed", this.#key), 100);
  }
}

/** What was typed and is not in the draft yet, as JSON to be streamed: pairs of a field's name and its text. */
export function openTyped(key) {
  const news = pending.get(key)?.news ?? [];
  return news.length ? new Blob([JSON.stringify(news)]) : nothing();
}

/**
 * Keeps what is typed in fields that have data-draft, as it is typed, and tables (text with a tab or a line end) that are
 * pasted into cells; and tells the page's server until it has them, over a connection that may be away.
 */
export async function watch(root, key, page) {
  const typed = new Pending(key, await typedBefore(key));
  pending.set(key, typed);
  let isTelling = false;
  let isStopped = false;
  const tell = async () => {
    if (isTelling) { return; }
    isTelling = true;
    while (typed.hasNews && !isStopped) {
      const news = typed.news;
      // Where the connection is away, no answer ever comes.
      if (await Promise.race([page.invokeMethodAsync("TypedAsync").catch(() => false), waitMs(3000)]) === true) { typed.settle(news); }
      else { await waitMs(500); }
    }
    isTelling = false;
  };
  const name = event => event.target?.dataset?.draft;
  const onInput = event => { if (name(event)) { typed.type(name(event), event.target.value); } };
  const onLeave = event => {
    if (name(event)) {
      typed.leave(name(event));
      // Blazor's own message of the same change goes first.
      setTimeout(tell, 0);
    }
  };
  const onPaste = event => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!name(event)?.startsWith("cell:") || !/[\t\n]/.test(text.trim())) { return; }
    event.preventDefault();
    typed.paste(name(event), text);
    tell();
  };
  const listeners = { input: onInput, change: onLeave, focusout: onLeave, paste: onPaste };
  for (const [kind, listener] of Object.entries(listeners)) { root.addEventListener(kind, listener); }
  tell();
  return {
    stop() {
      isStopped = true;
      inUse.delete(key);
      for (const [kind, listener] of Object.entries(listeners)) { root.removeEventListener(kind, listener); }
    },
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
