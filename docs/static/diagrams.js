// Draws the blocks of Mermaid. Only pages that have one load its script, which is a file of this site.
const beside = document.currentScript.src;

function draw(blocks) {
  const dark = document.body.dataset.theme === "dark" ||
    (document.body.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  mermaid.initialize({ startOnLoad: false, theme: dark ? "dark" : "neutral" });
  for (const block of blocks) {
    block.className = "mermaid";
    block.textContent = block.textContent;
  }
  mermaid.run({ nodes: blocks });
}

document.addEventListener("DOMContentLoaded", () => {
  const blocks = [...document.querySelectorAll(".highlight-mermaid pre")];
  if (!blocks.length) return;
  const script = document.createElement("script");
  script.src = new URL("mermaid.min.js", beside);
  script.onload = () => draw(blocks);
  document.head.append(script);
});
