// Pictures that are buttons, all of them in the page.
const TRIGGER_OF_KEY = { l: "liked", u: "unliked", c: "copied", " ": "previewed" };
const HOLD_MS = 450; // a finger that stays so long asks for what can be done with a picture
const HOLD_SLACK = 10; // pixels that it may move meanwhile
const EMPTY = 0.1; // how much room left at the end of the last row counts against rows of another height

class Gallery {
  constructor(root, parent) {
    this.root = root;
    this.nodes = [];
    this.notes = [...parent.querySelectorAll(".note")];
    this.keys = parent.querySelector(".keys");
    this.preview = new Preview(parent.querySelector(".preview"), this);
    root.onclick = (event) => this.clicked(event);
    root.onkeydown = (event) => this.pressed(event);
    root.onpointerdown = (event) => this.touched(event);
    root.oncontextmenu = (event) => this.touch && event.preventDefault(); // the browser's own long press
    root.onkeyup = (event) => {
      if (event.key === " " && event.target.closest(".pick")) event.preventDefault(); // it would click the picture
    };
    new ResizeObserver(() => this.lay()).observe(root);
    this.selecting = this.selects();
    root.addEventListener("focusin", (event) => this.reach(this.placeOf(event.target)));
  }

  selects() {
    return new Selecting(this.root, { nodes: () => this.nodes, say: (text) => this.say(text) });
  }

  // What follows is asked by place, so that a gallery may have more pictures than nodes.
  get count() {
    return this.nodes.length;
  }

  placeOf(target) {
    return this.nodes.indexOf(target?.closest?.(".cell"));
  }

  known(place) {
    return this.nodes[place]?.cell;
  }

  // The cell at a place, or the promise of it.
  cellAt(place) {
    return this.known(place);
  }

  // By what it is selected.
  keyAt(place) {
    return this.known(place)?.file;
  }

  beside(place, key) {
    return neighbour(this.nodes, place, key);
  }

  show(data, send) {
    this.data = data;
    this.send = send;
    const focused = this.placeOf(this.root.getRootNode().activeElement);
    const file = this.known(focused)?.file;

    // What is shown already stays: a picture that keeps its place does not blink.
    const same = new Map(this.nodes.map((node) => [node.made, node]));
    const pictures = new Map([...this.root.querySelectorAll(".frame img")].map((image) => [image.src, image]));
    this.nodes = data.cells.map((cell) => {
      const made = JSON.stringify([cell, data.judging]);
      return same.get(made) ?? Object.assign(figure(cell, data.judging, pictures), { cell, made, file: cell.file });
    });
    this.root.replaceChildren(...this.nodes);
    this.selecting.update(data, (selected) => send("selected", selected));
    this.selecting.mark();
    this.lay();
    this.hint();

    // The keyboard stays with its picture, or where that one was.
    const kept = this.nodes.findIndex((node) => node.cell.file === file);
    const place = kept >= 0 ? kept : Math.min(Math.max(focused, 0), this.nodes.length - 1);
    this.reach(place);
    if (focused >= 0 && this.nodes.length) this.focus(place);
    this.preview.update();
  }

  // The answer to a click is there, and what the keys do.
  hint() {
    this.root.classList.remove("waiting");
    const keys = ["arrows move", "Enter searches", "Space previews", "X or a drag selects, A all", "C copies the link"];
    if (this.data.judging) keys.splice(3, 0, "L more like it", "U less");
    this.keys.textContent = keys.join(" · ");
  }

  // Gives every picture the width at which rows are full and of nearly one height.
  lay() {
    const { width } = this.root.getBoundingClientRect();
    const style = getComputedStyle(this.root);
    const [gap, wanted] = [style.columnGap, style.getPropertyValue("--row")].map(parseFloat);
    this.root.classList.toggle("even", Boolean(this.data.columns));
    if (this.data.columns) {
      const each = Math.floor(((width - gap * (this.data.columns - 1)) / this.data.columns) * 100) / 100;
      this.nodes.forEach((node) => (node.style.width = `${each}px`));
      return;
    }
    fillRows(this.nodes, width, gap, wanted);
  }

  // Tab leads to one picture, the arrow keys to the others.
  reach(place) {
    if (place < 0) return;
    this.nodes.forEach((node, i) => (node.firstChild.tabIndex = i === place ? 0 : -1));
  }

  focus(place) {
    this.nodes[place].firstChild.focus({ preventScroll: true });
    this.nodes[place].scrollIntoView({ block: "nearest" });
  }

