// Shows data.cells as pictures that are buttons. Text goes in as text, never as markup.
const galleries = new WeakMap();

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  if (!galleries.has(root)) galleries.set(root, new Gallery(root, parentElement));
  galleries.get(root).show(data, setTriggerValue);
  parentElement.host.dataset.there = ""; // ui/shell/frame.css keeps its place until then
}

const TRIGGER_OF_KEY = { l: "liked", u: "unliked", c: "copied", " ": "previewed" };
const HOLD_MS = 450; // a finger that stays so long asks for what can be done with a picture
const HOLD_SLACK = 10; // pixels that it may move meanwhile
const MARK_OF_MOVE = { new: "arrived", gone: "departed" };

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
    this.selecting = new Selecting(root, () => this.nodes, (text) => this.say(text));
    root.addEventListener("focusin", (event) => this.reach(this.nodes.indexOf(event.target.closest(".cell"))));
  }

  show(data, send) {
    this.data = data;
    this.send = send;
    const focused = this.nodes.indexOf(this.root.getRootNode().activeElement?.closest?.(".cell"));
    const file = this.nodes[focused]?.cell.file;

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
    this.root.classList.remove("waiting");
    const keys = ["arrows move", "Enter searches", "Space previews", "X or a drag selects, A all", "C copies the link"];
    if (data.judging) keys.splice(3, 0, "L more like it", "U less");
    this.keys.textContent = keys.join(" · ");

    // The keyboard stays with its picture, or where that one was.
    const kept = this.nodes.findIndex((node) => node.cell.file === file);
    const place = kept >= 0 ? kept : Math.min(Math.max(focused, 0), this.nodes.length - 1);
    this.reach(place);
    if (focused >= 0 && this.nodes.length) this.focus(place);
    this.preview.update();
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
    const ratios = this.nodes.map((node) => shape(node.cell));
    for (const { first, last, height } of rows(ratios, width, gap, wanted)) {
      for (let i = first; i <= last; i++) this.nodes[i].style.width = `${ratios[i] * height}px`;
    }
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
    const place = this.nodes.indexOf(event.target.closest(".cell"));
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
    const place = this.nodes.indexOf(event.target.closest(".cell"));
    const button = event.target.closest("button");
    if (place < 0 || !button) return;
    const adding = event.ctrlKey || event.metaKey || button.dataset.act === "selected";
    if (event.shiftKey || adding) this.select(place, event.shiftKey);
    else this.act(button.dataset.act, place);
  }

  select(place, range = false) {
    this.reach(place);
    this.selecting.pick(this.nodes[place], range);
  }

  pressed(event) {
    const place = this.nodes.indexOf(event.target.closest(".cell"));
    if (place < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(this.nodes, place, event.key);
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
    const { cell } = this.nodes[place];
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

function figure(cell, judging, pictures) {
  const node = element("div", `cell ${MARK_OF_MOVE[cell.move] ?? ""}`);
  node.setAttribute("role", "listitem");
  node.style.setProperty("--ratio", shape(cell));
  const pick = button("pick", "picked", `${description(cell)}: search by this picture`, cell.file);
  pick.setAttribute("aria-keyshortcuts", judging ? "Enter Space X A L U C" : "Enter Space X A C");
  pick.append(frame(cell, pictures), ...captions(cell));
  const actions = element("div", "actions");
  if (judging) actions.append(action("add", "liked", `More like ${cell.file}`));
  if (judging) actions.append(action("remove", "unliked", `Less like ${cell.file}`));
  actions.append(action("open_in_full", "previewed", "Preview"));
  const select = action("check", "selected", `Select ${cell.file}`);
  select.classList.add("select");
  node.append(pick, actions, select);
  return node;
}

// Width by height of a cell; only pictures beyond these are cut.
const shape = (cell) => Math.min(Math.max(cell.ratio, 0.6), 2.4);

// Breaks pictures into rows whose heights, each row filling the width, differ least from `wanted`.
function rows(ratios, width, gap, wanted) {
  const best = [{ cost: 0 }]; // of the first n pictures: the cost, and where the last row begins
  for (let end = 1; end <= ratios.length; end++) {
    best.push({ cost: Infinity });
    let sum = 0;
    for (let first = end - 1; first >= 0; first--) {
      sum += ratios[first];
      const full = (width - gap * (end - 1 - first)) / sum;
      const height = end === ratios.length ? Math.min(full, wanted) : full; // the last need not be full
      const cost = best[first].cost + Math.log(height / wanted) ** 2;
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

const labelled = (cell) => (cell.was ? `${cell.label}, was ${cell.was}` : cell.label);

function description(cell) {
  const similarity = cell.cosine === null ? "" : `, cosine ${cell.cosine.toFixed(2)}`;
  const score = cell.score === null ? "" : `, score ${cell.score.toFixed(2)}`;
  const move = cell.move.replace("↑", "up ").replace("↓", "down ");
  const also = cell.also.length ? `, also ${cell.also.join(", ")}` : "";
  const fit = cell.fit && `, label fit ${cell.fit}`;
  const tags = cell.tags.length ? `, tagged ${cell.tags.join(", ")}` : "";
  return `${labelled(cell)}${also}${tags}, ${cell.file}${fit}${score}${similarity}${move ? `, ${move}` : ""}`;
}

function frame(cell, pictures) {
  const node = element("span", "frame");
  if (!cell.image) {
    node.append(element("span", "gone", "no longer readable"));
    return node;
  }
  node.append(pictures.get(new URL(cell.image, location.href).href) ?? picture(cell.image));
  if (cell.heat) node.append(picture(cell.heat, "heat"));
  return node;
}

// A picture that fades in once it is there. One that does not come is asked for once more: the server
// may just have begun anew.
function picture(address, className = "") {
  const image = element("img", className);
  image.onload = () => image.classList.add("there");
  image.onerror = () => {
    image.onerror = null;
    setTimeout(() => (image.src = address), 1000);
  };
  Object.assign(image, { alt: "", decoding: "async", loading: "lazy", src: address });
  return image;
}

function captions(cell) {
  const text = element("span", "text");
  text.append(element("span", "label", labelled(cell)));
  text.append(...cell.tags.map((tag) => element("span", "label tag", `#${tag}`)));
  if (cell.move) text.append(element("span", "move", cell.move));
  if (cell.cosine === null) {
    const chips = cell.also.length > 2 ? [cell.also[0], `+${cell.also.length - 1}`] : cell.also;
    text.append(...chips.map((other) => element("span", "label also", other)));
    text.title = [labelled(cell), ...cell.also].join(", ");
    if (cell.fit) text.append(titled("cosine", cell.fit, "How well the label fits"));
    return [text];
  }
  const percentile = cell.percentile.toFixed(cell.percentile < 99.95 ? 1 : 0);
  const rank = element("span", "percentile", `${percentile}%`);
  rank.title = `More like the query than ${percentile} % of the collection`;
  if (cell.score === null) text.append(rank);
  else text.append(titled("score", cell.score.toFixed(2), "Score, which the order follows"));
  text.append(titled("cosine", cell.cosine.toFixed(2), "Cosine similarity to the query"));
  const bar = element("span", "bar");
  const filled = element("span");
  filled.style.width = `${Math.max(cell.cosine, 0) * 100}%`;
  bar.append(filled);
  return [text, bar];
}

function titled(className, text, title) {
  return Object.assign(element("span", className, text), { title });
}

function action(icon, act, label) {
  const node = button("action", act, label, label);
  node.tabIndex = -1; // the keyboard has letters for it
  node.append(element("i", "", icon));
  return node;
}

function button(className, act, label, title) {
  const node = element("button", className);
  Object.assign(node, { type: "button", title });
  node.dataset.act = act;
  node.setAttribute("aria-label", label);
  return node;
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

function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}
