// Many doubtful labels at once, in groups that share a proposal. All are ticked; what does not belong is
// unticked, and one key decides for the rest. Text goes in as text, never as markup.
const ACTS = { a: "accept", Enter: "accept", k: "keep", o: "relabel", l: "line", x: "tick", " ": "tick", u: "undo" };
const COME_NEAR = "600px"; // how far below the window pictures are asked for
const ASK_AFTER = 150; // milliseconds, so that one question asks for many; the server sends what it quickly can

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".review");
  root.grid ??= new Grid(root);
  root.grid.update(data, (work) => setStateValue("work", work));
  parentElement.host.dataset.there = ""; // ui/shell/frame.css keeps its place until then
}

class Grid {
  constructor(root) {
    this.root = root;
    this.known = new Map(); // every case that was sent, by file
    this.images = new Map(); // addresses, by file
    this.off = new Set(); // files that are not ticked
    this.wanted = new Set();
    this.outbox = new Outbox(() => this.asked(), () => this.state());
    this.near = new IntersectionObserver((seen) => this.came(seen), { rootMargin: COME_NEAR });
    this.build();
    this.asking = new Picker(this.picker);
    root.onclick = (event) => this.clicked(event);
    root.addEventListener("focusin", (event) => this.reach(event.target.closest(".case")?.file));
    listenWhileShown(root, (event, elsewhere) => this.pressed(event, elsewhere));
  }

  asked() {
    return { wanted: [...this.wanted], open: this.fold.open };
  }

  update(data, transmit) {
    this.data = data;
    for (const one of data.cases) {
      this.known.set(one.file, one);
      if (one.image !== undefined) this.images.set(one.file, one.image);
    }
    for (const file of this.images.keys()) this.wanted.delete(file);
    this.outbox.update(data, transmit);
    this.sent = data.cases.map((one) => one.file);
    this.render();
    this.ask();
  }

  // The files to show, group by group: what is decided leaves at once, what is undone comes back.
  get files() {
    const said = this.outbox.said;
    const back = [...said.keys()].filter((file) => this.known.has(file) && !this.sent.includes(file));
    const files = [...back, ...this.sent].filter((file) => !said.get(file));
    return files.sort((a, b) => this.groupOf(a) - this.groupOf(b));
  }

