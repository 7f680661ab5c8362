// Draws data.picture and lets a region be dragged on it; sends "x0,y0,x1,y1" in fractions, or "" for none.
const SMALLEST = 0.04;
const STEP = 0.02;

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".picture");
  const image = document.createElement("img");
  Object.assign(image, { src: data.picture, alt: data.alt, draggable: false });
  const box = document.createElement("div");
  box.className = "region";
  root.replaceChildren(image, box);
  root.tabIndex = 0;
  root.setAttribute("role", "application");
  root.setAttribute("aria-label", `${data.alt}. Drag to search with a part; arrow keys move it, with Shift resize, Escape removes`);

  let region = data.region;
  show(box, region);
  const pick = (next) => {
    region = next;
    show(box, region);
    setTriggerValue("picked", region ? region.map((value) => value.toFixed(3)).join(",") : "");
  };

  let start = null;
  root.onpointerdown = (event) => {
    start = place(root, event);
    root.setPointerCapture(event.pointerId);
  };
  root.onpointermove = (event) => {
    if (start) show(box, spanned(start, place(root, event)));
  };
  root.onpointerup = (event) => {
    if (!start) return;
    const drawn = spanned(start, place(root, event));
    start = null;
    if (large(drawn)) pick(drawn);
    else if (region) pick(null);
    else show(box, null);
  };
  root.onpointercancel = () => {
    start = null;
    show(box, region);
  };
  root.onkeydown = (event) => {
    const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (event.key === "Escape" && region) pick(null);
    else if (step) pick(event.shiftKey ? resized(region, step) : moved(region, step));
    else return;
    event.preventDefault();
  };
}

function show(box, region) {
  box.hidden = !region;
  if (!region) return;
  const [x0, y0, x1, y1] = region.map((value) => value * 100);
  Object.assign(box.style, { left: `${x0}%`, top: `${y0}%`, width: `${x1 - x0}%`, height: `${y1 - y0}%` });
}

// Where a pointer is on the picture, in fractions.
function place(root, event) {
  const frame = root.getBoundingClientRect();
  return [clamp((event.clientX - frame.left) / frame.width), clamp((event.clientY - frame.top) / frame.height)];
}

const clamp = (value, low = 0, high = 1) => Math.min(Math.max(value, low), high);
const spanned = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
const large = ([x0, y0, x1, y1]) => x1 - x0 >= SMALLEST && y1 - y0 >= SMALLEST;

// Without a region the keyboard begins with the middle of the picture.
const MIDDLE = [0.25, 0.25, 0.75, 0.75];

function moved(region, [dx, dy]) {
  if (!region) return MIDDLE;
  const [x0, y0, x1, y1] = region;
  const [x, y] = [clamp(dx, -x0, 1 - x1), clamp(dy, -y0, 1 - y1)];
  return [x0 + x, y0 + y, x1 + x, y1 + y];
}

function resized(region, [dx, dy]) {
  if (!region) return MIDDLE;
  const [x0, y0, x1, y1] = region;
  return [x0, y0, clamp(x1 + dx, x0 + SMALLEST), clamp(y1 + dy, y0 + SMALLEST)];
}
