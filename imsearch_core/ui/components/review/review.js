// One doubtful label at a time. Decisions are kept here, and in the tab's storage, until the server has
// acknowledged them; meanwhile the next case is shown. Text goes in as text, never as markup.
const KEYS = { a: "accept", k: "keep", o: "relabel", s: "skip", u: "undo", ArrowRight: "next", ArrowLeft: "previous" };
const DONE = { accept: "suggestion accepted", keep: "kept", relabel: "another class", skip: "skipped" };
const RESEND = 3000; // milliseconds without an answer

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".desk");
  root.desk ??= new Desk(root);
  root.desk.update(data, (work) => setStateValue("work", work));
}

class Desk {
  constructor(root) {
    this.root = root;
    this.turn = 0;
    this.cases = [];
    this.build();
    this.listen();
  }

  // What the server says: it leads, unless this tab has meanwhile gone on.
  update(data, send) {
    this.transmit = send;
    if (this.name !== data.desk) this.recall(data.desk);
    const acknowledged = new Set(data.acknowledged);
    this.pending = this.pending.filter((entry) => !acknowledged.has(entry.event));
    this.data = data;
    this.cases = data.cases;
    this.ahead = data.cases.flatMap((one) => [one.image, ...(one.neighbours ?? []).map((near) => near.image)]).map(preloaded);
    if (data.turn >= this.turn) {
      this.turn = data.turn;
      this.at = data.at;
    }
    this.keep();
    if (this.pending.length && !this.timer) this.send();
    this.render();
  }

  recall(name) {
    this.name = name;
    let kept = {};
    try {
      kept = JSON.parse(sessionStorage.getItem(name)) ?? {};
    } catch {
      // no storage, or not ours: this tab begins anew
    }
    this.reviewer = kept.reviewer ?? fresh();
    this.pending = kept.pending ?? [];
  }

  keep() {
    try {
      sessionStorage.setItem(this.name, JSON.stringify({ reviewer: this.reviewer, pending: this.pending }));
    } catch {
      // no storage: what is not yet saved lives as long as the page
    }
  }

