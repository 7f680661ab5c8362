// A band drawn with the mouse selects every picture that it touches. A finger scrolls instead.
const DRAWN_FROM = 6; // pixels: less is a click

class Band {
  // `cells` gives the pictures' nodes; `over` is called with those in the band while it is drawn, and with
  // whether they are added to what is selected, `done` when it is finished.
  constructor(root, { cells, over, done }) {
    Object.assign(this, { root, cells, over, done });
    this.node = element("div", "band");
    root.addEventListener("pointerdown", (event) => this.begin(event));
    root.addEventListener("dragstart", (event) => event.preventDefault()); // of the picture itself
    root.addEventListener("click", (event) => this.drawn && event.stopPropagation(), true);
  }

  begin(event) {
    this.drawn = false;
    if (event.pointerType !== "mouse" || event.button) return;
    const from = this.place(event);
    const adding = event.ctrlKey || event.metaKey || event.shiftKey;
    const moved = (event) => this.draw(from, this.place(event), adding);
    const ended = () => {
      document.removeEventListener("pointermove", moved);
      this.node.remove();
      if (this.drawn) this.done();
    };
    document.addEventListener("pointermove", moved);
    document.addEventListener("pointerup", ended, { once: true });
  }

  // Where the pointer is among the pictures, however the page is scrolled.
  place(event) {
    const { left, top } = this.root.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  draw(from, to, adding) {
    const [width, height] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
    if (!this.drawn && Math.max(width, height) < DRAWN_FROM) return;
    this.drawn = true;
    const box = this.root.getBoundingClientRect();
    const band = new DOMRect(box.left + Math.min(from.x, to.x), box.top + Math.min(from.y, to.y), width, height);
    Object.assign(this.node.style, { left: `${band.x}px`, top: `${band.y}px`, width: `${width}px`, height: `${height}px` });
    this.root.parentNode.append(this.node);
    const touched = (cell) => {
      const other = cell.getBoundingClientRect();
      return other.left < band.right && other.right > band.left && other.top < band.bottom && other.bottom > band.top;
    };
    this.over(this.cells().filter(touched), adding);
  }
}