  // Pictures are asked for when they come near.
  came(seen) {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      this.near.unobserve(target);
      if (!this.images.has(target.file)) this.wanted.add(target.file);
    }
    this.ask();
  }

  // Until what was asked for is here, or decided.
  ask() {
    clearTimeout(this.asker);
    if (!this.sent.some((file) => this.wanted.has(file))) return;
    this.asker = setTimeout(() => this.root.isConnected && this.outbox.touch(), ASK_AFTER);
  }

  clicked(event) {
    const group = event.target.closest(".group")?.group;
    const cell = event.target.closest(".case");
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (cell) this.tick(cell.file, event.shiftKey);
    else if (act) this.act(act, group);
  }

  pressed(event, elsewhere) {
    const button = event.composedPath()[0].closest?.("button:not(.case), summary");
    if (elsewhere && !isLetter(event)) return; // what has the keyboard there needs it
    if (button && [" ", "Enter"].includes(event.key)) return; // they press it
    const act = ACTS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const next = act ? undefined : this.beside(event.key);
    if (!act && !next) return;
    taken(event);
    if (next) this.go(next);
    else if (act === "tick") this.tick(this.at);
    else this.act(act, this.groupOf(this.at));
  }

  groupOf(file) {
    return this.known.get(file)?.group;
  }

  inGroup(group) {
    return this.files.filter((file) => this.groupOf(file) === group);
  }

  tick(file, range = false) {
    if (!file) return;
    const group = this.inGroup(this.groupOf(file));
    const from = range ? group.indexOf(this.anchor) : -1;
    if (from >= 0) {
      const [first, last] = [from, group.indexOf(file)].sort((a, b) => a - b);
      group.slice(first, last + 1).forEach((other) => this.mark(other, !this.off.has(this.anchor)));
    } else {
      this.mark(file, this.off.has(file));
      this.anchor = file;
    }
    this.reach(file);
    this.render();
    this.say(`${file} ${this.off.has(file) ? "not ticked" : "ticked"}`);
  }

  mark(file, ticked) {
    if (ticked) this.off.delete(file);
    else this.off.add(file);
  }

  act(name, group) {
    if (name === "undo") return this.undo();
    if (group === undefined) return;
    const all = this.inGroup(group);
    const ticked = all.filter((file) => !this.off.has(file));
    const { accept, keep } = choices(this.data.groups[group]);
    if (name === "accept") this.decide(accept, ticked, group);
    else if (name === "keep") this.decide(keep, all, group);
    else if (name === "relabel" && !this.data.groups[group].excludes) this.relabel(all.includes(this.at) ? this.at : all[0]);
    else if (name === "line") {
      const here = all.indexOf(this.at);
      all.forEach((file, place) => this.mark(file, place <= here));
      this.render();
      this.say(`${here + 1} ticked`);
    }
  }

  decide(act, files, group, label) {
    if (!files.length) return;
    const { suggested } = this.data.groups[group];
    const what = {
      accept: `labelled ${suggested}`,
      keep: "kept",
      relabel: `labelled ${label}`,
      exclude: "excluded",
      retain: "kept",
    }[act];
    const shown = this.files;
    const after = shown.slice(shown.indexOf(files.at(-1)) + 1);
    const stay = (file) => !files.includes(file);
    const rest = this.inGroup(group).find(stay);
    this.at = rest ?? after.find(stay) ?? shown.findLast(stay);
    this.outbox.enter(act, files, label);
    this.render();
    this.focus();
    this.say(`${files.length === 1 ? files[0] : files.length} ${what}`);
  }

  relabel(file) {
    this.go(file);
    const { suggested, label } = this.known.get(file);
    const likely = [suggested, ...(this.known.get(file).likely ?? [])].filter((name) => name && name !== label);
    const chosen = (name) => this.decide("relabel", [file], this.groupOf(file), name);
    this.asking.open(this.data.classes, likely, chosen, () => this.focus());
  }

  undo() {
    const step = this.outbox.undo();
    this.at = step?.files.find((file) => this.known.has(file)) ?? this.at;
    this.render();
    this.focus();
    this.say(step ? `${step.files.length} undone` : "Undone");
  }

  // Where an arrow leads to: beside, or the nearest in the row above or below.
  beside(key) {
    const cells = [...this.root.querySelectorAll(".case")].filter((cell) => cell.checkVisibility());
    const here = cells.findIndex((cell) => cell.file === this.at);
    if (here < 0) return key.startsWith("Arrow") ? cells[0]?.file : undefined;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) return cells[here + step]?.file;
    const way = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!way) return undefined;
    const box = cells[here].getBoundingClientRect();
    const distance = (cell) => {
      const other = cell.getBoundingClientRect();
      const down = way * (other.top - box.top);
      return down > 1 ? down * 10_000 + Math.abs(other.left - box.left) : Infinity;
    };
    const nearest = cells.reduce((best, cell) => (distance(cell) < distance(best) ? cell : best), cells[here]);
    return nearest.file;
  }

  go(file) {
    this.reach(file);
    this.focus();
  }

  // Tab leads to one picture, the arrow keys to the others.
  reach(file) {
    if (!file || file === this.at) return;
    this.at = file;
    for (const cell of this.root.querySelectorAll(".case")) cell.tabIndex = cell.file === file ? 0 : -1;
  }

  focus() {
    const cell = [...this.root.querySelectorAll(".case")].find((other) => other.file === this.at);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest" });
  }

  // What is seen.

  build() {
    const make = (name) => (this[name] = element("div", name));
    this.root.append(...["progress", "doubtful"].map(make));
    const bar = element("span", "track");
    this.filled = element("i");
    bar.append(this.filled);
    this.figures = element("span", "figures");
    this.saving = element("span", "saving");
    this.undoing = action("undo", "U", "Undo");
    this.progress.append(bar, this.figures, this.saving, this.undoing);
    this.fold = element("details", "sure");
    this.fold.append((this.summary = element("summary")), (this.rest = element("div", "rest")));
    this.fold.ontoggle = () => this.outbox.touch();
    this.keys = element("p", "keys");
    this.root.append(this.keys, this.fold, make("picker"), make("said"));
    this.said.setAttribute("role", "status");
    this.root.insertBefore(this.keys, this.doubtful);
  }

  render() {
    const files = this.files;
    if (!files.includes(this.at)) this.at = files[0];
    const by = new Map();
    for (const file of files) {
      const name = this.groupOf(file);
      if (!by.has(name)) by.set(name, []);
      by.get(name).push(file);
    }
    const named = this.data.groups.map(JSON.stringify); // a group keeps its node, wherever it comes
    const drawn = (sure) =>
      this.data.groups.flatMap((group, place) =>
        by.has(place) && group.sure === sure ? [this.group(place, named[place], by.get(place))] : [],
      );
    const focused = this.root.getRootNode().activeElement?.file;
    fill(this.doubtful, drawn(false));
    fill(this.rest, drawn(true));
    const { left, decided } = this.data.counts;
    this.root.classList.toggle("empty", !left && !decided && !files.length && !this.outbox.done.length);
    if (!this.doubtful.childElementCount) {
      this.doubtful.replaceChildren(element("p", "over", this.root.classList.contains("empty") ? "Nothing to decide here." : "Nothing is left to decide here."));
    }
    this.fold.hidden = !this.data.sure;
    const poor = this.data.groups.some((group) => group.excludes);
    this.keys.textContent = `Click or X unticks, Shift-click a range · arrows move · A ${poor ? "excludes" : "accepts"} the ticked · L ticks down to here · K keeps all of a group${poor ? "" : " · O another class"} · U undoes`;
    this.summary.textContent = `${this.data.sure.toLocaleString("en")} that look right`;
    if (focused && !this.root.getRootNode().activeElement) this.focus();
    this.state();
  }

  state() {
    const counted = ([file]) => this.known.has(file) && !this.data.groups[this.groupOf(file)]?.sure;
    const said = [...this.outbox.said].filter(counted);
    const { decided, all } = withPending(this.data.counts, said, (file) => !this.sent.includes(file));
    this.root.dataset.pending = this.outbox.pending.length;
    this.filled.style.width = `${all ? (100 * decided) / all : 100}%`;
    this.figures.textContent = `${decided} of ${all} decided`;
    this.saving.textContent = this.outbox.problem(this.data);
  }

  group(place, name, files) {
    this.groups ??= new Map();
    const { words, alone } = choices(this.data.groups[place]);
    const node = this.groups.get(name) ?? this.newGroup(name, this.data.groups[place]);
    node.group = place;
    const ticked = files.filter((file) => !this.off.has(file)).length;
    node.accept.lastChild.textContent = `${words} ${ticked}`;
    node.accept.disabled = !ticked;
    node.keep.hidden = alone && ticked === files.length;
    node.count.textContent = files.length;
    fill(node.cells, files.map((file) => this.cell(file)));
    return node;
  }

  newGroup(name, { title, suggested, note }) {
    const node = element("section", "group");
    const head = element("h3", "head");
    head.append(element("span", "given", title));
    if (suggested) head.append(element("span", "arrow", "→"), element("span", "suggested", suggested));
    node.count = element("span", "count");
    node.accept = action("accept", "A", "");
    node.keep = action("keep", "K", "Keep all");
    const acts = element("div", "acts");
    acts.append(node.accept, node.keep);
    const top = element("div", "top");
    top.append(head, node.count, acts, element("span", "note", note));
    node.cells = element("div", "cells");
    node.cells.setAttribute("role", "group");
    node.cells.setAttribute("aria-label", suggested ? `${title} to ${suggested}` : title);
    node.append(top, node.cells);
    this.groups.set(name, node);
    return node;
  }

  cell(file) {
    this.cells ??= new Map();
    const one = this.known.get(file);
    const node = this.cells.get(file) ?? this.newCell(one);
    const source = this.images.get(file);
    if (node.source !== source) {
      node.source = source;
      node.frame.replaceChildren(source ? picture(source) : element("span", "gone", source === "" ? "no longer readable" : ""));
    }
    const ticked = !this.off.has(file);
    node.setAttribute("aria-checked", ticked);
    node.tabIndex = file === this.at ? 0 : -1;
    return node;
  }

  newCell(one) {
    const node = element("button", "case");
    node.file = one.file;
    Object.assign(node, { type: "button", title: one.file });
    node.setAttribute("role", "checkbox");
    node.setAttribute("aria-label", `${one.label ?? "no label"}, ${one.file}`);
    node.frame = element("span", "frame");
    const text = element("span", "text");
    text.append(element("span", "label", one.label ?? "no label"));
    if (one.figure) text.append(element("span", "quality", one.figure));
    node.append(node.frame, element("span", "box"), text);
    this.cells.set(one.file, node);
    if (!this.images.has(one.file)) this.near.observe(node);
    return node;
  }

  say(text) {
    this.said.textContent = text;
  }
}

// What accepting and keeping a group mean, the first in words, and whether there is nothing but keeping.
function choices({ suggested, excludes }) {
  if (excludes) return { accept: "exclude", keep: "retain", words: "Exclude", alone: false };
  return suggested
    ? { accept: "accept", keep: "keep", words: "Accept", alone: false }
    : { accept: "keep", keep: "keep", words: "Keep", alone: true };
}
