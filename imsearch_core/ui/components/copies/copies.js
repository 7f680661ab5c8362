// Groups of copies. The best of each is marked; one key excludes the others. A decision counts here at once
// and goes to the server behind it. Text goes in as text, never as markup.
const ACTS = { a: "exclude", Enter: "exclude", n: "distinct", l: "line", u: "undo", x: "select", " ": "look" };
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1 }; // to the next group or the one before
const TURNS = { ArrowRight: 1, ArrowLeft: -1 }; // to the next picture of a group
const ASK_AGAIN = 250; // milliseconds until the next pictures are asked for

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".copies");
  root.desk ??= new Copies(root);
  root.desk.update(data, (work) => setStateValue("work", work), (files) => setTriggerValue("selected", files));
  parentElement.host.dataset.there = ""; // ui/shell/frame.css keeps its place until then
}

class Copies {
  constructor(root) {
    this.root = root;
    this.known = new Map(); // every group that was sent, by its name
    this.pictures = new Map(); // what is known of each file
    this.kept = new Map(); // the file that a person wants to keep, by group
    this.drawn = new Map(); // the node of each group
    this.outbox = new Outbox(() => ({ look: this.dialog.open ? this.at : null }), () => this.state());
    this.build();
    const cells = () => [...this.list.querySelectorAll(".cell")];
    this.selecting = new Selecting(this.list, { nodes: cells, say: (text) => this.say(text) });
    root.onclick = (event) => this.clicked(event);
    root.addEventListener("focusin", (event) => this.reach(event.target.closest(".group")?.name));
    listenWhileShown(root, (event, elsewhere) => this.pressed(event, elsewhere));
  }

  update(data, transmit, select) {
    this.data = data;
    for (const group of data.groups) this.known.set(group.id, group);
    for (const [file, one] of Object.entries(data.pictures)) {
      this.pictures.set(file, { ...this.pictures.get(file), ...one });
    }
    this.outbox.update(data, transmit);
    this.selecting.update(data.selection, select);
    this.render();
    clearTimeout(this.asker);
    const missing = Object.values(data.pictures).some((one) => one.image === undefined);
    if (missing) this.asker = setTimeout(() => this.root.isConnected && this.outbox.touch(), ASK_AGAIN);
  }

  // The groups to decide about: what is decided leaves at once, what is undone comes back.
  get groups() {
    const { pending } = this.outbox;
    const undone = new Set(pending.filter((entry) => entry.act === "undo").map((entry) => entry.step));
    const decided = pending.filter((entry) => entry.act !== "undo" && !undone.has(entry.event));
    const gone = new Set(decided.flatMap((entry) => entry.groups ?? []));
    const back = pending.filter((entry) => entry.act === "undo").flatMap((entry) => entry.groups ?? []);
    const names = new Set([...back, ...this.data.groups.map((group) => group.id)]);
    return [...names].filter((name) => this.known.has(name) && !gone.has(name)).map((name) => this.known.get(name));
  }

  clicked(event) {
    const group = event.target.closest(".group")?.name;
    const cell = event.target.closest(".cell");
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (!act) return;
    const selects = event.ctrlKey || event.metaKey || event.shiftKey || act === "selected";
    if (cell && selects) this.selecting.pick(cell.file, event.shiftKey);
    else if (cell) this.keep(group, cell.file);
    else this.act(act, group);
  }

