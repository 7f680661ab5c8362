// A list that lacks what is typed into its box says "No results", and the server hears nothing of it: here it does.
const PAUSE = 500; // milliseconds without a key: until then, more may come

export default function ({ data: [name], parentElement, setTriggerValue }) {
  const root = parentElement.host;
  root.dataset.there = ""; // ui/shell/frame.css waits for it
  root.tell = (text) => setTriggerValue("typed", text);
  if (root.listens) return;
  root.listens = true;
  let timer;
  const typed = ({ target }) => {
    if (!root.isConnected) return document.removeEventListener("input", typed);
    if (target.getAttribute("aria-label") !== name) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const empty = document.querySelector(`[role=listbox][aria-label="${name}"][data-empty]`);
      if (empty && target.value.trim()) root.tell(target.value.trim());
    }, PAUSE);
  };
  document.addEventListener("input", typed);
}
