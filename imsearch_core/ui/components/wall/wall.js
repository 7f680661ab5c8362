// All pictures of a collection on one page. They come in blocks: only those near the window are asked for and are
// in the page, each at its place. The heights of the others are guessed, so what is in view is held in place when
// a block above it turns out higher or lower. All heights and places are in pixels of the wall as it would be if
// browsers knew no limit.
//
// They know one: an element of more than 17 to 33 million pixels is cut off. So a wall of more than MOST is an
// element of MOST, and what is in view is shifted into it: by as much while one scrolls on, so that pictures move with
// the wheel; by as much as the place of the scroll bar asks for when one leaps. See `squeezed`.
const walls = new WeakMap();

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  if (!walls.has(root)) walls.set(root, new Wall(root, parentElement));
  walls.get(root).show(data, setTriggerValue);
  parentElement.host.dataset.there = "";
}

const AT_ONCE = 3; // blocks asked for at the same time
const CALM_MS = 60; // what is scrolled past faster is not asked for
const SETTLED_MS = 250; // until the link says where one is
const AGAIN_MS = 1000; // until what did not come is asked for once more
const TURNED = 0.03; // a picture is laid out again if its shape differs by more
const CAPTION = 28; // pixels below a picture, for guessing
const MOST = 15e6; // pixels
const END = 2e6; // pixels from the top and from the bottom of a higher wall that are not squeezed
const LEAP = 5000; // pixels that nobody scrolls between two pictures of the screen but with the scroll bar
const HISTORY = History.prototype; // without the page's own history, where a new link is a new step
const STOPPING = ["wheel", "pointerdown", "keydown", "touchstart"];

class Wall extends Gallery {
  constructor(root, parent) {
    super(root, parent);
    root.classList.add("wall");
    this.blocks = [];
    this.shift = 0; // from a place in the element to that in the wall
    this.seen = 0; // the place in the element that was in view last
    this.at = 0; // where Tab leads to
    this.asking = 0;
    this.jump = new Jump(parent.querySelector(".jump"), (place) => this.go(place));
    this.scroller = document.querySelector("[data-testid=stMain]");
    const left = new AbortController();
    const scrolled = () => {
      if (root.isConnected) this.scrolled();
      else if (this.data) left.abort();
    };
    const stop = () => (this.goal = this.chosen = undefined);
    this.scroller.addEventListener("scroll", scrolled, { signal: left.signal, passive: true });
    for (const name of STOPPING) addEventListener(name, stop, { signal: left.signal, capture: true, passive: true });
    root.addEventListener("load", (event) => this.loaded(event.target), true);
    root.addEventListener("error", (event) => this.failed(event.target), true);
  }

  selects() {
    return new Selecting(this.root, {
      nodes: () => this.drawn,
      say: (text) => this.say(text),
      keyOf: (node) => node.place,
      all: () => [...Array(this.count).keys()],
    });
  }

  get count() {
    return this.data.count;
  }

  // The nodes that are in the page.
  get drawn() {
    return this.blocks.flatMap((block) => block.nodes ?? []);
  }

  placeOf(target) {
    return target?.closest?.(".cell")?.place ?? -1;
  }

  blockOf(place) {
    return this.blocks[Math.floor(place / this.data.block)];
  }

  known(place) {
    return this.blockOf(place)?.cells?.[place % this.data.block];
  }

  async cellAt(place) {
    if (!this.known(place)) await this.ask(this.blockOf(place));
    return this.known(place);
  }

  keyAt(place) {
    return place;
  }

  nodeAt(place) {
    return this.blockOf(place)?.nodes?.[place % this.data.block];
  }

