// Which pictures are selected: clicked, in a range, in a band drawn with the mouse, or all. The server is told.
const SEND_AFTER = 250; // milliseconds after the last change

class Selecting {
  // `nodes` gives the pictures' nodes in order, each with its file and a button that shows whether it is
  // selected; `say` tells the person how many are.
  constructor(root, nodes, say) {
    Object.assign(this, { root, nodes, say, files: new Set(), turn: 0 });
    this.band = new Band(root, {
      cells: nodes,
      over: (covered, adding) => this.cover(covered, adding),
      done: () => this.changed(),
    });
  }

  // What the server says, unless more has been selected since.
  update({ selected, turn }, send) {
    this.send = send;
    if (turn < this.turn) return;
    this.turn = turn;
    this.files = new Set(selected);
  }

  // Selects a picture or, as a `range`, all from the last one to this; one that is selected no longer is.
  pick(node, range = false) {
    const nodes = this.nodes();
    const from = nodes.findIndex((other) => other.file === this.anchor);
    if (range && from >= 0) {
      const [first, last] = [from, nodes.indexOf(node)].sort((a, b) => a - b);
      nodes.slice(first, last + 1).forEach((other) => this.files.add(other.file));
    } else {
      if (!this.files.delete(node.file)) this.files.add(node.file);
      this.anchor = node.file;
    }
    this.changed();
  }

  all() {
    const files = this.nodes().map((node) => node.file);
    const every = files.every((file) => this.files.has(file));
    files.forEach((file) => (every ? this.files.delete(file) : this.files.add(file)));
    this.changed();
  }

  // While a band is drawn: what it touches is selected, or added to what was.
  cover(nodes, adding) {
    this.before ??= adding ? this.files : new Set();
    this.files = new Set([...this.before, ...nodes.map((node) => node.file)]);
    this.mark();
  }

  changed() {
    this.before = null;
    this.turn += 1;
    this.mark();
    this.say(`${this.files.size} selected`);
    clearTimeout(this.sender);
    this.sender = setTimeout(() => this.send({ turn: this.turn, files: [...this.files] }), SEND_AFTER);
  }

  mark() {
    for (const node of this.nodes()) {
      const selected = this.files.has(node.file);
      node.classList.toggle("selected", selected);
      node.querySelector("[data-act=selected]").setAttribute("aria-pressed", selected);
    }
    this.root.classList.toggle("selecting", this.files.size > 0);
  }
}
