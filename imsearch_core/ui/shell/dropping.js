// What is dropped on a page: a picture is searched with, the path of a folder is opened. Left to itself, the browser
// would leave the explorer to show what was dropped. server.py puts this into the page.
const HINT = "Drop a picture to search with it, or the path of a folder to open it";
const BODY = "[data-testid=stPopoverBody]"; // of the panel for uploads
const APPEAR_MS = 10_000; // how long the panel for uploads may take to come
const TAKE_MS = 1000; // and the panel to take a file

const note = Object.assign(document.createElement("div"), { className: "dropping", role: "status", hidden: true });

function say(text, forMs) {
  document.querySelector(".stApp").append(note);
  Object.assign(note, { textContent: text, hidden: !text });
  clearTimeout(note.timer);
  if (forMs) note.timer = setTimeout(say, forMs, "");
}

// Whether somebody else takes what is dropped here: a panel for uploads, or a box in which text is moved.
function isTaken(event) {
  const files = event.dataTransfer.types.includes("Files");
  return event.defaultPrevented || (!files && event.target.closest("input:not([aria-label=Folder]), textarea"));
}

addEventListener("dragover", (event) => {
  if (isTaken(event)) return;
  event.preventDefault();
  say(HINT);
});
addEventListener("dragleave", (event) => event.relatedTarget || say(""));
addEventListener("drop", (event) => {
  say("");
  if (isTaken(event)) return;
  event.preventDefault();
  const { items, files } = event.dataTransfer;
  const texts = ["text/uri-list", "text/plain"].map((kind) => event.dataTransfer.getData(kind).split("\n")[0].trim());
  const place = texts.find((text) => /^["']?(file:\/\/|\/|~|[A-Za-z]:[\\/])/.test(text));
  if (place) {
    const query = new URLSearchParams({ folder: place, sort: "Classes in turn" }); // as chooser.py opens one
    location.assign(new URL(`browse?${query}`, window.__streamlit.BACKEND_BASE_URL));
  } else if ([...items].some((item) => item.webkitGetAsEntry?.()?.isDirectory)) {
    say("Browsers do not say where a dropped folder lies. Choose Open a folder… and paste its path.", 8000);
  } else if (files.length) searchWith(files[0]);
  else say(`${HINT}.`, 5000);
});

async function searchWith(file) {
  document.querySelector(".st-key-pages a").click(); // to Search
  const panel = await appeared("[class*=st-key-upload_panel_] button");
  if (!panel) return say("Open a folder first. Then a dropped picture finds those like it.", 8000);
  panel.click();
  const one = new DataTransfer();
  one.items.add(file);
  // The panel is drawn again once the server knows that it is open. What was given before may be lost.
  for (const until = performance.now() + APPEAR_MS; performance.now() < until; ) {
    const input = await appeared(`${BODY} input[type=file]`);
    if (!input) break;
    input.files = one.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await pause(TAKE_MS);
    if (!document.querySelector(`${BODY} [data-testid=stFileUploaderDropzoneInstructions]`)) return; // it was taken
  }
  say("The picture did not arrive. Drop it once more.", 8000);
}

function pause(ms) {
  return new Promise((wait) => setTimeout(wait, ms));
}

async function appeared(selector) {
  for (const until = performance.now() + APPEAR_MS; performance.now() < until; ) {
    const found = document.querySelector(selector);
    if (found) return found;
    await pause(50);
  }
  return null;
}
