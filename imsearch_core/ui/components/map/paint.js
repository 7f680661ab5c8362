// Draws the chart, and the legend that goes with it.
function paint(chart) {
  const { canvas, data, members, highlight, selected } = chart;
  const [width, height] = chart.size;
  const dense = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * dense) || canvas.height !== Math.round(height * dense)) {
    [canvas.width, canvas.height] = [Math.round(width * dense), Math.round(height * dense)];
  }
  const style = getComputedStyle(chart.root);
  const ink = style.color;
  const paper = style.getPropertyValue("--st-background-color") || "white";
  const pen = canvas.getContext("2d");
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, width, height);
  const places = chart.places();
  const room = Math.min(Math.min(width, height) / 540, 1);
  const radius =
    Math.max(Math.min(150 / Math.sqrt(chart.count), 5) * room, 1.2) * Math.min(chart.view.zoom ** 0.35, 2.5);
  chart.inView = 0;
  const inView = (i) =>
    places[2 * i] > -20 && places[2 * i] < width + 20 && places[2 * i + 1] > -20 && places[2 * i + 1] < height + 20;
  const points = (indices, group, size) => {
    pen.beginPath();
    const shape = size < 2.5 ? "dot" : data.shapes[group];
    let drawn = 0;
    for (const i of indices) {
      if (!inView(i)) continue;
      SHAPES[shape](pen, places[2 * i], places[2 * i + 1], size);
      drawn++;
    }
    pen.fillStyle = data.colours[group];
    pen.fill();
    return drawn;
  };
  const order = data.names.map((_, group) => group).sort((a, b) => (a === highlight) - (b === highlight));
  for (const group of order) {
    const dim = highlight >= 0 && group !== highlight;
    pen.globalAlpha = dim ? 0.1 : selected.size ? 0.3 : radius < 2.5 ? 0.7 : 0.85;
    const drawn = points(members[group], group, radius);
    if (!dim) chart.inView += drawn;
  }
  const { x, y, zoom } = chart.view;
  chart.root.querySelector(".back").hidden = chart.inView > 0 || (zoom === 1 && x === 0.5 && y === 0.5);
  pen.globalAlpha = 1;
  if (selected.size) {
    const chosen = data.names.map(() => []);
    for (const i of selected) chosen[chart.groups[i]].push(i);
    chosen.forEach((indices, group) => points(indices, group, radius * 1.25));
    if (radius >= 2.5 && selected.size <= RINGED) {
      pen.beginPath();
      for (const i of selected) if (inView(i)) SHAPES.circle(pen, places[2 * i], places[2 * i + 1], radius * 1.25 + 0.5);
      Object.assign(pen, { strokeStyle: ink, lineWidth: 0.6 });
      pen.stroke();
    }
  }
  chart.pictures.paint(pen);
  if (chart.level) writeNames(chart, pen, ink, paper);
  if (chart.hovered >= 0) {
    const [x, y] = chart.at(chart.hovered);
    pen.beginPath();
    pen.arc(x, y, radius + 4, 0, 7);
    Object.assign(pen, { strokeStyle: ink, lineWidth: 2.5 });
    pen.stroke();
  }
  if (chart.lasso?.length > 1) {
    pen.beginPath();
    for (const [x, y] of chart.lasso) pen.lineTo(x, y);
    pen.closePath();
    Object.assign(pen, { strokeStyle: ink, fillStyle: ink, lineWidth: 1.5 });
    pen.setLineDash([5, 4]);
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 0.07;
    pen.fill();
    pen.globalAlpha = 1;
  }
}

const LONGEST_NAME = 32; // letters; the legend and the tip have more room
const SAME_NAME = 120; // pixels within which one name stands for neighbours that share it
const RINGED = 150; // of more points at once, outlines would hide the colours

const SHAPES = {
  dot: (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r),
  circle: (pen, x, y, r) => {
    pen.moveTo(x + r, y);
    pen.arc(x, y, r, 0, 7);
  },
  triangle: (pen, x, y, r) => polygon(pen, [[x, y - 1.3 * r], [x + 1.2 * r, y + 0.9 * r], [x - 1.2 * r, y + 0.9 * r]]),
  square: (pen, x, y, r) => pen.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
  diamond: (pen, x, y, r) => polygon(pen, [[x, y - 1.4 * r], [x + 1.2 * r, y], [x, y + 1.4 * r], [x - 1.2 * r, y]]),
};