  send() {
    this.turn += 1;
    this.keep();
    this.transmit({ reviewer: this.reviewer, turn: this.turn, at: this.at, log: this.pending });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.late = this.pending.length > 0;
      if (this.late && this.root.isConnected) this.send();
      this.state();
    }, RESEND);
  }

  // Until the desk has left the page. No cleanup is given to Streamlit: it calls that of an update which
  // another has overtaken, and the keys would go dead.
  listen() {
    const pressed = (event) => {
      if (this.root.isConnected) this.pressed(event);
      else document.removeEventListener("keydown", pressed, true);
    };
    document.addEventListener("keydown", pressed, true);
  }

  pressed(event) {
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const target = event.composedPath()[0];
    const typing = target.closest?.("input, textarea, select, [contenteditable=true], [role=dialog], .picker");
    if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const elsewhere = target !== document.body && !this.root.contains(target);
    if (event.key.startsWith("Arrow") && elsewhere) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(act);
  }

  get current() {
    return this.cases.find((one) => one.file === this.at);
  }

  act(name, label) {
    if (name === "next" || name === "previous") return this.move(name === "next" ? 1 : -1);
    if (name === "undo") return this.enter({ act: name });
    const one = this.current;
    if (!one || (name === "accept" && !one.suggested)) return;
    if (name === "relabel" && !label) return this.pick();
    this.closePicker();
    this.say(`${one.file}: ${DONE[name]}${label ? `, ${label}` : ""}`);
    one.decision = name;
    const rest = this.cases.slice(this.cases.indexOf(one) + 1);
    this.at = (rest.find((other) => !other.decision) ?? rest[0])?.file ?? null;
    this.enter({ act: name, file: one.file, label: label ?? null });
  }

  enter(entry) {
    this.pending.push({ event: fresh(), ...entry });
    this.send();
    this.render();
  }

  move(step) {
    const next = this.cases[this.cases.indexOf(this.current) + step];
    if (next) this.go(next.file);
  }

  go(file) {
    this.at = file;
    this.closePicker();
    this.send();
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
      this.actions.append(button);
    }
    this.root.append(...parts, this.picker, this.said);
  }

  render() {
    const one = this.current;
    this.state();
    this.root.classList.toggle("empty", !one);
    this.facts.replaceChildren(...(one ? this.described(one) : [element("p", "over", this.waiting())]));
    const seen = one ? one.image ?? one.thumbnail : "";
    if (this.seen !== seen) {
      this.seen = seen;
      this.picture.replaceChildren(...(one ? [image(seen, `${one.file}, labelled ${one.label ?? "nothing"}`)] : []));
    }
    const near = JSON.stringify([one?.suggested, one?.label, one?.neighbours]);
    if (this.near !== near) {
      this.near = near;
      const votes = element("p", "votes", one?.neighbours ? counted(one) : "");
      this.evidence.replaceChildren(votes, ...(one?.neighbours ?? []).map((other) => neighbour(other, one)));
    }
    this.strip.replaceChildren(...this.cases.map((other) => this.queued(other)));
    const words = {
      accept: one?.suggested ? `It is ${one.suggested}` : "No suggestion",
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
    const { left, decided } = this.data.counts;
    const all = left + decided;
    this.filled.style.width = `${all ? (100 * decided) / all : 100}%`;
    this.figures.textContent = `${decided} of ${all} decided`;
    const waiting = this.late && this.pending.length;
    this.saving.textContent = this.data.problem || (waiting ? `${this.pending.length} not saved yet, trying again` : "");
  }

  waiting() {
    return this.pending.length ? "One moment…" : "Nothing left here. Choose other kinds or classes above, or export what you have decided.";
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
      quality.append(element("span", "", `quality ${one.quality.toFixed(2)}`), bar);
      line.append(quality);
    }
    const why = element("p", "why");
    why.append(element("b", "", `${one.kind[0].toUpperCase()}${one.kind.slice(1)}.`), ` ${one.explanation}`);
    const parts = [line, why, element("p", "file", one.file)];
    if (one.decision) parts.push(element("p", "decided", `Decided: ${DONE[one.decision]}${one.shown && one.decision !== "skip" ? `, ${one.shown}` : ""}`));
    return parts;
  }

  queued(one) {
    const button = element("button", one.file === this.at ? "case present" : "case");
    Object.assign(button, { type: "button", title: one.file, onclick: () => this.go(one.file) });
    button.setAttribute("aria-label", `Go to ${one.file}${one.decision ? `, ${DONE[one.decision]}` : ""}`);
    button.append(image(one.thumbnail, ""));
    if (one.decision) button.append(element("span", "tick", one.decision === "skip" ? "–" : "✓"));
    return button;
  }

  // Another class: typed, or picked from those that there are.

  pick() {
    const one = this.current;
    const near = [one.suggested, ...(one.neighbours ?? []).map((other) => other.label)];
    const known = [...new Set([...near.filter((label) => this.data.classes.includes(label)), ...this.data.classes])];
    const input = element("input");
    Object.assign(input, { type: "text", placeholder: "Class, or a new one", maxLength: 100, autocomplete: "off" });
    input.setAttribute("aria-label", "Another class");
    const list = element("div", "options");
    const offer = () => {
      const typed = input.value.trim();
      const found = known.filter((label) => label.toLowerCase().includes(typed.toLowerCase()));
      found.sort((a, b) => b.toLowerCase().startsWith(typed.toLowerCase()) - a.toLowerCase().startsWith(typed.toLowerCase()));
      const options = found.slice(0, 24).map((label) => ({ label, text: label }));
      if (typed && !known.includes(typed)) options.push({ label: typed, text: `New class ${typed}` });
      list.replaceChildren(
        ...options.map(({ label, text }) => {
          const option = element("button", "option", text);
          Object.assign(option, { type: "button", onclick: () => this.act("relabel", label) });
          return option;
        }),
      );
    };
    input.oninput = offer;
    this.picker.onkeydown = (event) => {
      const options = [...list.children];
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const here = options.indexOf(event.target);
      event.stopPropagation(); // letters typed here are no keys of the page
      if (event.key === "Escape") this.closePicker();
      else if (event.key === "Enter" && here < 0) options[0]?.click();
      else if (step && (here >= 0 || event.key === "ArrowDown")) (options[here + step] ?? input).focus();
      else return;
      event.preventDefault();
    };
    offer();
    this.picker.replaceChildren(input, list);
    this.picker.hidden = false;
    input.focus();
  }

  closePicker() {
    if (this.picker.hidden) return;
    this.picker.hidden = true;
    this.buttons.relabel.button.focus({ preventScroll: true });
  }

  say(text) {
    this.said.textContent = text;
  }
}

function counted(one) {
  const say = (label) => `${one.neighbours.filter((near) => near.label === label).length} say ${label}`;
  const labels = [...new Set([one.suggested, one.label])].filter((label) => label);
  return `Of the ${one.neighbours.length} most alike, ${labels.map(say).join(", ")}`;
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
  if (!source) return element("span", "gone", "no longer readable");
  const node = element("img");
  Object.assign(node, { src: source, alt, decoding: "async", draggable: false });
  return node;
}

// The next cases are in the browser before they are asked for.
function preloaded(source) {
  const node = new Image();
  if (source) node.src = source;
  return node;
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
