// The node of one picture with its captions. Text goes in as text, never as markup.
const TRIES = 5; // to get a picture again
const MARK_OF_MOVE = { new: "arrived", gone: "departed" };

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

const labelled = (cell) => (cell.was ? `${cell.label}, was ${cell.was}` : cell.label);

function description(cell) {
  const similarity = cell.cosine === null ? "" : `, cosine ${cell.cosine.toFixed(2)}`;
  const score = cell.score === null ? "" : `, score ${cell.score.toFixed(2)}`;
  const move = cell.move.replace("↑", "up ").replace("↓", "down ");
  const also = cell.also.length ? `, also ${cell.also.join(", ")}` : "";
  const fit = cell.fit && `, label fit ${cell.fit}`;
  const tags = cell.tags.length ? `, tagged ${cell.tags.join(", ")}` : "";
  const about = `${labelled(cell)}${also}${tags}, ${cell.file}`.replace(/^, /, ""); // no picture has a label
  return `${about}${fit}${score}${similarity}${move ? `, ${move}` : ""}`;
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

// A picture that fades in once it is there. One that does not come is asked for again, less and less often: the
// server may just have begun anew.
function picture(address, className = "") {
  const image = element("img", className);
  let failures = 0;
  image.onload = () => image.classList.add("there");
  image.onerror = () => {
    if (++failures <= TRIES) setTimeout(() => image.isConnected && (image.src = address), failures * 1000);
  };
  Object.assign(image, { alt: "", decoding: "async", loading: "lazy", src: address });
  return image;
}

// The label is shown whole, then as many tags and other classes as find room, then the figures.
function captions(cell) {
  const text = element("span", "text");
  const more = element("span", "more");
  const chips = cell.also.length > 2 ? [cell.also[0], `+${cell.also.length - 1}`] : cell.also;
  if (cell.cosine === null) more.append(...chips.map((other) => element("span", "label also", other)));
  more.append(...cell.tags.map((tag) => element("span", "label tag", `#${tag}`)));
  text.append(element("span", "label", labelled(cell)), more, figures(cell));
  text.title = [labelled(cell), ...cell.also, ...cell.tags.map((tag) => `#${tag}`)].filter(Boolean).join(", ");
  if (cell.cosine === null) return [text];
  const bar = element("span", "bar");
  const filled = element("span");
  filled.style.width = `${Math.max(cell.cosine, 0) * 100}%`;
  bar.append(filled);
  return [text, bar];
}

function figures(cell) {
  const node = element("span", "figures");
  if (cell.move) node.append(element("span", "move", cell.move));
  if (cell.cosine === null) {
    if (cell.fit) node.append(titled("cosine", cell.fit, "How well the label fits"));
    return node;
  }
  if (cell.score !== null) node.append(titled("score", cell.score.toFixed(2), "Score, which sets the order"));
  else if (cell.percentile !== null) {
    const percentile = `${cell.percentile.toFixed(cell.percentile < 99.95 ? 1 : 0)}%`;
    node.append(titled("percentile", percentile, `More like the query than ${percentile} of the collection`));
  }
  node.append(titled("cosine", cell.cosine.toFixed(2), "Cosine similarity to the query"));
  return node;
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

function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}
