// Shows data.cells as pictures that are buttons.
const galleries = new WeakMap();

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  if (!galleries.has(root)) galleries.set(root, new Gallery(root, parentElement));
  galleries.get(root).show(data, setTriggerValue);
  parentElement.host.dataset.there = ""; // ui/shell/frame.css keeps its place until then
}
