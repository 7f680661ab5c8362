// Pointer, wheel and keyboard.
function listen(chart) {
  const { canvas, root } = chart;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const pointers = new Map();
  let dragging = null; // "select" or "move"
  let start = null;

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    start = pointers.size > 1 ? null : place(event); // two fingers never click
    const other = event.shiftKey || event.button === 1;
    dragging = pointers.size > 1 || other === (chart.tool === "select") ? "move" : "select";
    chart.lasso = dragging === "select" ? [start] : null;
  };
  canvas.onpointermove = (event) => {
    const now = place(event);
    if (!pointers.has(event.pointerId)) return chart.hover(chart.find(now));
    if (chart.lasso?.length > 3) chart.hover(-1);
    const before = pointers.get(event.pointerId);
    if (pointers.size > 1) pinch(chart, [...pointers.values()], before, now);
    else if (dragging === "move") chart.pan(now[0] - before[0], now[1] - before[1]);
    else if (dragging === "select") {
      chart.lasso.push(now);
      chart.draw();
    }
    pointers.set(event.pointerId, now);
  };
  canvas.onpointerup = (event) => {
    pointers.delete(event.pointerId);
    const lasso = chart.lasso;
    const still = start && distance(start, place(event)) < 5 && (lasso?.length ?? 0) < 12;
    chart.lasso = null;
    if (dragging && still) {
      const found = chart.find(place(event));
      if (found >= 0) chart.toggle(found, event.shiftKey);
      else if (chart.selected.size) chart.select([]);
    } else if (dragging === "select") chart.enclose(lasso);
    dragging = null;
    chart.draw();
  };
  canvas.onpointercancel = (event) => {
    pointers.delete(event.pointerId);
    chart.lasso = dragging = null;
    chart.draw();
  };
  canvas.onpointerleave = () => chart.hover(-1);
  canvas.onblur = () => chart.hover(-1);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    chart.zoom(1.0016 ** -event.deltaY, place(event));
  }, { passive: false });

  canvas.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      "+": () => chart.zoom(1.4),
      "=": () => chart.zoom(1.4),
      "-": () => chart.zoom(1 / 1.4),
      0: () => chart.all(),
      p: () => chart.pictures.toggle(),
      a: () => chart.enclose([[0, 0], [chart.size[0], 0], chart.size, [0, chart.size[1]]]),
      Enter: () => chart.hovered >= 0 && chart.toggle(chart.hovered, event.shiftKey),
      Escape: () => chart.select([]),
      ArrowRight: () => step(chart, 1, 0),
      ArrowLeft: () => step(chart, -1, 0),
      ArrowDown: () => step(chart, 0, 1),
      ArrowUp: () => step(chart, 0, -1),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  };
  for (const button of root.querySelectorAll(".tool")) button.onclick = () => chart.choose(button.dataset.tool);
  const acts = { in: () => chart.zoom(1.5), out: () => chart.zoom(1 / 1.5), all: () => chart.all() };
  for (const button of root.querySelectorAll(".act")) button.onclick = acts[button.dataset.act];
  root.querySelector(".pictures").onclick = () => chart.pictures.toggle();
}

const distance = ([a, b], [c, d]) => Math.hypot(a - c, b - d);

function pinch(chart, [a, b], before, now) {
  const other = distance(a, before) === 0 ? b : a;
  const middle = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
  chart.lasso = null;
  chart.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  chart.zoom(distance(now, other) / Math.max(distance(before, other), 1), middle);
}

// Goes to the nearest point in a direction; from nowhere, to the one nearest to the middle.
function step(chart, dx, dy) {
  const [width, height] = chart.size;
  const [x, y] = chart.hovered >= 0 ? chart.at(chart.hovered) : [width / 2, height / 2];
  const places = chart.places();
  let [best, least] = [-1, Infinity];
  for (let i = 0; i < chart.count; i++) {
    const [right, down] = [places[2 * i] - x, places[2 * i + 1] - y];
    const ahead = right * dx + down * dy;
    const aside = Math.abs(right * dy) + Math.abs(down * dx);
    if (i === chart.hovered || !chart.shown(i) || (chart.hovered >= 0 && ahead <= aside)) continue;
    const far = chart.hovered >= 0 ? ahead + 2 * aside : Math.hypot(right, down);
    if (far < least) [best, least] = [i, far];
  }
  if (best < 0) return;
  const [bx, by] = [places[2 * best], places[2 * best + 1]];
  if (bx < 0 || by < 0 || bx > width || by > height) chart.pan(width / 2 - bx, height / 2 - by);
  chart.hover(best);
}

