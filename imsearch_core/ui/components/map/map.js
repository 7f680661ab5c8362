// A map of pictures: points that can be looked at, moved around and selected. Text goes in as text.
// Sends "wanted" (indices whose pictures are to be shown) and "selected" (the indices chosen).
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".map");
  root.chart ??= new Chart(root);
  // Not triggers: while the server is busy, a later trigger would take the place of an earlier one.
  root.chart.show(data, (name, indices) => setStateValue(name, { at: Date.now(), indices }));
}

const NEAR = 14; // pixels within which the pointer finds a point
const LARGEST_ZOOM = 60;
const NAMES_FROM = [360, 1000]; // pixels of the whole map from which the middle and the fine groups are named

class Chart {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.view = { x: 0.5, y: 0.5, zoom: 1 };
    this.tool = "select";
    this.highlight = -1;
    this.hovered = -1;
    this.lasso = null;
    this.pictures = new Pictures(this);
    this.tip = new Tip(this);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    listen(this);
    this.choose("select");
  }

  show(data, send) {
    this.send = send;
    this.canvas.setAttribute(
      "aria-label",
      `${data.alt} Arrow keys go from picture to picture, Enter selects, with Shift adds, a selects all in view, ` +
        "plus and minus zoom, 0 shows all, p shows pictures, Escape selects nothing.",
    );
    if (data.points !== this.data?.points) {
      const values = new Uint16Array(decoded(data.points));
      const points = Float32Array.from(values, (value) => value / 65535);
      const same = data.placed === this.data?.placed; // the same pictures on another map: they move there
      if (!same) Object.assign(this, { hovered: -1, view: { x: 0.5, y: 0.5, zoom: 1 } });
      if (!same) this.pictures.forget();
      this.moveTo(points, same);
    }
    if (data.groups !== this.data?.groups) {
      this.groups = new Uint16Array(decoded(data.groups));
      this.highlight = -1;
    }
    this.passing = data.passing && new Uint8Array(decoded(data.passing));
    this.selected = new Set(data.selected);
    this.data = data;
    this.members = this.membersOf(this.groups, data.names);
    this.levels = data.clusters.map(({ groups, names }) => {
      return { names, members: this.membersOf(new Int16Array(decoded(groups)), names) };
    });
    if (!this.levels.length && data.named) this.levels = [{ names: data.names, members: this.members, groups: true }];
    legend(this);
    this.tip.show();
    this.draw();
  }

  moveTo(points, smoothly) {
    const from = this.points;
    this.points = this.target = points; // a movement still under way ends
    this.levels?.forEach((level) => (level.anchors = null));
    if (!smoothly || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const began = performance.now();
    const step = (now) => {
      if (this.target !== points) return;
      const done = Math.min((now - began) / 900, 1);
      const eased = 1 - (1 - done) ** 3;
      this.points = done < 1 ? points.map((to, i) => from[i] + (to - from[i]) * eased) : points;
      this.levels?.forEach((level) => (level.anchors = null));
      this.draw();
      if (done < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  get count() {
    return this.points.length / 2;
  }

  get size() {
    return [this.canvas.clientWidth, this.canvas.clientHeight];
  }

  get scale() {
    return (Math.min(...this.size) - 48) * this.view.zoom;
  }

  // Where a point is on the canvas, in pixels.
  at(i) {
    const [width, height] = this.size;
    const scale = this.scale;
    return [
      width / 2 + (this.points[2 * i] - this.view.x) * scale,
      height / 2 + (this.points[2 * i + 1] - this.view.y) * scale,
    ];
  }

  // All of `at` at once: many points are faster so.
  places() {
    const [width, height] = this.size;
    const scale = this.scale;
    const [left, top] = [width / 2 - this.view.x * scale, height / 2 - this.view.y * scale];
    return this.points.map((value, i) => value * scale + (i % 2 ? top : left));
  }

  // The points in each of the groups of these names, without those that a filter leaves out.
  membersOf(groups, names) {
    const members = names.map(() => []);
    groups.forEach((group, i) => group >= 0 && (this.passing?.[i] ?? 1) && members[group].push(i));
    return members;
  }

  // The groups to name: finer ones when the view is closer.
  get level() {
    const closer = NAMES_FROM.filter((pixels) => this.scale >= pixels).length;
    return this.levels[Math.min(closer, this.levels.length - 1)];
  }

  shown(i) {
    return (this.passing?.[i] ?? 1) && (this.highlight < 0 || this.groups[i] === this.highlight);
  }

  pan(dx, dy) {
    this.view.x -= dx / this.scale;
    this.view.y -= dy / this.scale;
    this.draw();
  }

  // Zooms so that the place at these pixels stays where it is.
  zoom(factor, [x, y] = this.size.map((side) => side / 2)) {
    const [width, height] = this.size;
    const before = this.scale;
    this.view.zoom = Math.min(Math.max(this.view.zoom * factor, 0.6), LARGEST_ZOOM);
    const change = 1 / before - 1 / this.scale;
    this.view.x += (x - width / 2) * change;
    this.view.y += (y - height / 2) * change;
    this.draw();
  }

  all() {
    this.view = { x: 0.5, y: 0.5, zoom: 1 };
    this.draw();
  }

  choose(tool) {
    this.tool = tool;
    this.canvas.classList.toggle("moving", tool === "move");
    for (const button of this.root.querySelectorAll(".tool")) {
      button.setAttribute("aria-pressed", button.dataset.tool === tool);
    }
  }

  hover(i) {
    if (i === this.hovered) return;
    this.hovered = i;
    this.tip.show();
    this.draw();
  }

  // The point nearest to a place in pixels, if one is near.
  find([x, y]) {
    const places = this.places();
    let [best, distance] = [this.pictures.find([x, y]), NEAR ** 2];
    if (best >= 0) return best;
    for (let i = 0; i < this.count; i++) {
      const d = (places[2 * i] - x) ** 2 + (places[2 * i + 1] - y) ** 2;
      if (d < distance && this.shown(i)) [best, distance] = [i, d];
    }
    return best;
  }

  select(indices) {
    this.selected = new Set(indices);
    this.draw();
    this.send("selected", indices);
  }

  toggle(i, adding) {
    const others = adding ? [...this.selected] : [];
    this.select(others.includes(i) ? others.filter((other) => other !== i) : [...others, i]);
  }

  // Selects what is shown within a polygon of pixels.
  enclose(polygon) {
    const places = this.places();
    const inside = [];
    for (let i = 0; i < this.count; i++) {
      if (this.shown(i) && within(polygon, places[2 * i], places[2 * i + 1])) inside.push(i);
    }
    this.select(inside);
  }

  draw() {
    if (this.awaited || !this.points) return;
    this.awaited = requestAnimationFrame(() => {
      this.awaited = 0;
      paint(this);
      this.tip.place();
      this.pictures.settle();
    });
  }
}

function within(polygon, x, y) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [polygon[i], polygon[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function decoded(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