  pressed(event, elsewhere) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const button = event.composedPath()[0].closest?.("button:not(.case)");
    if (elsewhere && !isLetter(event)) return; // what has the keyboard there needs it
    if (button && [" ", "Enter"].includes(key)) return; // they press the button
    const group = this.known.get(this.at);
    const place = /^[1-9]$/.test(key) ? Number(key) - 1 : undefined;
    if (key in ACTS) this.act(ACTS[key], this.at);
    else if (key in STEPS) this.step(STEPS[key]);
    else if (group && key in TURNS) this.turn(group, TURNS[key]);
    else if (group?.files[place]) this.keep(this.at, group.files[place]);
    else return;
    taken(event);
  }

  best(group) {
    const kept = this.kept.get(group.id);
    return group.files.includes(kept) ? kept : group.keep;
  }

  turn(group, step) {
    const next = group.files[group.files.indexOf(this.best(group)) + step];
    if (next) this.keep(group.id, next);
  }

  keep(name, file) {
    this.kept.set(name, file);
    this.reach(name);
    this.render();
    this.say(`${file} is kept`);
  }

  act(name, at) {
    if (name === "undo") return this.undo();
    const groups = this.groups;
    const here = groups.findIndex((group) => group.id === at);
    if (here < 0) return;
    if (name === "look") this.look();
    else if (name === "select") this.select(groups[here]);
    else if (name === "exclude") this.exclude([groups[here]]);
    else if (name === "line") this.exclude(groups.slice(0, here + 1));
    else if (name === "distinct") this.decide("distinct", groups[here].files, [groups[here]], "are not duplicates");
  }

  // The pictures of a group side by side, large; keys decide as before, and the next group follows.
  look() {
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
    this.render();
    this.outbox.touch();
  }

  // All of a group, or none of it.
  select({ id, files }) {
    const cells = [...this.drawn.get(id).querySelectorAll(".cell")];
    const all = files.every((file) => this.selecting.keys.has(file));
    cells.filter((cell) => this.selecting.keys.has(cell.file) === all).forEach((cell) => this.selecting.pick(cell.file));
  }

  exclude(groups) {
    const kept = new Set(groups.map((group) => this.best(group)));
    const files = new Set(groups.flatMap((group) => group.files).filter((file) => !kept.has(file)));
    this.decide("exclude", [...files], groups, "excluded");
  }

  decide(act, files, groups, what) {
    const shown = this.groups;
    const after = shown.slice(shown.indexOf(groups.at(-1)) + 1);
    this.at = (after[0] ?? shown.findLast((group) => !groups.includes(group)))?.id;
    this.outbox.enter(act, files, null, { groups: groups.map((group) => group.id) });
    this.render();
    this.focus();
    this.say(`${files.length} ${what}`);
  }

  undo() {
    const step = this.outbox.undo();
    this.at = step?.groups?.find((name) => this.known.has(name)) ?? this.at;
    this.render();
    this.focus();
    this.say(step ? `${step.files.length} undone` : "Undone");
  }

  step(by) {
    const groups = this.groups;
    const next = groups[groups.findIndex((group) => group.id === this.at) + by];
    if (!next) return;
    this.reach(next.id);
    this.render();
    this.focus();
  }

  reach(name) {
    if (!name || name === this.at) return;
    this.at = name;
    this.present();
    if (this.dialog.open) this.outbox.touch(); // for the large pictures
  }

  present() {
    for (const [name, node] of this.drawn) {
      node.classList.toggle("present", name === this.at);
      for (const pick of node.querySelectorAll(".case")) pick.tabIndex = name === this.at ? 0 : -1;
    }
  }

  focus() {
    const node = this.drawn.get(this.at);
    node?.querySelector(".case[aria-pressed=true]")?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest" });
  }

  // What is seen.

  build() {
    const make = (tag, name, text) => (this[name] = element(tag, name, text));
    make("div", "progress");
    const bar = element("span", "track");
    this.filled = element("i");
    bar.append(this.filled);
    this.figures = element("span", "figures");
    this.saving = element("span", "saving");
    this.progress.append(bar, this.figures, this.saving, action("undo", "U", "Undo"));
    const keys = "A excludes all but the marked copy · ← → or 1 to 9 mark another · N not duplicates · ↑ ↓ other groups · L accepts all down to here · Space enlarges · X selects · U undoes";
    this.root.append(this.progress, element("p", "keys", keys), make("div", "list"), make("div", "said"));
    this.said.setAttribute("role", "status");
    this.dialog = element("dialog", "large");
    this.dialog.setAttribute("aria-label", "The copies, large");
    this.dialog.onclick = () => this.dialog.close();
    this.dialog.onclose = () => this.focus();
    this.root.append(this.dialog);
  }

  render() {
    const groups = this.groups;
    const { left, decided } = this.data.counts;
    this.root.classList.toggle("empty", !left && !decided && !this.outbox.done.length);
    if (!groups.some((group) => group.id === this.at)) this.at = groups[0]?.id;
    fill(this.list, groups.map((group, place) => this.group(group, place)));
    if (!groups.length) this.list.replaceChildren(element("p", "over", this.waiting()));
    this.selecting.mark();
    this.present();
    this.enlarge(groups.find((group) => group.id === this.at));
    this.state();
  }

  enlarge(group) {
    if (!group) this.dialog.close();
    if (!this.dialog.open) return;
    const best = this.best(group);
    const figures = group.files.map((file) => {
      const node = element("figure", file === best ? "best" : "");
      const { size, image } = this.pictures.get(file);
      const source = this.data.large[file] ?? image;
      if (source) node.append(picture(source));
      node.append(element("figcaption", "", `${file === best ? "★ keep · " : ""}${file} · ${size}`));
      return node;
    });
    this.dialog.replaceChildren(...figures);
  }

  waiting() {
    const more = this.data.counts.left > this.data.groups.length && this.outbox.pending.length;
    if (more) return "One moment…";
    return this.root.classList.contains("empty") ? "No copies were found." : "No copies are left here.";
  }

  state() {
    const { left, decided } = this.data.counts;
    const sent = new Set(this.data.groups.map((group) => group.id));
    const shown = this.groups;
    const change = shown.filter((group) => !sent.has(group.id)).length - (sent.size - shown.filter((group) => sent.has(group.id)).length);
    const done = decided - change;
    this.root.dataset.pending = this.outbox.pending.length;
    this.filled.style.width = `${left + decided ? (100 * done) / (left + decided) : 100}%`;
    this.figures.textContent = `${done} of ${left + decided} decided`;
    this.saving.textContent = this.outbox.problem(this.data);
  }

  group(group, place) {
    const known = JSON.stringify(group);
    let node = this.drawn.get(group.id);
    if (node?.known !== known) {
      node = this.newGroup(group);
      node.known = known;
      this.drawn.set(group.id, node);
    }
    const best = this.best(group);
    for (const cell of node.cells.children) this.show(cell, cell.file === best);
    node.line.hidden = !place;
    node.line.lastChild.textContent = `Accept all ${place + 1} down to here`;
    return node;
  }

  newGroup({ id, files, cosine, kind }) {
    const node = element("section", "group");
    node.name = id;
    const head = element("h3", "head");
    head.append(element("span", "", `${files.length} pictures`));
    if (kind) head.append(element("span", "kind", kind));
    const acts = element("div", "acts");
    node.line = action("line", "L", "");
    acts.append(action("exclude", "A", `Exclude ${files.length - 1}`), action("distinct", "N", "Not duplicates"), node.line);
    acts.firstChild.classList.add("accept");
    const top = element("div", "top");
    top.append(head, element("span", "note", `cosine ${cosine.toFixed(3)} or more`), acts);
    node.cells = element("div", "cells");
    node.cells.append(...files.map((file) => this.cell(file)));
    node.append(top, node.cells);
    return node;
  }

  cell(file) {
    const node = element("div", "cell");
    node.file = file;
    const pick = element("button", "case");
    Object.assign(pick, { type: "button", title: file });
    pick.dataset.act = "keep";
    node.frame = element("span", "frame");
    node.words = element("span", "text");
    pick.append(node.frame, node.words);
    const select = element("button", "box");
    Object.assign(select, { type: "button", tabIndex: -1 });
    select.dataset.act = "selected";
    select.setAttribute("aria-label", `Select ${file}`);
    node.append(pick, select);
    return node;
  }

  show(cell, best) {
    const { label, size, image } = this.pictures.get(cell.file) ?? { label: "", size: "" };
    if (cell.source !== image) {
      cell.source = image;
      cell.frame.replaceChildren(image ? picture(image) : element("span", "gone", image === "" ? "no longer readable" : ""));
    }
    cell.words.replaceChildren(element("span", "label", label), element("span", "size", size));
    if (best) cell.words.prepend(element("span", "kept", "★ keep"));
    cell.firstChild.setAttribute("aria-pressed", best);
    cell.firstChild.setAttribute("aria-label", [`Keep ${cell.file}`, size, label].filter(Boolean).join(", "));
  }

  say(text) {
    this.said.textContent = text;
  }
}
