// The pictures themselves: asked for a few at a time, where the pointer is and where there is room on the map.
const FEW = 12; // with the one under the pointer come its neighbours, for the next move
const MANY = 40;
const FEW_IN_VIEW = 80; // points that pictures take the place of, of their own accord
const SIDE = 60; // pixels of a picture on the map, with the room around it
const REMEMBERED = 3000;

class Pictures {
  constructor(chart) {
    this.chart = chart;
    this.known = new Map(); // index → { file, label, image }
    this.asked = new Set();
    this.placed = [];
    this.chosen = null; // on or off by hand; until then, on where few points are in view
    const receive = (event) => {
      if (!chart.root.isConnected) return removeEventListener("imsearch-map-pictures", receive);
      if (event.detail.placed === chart.data.placed) this.receive(event.detail.pictures);
    };
    addEventListener("imsearch-map-pictures", receive);
  }

  get on() {
    return this.chosen ?? (this.chart.view.zoom > 1 && this.chart.inView <= FEW_IN_VIEW);
  }

  toggle() {
    this.chosen = !this.on;
    this.chart.draw();
  }

  forget() {
    this.known.clear();
    this.asked.clear();
  }

  receive(pictures) {
    for (const { index, file, label, image } of pictures) {
      const element = new Image();
      element.onload = () => this.chart.draw();
      Object.assign(element, { src: image, alt: `The picture ${file}` });
      this.known.set(index, { file, label, image: element });
    }
    for (const index of this.known.keys()) {
      if (this.known.size <= REMEMBERED) break;
      this.known.delete(index);
    }
    this.asked.clear();
    this.chart.tip.show();
    this.chart.draw();
  }

  // Asks for the picture of a point and of those around it, when the pointer rests.
  askAround(i) {
    clearTimeout(this.resting);
    if (i < 0 || this.known.has(i)) return;
    this.resting = setTimeout(() => {
      const { chart } = this;
      const [x, y] = chart.at(i);
      const places = chart.places();
      const far = (j) => (places[2 * j] - x) ** 2 + (places[2 * j + 1] - y) ** 2;
      const near = [];
      for (let j = 0; j < chart.count; j++) {
        if (far(j) < 60 ** 2 && !this.known.has(j)) near.push(j);
      }
      near.sort((a, b) => far(a) - far(b));
      this.ask(near.slice(0, FEW));
    }, 50);
  }

  ask(indices) {
    if (!indices.length || indices.every((i) => this.asked.has(i))) return;
    this.asked = new Set(indices);
    clearTimeout(this.late);
    this.late = setTimeout(() => this.asked.clear(), 5000); // what was lost may be asked for again
    this.chart.send("wanted", indices);
  }

  // When the view has come to rest: which pictures have room, and which of those are still to be had.
  settle() {
    clearTimeout(this.settling);
    if (!this.on) return;
    this.settling = setTimeout(() => {
      const missing = this.arrange().filter((i) => !this.known.has(i));
      if (!this.asked.size) this.ask(missing.slice(0, MANY));
    }, 150);
  }

  // Points whose pictures overlap no other, the same ones in the same view.
  arrange() {
    const { chart } = this;
    const places = chart.places();
    const [width, height] = chart.size;
    const taken = new Map();
    const free = [];
    const step = coprime(chart.count);
    for (let n = 0, i = 0; n < chart.count && free.length < 150; n++, i = (i + step) % chart.count) {
      const [x, y] = [places[2 * i], places[2 * i + 1]];
      if (!chart.shown(i) || x < SIDE / 2 || y < SIDE / 2 || x > width - SIDE / 2 || y > height - SIDE / 2) continue;
      const [column, row] = [Math.floor(x / SIDE), Math.floor(y / SIDE)];
      let room = true;
      for (let c = column - 1; room && c <= column + 1; c++) {
        for (let r = row - 1; room && r <= row + 1; r++) {
          const other = taken.get(`${c},${r}`);
          if (other && Math.abs(other[0] - x) < SIDE && Math.abs(other[1] - y) < SIDE) room = false;
        }
      }
      if (!room) continue;
      taken.set(`${column},${row}`, [x, y]);
      free.push(i);
    }
    this.placed = free;
    return free;
  }

  paint(pen) {
    const { chart } = this;
    chart.root.querySelector(".pictures").setAttribute("aria-pressed", this.on);
    if (!this.on) return;
    for (const i of this.arrange()) {
      const image = this.known.get(i)?.image;
      if (!image?.naturalWidth) continue;
      const [x, y] = chart.at(i).map((middle) => middle - SIDE / 2 + 4);
      const side = Math.min(image.naturalWidth, image.naturalHeight); // the middle of the picture, square
      const [left, top] = [(image.naturalWidth - side) / 2, (image.naturalHeight - side) / 2];
      pen.fillStyle = chart.data.colours[chart.groups[i]];
      pen.globalAlpha = chart.selected.size && !chart.selected.has(i) ? 0.35 : 1;
      pen.fillRect(x - 3, y - 3, SIDE - 2, SIDE - 2);
      pen.drawImage(image, left, top, side, side, x, y, SIDE - 8, SIDE - 8);
      pen.globalAlpha = 1;
    }
  }

  // The point whose picture on the map is at a place in pixels, or -1.
  find([x, y]) {
    const hit = this.placed.find((i) => {
      const [left, top] = this.chart.at(i).map((middle) => middle - SIDE / 2);
      return this.known.get(i)?.image.naturalWidth && x > left && y > top && x < left + SIDE && y < top + SIDE;
    });
    return this.on && hit !== undefined ? hit : -1;
  }
}

// A step that visits all of n places in an order that jumps about.
function coprime(n) {
  const divisor = (a, b) => (b ? divisor(b, a % b) : a);
  let step = Math.max(1, Math.round(n * 0.618));
  while (divisor(step, n) !== 1) step++;
  return step % n || 1;
}

// What the pointer or the keyboard is on: picture, name, file.
class Tip {
  constructor(chart) {
    this.chart = chart;
    this.node = chart.root.querySelector(".tip");
  }

  show() {
    const { chart, node } = this;
    const i = chart.hovered;
    node.hidden = i < 0;
    chart.pictures.askAround(i);
    if (i < 0) return;
    const known = chart.pictures.known.get(i);
    node.querySelector(".shot").replaceChildren(...(known ? [known.image] : []));
    const group = chart.data.names[chart.groups[i]];
    node.querySelector(".name").textContent = chart.data.title === "Label" ? group : (known?.label ?? "…");
    node.querySelector(".group").textContent = chart.data.title === "Label" ? "" : `${chart.data.title}: ${group}`;
    node.querySelector(".file").textContent = known?.file ?? "…";
    this.place();
  }

  place() {
    const { chart, node } = this;
    if (chart.hovered < 0) return;
    const [width, height] = chart.size;
    const [x, y] = chart.at(chart.hovered);
    const right = x + 16 + node.offsetWidth < width ? x + 16 : x - 16 - node.offsetWidth;
    node.style.left = `${Math.min(Math.max(right, 4), width - node.offsetWidth - 4)}px`;
    node.style.top = `${Math.min(Math.max(y - node.offsetHeight / 2, 4), height - node.offsetHeight - 4)}px`;
  }
}
