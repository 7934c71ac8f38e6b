// ---- elements; text only ever becomes text

const element = (id) => document.getElementById(id);

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

// Leaves what is right already alone: selections, focus and screen readers stay undisturbed.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// The live region says what was done, once, wherever one is on the page.
function say(text) {
  element("said").textContent = "";
  setTimeout(() => setText(element("said"), text), 50);
}

const plural = (count, one, many) => `${count.toLocaleString()} ${count === 1 ? one : many}`;

// Runs what a form or a button asks for; its error stands where the hand is. One at a time.
async function attempt(where, button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  where.textContent = "";
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } catch (error) {
    if (!session.over.signal.aborted) where.textContent = error.message;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}