  beside(place, key) {
    const steps = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: this.count - 1 };
    if (key in steps) return Math.min(Math.max(steps[key], 0), this.count - 1);
    const nodes = this.drawn;
    const next = neighbour(nodes, nodes.indexOf(this.nodeAt(place)), key);
    return next === undefined ? undefined : nodes[next].place;
  }

  show(data, send) {
    const before = this.data;
    const other = before?.address !== data.address || before.turn !== data.turn;
    Object.assign(this, { data, send });
    if (other) this.selecting.turn = 0; // places of another order mean other pictures: the server leads
    this.selecting.update(
      { selected: data.selected.flatMap(([first, last]) => span(first, last)), turn: data.selectionTurn },
      ({ turn, files, alone }) => send("selected", { turn, alone, order: data.turn, places: ranges(files) }),
    );
    if (other) {
      // A folder that was opened anew has more pictures; another order begins at the top.
      const again = before && before.address !== data.address ? this.place : 0;
      const place = before ? again : this.linked;
      this.jump.show(data);
      this.begin();
      if (place > 0) this.go(place, before ? 0 : history.state?.past);
    } else if (before.version !== data.version) this.blocks.forEach((block) => (block.stale = true));
    // Back, within this page.
    if (before && this.linked >= 0 && this.linked !== this.told) this.go(this.linked, history.state?.past);
    this.hint();
    this.look();
    this.selecting.mark();
    this.preview.update();
  }

  // The place in the link; -1 if there is none.
  get linked() {
    return Number(new URLSearchParams(location.search).get("place")) - 1;
  }

  begin() {
    this.root.replaceChildren();
    const { count, block: size } = this.data;
    this.blocks = Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
      first: i * size,
      size: Math.min(size, count - i * size),
    }));
    this.at = 0;
    this.lay();
  }

  // Called too when the window has another width: every height is then another.
  lay() {
    if (!this.data) return;
    const { width } = this.root.getBoundingClientRect();
    if (!width || (width === this.width && this.blocks[0]?.height)) return;
    this.hold(() => {
      const style = getComputedStyle(this.root);
      this.wanted = parseFloat(style.getPropertyValue("--row"));
      this.width = width;
      const each = Math.max(Math.round(width / (1.35 * this.wanted + 12)), 1);
      for (const block of this.blocks) {
        block.height = Math.ceil(block.size / each) * (this.wanted + CAPTION + 12);
        if (block.nodes) this.measure(block);
      }
    });
    this.look();
  }

  // Does what changes the heights of blocks, and keeps what is in view where it is.
  hold(change) {
    const view = this.view();
    const anchor = this.tops && this.width ? this.blocks[this.blockAt(view.top)] : undefined;
    const past = anchor ? view.top - this.tops[anchor.first / this.data.block] : 0;
    change();
    this.stack();
    if (anchor && past > 0 && this.goal === undefined) {
      const moved = this.tops[anchor.first / this.data.block] + past - view.top;
      if (Math.abs(moved) < 1) return;
      if (this.height > MOST) this.shiftBy(moved);
      else this.scroller.scrollBy({ top: moved, behavior: "instant" });
    }
  }

  stack() {
    this.tops = new Float64Array(this.blocks.length + 1);
    this.blocks.forEach((block, i) => (this.tops[i + 1] = this.tops[i] + block.height));
    this.root.style.height = `${Math.min(this.height, MOST)}px`;
    this.shiftBy(this.height > MOST ? 0 : -this.shift);
  }

  // Moves what is in the page within the element.
  shiftBy(pixels) {
    this.shift += pixels;
    const lowest = Math.min(this.height, MOST);
    this.blocks.forEach((block, i) => {
      // One that the keyboard is on may be far away: it must not make the page higher.
      if (block.node) block.node.style.top = `${Math.min(this.tops[i] - this.shift, lowest - block.height)}px`;
    });
  }

  get height() {
    return this.tops.at(-1);
  }

  // Where in the element a place of the wall belongs: as far from the nearer end, if that is near.
  squeezed(top) {
    const { height } = this;
    if (height <= MOST || top <= END) return top;
    if (top >= height - END) return top - height + MOST;
    return END + ((top - END) * (MOST - 2 * END)) / (height - 2 * END);
  }

  // The place of the wall that belongs to one in the element.
  spread(top) {
    const { height } = this;
    if (height <= MOST || top <= END) return top;
    if (top >= MOST - END) return top - MOST + height;
    return END + ((top - END) * (height - 2 * END)) / (MOST - 2 * END);
  }

  // What the window shows of the wall, in pixels from its top.
  view() {
    const top = this.scroller.getBoundingClientRect().top - this.root.getBoundingClientRect().top + this.shift;
    const bars = 48 + this.jump.height;
    return { top: top + bars, bottom: top + this.scroller.clientHeight };
  }

  // Where the scroll bar is may have nothing to do with what is in view: after a leap that is brought into view, and
  // near the ends the scroll bar is brought to where it belongs, so that one can scroll on.
  follow() {
    if (this.height <= MOST) return;
    const { top } = this.view();
    const place = top - this.shift;
    const leapt = Math.abs(place - this.seen) > LEAP;
    this.seen = place;
    if (leapt) this.shiftBy(this.spread(place) - top);
    else if (place < LEAP || place > MOST - LEAP) this.scrollTo(top);
  }

  // The block at a height.
  blockAt(top) {
    let [low, high] = [0, this.blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.tops[middle] <= top) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  scrolled() {
    this.awaited ??= requestAnimationFrame(() => {
      this.awaited = undefined;
      this.look();
    });
  }

  // Draws what is in view or near it, removes the rest, and asks for what is missing.
  look() {
    if (!this.tops || !this.root.isConnected || !this.blocks.length) return;
    this.follow();
    const { top, bottom } = this.view();
    const near = bottom - top;
    const [first, last] = [this.blockAt(top - near), this.blockAt(bottom + near)];
    const focused = this.blockOf(Math.max(this.placeOf(this.root.getRootNode().activeElement), -1));
    const kept = new Set([...this.blocks.slice(first, last + 1), ...(focused ? [focused] : [])]);
    this.hold(() => {
      this.blocks.forEach((block) => block.node && !kept.has(block) && this.remove(block));
      kept.forEach((block) => this.draw(block));
    });
    this.settleGoal();
    if (!this.nodeAt(this.at)) this.reach(this.topmost()?.place ?? this.at);
    clearTimeout(this.calm);
    this.calm = setTimeout(() => this.fetchNear(), CALM_MS);
    clearTimeout(this.settled);
    this.settled = setTimeout(() => this.settle(), SETTLED_MS);
    this.jump.at(this.place ?? this.blocks[this.blockAt(top)].first);
  }

  // Where one is: at the picture that was chosen, until the person does something, else at the first in view.
  get place() {
    return this.chosen ?? this.topmost()?.place;
  }

  // The first picture that can be seen.
  topmost() {
    const { top } = this.view();
    const block = this.blocks[this.blockAt(top)];
    if (!block?.nodes) return undefined;
    const within = top - this.tops[block.first / this.data.block];
    return block.nodes.find((node) => node.offsetTop + node.offsetHeight / 2 > within) ?? block.nodes.at(-1);
  }

  draw(block) {
    if (!block.node) {
      block.node = element("div", "block coming");
      block.node.setAttribute("role", "presentation");
      block.node.style.height = `${block.height - 14}px`;
      this.root.append(block.node);
    }
    if (!block.cells || (block.nodes && block.shown === block.cells)) return;
    const focused = (block.nodes ?? []).indexOf(this.root.getRootNode().activeElement?.closest?.(".cell"));
    const pictures = new Map([...block.node.querySelectorAll(".frame img")].map((image) => [image.src, image]));
    block.shown = block.cells;
    block.nodes = block.cells.map((cell, i) => {
      const place = block.first + i;
      const node = Object.assign(figure(cell, false, pictures), { cell, place });
      node.setAttribute("aria-setsize", this.count);
      node.setAttribute("aria-posinset", place + 1);
      node.firstChild.tabIndex = place === this.at ? 0 : -1;
      return node;
    });
    block.node.replaceChildren(...block.nodes);
    block.node.classList.remove("coming");
    block.node.style.height = "";
    this.measure(block);
    this.selecting.mark();
    if (focused >= 0) block.nodes[focused].firstChild.focus({ preventScroll: true });
  }

  measure(block) {
    const gap = parseFloat(getComputedStyle(block.node).columnGap);
    fillRows(block.nodes, this.width, gap, this.wanted, block !== this.blocks.at(-1));
    block.height = block.node.offsetHeight + parseFloat(getComputedStyle(block.node).rowGap);
  }

  remove(block) {
    // What has not come yet is no longer wanted.
    block.node.querySelectorAll("img:not(.there)").forEach((image) => image.removeAttribute("src"));
    block.node.remove();
    block.node = block.nodes = block.shown = undefined;
  }

  fetchNear() {
    if (!this.root.isConnected) return;
    const { top, bottom } = this.view();
    const middle = this.blockAt((top + bottom) / 2);
    const wanted = this.blocks.filter((block) => block.node && (!block.cells || block.stale) && !block.asked);
    const distance = (block) => Math.abs(block.first / this.data.block - middle);
    wanted.sort((a, b) => distance(a) - distance(b));
    for (const block of wanted.slice(0, Math.max(AT_ONCE - this.asking, 0))) {
      this.ask(block).then(() => this.look());
    }
  }

  // Asks the server for the cells of a block; returns when it has answered.
  ask(block) {
    return (block.asked ??= this.fetch(block).finally(() => (block.asked = undefined)));
  }

  async fetch(block) {
    const { address, turn } = this.data;
    this.asking += 1;
    try {
      const answer = await fetch(`${address}/cells/${turn}/${block.first}`);
      if (!answer.ok) throw new Error(answer.status);
      block.cells = await answer.json();
      block.stale = false;
    } catch {
      await new Promise((done) => setTimeout(done, AGAIN_MS)); // the server may have begun anew
    } finally {
      this.asking -= 1;
    }
  }

  // The header of a file does not always say how the picture is turned.
  loaded(image) {
    const cell = image.closest?.(".cell")?.cell;
    if (!cell || !image.naturalHeight) return;
    const ratio = image.naturalWidth / image.naturalHeight;
    if (Math.abs(ratio / cell.ratio - 1) < TURNED) return;
    cell.ratio = ratio;
    const node = image.closest(".cell");
    node.style.setProperty("--ratio", shape(cell));
    this.hold(() => this.measure(this.blockOf(node.place)));
  }

  async failed(image) {
    const address = image.getAttribute("src");
    if (!address || (await fetch(address).catch(() => undefined))?.status !== 404) return;
    image.replaceWith(element("span", "gone", "no longer readable"));
  }

  // Scrolls to a picture, wherever it is, or some pixels past the top of it.
  go(place, past = 0) {
    this.goal = this.chosen = Math.min(place, this.count - 1);
    this.past = past;
    const top = this.tops[Math.floor(this.goal / this.data.block)];
    this.scrollTo(top);
    this.look();
  }

  settleGoal() {
    const node = this.goal === undefined ? undefined : this.nodeAt(this.goal);
    if (this.goal === undefined || (this.blockOf(this.goal).node && !node)) return;
    if (!node) return this.scrollTo(this.tops[Math.floor(this.goal / this.data.block)]);
    this.reach(this.goal);
    this.scrollTo(this.topOf(node) + this.past);
    this.goal = undefined;
  }

  topOf(node) {
    return this.tops[this.blockOf(node.place).first / this.data.block] + node.offsetTop;
  }

  scrollTo(top) {
    const place = this.view().top - this.shift;
    const wanted = this.squeezed(top);
    this.shiftBy(top - wanted - this.shift);
    if (Math.abs(wanted - place) >= 1) this.scroller.scrollBy({ top: wanted - place, behavior: "instant" });
    this.seen = this.view().top - this.shift;
  }

  settle() {
    if (!this.root.isConnected) return;
    if (this.height > MOST) this.scrollTo(this.view().top);
    this.tell();
  }

  // Says in the link where one is, so that Back and whoever is sent it come to the same place.
  tell() {
    if (!this.root.isConnected || this.goal !== undefined) return;
    const url = new URL(location.href);
    const { place } = this;
    if (!place || this.view().top <= 0) url.searchParams.delete("place");
    else url.searchParams.set("place", place + 1);
    this.told = url.searchParams.has("place") ? place : -1;
    const node = this.nodeAt(place);
    const past = node ? this.view().top - this.topOf(node) : 0;
    if (url.href === location.href && (history.state?.past ?? 0) === past) return;
    HISTORY.replaceState.call(history, { ...history.state, past }, "", url);
  }

  reach(place) {
    if (place < 0) return;
    const before = this.nodeAt(this.at);
    if (before) before.firstChild.tabIndex = -1;
    this.at = place;
    const node = this.nodeAt(place);
    if (node) node.firstChild.tabIndex = 0;
  }

  async focus(place) {
    this.reach(place);
    const turn = ++this.walked;
    if (!this.nodeAt(place)) {
      await this.cellAt(place);
      if (this.walked !== turn) return;
      this.go(place);
    }
    const node = this.nodeAt(place);
    if (node && Math.abs(this.topOf(node) - this.view().top) > LEAP) this.go(place);
    node?.firstChild.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest" });
  }
  walked = 0;
}

