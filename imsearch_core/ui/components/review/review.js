// One doubtful label at a time. A decision counts here at once and goes to the server behind it; the next
// cases are already here. Text goes in as text, never as markup.
const KEYS = { a: "accept", k: "keep", o: "relabel", s: "skip", u: "undo", ArrowRight: "next", ArrowLeft: "previous" };
const DONE = { accept: "accepted", keep: "kept", relabel: "another class", skip: "skipped" };
const QUEUED = [2, 12]; // cases before and after the present one in the strip
const KNOWN = 200; // decided cases to which one can go back without waiting
const AHEAD = 40; // cases whose pictures should be here before they are asked for
const LOADING = 4; // pictures at a time that are loaded ahead
const ASK_AGAIN = 250; // milliseconds until the next pictures are asked for

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".desk");
  root.desk ??= new Desk(root);
  root.desk.update(data, (work) => setStateValue("work", work));
  parentElement.host.dataset.there = ""; // ui/shell/frame.css keeps its place until then
}

class Desk {
  constructor(root) {
    this.root = root;
    this.cases = [];
    this.known = new Map();
    this.outbox = new Outbox(() => ({ at: this.at ?? null }), () => this.state());
    this.build();
    this.asking = new Picker(this.picker);
    listenWhileShown(root, (event, elsewhere) => this.pressed(event, elsewhere));
    whenScriptStartsOrEnds(root, () => this.loadAhead());
  }

  // What the server says: it leads, unless this tab has meanwhile gone on.
  update(data, transmit) {
    this.data = data;
    this.outbox.update(data, transmit);
    this.cases = this.withUndone(data.cases);
    if (this.outbox.current) this.at = data.at;
    if (!this.current || (!this.outbox.current && this.decision(this.current))) {
      this.at = this.cases.find((one) => !this.decision(one))?.file ?? null;
    }
    this.render();
    this.preload();
    this.askForMore();
  }

  // The server does not yet send what has been undone since.
  withUndone(cases) {
    const sent = new Set(cases.map((one) => one.file));
    const undone = [...this.outbox.said].filter(([file, act]) => !act && !sent.has(file) && this.known.has(file));
    return [...undone.map(([file]) => ({ ...this.known.get(file), decision: "", undone: true })), ...cases];
  }

  // The next cases are in the browser before they are asked for.
  preload() {
    const before = this.preloaded ?? new Map();
    const others = this.cases.filter((one) => one !== this.current);
    const images = others.flatMap((one) => [one.image, ...(one.neighbours ?? []).map((near) => near.image)]);
    this.preloaded = new Map(images.filter(Boolean).map((source) => [source, before.get(source)]));
    this.loadAhead();
  }

  // A few at a time, and none while the script runs: the server may have none of them any more at its end.
  loadAhead() {
    const loading = [...this.preloaded].filter(([, image]) => image && !image.complete);
    if (!this.root.isConnected || isScriptRunning()) {
      for (const [source, image] of loading) {
        image.onload = image.onerror = null;
        image.removeAttribute("src");
        this.preloaded.set(source, undefined);
      }
      return;
    }
    const waiting = [...this.preloaded].filter(([, image]) => !image);
    for (const [source] of waiting.slice(0, LOADING - loading.length)) {
      const image = new Image();
      image.onload = image.onerror = () => this.loadAhead();
      image.src = source;
      this.preloaded.set(source, image);
    }
  }

  // The server sends as many pictures at a time as it quickly can.
  askForMore() {
    clearTimeout(this.asker);
    const here = this.cases.indexOf(this.current);
    const missing = here >= 0 && this.cases.slice(here, here + AHEAD).some((one) => one.image === undefined);
    if (missing) this.asker = setTimeout(() => this.root.isConnected && this.outbox.touch(), ASK_AGAIN);
  }

