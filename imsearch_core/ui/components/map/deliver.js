// Hands the pictures that were asked for to the map, so that its points need not be sent again with them.
export default function ({ data, parentElement }) {
  dispatchEvent(new CustomEvent("imsearch-map-pictures", { detail: data }));
  parentElement.host.dataset.there = ""; // as every component
}