  // A finger held on a picture opens the preview, where everything that can be done with it is at hand.
  touched(event) {
    this.touch = event.pointerType === "touch";
    this.held = false;
    const place = this.placeOf(event.target);
    if (!this.touch || place < 0) return;
    const timer = setTimeout(() => {
      this.held = true;
      this.preview.open(place);
    }, HOLD_MS);
    const { clientX: x, clientY: y } = event;
    const over = new AbortController();
    const end = () => {
      clearTimeout(timer);
      over.abort();
    };
    const moved = (now) => Math.hypot(now.clientX - x, now.clientY - y) > HOLD_SLACK && end();
    addEventListener("pointermove", moved, { signal: over.signal });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, end, { signal: over.signal });
  }

  clicked(event) {
    if (this.held) return; // the finger leaves the picture
    const place = this.placeOf(event.target);
    const button = event.target.closest("button");
    if (place < 0 || !button) return;
    const adding = event.ctrlKey || event.metaKey || button.dataset.act === "selected";
    if (event.shiftKey || adding) this.select(place, event.shiftKey);
    else this.act(button.dataset.act, place);
  }

  select(place, range = false) {
    this.reach(place);
    this.selecting.pick(this.keyAt(place), range);
  }

  pressed(event) {
    const place = this.placeOf(event.target);
    if (place < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = this.beside(place, event.key);
    const key = event.key.toLowerCase();
    const trigger = event.target.closest(".pick") && TRIGGER_OF_KEY[key];
    if (next !== undefined) this.focus(next);
    else if (key === "a") this.selecting.all();
    else if (key === "x") this.select(place, event.shiftKey);
    else if (trigger) this.act(trigger, place);
    else return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has keys of its own
  }

  act(name, place) {
    const cell = this.known(place);
    if (name === "previewed") this.preview.open(place);
    else if (name === "selected") this.select(place);
    else if (name === "copied") this.copy(cell);
    else if (name === "picked" || this.data.judging) {
      this.root.classList.add("waiting");
      this.send(name, cell.file);
    }
  }

  async copy(cell) {
    const url = new URL(location.href);
    const dropped = url.pathname === this.data.search ? ["region", "like", "unlike"] : [...url.searchParams.keys()];
    const kept = ["folder", "encoder"];
    dropped.filter((name) => !kept.includes(name)).forEach((name) => url.searchParams.delete(name));
    url.pathname = this.data.search;
    url.searchParams.set("q", cell.file);
    this.say((await copied(url.href)) ? "Link copied" : "The browser did not allow copying");
  }

  say(text) {
    for (const note of this.notes) {
      note.textContent = text;
      note.classList.add("said");
      clearTimeout(note.timer);
      note.timer = setTimeout(() => note.classList.remove("said"), 2000);
    }
  }
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // not a secure page, or not allowed
    return false;
  }
}

// Gives these nodes, which have the width to share, the widths of even rows.
function fillRows(nodes, width, gap, wanted, followed) {
  const ratios = nodes.map((node) => shape(node.cell));
  for (const { first, last, height } of rows(ratios, width, gap, wanted, followed)) {
    for (let i = first; i <= last; i++) nodes[i].style.width = `${ratios[i] * height}px`;
  }
}

// Breaks pictures into rows whose heights, each row filling the width, differ least from `wanted`. The last row
// may be shorter, which costs a little; if more pictures follow, it is full too.
function rows(ratios, width, gap, wanted, followed = false) {
  const best = [{ cost: 0 }]; // of the first n pictures: the cost, and where the last row begins
  for (let end = 1; end <= ratios.length; end++) {
    best.push({ cost: Infinity });
    let sum = 0;
    for (let first = end - 1; first >= 0; first--) {
      sum += ratios[first];
      const full = (width - gap * (end - 1 - first)) / sum;
      const height = end === ratios.length && !followed ? Math.min(full, wanted) : full;
      const empty = full > height ? EMPTY * Math.log(full / height) ** 2 : 0;
      const cost = best[first].cost + Math.log(height / wanted) ** 2 + empty;
      if (cost < best[end].cost) best[end] = { cost, first, height };
      if (full < wanted / 2) break;
    }
  }
  const result = [];
  for (let end = ratios.length; end > 0; end = best[end].first) {
    result.unshift({ first: best[end].first, last: end - 1, height: Math.floor(best[end].height * 100) / 100 });
  }
  return result;
}

// Where a key leads to from a place, if anywhere: the next one, or the nearest in the row above or below.
function neighbour(nodes, place, key) {
  const steps = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: nodes.length - 1 };
  if (key in steps) return nodes[steps[key]] ? steps[key] : place;
  if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
  const boxes = nodes.map((node) => node.getBoundingClientRect());
  const here = boxes[place];
  const middle = (box) => box.left + box.width / 2;
  const beyond = [...boxes.keys()].filter((i) =>
    key === "ArrowDown" ? boxes[i].top > here.top + 1 : boxes[i].top < here.top - 1,
  );
  beyond.sort(
    (a, b) =>
      Math.abs(boxes[a].top - here.top) - Math.abs(boxes[b].top - here.top) ||
      Math.abs(middle(boxes[a]) - middle(here)) - Math.abs(middle(boxes[b]) - middle(here)),
  );
  return beyond[0] ?? place;
}
