
// One picture, large, over the page. The thumbnail is shown at once, a sharper picture when it has come.
class Preview {
  constructor(dialog, gallery) {
    this.dialog = dialog;
    this.gallery = gallery;
    this.place = 0;
    this.image = dialog.querySelector(".large");
    dialog.onclick = (event) => {
      if (event.target === dialog) this.close(); // beside the picture
      else this.act(event.target.closest("button")?.dataset.act);
    };
    dialog.onkeydown = (event) => this.pressed(event);
    dialog.onclose = () => {
      const last = this.gallery.count - 1; // there may be fewer pictures by now
      if (last >= 0) this.gallery.focus(Math.min(this.place, last));
    };
  }

  async open(place) {
    this.place = place;
    const cell = await this.gallery.cellAt(place);
    if (!cell || this.place !== place) return;
    this.key = this.gallery.keyAt(place);
    this.file = cell.file;
    this.dialog.setAttribute("aria-label", `Preview of ${description(cell)}`);
    this.dialog.querySelector(".label").textContent = labelled(cell);
    this.dialog.querySelector(".file").textContent = cell.file;
    this.dialog.querySelector(".cosine").textContent = cell.cosine === null ? "" : cell.cosine.toFixed(2);
    for (const act of ["liked", "unliked"]) {
      this.dialog.querySelector(`[data-act=${act}]`).hidden = !this.gallery.data.judging;
    }
    this.mark();
    const ends = { previous: 0, next: this.gallery.count - 1 };
    for (const [act, end] of Object.entries(ends)) {
      // Not disabled: that would take the keyboard away from a button that has just been pressed.
      this.dialog.querySelector(`[data-act=${act}]`).setAttribute("aria-disabled", place === end);
    }
    this.image.src = cell.image;
    this.image.style.setProperty("--ratio", cell.ratio);
    if (!this.dialog.open) {
      this.dialog.showModal();
      this.dialog.focus(); // on no button, where Space and Enter would press it
    }
    if (cell.large) this.sharpen(cell.large);
    else if (this.gallery.data.large?.file !== cell.file) this.gallery.send("previewed", cell.file);
    else this.update();
  }

  mark() {
    const selected = this.gallery.selecting.keys.has(this.key);
    const button = this.dialog.querySelector("[data-act=selected]");
    button.setAttribute("aria-pressed", selected);
    button.lastChild.textContent = selected ? "Selected" : "Select";
  }

  // The gallery has new data: perhaps the sharp picture, perhaps other pictures altogether.
  update() {
    if (!this.dialog.open) return;
    const { large } = this.gallery.data;
    if (this.gallery.known(this.place)?.file !== this.file) this.close();
    else if (large?.file === this.file && large.image) this.sharpen(large.image);
  }

  sharpen(address) {
    const { file } = this;
    const sharp = new Image();
    sharp.src = address;
    sharp.decode().then(
      () => this.file === file && (this.image.src = address),
      () => {}, // the thumbnail stays
    );
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // Streamlit has keys of its own
    if (event.target.closest("button") && [" ", "Enter"].includes(event.key)) return; // they press it
    const acts = {
      ArrowLeft: "previous", ArrowRight: "next", " ": "closed", Enter: "picked", l: "liked", u: "unliked", c: "copied",
      x: "selected",
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  act(name) {
    if (name === "previous" && this.place > 0) this.open(this.place - 1);
    else if (name === "next" && this.place < this.gallery.count - 1) this.open(this.place + 1);
    else if (name === "copied") this.gallery.act(name, this.place);
    else if (name === "selected") {
      this.gallery.act(name, this.place);
      this.mark();
    } else if (name === "closed") this.close();
    else if (name === "picked" || (["liked", "unliked"].includes(name) && this.gallery.data.judging)) {
      this.close();
      this.gallery.act(name, this.place);
    }
  }

  close() {
    this.dialog.close();
  }
}
