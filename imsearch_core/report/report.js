// The map: the picture under the pointer, or under the arrow keys; one class alone.
"use strict";
const box = document.getElementById("map-box");
if (box) {
  const { side, groups, points } = JSON.parse(document.getElementById("map-data").textContent);
  const card = document.getElementById("map-shown");
  const ring = document.getElementById("map-ring");
  const inOrder = points.map((_, i) => i).sort((a, b) => points[a][0] - points[b][0] || points[a][1] - points[b][1]);
  const REACH = 30; // units of the map
  let picked = null;
  let at = -1;

  const visible = (i) => picked === null || points[i][2] === picked;

  const show = (i) => {
    at = i;
    card.hidden = i < 0;
    ring.toggleAttribute("hidden", i < 0);
    if (i < 0) return;
    const [x, y, group, file, image] = points[i];
    const scale = box.clientWidth / side;
    ring.setAttribute("cx", x);
    ring.setAttribute("cy", y);
    const picture = card.querySelector("img");
    picture.hidden = !image;
    picture.src = image ? `data:image/webp;base64,${image}` : "data:,";
    card.querySelector("span").textContent = `${groups[group]} · ${file}`;
    card.style.left = `${Math.max(0, Math.min(x * scale + 14, box.clientWidth - card.offsetWidth))}px`;
    const below = y * scale + 14;
    card.style.top = `${below + card.offsetHeight > box.clientHeight ? y * scale - card.offsetHeight - 14 : below}px`;
  };

  const nearest = (x, y) => {
    let best = -1;
    let least = REACH * REACH;
    points.forEach(([px, py], i) => {
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least && visible(i)) [best, least] = [i, distance];
    });
    return best;
  };

  box.addEventListener("pointermove", (event) => {
    const place = box.getBoundingClientRect();
    const scale = side / place.width;
    show(nearest((event.clientX - place.left) * scale, (event.clientY - place.top) * scale));
  });
  box.addEventListener("pointerleave", () => show(-1));
  box.addEventListener("blur", () => show(-1));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") show(-1);
    if (!step) return;
    event.preventDefault();
    const order = inOrder.filter(visible);
    const place = order.indexOf(at);
    show(order[place < 0 ? 0 : (place + step + order.length) % order.length]);
  });

  for (const button of document.querySelectorAll(".legend button")) {
    button.addEventListener("click", () => {
      const group = Number(button.dataset.group);
      picked = picked === group ? null : group;
      box.classList.toggle("picked", picked !== null);
      for (const other of document.querySelectorAll(".legend button")) {
        const pressed = Number(other.dataset.group) === picked;
        other.setAttribute("aria-pressed", pressed);
        document.getElementById(`group-${other.dataset.group}`).classList.toggle("kept", pressed);
      }
      show(-1);
    });
  }
}