// Where to go: the folders or letters of the wall, and the number of a picture. Shows where one is.
class Jump {
  constructor(node, go) {
    this.node = node;
    this.list = node.querySelector("select");
    this.box = node.querySelector("input");
    this.list.onchange = () => go(Number(this.list.value));
    this.box.onchange = () => {
      const wanted = Math.round(this.box.valueAsNumber) || 1;
      go(Math.min(Math.max(wanted, 1), this.count) - 1);
    };
    node.onkeydown = (event) => event.stopPropagation(); // digits are no keys of the page
  }

  show({ count, block, sections }) {
    this.count = this.box.max = count;
    this.sections = sections;
    this.node.hidden = count <= block;
    this.node.querySelector("span").textContent = `of ${count.toLocaleString("en")}`;
    this.list.hidden = !sections.length;
    this.list.replaceChildren(...sections.map(([name, place]) => new Option(name, place)));
  }

  get height() {
    return this.node.hidden ? 0 : this.node.offsetHeight;
  }

  at(place) {
    const active = this.node.getRootNode().activeElement;
    if (active !== this.box) this.box.value = place + 1;
    const section = this.sections.findLast(([, first]) => first <= place);
    if (section && active !== this.list) this.list.value = section[1];
  }
}

const span = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

// Whole numbers as [first, last] of each row without a gap.
function ranges(numbers) {
  const result = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    if (result.at(-1)?.[1] === number - 1) result.at(-1)[1] = number;
    else result.push([number, number]);
  }
  return result;
}
