// Nodes that several components of the review have.

// Makes these the children, touching only what differs: what stays keeps the keyboard and its picture.
function fill(parent, nodes) {
  const kept = new Set(nodes);
  [...parent.childNodes].forEach((node) => kept.has(node) || node.remove());
  nodes.forEach((node, place) => parent.childNodes[place] === node || parent.insertBefore(node, parent.childNodes[place]));
}

function action(act, key, words) {
  const button = element("button", `act ${act}`);
  button.type = "button";
  button.dataset.act = act;
  button.append(element("kbd", "", key), element("span", "words", words));
  return button;
}

function picture(source) {
  return Object.assign(element("img"), { alt: "", decoding: "async", loading: "lazy", draggable: false, src: source });
}
