// Which pictures are selected: clicked, in a range, in a band drawn with the mouse, or all. The server is told.
const SEND_AFTER = 250; // milliseconds after the last change

class Selecting {
  // `nodes` gives the nodes of the pictures that are in the page, each with a button that shows whether it is
  // selected; `say` tells the person how many are. A picture is known by a key: `all` gives those of every
  // picture in order, `keyOf` that of a node.
  constructor(root, { nodes, say, keyOf = (node) => node.file, all = () => nodes().map(keyOf) }) {
    Object.assign(this, { root, nodes, say, keyOf, everything: all, keys: new Set(), turn: 0, alone: false });
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
    this.keys = new Set(selected);
  }

  // Selects a picture or, as a `range`, all from the last one to this; one that is selected no longer is.
  pick(key, range = false) {
    const all = range ? this.everything() : [];
    const from = all.indexOf(this.anchor);
    if (from >= 0) {
      const [first, last] = [from, all.indexOf(key)].sort((a, b) => a - b);
      all.slice(first, last + 1).forEach((other) => this.keys.add(other));
    } else {
      if (!this.keys.delete(key)) this.keys.add(key);
      this.anchor = key;
    }
    this.changed();
  }

  all() {
    const all = this.everything();
    const every = all.every((key) => this.keys.has(key));
    all.forEach((key) => (every ? this.keys.delete(key) : this.keys.add(key)));
    this.changed();
  }

  // While a band is drawn: what it touches is selected, or added to what was. What it has touched and is no
  // longer in the page stays.
  cover(nodes, adding) {
    const there = new Set(this.nodes().map(this.keyOf));
    const away = [...(this.covered ?? [])].filter((key) => !there.has(key));
    this.covered = [...away, ...nodes.map(this.keyOf)];
    this.before ??= adding ? this.keys : new Set();
    this.alone = !adding;
    this.keys = new Set([...this.before, ...this.covered]);
    this.mark();
  }

  changed() {
    this.before = this.covered = null;
    this.turn += 1;
    this.mark();
    this.say(`${this.keys.size.toLocaleString("en")} selected`);
    clearTimeout(this.sender);
    this.sender = setTimeout(() => {
      this.send({ turn: this.turn, files: [...this.keys], alone: this.alone });
      this.alone = false;
    }, SEND_AFTER);
  }

  mark() {
    for (const node of this.nodes()) {
      const selected = this.keys.has(this.keyOf(node));
      node.classList.toggle("selected", selected);
      node.querySelector("[data-act=selected]").setAttribute("aria-pressed", selected);
    }
    this.root.classList.toggle("selecting", this.keys.size > 0);
  }
}
