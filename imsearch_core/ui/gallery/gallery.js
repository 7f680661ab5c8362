// Fills the gallery from data.cells. Text goes in as text, never as markup.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  const buttons = data.cells.map((cell) => button(cell, () => setTriggerValue("picked", cell.file)));
  root.replaceChildren(...buttons);
  root.onkeydown = (event) => {
    const target = neighbour(buttons, event.target.closest(".cell"), event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  };
}

function button(cell, pick) {
  const node = element("button", "cell");
  node.type = "button";
  node.title = cell.file;
  node.style.setProperty("--ratio", Math.min(Math.max(cell.ratio, 0.6), 2.4));
  const similarity = cell.cosine === null ? "" : `, cosine ${cell.cosine.toFixed(2)}`;
  node.setAttribute("aria-label", `${cell.label}, ${cell.file}${similarity}: search by this picture`);
  node.onclick = pick;

  const frame = element("span", "frame");
  if (cell.image) {
    const image = element("img");
    Object.assign(image, { src: cell.image, alt: "", decoding: "async", loading: "lazy" });
    frame.append(image);
  } else {
    frame.append(element("span", "gone", "no longer readable"));
  }
  const text = element("span", "text");
  text.append(element("span", "label", cell.label));
  node.append(frame, text);
  if (cell.cosine !== null) {
    text.append(element("span", "cosine", cell.cosine.toFixed(2)));
    const bar = element("div", "bar");
    const filled = element("i");
    filled.style.width = `${Math.max(cell.cosine, 0) * 100}%`;
    bar.append(filled);
    node.append(bar);
  }
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
