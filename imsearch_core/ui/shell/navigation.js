// Streamlit pushes a history entry for every value of the link that a script changes, none for those of a widget,
// and forgets how far the page was scrolled. Here one press of a key or a button makes one entry at most, whatever it
// changes, and Back scrolls to where one was.
// server.py puts this into the page.
const RESTORE_MS = 5000; // how long a page may take until it is as tall as it was

const main = () => document.querySelector("[data-testid=stMain]");
const inputs = ["pointerdown", "keydown", "wheel", "touchstart"];

let pushed = true; // what a page adds to its link when it opens is no step of anybody's
let left = 0; // where the page was scrolled to when the person last pressed something

function restore(top) {
  const until = performance.now() + RESTORE_MS;
  let stopped = false;
  const stop = () => (stopped = true);
  inputs.forEach((name) => addEventListener(name, stop, { capture: true, once: true }));
  const step = () => {
    if (stopped || performance.now() > until) return;
    main()?.scrollTo({ top, behavior: "instant" });
    setTimeout(step, 50);
  };
  step();
}

const push = history.pushState.bind(history);
const replace = history.replaceState.bind(history);
for (const name of ["pointerdown", "keydown"]) {
  addEventListener(
    name,
    () => {
      pushed = false;
      left = main()?.scrollTop ?? 0;
    },
    true,
  );
}

function go(state, url) {
  if (pushed) {
    replace({ ...history.state, ...state }, "", url);
    return;
  }
  pushed = true;
  replace({ ...history.state, top: left }, "");
  push(state, "", url);
}

history.pushState = (state, unused, url) => go(state, url);
history.replaceState = (state, unused, url) => {
  const same = !url || new URL(url, location.href).href === location.href;
  if (same) replace({ ...history.state, ...state }, "");
  else go(state, url);
};
addEventListener("popstate", (event) => {
  pushed = true; // the key that went back is no step
  const itself = new URLSearchParams(location.search).has("place"); // the wall of Browse finds its place
  if (event.state?.top && !itself) restore(event.state.top);
});
