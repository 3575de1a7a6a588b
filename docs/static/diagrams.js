// Draws the blocks of Mermaid. Only pages that have one load its script, which is a file of this site.
const beside = document.currentScript.src;

// A click, or Enter, shows a diagram as large as it was made, to be scrolled; another, or Escape, closes it.
function enlargeable(block) {
  block.tabIndex = 0;
  block.setAttribute("role", "button");
  block.setAttribute("aria-label", "Show the diagram large");
  const open = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "diagram";
    dialog.append(block.querySelector("svg").cloneNode(true));
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  block.addEventListener("click", open);
  block.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open();
    }
  });
}

async function draw(blocks) {
  const dark = document.body.dataset.theme === "dark" ||
    (document.body.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  mermaid.initialize({ startOnLoad: false, theme: dark ? "dark" : "neutral" });
  for (const block of blocks) {
    block.className = "mermaid";
    block.textContent = block.textContent;
  }
  await mermaid.run({ nodes: blocks });
  blocks.forEach(enlargeable);
}

document.addEventListener("DOMContentLoaded", () => {
  const blocks = [...document.querySelectorAll(".highlight-mermaid pre")];
  if (!blocks.length) return;
  const script = document.createElement("script");
  script.src = new URL("mermaid.min.js", beside);
  script.onload = () => draw(blocks);
  document.head.append(script);
});