  pressed(event, elsewhere) {
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.key.startsWith("Arrow") && elsewhere)) return;
    taken(event);
    this.act(act);
  }

  get current() {
    return this.cases.find((one) => one.file === this.at);
  }

  decision(one) {
    return this.outbox.said.get(one.file) ?? one.decision;
  }

  act(name, label) {
    if (name === "next" || name === "previous") return this.move(name === "next" ? 1 : -1);
    if (name === "undo") return this.undo();
    const one = this.current;
    if (!one || (name === "accept" && !one.suggested)) return;
    if (name === "relabel" && !label) return this.pick();
    this.asking.close();
    this.say(`${one.file}: ${DONE[name]}${label ? `, ${label}` : ""}`);
    this.remember(one);
    const rest = this.cases.slice(this.cases.indexOf(one) + 1);
    const next = [...rest, ...this.cases].find((other) => other !== one && !this.decision(other));
    this.at = next?.file ?? null;
    this.outbox.enter(name, [one.file], label ?? null);
    this.render();
  }

  remember(one) {
    this.known.delete(one.file);
    this.known.set(one.file, one);
    if (this.known.size > KNOWN) this.known.delete(this.known.keys().next().value);
  }

  undo() {
    const file = this.outbox.done.at(-1)?.files[0];
    if (this.known.has(file) || this.cases.some((one) => one.file === file)) this.at = file;
    this.outbox.undo();
    this.cases = this.withUndone(this.cases);
    this.render();
  }

  move(step) {
    const next = this.cases[this.cases.indexOf(this.current) + step];
    if (next) this.go(next.file);
  }

  go(file) {
    this.at = file;
    this.asking.close();
    this.outbox.touch();
    this.render();
  }

  // What is seen.

  build() {
    const make = (tag, name, text) => (this[name] = element(tag, name, text));
    const parts = ["progress", "picture", "facts", "actions", "evidence", "strip"].map((name) => make("div", name));
    make("div", "picker").hidden = true;
    make("div", "said");
    this.said.setAttribute("role", "status");
    const bar = element("span", "track");
    this.filled = element("i");
    bar.append(this.filled);
    this.figures = element("span", "figures");
    this.saving = element("span", "saving");
    this.progress.append(bar, this.figures, this.saving);
    this.buttons = {};
    for (const [key, name] of [["A", "accept"], ["K", "keep"], ["O", "relabel"], ["S", "skip"], ["U", "undo"]]) {
      const button = element("button", `act ${name}`);
      const words = element("span", "words");
      button.append(element("kbd", "", key), words);
      Object.assign(button, { type: "button", onclick: () => this.act(name) });
      this.buttons[name] = { button, words };
      (name === "undo" ? this.progress : this.actions).append(button); // as in the grid
    }
    this.root.append(...parts, this.picker, this.said);
  }

  render() {
    const one = this.current;
    this.state();
    this.root.classList.toggle("empty", !one);
    this.facts.replaceChildren(...(one ? this.described(one) : [element("p", "over", this.waiting())]));
    const seen = one && `${one.file} ${one.image}`;
    if (this.seen !== seen) {
      this.seen = seen;
      this.picture.replaceChildren(...(one ? [image(one.image, `${one.file}, labelled ${one.label ?? "nothing"}`)] : []));
    }
    const near = JSON.stringify([one?.suggested, one?.label, one?.neighbours]);
    if (this.near !== near) {
      this.near = near;
      const votes = element("p", "votes", one?.neighbours ? votesFor(one) : "");
      this.evidence.replaceChildren(votes, ...(one?.neighbours ?? []).map((other) => neighbour(other, one)));
    }
    const here = Math.max(this.cases.indexOf(one), 0);
    const queue = this.cases.slice(Math.max(here - QUEUED[0], 0), here + QUEUED[1]);
    this.strip.replaceChildren(...queue.map((other) => this.queued(other)));
    const words = {
      accept: one?.suggested ? `It is ${one.suggested}` : one?.label ? "Looks like no other class" : "No suggestion",
      keep: one?.label ? `Keep ${one.label}` : "Leave unlabelled",
      relabel: "Another class",
      skip: "Skip",
      undo: "Undo",
    };
    for (const [name, { button, words: place }] of Object.entries(this.buttons)) {
      place.textContent = words[name];
      button.disabled = name !== "undo" && (!one || (name === "accept" && !one.suggested));
    }
  }

  state() {
    const known = (file) => {
      const one = this.cases.find((other) => other.file === file);
      return one ? one.decision || one.undone : true; // it has left the queue because it was decided
    };
    this.root.dataset.pending = this.outbox.pending.length;
    const { decided, all } = withPending(this.data.counts, this.outbox.said, known);
    this.filled.style.width = `${all ? (100 * decided) / all : 100}%`;
    this.figures.textContent = `${decided} of ${all} decided`;
    this.saving.textContent = this.outbox.problem(this.data);
  }

  waiting() {
    const more = this.data.counts.left > this.cases.length && this.outbox.pending.length;
    return more ? "One moment…" : "Nothing left here. Choose other kinds or classes above, or export what you have decided.";
  }

  described(one) {
    const line = element("div", "verdict");
    line.append(element("span", "given", one.label ?? "no label"));
    if (one.suggested && one.suggested !== one.label) {
      line.append(element("span", "arrow", "→"), element("span", "suggested", one.suggested));
    }
    if (one.quality !== null) {
      const quality = element("span", "quality");
      const bar = element("span", "bar");
      const filled = element("i");
      filled.style.width = `${one.quality * 100}%`;
      bar.append(filled);
      quality.append(element("span", "", `Label fit: ${one.fit}`), bar);
      quality.title = `${one.quality.toFixed(2)} of 1`;
      line.append(quality);
    }
    const why = element("p", "why");
    why.append(element("b", "", `${one.kind}.`), ` ${one.explanation}`);
    const parts = [line, why, element("p", "file", one.file)];
    const decision = this.decision(one);
    const now = decision && decision === one.decision && decision !== "skip" && one.shown;
    if (decision) parts.push(element("p", "decided", `Decided: ${DONE[decision]}${now ? `, ${one.shown}` : ""}`));
    return parts;
  }

  queued(one) {
    const decision = this.decision(one);
    const button = element("button", one.file === this.at ? "case present" : "case");
    Object.assign(button, { type: "button", title: one.file, onclick: () => this.go(one.file) });
    button.setAttribute("aria-label", `Go to ${one.file}${decision ? `, ${DONE[decision]}` : ""}`);
    button.append(image(one.thumbnail, ""));
    if (decision) button.append(element("span", "tick", decision === "skip" ? "–" : "✓"));
    return button;
  }

  pick() {
    const one = this.current;
    const likely = [one.suggested, ...(one.neighbours ?? []).map((other) => other.label)];
    const back = () => this.buttons.relabel.button.focus({ preventScroll: true });
    this.asking.open(this.data.classes, likely, (label) => this.act("relabel", label), back);
  }

  say(text) {
    this.said.textContent = text;
  }
}

