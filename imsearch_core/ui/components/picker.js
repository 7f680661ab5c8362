// Asks for a class: typed, or picked from those that there are.
class Picker {
  constructor(node) {
    this.node = node;
    node.hidden = true;
  }

  // `likely` come first; `chosen` is called with the class, `closed` when the keyboard has to go elsewhere.
  open(classes, likely, chosen, closed) {
    this.closed = closed;
    const known = [...new Set([...likely.filter((label) => classes.includes(label)), ...classes])];
    const input = element("input");
    Object.assign(input, { type: "text", placeholder: "Class, or a new one", maxLength: 100, autocomplete: "off" });
    input.setAttribute("aria-label", "Another class");
    const list = element("div", "options");
    const choose = (label) => {
      this.close();
      chosen(label);
    };
    const offer = () => {
      const typed = input.value.trim();
      const fit = (label) => (label === typed) + label.toLowerCase().startsWith(typed.toLowerCase());
      const found = known.filter((label) => label.toLowerCase().includes(typed.toLowerCase()));
      found.sort((a, b) => fit(b) - fit(a));
      const options = found.slice(0, 24).map((label) => ({ label, text: label }));
      if (typed && !known.includes(typed)) options.push({ label: typed, text: `New class ${typed}` });
      list.replaceChildren(
        ...options.map(({ label, text }) => {
          const option = element("button", "option", text);
          return Object.assign(option, { type: "button", onclick: () => choose(label) });
        }),
      );
    };
    input.oninput = offer;
    this.node.onkeydown = (event) => {
      const options = [...list.children];
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const here = options.indexOf(event.target);
      event.stopPropagation(); // letters typed here are no keys of the page
      if (event.key === "Escape") this.close();
      else if (event.key === "Enter" && here < 0) options[0]?.click();
      else if (step && (here >= 0 || event.key === "ArrowDown")) (options[here + step] ?? input).focus();
      else return;
      event.preventDefault();
    };
    offer();
    this.node.replaceChildren(input, list);
    this.node.hidden = false;
    input.focus();
  }

  close() {
    if (this.node.hidden) return;
    this.node.hidden = true;
    this.closed();
  }
}
