// What a person has done and the server has not acknowledged. It is kept in the tab's storage, so it survives
// a reload and a change of page, and goes out one transmission at a time: whatever comes meanwhile waits for
// the answer. Every entry has a name of its own, so nothing is entered twice.
const RESEND = 3000; // milliseconds without an answer
const REMEMBERED = 500; // steps that can be undone without asking the server

class Outbox {
  // `more` gives what else goes with each transmission; `changed` is called when the state of saving changes.
  constructor(more, changed) {
    this.more = more;
    this.changed = changed;
    this.turn = this.answered = 0;
    this.pending = [];
  }

  // The server's answer: forgets what it has acknowledged and sends what has come meanwhile.
  update(data, transmit) {
    this.transmit = transmit;
    if (this.name !== data.log) this.recall(data);
    const acknowledged = new Set(data.acknowledged);
    this.pending = this.pending.filter((entry) => !acknowledged.has(entry.event));
    this.answered = data.turn;
    if (this.flying && data.turn >= this.sent) this.land();
    this.keep();
    if (this.pending.length || this.waiting) this.send();
  }

  // Whether the server knows all that has been done here: then it leads.
  get current() {
    return this.answered >= this.turn;
  }

  recall({ log: name, turn }) {
    this.name = name;
    let kept = {};
    try {
      kept = JSON.parse(sessionStorage.getItem(name)) ?? {};
    } catch {
      // no storage, or not ours: this tab begins anew
    }
    this.reviewer = kept.reviewer ?? fresh();
    this.pending = kept.pending ?? [];
    this.done = kept.done ?? [];
    this.turn = turn + (this.pending.length ? 1 : 0);
  }

  keep() {
    try {
      const { reviewer, pending, done } = this;
      sessionStorage.setItem(this.name, JSON.stringify({ reviewer, pending, done: done.slice(-REMEMBERED) }));
    } catch {
      // no storage: what is not yet saved lives as long as the page
    }
  }

  // `more` is what the component wants to know of the step as long as it is pending or can be undone.
  enter(act, files, label = null, more = {}) {
    const entry = { event: fresh(), act, files, label, ...more };
    this.pending.push(entry);
    this.done.push({ event: entry.event, files, ...more });
    this.touch();
  }

  // Takes back the last step, by its name; returns it if this tab remembers it.
  undo() {
    const step = this.done.pop();
    this.pending.push({ files: [], ...step, event: fresh(), act: "undo", step: step?.event ?? null });
    this.touch();
    return step;
  }

  // Something has changed that the server should know.
  touch() {
    this.turn += 1;
    this.send();
  }

  send() {
    this.keep();
    if (this.flying) {
      this.waiting = true;
      return;
    }
    this.flying = true;
    this.waiting = false;
    this.sent = this.turn;
    this.transmit({ reviewer: this.reviewer, turn: this.turn, log: this.pending, ...this.more() });
    this.timer = setTimeout(() => {
      this.land();
      this.late = this.pending.length > 0;
      if (this.pending.length || this.waiting) this.send();
      this.changed();
    }, RESEND);
  }

  land() {
    clearTimeout(this.timer);
    this.flying = this.late = false;
  }

  // What the entries on their way say about each file: the act, or "" if it was undone.
  get said() {
    return new Map(this.pending.flatMap(({ act, files }) => files.map((file) => [file, act === "undo" ? "" : act])));
  }

  problem(data) {
    const late = this.late && this.pending.length;
    return data.problem || (late ? `${this.pending.length} not saved yet, trying again` : "");
  }
}

// How many are left and decided, with what is on its way. `decided` says whether the server knows a decision.
function withPending({ left, decided }, said, known) {
  let more = 0;
  for (const [file, act] of said) more += (act ? 1 : 0) - (known(file) ? 1 : 0);
  return { left: left - more, decided: decided + more, all: left + decided };
}

// Keys of the whole page while `root` is on it. No cleanup is given to Streamlit: it calls that of an update
// which another has overtaken, and the keys would go dead.
function listenWhileShown(root, pressed) {
  const listener = (event) => {
    if (!root.isConnected) return document.removeEventListener("keydown", listener, true);
    const target = event.composedPath()[0];
    const typing = target.closest?.("input, textarea, select, [contenteditable=true], [role=dialog], .picker");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    pressed(event, target !== document.body && !root.contains(target));
  };
  document.addEventListener("keydown", listener, true);
}

const isLetter = (event) => event.key.length === 1 && event.key !== " ";

function taken(event) {
  event.preventDefault();
  event.stopPropagation(); // Streamlit has keys of its own
}

// A name that no other tab or decision has; crypto.randomUUID exists only on secure pages.
function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}