const app = () => document.querySelector("[data-testid=stApp]");

function isScriptRunning() {
  return ["running", "rerunRequested"].includes(app()?.dataset.testScriptState);
}

// Calls `changed` while `root` is on the page, and once when it has left it.
function whenScriptStartsOrEnds(root, changed) {
  const watch = new MutationObserver(() => {
    if (!root.isConnected) watch.disconnect();
    changed();
  });
  watch.observe(app(), { attributes: true, attributeFilter: ["data-test-script-state"] });
}

function votesFor(one) {
  const say = (label) => {
    const count = one.neighbours.filter((near) => near.label === label).length;
    return `${count || "none"} ${count > 1 ? "say" : "says"} ${label}`;
  };
  const labels = [...new Set([one.suggested, one.label])].filter((label) => label);
  const most = `${one.neighbours.length} most alike`;
  return labels.length ? `Of the ${most}, ${labels.map(say).join(", ")}` : `The ${most}`;
}

function neighbour(near, one) {
  const node = element("figure", "near");
  if (near.label === one.suggested) node.classList.add("for-suggested");
  else if (near.label === one.label) node.classList.add("for-given");
  const text = element("figcaption");
  text.append(element("span", "label", near.label), element("span", "cosine", near.cosine.toFixed(2)));
  node.append(image(near.image, near.file), text);
  node.title = near.file;
  return node;
}

function image(source, alt) {
  if (!source) return element("span", "gone", source === undefined ? "" : "no longer readable");
  const node = element("img");
  Object.assign(node, { src: source, alt, decoding: "async", draggable: false });
  return node;
}