function polygon(pen, corners) {
  corners.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

// The name of each group where it is densest, the larger groups first, none over another.
function writeNames(chart, pen, ink, paper) {
  const { level } = chart;
  const { names, members } = level;
  const [width] = chart.size;
  level.anchors ??= members.map((indices) => densest(chart.points, indices));
  pen.font = `600 13px ${getComputedStyle(chart.root).fontFamily}`;
  Object.assign(pen, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 4 });
  const tools = chart.root.querySelector(".tools");
  const below = tools.offsetTop + tools.offsetHeight;
  const taken = [{ box: boxOf(chart.root.querySelector(".pictures")) }];
  const order = names.map((_, group) => group).sort((a, b) => members[b].length - members[a].length);
  for (const group of order) {
    const anchor = level.anchors[group];
    if (anchor < 0 || !names[group] || (level.groups && chart.highlight >= 0 && group !== chart.highlight)) continue;
    const name = shortened(names[group]);
    const half = pen.measureText(name).width / 2 + 3;
    const [place, y] = chart.at(anchor);
    if (place < 0 || place > width) continue;
    const right = y - 10 < below ? tools.offsetLeft : width;
    const x = Math.min(Math.max(place, half), right - half); // whole, at the edges and beside the tools too
    const box = [x - half, y - 10, x + half, y + 10];
    const told = (other) => other.name === name && Math.hypot(other.x - x, other.y - y) < SAME_NAME;
    if (taken.some((other) => overlap(box, other.box) || told(other))) continue;
    taken.push({ name, x, y, box });
    Object.assign(pen, { strokeStyle: paper, fillStyle: ink });
    pen.strokeText(name, x, y);
    pen.fillText(name, x, y);
  }
}

const shortened = (name) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);
const boxOf = ({ offsetLeft: x, offsetTop: y, offsetWidth, offsetHeight }) => [x, y, x + offsetWidth, y + offsetHeight];
const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

// Of some points, the one with most others near; a few hundred of them tell.
function densest(points, indices) {
  const few = indices.filter((_, n) => n % Math.ceil(indices.length / 300) === 0);
  let [best, most] = [-1, -1];
  for (const i of few) {
    let near = 0;
    for (const j of few) {
      const d = (points[2 * i] - points[2 * j]) ** 2 + (points[2 * i + 1] - points[2 * j + 1]) ** 2;
      near += Math.exp(-d / 0.003);
    }
    if (near > most) [best, most] = [i, near];
  }
  return best;
}

function legend(chart) {
  const { root, data, members } = chart;
  const place = root.querySelector(".legend");
  place.setAttribute("aria-label", "Classes on the map: press one to highlight it");
  const focused = root.getRootNode().activeElement?.dataset?.group;
  const buttons = data.names.map((name, group) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", title: `Highlight ${name}` });
    button.dataset.group = group;
    button.setAttribute("aria-pressed", group === chart.highlight);
    button.append(glyph(data, group), span("text", name), span("count", members[group].length.toLocaleString()));
    button.onclick = () => {
      chart.highlight = chart.highlight === group ? -1 : group;
      legend(chart);
      chart.draw();
    };
    return button;
  });
  place.classList.toggle("chosen", chart.highlight >= 0);
  place.replaceChildren(...buttons.filter((_, group) => members[group].length));
  if (focused !== undefined) buttons[focused]?.focus();
}

function span(name, text) {
  const node = document.createElement("span");
  node.className = name;
  node.textContent = text;
  return node;
}

function glyph(data, group) {
  const SVG = "http://www.w3.org/2000/svg";
  const node = document.createElementNS(SVG, "svg");
  node.setAttribute("viewBox", "0 0 12 12");
  node.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  const outlines = {
    circle: "M6 1a5 5 0 1 0 .01 0z",
    triangle: "M6 1l5.2 9.5H.8z",
    square: "M1.5 1.5h9v9h-9z",
    diamond: "M6 .2L11.2 6 6 11.8.8 6z",
  };
  path.setAttribute("d", outlines[data.shapes[group]]);
  path.setAttribute("fill", data.colours[group]);
  node.append(path);
  return node;
}

