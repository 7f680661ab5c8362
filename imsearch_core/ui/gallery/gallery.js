// Fills the gallery from data.cells. Text goes in as text, never as markup.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  const cells = data.cells.map((cell) => {
    const send = (name) => () => setTriggerValue(name, cell.file);
    return figure(cell, send("picked"), data.judging ? { liked: send("liked"), unliked: send("unliked") } : null);
  });
  root.replaceChildren(...cells);
  const buttons = cells.map((cell) => cell.querySelector(".pick"));
  root.onkeydown = (event) => {
    const target = neighbour(buttons, event.target.closest(".pick"), event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  };
}

function figure(cell, pick, judge) {
  const node = element("div", "cell");
  node.setAttribute("role", "listitem");
  node.style.setProperty("--ratio", Math.min(Math.max(cell.ratio, 0.6), 2.4));

  const button = element("button", "pick");
  Object.assign(button, { type: "button", title: cell.file, onclick: pick });
  button.setAttribute("aria-label", `${description(cell)}: search by this picture`);
  button.append(frame(cell), ...captions(cell));
  node.append(button);
  if (judge) {
    const actions = element("div", "actions");
    actions.append(
      action("+", `More like ${cell.file}`, judge.liked),
      action("−", `Less like ${cell.file}`, judge.unliked),
    );
    node.append(actions);
    button.onkeydown = (event) => {
      if (event.key === "l") judge.liked();
      if (event.key === "u") judge.unliked();
    };
  }
  return node;
}

const labelled = (cell) => (cell.was ? `${cell.label}, was ${cell.was}` : cell.label);

function description(cell) {
  const similarity = cell.cosine === null ? "" : `, cosine ${cell.cosine.toFixed(2)}`;
  return `${labelled(cell)}, ${cell.file}${similarity}${cell.move ? `, ${cell.move}` : ""}`;
}

function frame(cell) {
  const node = element("span", "frame");
  if (!cell.image) {
    node.append(element("span", "gone", "no longer readable"));
    return node;
  }
  const image = element("img");
  Object.assign(image, { src: cell.image, alt: "", decoding: "async", loading: "lazy" });
  node.append(image);
  if (cell.heat) {
    const heat = element("img", "heat");
    Object.assign(heat, { src: cell.heat, alt: "", decoding: "async" });
    node.append(heat);
  }
  return node;
}

function captions(cell) {
  const text = element("span", "text");
  text.append(element("span", "label", labelled(cell)));
  if (cell.cosine === null) return [text];
  if (cell.move) text.append(element("span", "move", cell.move));
  const percentile = cell.percentile.toFixed(cell.percentile < 99.95 ? 1 : 0);
  const rank = element("span", "percentile", `${percentile}%`);
  rank.title = `More like the query than ${percentile} % of the collection`;
  text.append(rank, element("span", "cosine", cell.cosine.toFixed(2)));
  const bar = element("span", "bar");
  const filled = element("i");
  filled.style.width = `${Math.max(cell.cosine, 0) * 100}%`;
  bar.append(filled);
  return [text, bar];
}

function action(sign, label, act) {
  const node = element("button", "action", sign);
  Object.assign(node, { type: "button", title: label, onclick: act });
  node.setAttribute("aria-label", label);
  return node;
}

// The button that an arrow key leads to, if any: the next one, or the nearest in the row above or below.
function neighbour(buttons, from, key) {
  const index = buttons.indexOf(from);
  if (index < 0) return undefined;
  if (key === "ArrowRight") return buttons[index + 1];
  if (key === "ArrowLeft") return buttons[index - 1];
  if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
  const here = from.getBoundingClientRect();
  const middle = (box) => box.left + box.width / 2;
  const rows = buttons
    .map((node) => ({ node, box: node.getBoundingClientRect() }))
    .filter(({ box }) => (key === "ArrowDown" ? box.top > here.top + 1 : box.top < here.top - 1));
  rows.sort(
    (a, b) =>
      Math.abs(a.box.top - here.top) - Math.abs(b.box.top - here.top) ||
      Math.abs(middle(a.box) - middle(here)) - Math.abs(middle(b.box) - middle(here)),
  );
  return rows[0]?.node;
}

function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}
