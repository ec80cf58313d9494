// ClinicFlow Documents in any page: <batch-job-progress-tracker job-id="…"> and <batch-job-queue-manager>.
// One file, no dependencies, no build. Signs in by the cookie of a page of the same site, or by an API key that the page
// gives it (attribute api-key, or the property apiKey, which leaves no trace in the page). See docs/components.md.

const ENDED = ["completed", "failed", "cancelled"];
const STATES = { queued: "Waiting", processing: "Running", paused: "Paused", completed: "Finished", failed: "Failed", cancelled: "Cancelled" };
const PRIORITIES = { urgent: "Urgent", high: "High", normal: "Normal", low: "Low" };
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15000];

/** What the server said no to, or that it could not be reached. */
class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || (status ? `The server answered ${status}.` : "The server cannot be reached."));
    this.status = status;
    this.code = problem?.code ?? (status ? `http-${status}` : "unreachable");
    this.isTransient = !status || status === 408 || status === 429 || status >= 500;
  }
}

/** The API of one server, as one sign-in sees it. */
class Api {
  #token;

  constructor(server, key) {
    this.root = new URL((server || "").replace(/\/*$/, "/") + "api/v1/", document.baseURI).href;
    this.key = key;
    this.isForeign = new URL(this.root).origin !== location.origin;
  }

  /** Sends a request. A cookie goes to the page's own site only; elsewhere nothing but the key signs in. */
  async send(path, options = {}) {
    const headers = new Headers(options.headers);
    if (this.key) { headers.set("Authorization", `Bearer ${this.key}`); }
    const isChange = options.method && options.method !== "GET";
    if (isChange && !this.key) {
      this.#token ??= (await this.json("session")).antiforgeryToken;
      if (this.#token) { headers.set("X-XSRF-TOKEN", this.#token); }
    }
    let answer;
    try {
      answer = await fetch(this.root + path, { ...options, headers, credentials: this.key ? "omit" : "same-origin", cache: "no-store", redirect: "error" });
    } catch (e) {
      if (e.name === "AbortError") { throw e; }
      throw new Refusal(0);
    }
    if (!answer.ok) {
      const problem = await answer.json().catch(() => null);
      if (problem?.code === "antiforgery-failed") { this.#token = undefined; }
      throw new Refusal(answer.status, problem);
    }
    return answer;
  }

  async json(path, options) {
    const answer = await this.send(path, options);
    return answer.status === 204 ? null : answer.json();
  }

  post(path, body) {
    return this.json(path, { method: "POST", ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }) });
  }

  put(path, body) {
    return this.json(path, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  /** Reads server-sent events until the stream or the signal ends (WHATWG HTML, 9.2.6). */
  async *events(path, lastId, signal) {
    const answer = await this.send(path, { signal, headers: { Accept: "text/event-stream", ...(lastId ? { "Last-Event-ID": lastId } : {}) } });
    if (answer.status === 204) { return; }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      let rest = "";
      let event = { id: lastId, data: [] };
      while (true) {
        const { value, done } = await within(SILENCE_MS, reader.read());
        if (done) { return; }
        const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
        rest = lines.pop();
        for (const line of lines) {
          if (line === "") {
            if (event.data.length) { yield { id: event.id, data: JSON.parse(event.data.join("\n")) }; }
            event = { id: event.id, data: [] };
          } else if (line.startsWith("data:")) {
            event.data.push(line.slice(5).replace(/^ /, ""));
          } else if (line.startsWith("id:")) {
            event.id = line.slice(3).trim();
          }
        }
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  }
}

const wait = (ms, signal) => new Promise(done => {
  const timer = setTimeout(done, ms);
  signal?.addEventListener("abort", () => { clearTimeout(timer); done(); }, { once: true });
});

/** The server says something every 15 seconds: a longer silence is a connection that nobody has told is broken. */
const SILENCE_MS = 45_000;
function within(ms, promise) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Refusal(0)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Makes an element; children are text or elements, never markup: what a job is called cannot become code. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") { element.style.cssText = value; }
    else if (name.startsWith("on")) { element.addEventListener(name.slice(2), value); }
    else if (name in element && typeof value !== "string") { element[name] = value; }
    else if (value !== undefined && value !== null && value !== false) { element.setAttribute(name, value === true ? "" : value); }
  }
  element.append(...shown(children));
  return element;
}

/** What is there of a list of children: what does not apply is false, empty or missing. */
const shown = children => children.flat().filter(child => child !== undefined && child !== null && child !== false && child !== "");

const STYLE = `
:host { --_ink: var(--clinicflow-ink, light-dark(#1d2a30, #e6edef)); --_quiet: var(--clinicflow-quiet, light-dark(#4a5a62, #b3c0c5)); --_ground: var(--clinicflow-ground, light-dark(#ffffff, #182327));
  --_sunk: var(--clinicflow-sunk, light-dark(#e9eef0, #26343a)); --_line: var(--clinicflow-line, light-dark(#77868e, #7f9098)); --_accent: var(--clinicflow-accent, light-dark(#0b6770, #6cc5cc)); --_on-accent: var(--clinicflow-on-accent, light-dark(#ffffff, #06282c));
  --_bad: var(--clinicflow-bad, light-dark(#b3261e, #ffb0a8)); --_good: var(--clinicflow-good, light-dark(#1f6b3a, #86d3a0)); --_care: var(--clinicflow-care, light-dark(#8a5200, #f0bd6c)); --_radius: var(--clinicflow-radius, 10px);
  color-scheme: var(--clinicflow-scheme, light dark); display: block; container-type: inline-size; font: var(--clinicflow-font, 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif); color: var(--_ink); }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
.box { background: var(--_ground); border: 1px solid var(--_line); border-radius: var(--_radius); padding: 1rem; display: flex; flex-direction: column; gap: .75rem; }
h2, h3 { margin: 0; font-size: 1.1rem; overflow-wrap: anywhere; } h3 { font-size: 1rem; }
p { margin: 0; } ul, ol { margin: 0; padding: 0; list-style: none; display: flex; flex-direction: column; gap: .75rem; } li { display: flex; flex-direction: column; gap: .35rem; }
.quiet { color: var(--_quiet); font-size: .9em; }
.line { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; justify-content: space-between; }
.state { font-weight: 600; } .state.completed { color: var(--_good); } .state.failed { color: var(--_bad); } .state.paused { color: var(--_care); } .state.processing { color: var(--_accent); }
.track { block-size: .8rem; border-radius: 99px; background: var(--_sunk); border: 1px solid var(--_line); overflow: hidden; display: flex; }
.track div { block-size: 100%; background: var(--_accent); } .track .failed { background: var(--_bad); }
@media (prefers-reduced-motion: no-preference) { .track div { transition: inline-size .3s ease-out; } }
.counts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0; } .counts div { display: flex; gap: .4rem; } dt { color: var(--_quiet); } dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; }
button, select, a.button { font: inherit; color: var(--_accent); background: transparent; border: 1px solid var(--_line); border-radius: 8px; padding: .4rem .8rem; min-block-size: 2.5rem; cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; }
.main { background: var(--_accent) !important; color: var(--_on-accent) !important; border-color: var(--_accent) !important; font-weight: 600; }
button:disabled { color: var(--_quiet); cursor: default; } button.name { border: 0; padding: 0; min-block-size: 1.5rem; font-weight: 600; text-decoration: underline; text-align: start; overflow-wrap: anywhere; }
select { color: var(--_ink); background: var(--_ground); }
:is(button, select, a):focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px; }
.notice { border: 1px solid var(--_bad); border-radius: 8px; padding: .6rem .8rem; } .notice.care { border-color: var(--_care); }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
dialog { color: inherit; background: var(--_ground); border: 1px solid var(--_line); border-radius: var(--_radius); max-inline-size: min(28rem, calc(100vw - 2rem)); } dialog::backdrop { background: rgb(0 0 0 / .5); }
`;

/** What both elements share: sign-in, drawing, asking, and an end to everything when they leave the page. */
class ClinicFlowElement extends HTMLElement {
  static observedAttributes = ["server", "api-key", "job-id", "refresh-interval"];
  #key;
  #ends;
  #isAway = false;
  #focus;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.view = make("div", { class: "box" });
    this.heard = make("div", { class: "hidden", role: "status" });
    this.dialog = make("dialog", { "aria-labelledby": "question" });
    // A sheet that is made by script is no inline style: a page with a strict content security policy takes it.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.shadowRoot.append(this.view, this.heard, this.dialog);
  }

  /** The API key, given by script: it does not stand in the page's markup then. */
  get apiKey() { return this.#key ?? this.getAttribute("api-key") ?? ""; }
  set apiKey(key) { this.#key = key; this.restart(); }

  connectedCallback() { this.restart(); }
  disconnectedCallback() { this.#ends?.abort(); }
  attributeChangedCallback(_, before, after) { if (before !== after) { this.restart(); } }

  restart() {
    this.#focus = undefined;
    this.problem = "";
    this.view.replaceChildren(make("p", { class: "quiet", role: "status" }, "Loading …"));
    this.lookAgain();
  }

  /** Asks the server anew; what is shown stays until it has answered. */
  lookAgain() {
    this.#ends?.abort();
    if (!this.isConnected) { return; }
    this.#ends = new AbortController();
    this.api = new Api(this.getAttribute("server"), this.apiKey);
    this.isAway = false;
    const signal = this.#ends.signal;
    queueMicrotask(() => { if (!signal.aborted) { this.run(signal).catch(e => { if (!signal.aborted) { this.fail(e); } }); } });
  }

  get isAway() { return this.#isAway; }
  set isAway(isAway) { this.#isAway = isAway; }

  number(value) { return new Intl.NumberFormat(this.language).format(value); }
  time(value) {
    const moment = new Date(value);
    return new Intl.DateTimeFormat(this.language, moment.toDateString() === new Date().toDateString() ? { timeStyle: "short" } : { dateStyle: "short", timeStyle: "short" }).format(moment);
  }
  get language() { return navigator.language || "en"; }

  /** Draws anew. That must not take the keyboard away from whoever uses it. */
  fill(...children) {
    const focused = this.shadowRoot.activeElement;
    if (focused && this.view.contains(focused)) { this.#focus = focused.dataset.key; }
    this.view.replaceChildren(...shown(children));
    this.#giveFocusBack();
  }

  /** To the button that had the keyboard, or one of the same batch where it is gone, as "Pause" is once the batch pauses. */
  #giveFocusBack() {
    if (!this.#focus || this.dialog.open) { return; }
    // Whoever went elsewhere meanwhile is left there.
    if (document.activeElement && document.activeElement !== document.body) { this.#focus = undefined; return; }
    const same = `[data-key$="${CSS.escape(this.#focus.split(" ").pop())}"]`;
    const found = this.view.querySelector(`[data-key="${CSS.escape(this.#focus)}"]`) ?? this.view.querySelector(`.main${same}`) ?? this.view.querySelector(`button${same}, a${same}`);
    if (found) { this.#focus = undefined; found.focus(); }
  }

  say(text) { if (this.heard.textContent !== text) { this.heard.textContent = text; } }

  fail(e) {
    const text = e.status === 401 ? "You are not signed in." : e.status === 404 ? "This batch is not there, or it belongs to somebody else." : e.message;
    this.view.replaceChildren(make("div", { class: "notice", role: "alert" }, make("strong", {}, text)), make("div", { class: "buttons" }, make("button", { type: "button", onclick: () => this.restart() }, "Try again")));
    this.tell("joberror", { jobId: this.getAttribute("job-id"), code: e.code ?? "error", message: text });
  }

  tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true })); }

  /** Asks before something is lost. */
  ask(title, text, yes) {
    return new Promise(done => {
      this.#focus = this.shadowRoot.activeElement?.dataset.key;
      const answer = is => { this.dialog.close(); this.#giveFocusBack(); done(is); };
      this.dialog.replaceChildren(make("h2", { id: "question" }, title), make("p", {}, text), make("br"),
        make("div", { class: "buttons" }, make("button", { type: "button", autofocus: true, onclick: () => answer(false) }, "Keep it"), make("button", { type: "button", class: "main", onclick: () => answer(true) }, yes)));
      this.dialog.oncancel = () => done(false);
      this.dialog.showModal();
    });
  }

  async act(path, options) {
    try {
      this.problem = "";
      return await this.api.json(path, options);
    } catch (e) {
      this.problem = e.message;
      return undefined;
    }
  }
}

/** One job as it moves. Events: jobcomplete (detail: the job), joberror (detail: jobId, code, message). */
class BatchJobProgressTracker extends ClinicFlowElement {
  get jobId() { return this.getAttribute("job-id") ?? ""; }
  set jobId(id) { this.setAttribute("job-id", id); }

  async run(signal) {
    if (!/^[0-9a-f-]{36}$/i.test(this.jobId)) { this.view.replaceChildren(make("p", { class: "quiet" }, "No batch is chosen.")); return; }
    const path = `batch-jobs/${this.jobId}`;
    this.job = await this.api.json(path, { signal });
    this.shown = this.job.progress;
    let hadEnded = ENDED.includes(this.shown.status);
    this.draw();
    let lastId = "";
    let attempt = 0;
    while (!signal.aborted) {
      if (!ENDED.includes(this.shown.status)) {
        hadEnded = false;
        try {
          for await (const event of this.api.events(`${path}/events`, lastId, signal)) {
            lastId = event.id;
            attempt = 0;
            await this.take(event.data, path, signal);
          }
        } catch (e) {
          if (signal.aborted) { return; }
          if (!(e instanceof Refusal && e.code === "live-updates-off")) {
            if (e instanceof Refusal && !e.isTransient) { throw e; }
            this.isAway = true;
            this.draw();
          }
        }
      }
      if (ENDED.includes(this.shown.status)) {
        this.job = await this.api.json(path, { signal });
        this.isAway = false;
        this.draw();
        if (!hadEnded) {
          if (this.job.status === "completed") { this.tell("jobcomplete", this.job); }
          else if (this.job.status === "failed") { this.tell("joberror", { jobId: this.job.id, code: this.job.errorCode ?? "job-failed", message: this.job.errorMessage ?? "No document could be made." }); }
        }
        return;
      }
      await wait(RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)], signal);
      if (signal.aborted) { return; }
      try {
        this.job = await this.api.json(path, { signal });
        this.isAway = false;
        await this.take(this.job.progress, path, signal);
      } catch (e) {
        if (signal.aborted) { return; }
        if (!e.isTransient) { throw e; }
        this.isAway = true;
        this.draw();
      }
    }
  }

  /** Takes a step; progress never goes back. */
  async take(step, path, signal) {
    const before = this.shown;
    if (before && !ENDED.includes(before.status) && step.percent < before.percent) { step = { ...step, percent: before.percent }; }
    this.shown = step;
    this.isAway = false;
    if (!before || before.status !== step.status || before.requested !== step.requested) { this.job = await this.api.json(path, { signal }); }
    this.draw();
  }

  draw() {
    const { job, shown: p } = this;
    const isEnded = ENDED.includes(p.status);
    const share = count => `inline-size:${p.total ? (count / p.total) * 100 : 0}%`;
    const asked = p.requested ? { pause: "Pausing …", resume: "Resuming …", cancel: "Cancelling …" }[p.requested] : undefined;
    const state = asked ?? (p.status === "completed" && p.failed ? "Finished, some failed" : STATES[p.status]);
    const left = !isEnded && p.status === "processing" && p.remainingSeconds != null ? (p.remainingSeconds < 55 ? "less than a minute left" : `about ${this.number(Math.round(p.remainingSeconds / 60))} min left`) : "";
    const button = (text, what, act, isMain) => make("button", { type: "button", "data-key": `${what} ${job.id}`, class: isMain ? "main" : undefined, onclick: act }, text);
    const can = name => !p.requested && job.actions.includes(name);
    const control = name => async () => { await this.act(`batch-jobs/${job.id}/${name}`, { method: "POST" }); this.lookAgain(); };
    this.fill(
      make("div", { class: "line" }, make("h2", {}, job.name), make("span", { class: `state ${p.status}` }, state)),
      this.isAway && make("div", { class: "notice care", role: "status" }, "The connection is lost. The batch goes on, and this comes back by itself."),
      this.problem && make("div", { class: "notice", role: "alert" }, this.problem),
      make("div", { class: "track", role: "progressbar", "aria-label": "Documents done", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(Math.floor(p.percent)) }, make("div", { style: share(p.succeeded) }), make("div", { class: "failed", style: share(p.failed) })),
      make("div", { class: "line" }, make("strong", {}, `${this.number(Math.floor(p.percent))} %`), make("span", { class: "quiet" }, `${this.number(p.processed)} of ${this.number(p.total)}`), make("span", { class: "quiet" }, left)),
      make("dl", { class: "counts" },
        make("div", {}, make("dt", {}, "Made"), make("dd", {}, this.number(p.succeeded))), make("div", {}, make("dt", {}, "Failed"), make("dd", {}, this.number(p.failed))),
        !isEnded && make("div", {}, make("dt", {}, "A minute"), make("dd", {}, p.documentsPerMinute ? this.number(Math.round(p.documentsPerMinute)) : "–"))),
      p.currentDocument && p.status === "processing" && make("p", { class: "quiet" }, `Now: ${p.currentDocument}`),
      p.message && make("p", {}, p.message),
      make("div", { class: "buttons" },
        job.downloads.includes("archive") && this.download("Download all (ZIP)", `batch-jobs/${job.id}/archive`, `${job.name}.zip`),
        job.downloads.includes("merged") && this.download("One PDF to print", `batch-jobs/${job.id}/merged`, `${job.name}.pdf`),
        can("resume") && button("Resume", "resume", control("resume"), true), can("pause") && !isEnded && button("Pause", "pause", control("pause")),
        can("retry") && p.failed > 0 && button(p.failed === 1 ? "Try the failed one again" : `Try all ${this.number(p.failed)} failed again`, "retry", async () => { await this.act(`batch-jobs/${job.id}/retry`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }); this.lookAgain(); }, true),
        can("cancel") && !isEnded && button("Cancel", "cancel", async () => {
          if (await this.ask("Cancel this batch?", `${this.number(p.total - p.processed)} documents will not be made. Those that are done are kept.`, "Cancel the batch")) { await control("cancel")(); }
        })));
    this.say(`${state}. ${Math.floor(p.percent / 10) * 10} %.`);
  }

  /** A cookie goes with a plain link; a key does not, so the file is fetched and handed over. */
  download(text, path, name) {
    if (!this.apiKey) { return make("a", { class: "button main", "data-key": `download-${text} ${this.job.id}`, href: this.api.root + path, download: name }, text); }
    return make("button", {
      type: "button", class: "main", "data-key": `download-${text} ${this.job.id}`, onclick: async event => {
        const button = event.currentTarget;
        button.disabled = true;
        try {
          const link = make("a", { href: URL.createObjectURL(await (await this.api.send(path)).blob()), download: name });
          link.click();
          setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
        } catch (e) { this.problem = e.message; this.draw(); }
        button.disabled = false;
      },
    }, text);
  }
}

/** What runs and waits. Events: jobselected (detail: jobId). */
class BatchJobQueueManager extends ClinicFlowElement {
  async run(signal) {
    const seconds = Math.min(600, Math.max(1, Number(this.getAttribute("refresh-interval")) || 5));
    let isFirst = true;
    while (!signal.aborted) {
      try {
        const [stats, waiting, active] = await Promise.all([
          this.api.json("queue/stats", { signal }), this.api.json("queue?count=200", { signal }), this.api.json("batch-jobs?status=processing&status=paused&count=200", { signal })]);
        this.isAway = false;
        this.draw({ stats, waiting: waiting.items, active: active.items });
        isFirst = false;
      } catch (e) {
        if (signal.aborted) { return; }
        if (isFirst || !e.isTransient) { throw e; }
        this.isAway = true;
        this.draw(this.board);
      }
      await wait(seconds * 1000, signal);
    }
  }

  draw(board) {
    this.board = board;
    const { stats, waiting, active } = board;
    // A list that is open for choosing stays.
    if (this.shadowRoot.activeElement?.tagName === "SELECT") { return; }
    const name = job => make("button", { type: "button", class: "name", "data-key": `name ${job.id ?? job.jobId}`, onclick: () => this.tell("jobselected", { jobId: job.id ?? job.jobId }) }, job.name);
    const button = (text, id, what, question) => make("button", {
      type: "button", "data-key": `${what} ${id}`, "aria-label": `${text}: ${[...waiting, ...active].find(job => (job.id ?? job.jobId) === id)?.name ?? ""}`, onclick: async () => {
        if (!question || await this.ask(question, "What is not made yet will not be made. Documents that are done are kept.", text)) { await this.act(`batch-jobs/${id}/${what}`, { method: "POST" }); this.lookAgain(); }
      },
    }, text);
    this.fill(
      this.isAway && make("div", { class: "notice care", role: "status" }, "The connection is lost. This comes back by itself."),
      this.problem && make("div", { class: "notice", role: "alert" }, this.problem),
      make("dl", { class: "counts" },
        make("div", {}, make("dt", {}, "Running"), make("dd", {}, `${this.number(stats.processing)} of ${this.number(stats.maxConcurrentJobs)}`)),
        make("div", {}, make("dt", {}, "Waiting"), make("dd", {}, `${this.number(stats.totalQueued)} of ${this.number(stats.maxQueueSize)}`)),
        make("div", {}, make("dt", {}, "Documents a minute"), make("dd", {}, stats.documentsPerMinute ? this.number(Math.round(stats.documentsPerMinute)) : "–"))),
      make("h3", {}, "Running"),
      active.length ? make("ul", {}, active.map(job => make("li", {},
        make("div", { class: "line" }, name(job), make("span", { class: `state ${job.status}` }, STATES[job.status])),
        make("div", { class: "track", role: "progressbar", "aria-label": job.name, "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(Math.floor(job.progress.percent)) }, make("div", { style: `inline-size:${job.progress.percent}%` })),
        make("div", { class: "line" }, make("span", { class: "quiet" }, `${this.number(job.progress.processed)} of ${this.number(job.progress.total)}`),
          make("span", { class: "buttons" }, job.actions.includes("pause") && button("Pause", job.id, "pause"), job.actions.includes("resume") && button("Resume", job.id, "resume"), job.actions.includes("cancel") && button("Cancel", job.id, "cancel", "Cancel this batch?")))))) : make("p", { class: "quiet" }, "Nothing is running."),
      make("h3", {}, "Waiting"),
      waiting.length ? make("ol", {}, waiting.map(job => make("li", {},
        make("div", { class: "line" }, name(job), make("span", { class: "quiet" }, `No. ${this.number(job.position)}${job.estimatedStartTime ? `, starts about ${this.time(job.estimatedStartTime)}` : ""}`)),
        make("div", { class: "line" },
          make("select", { "data-key": `priority ${job.jobId}`, "aria-label": `Priority of ${job.name}`, onchange: async event => { const priority = event.target.value; event.target.blur(); await this.act(`batch-jobs/${job.jobId}/priority`, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ priority }) }); this.lookAgain(); } },
            Object.entries(PRIORITIES).map(([value, text]) => make("option", { value, selected: value === job.priority }, text))),
          make("span", { class: "buttons" }, button("Remove", job.jobId, "cancel", "Remove this batch from the queue?")))))) : make("p", { class: "quiet" }, "Nothing is waiting."));
    this.say(`${stats.processing} running, ${stats.totalQueued} waiting.`);
  }
}

customElements.get("batch-job-progress-tracker") ?? customElements.define("batch-job-progress-tracker", BatchJobProgressTracker);
customElements.get("batch-job-queue-manager") ?? customElements.define("batch-job-queue-manager", BatchJobQueueManager);
