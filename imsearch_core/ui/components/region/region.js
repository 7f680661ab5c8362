// Draws data.picture and lets a region be dragged on it. Sends each region picked, as "x0,y0,x1,y1" in
// fractions or "" for none, with a number that comes back as data.answered.
const SMALLEST = 0.04;
const STEP = 0.02;
const REST = 200; // milliseconds without a key after which a region is sent: each costs a forward pass

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".picture");
  root.picker ??= new Picker(root);
  root.picker.show(data, (picked) => setTriggerValue("picked", picked));
  const image = root.picker.image; // ui/shell/frame.css keeps its place until it has a height
  image.onload = image.onerror = () => (parentElement.host.dataset.there = "");
}

class Picker {
  constructor(root) {
    this.root = root;
    this.image = document.createElement("img");
    this.image.draggable = false;
    this.box = document.createElement("div");
    this.box.className = "region";
    this.start = null; // where the drag has begun, while there is one
    this.hint = document.createElement("div");
    Object.assign(this.hint, { className: "hint", textContent: "Drag to search with a part", ariaHidden: "true" });
    root.append(this.image, this.box, this.hint);
    root.tabIndex = 0;
    root.setAttribute("role", "application");
    root.onpointerdown = (event) => {
      this.start = this.place(event);
      root.setPointerCapture(event.pointerId);
    };
    root.onpointermove = (event) => this.start && this.draw(spanned(this.start, this.place(event)));
    root.onpointerup = (event) => this.dropped(event);
    root.onpointercancel = () => {
      this.start = null;
      this.draw(this.region);
    };
    root.onkeydown = (event) => this.pressed(event);
  }

  show(data, send) {
    this.send = send;
    if (this.image.getAttribute("src") !== data.picture) this.image.src = data.picture;
    this.image.alt = data.alt;
    this.root.setAttribute(
      "aria-label",
      `${data.alt}. Drag to search with a part; arrow keys move it, with Shift resize, Escape removes`,
    );
    this.picks ??= data.answered;
    if (data.answered >= this.picks) this.region = data.region; // else it answers an earlier pick
    if (!this.start) this.draw(this.region);
  }

  pick(region, after = 0) {
    this.region = region;
    this.draw(region);
    const picked = { number: ++this.picks, region: region ? region.map((value) => value.toFixed(3)).join(",") : "" };
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.send(picked), after);
  }

  draw(region) {
    this.box.hidden = !region;
    this.hint.hidden = Boolean(region);
    if (!region) return;
    const [x0, y0, x1, y1] = region.map((value) => value * 100);
    Object.assign(this.box.style, { left: `${x0}%`, top: `${y0}%`, width: `${x1 - x0}%`, height: `${y1 - y0}%` });
  }

  // Where a pointer is on the picture, in fractions.
  place(event) {
    const frame = this.root.getBoundingClientRect();
    return [clamp((event.clientX - frame.left) / frame.width), clamp((event.clientY - frame.top) / frame.height)];
  }

  dropped(event) {
    if (!this.start) return;
    const drawn = spanned(this.start, this.place(event));
    this.start = null;
    if (large(drawn)) this.pick(drawn);
    else if (this.region) this.pick(null);
    else this.draw(null);
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (event.key === "Escape" && this.region) this.pick(null);
    else if (step && !this.region) this.pick([0.25, 0.25, 0.75, 0.75], REST); // the keyboard begins with the middle
    else if (step) this.pick(event.shiftKey ? resized(this.region, step) : moved(this.region, step), REST);
    else return;
    event.preventDefault();
  }
}

const clamp = (value, low = 0, high = 1) => Math.min(Math.max(value, low), high);
const spanned = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
const large = ([x0, y0, x1, y1]) => x1 - x0 >= SMALLEST && y1 - y0 >= SMALLEST;

function moved([x0, y0, x1, y1], [dx, dy]) {
  const [x, y] = [clamp(dx, -x0, 1 - x1), clamp(dy, -y0, 1 - y1)];
  return [x0 + x, y0 + y, x1 + x, y1 + y];
}

function resized([x0, y0, x1, y1], [dx, dy]) {
  return [x0, y0, clamp(x1 + dx, x0 + SMALLEST), clamp(y1 + dy, y0 + SMALLEST)];
}
