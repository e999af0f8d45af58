// Puts a button beside everything that is there to be copied: on the landing
// page, in the documentation, and where a secret is shown once.
(() => {
  "use strict";

  for (const block of document.querySelectorAll("[data-copy]")) {
    const source = block.querySelector("code") ?? block;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = "Copy";
    button.setAttribute("aria-label", block.dataset.copy || "Copy");
    const said = document.createElement("span");
    said.className = "unseen";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
        said.textContent = "Copied";
      } catch {
        const range = document.createRange();
        range.selectNodeContents(source);
        const selection = getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        button.textContent = "Selected: press Ctrl+C";
      }
      setTimeout(() => {
        button.textContent = "Copy";
        said.textContent = "";
      }, 2500);
    });
    block.classList.add("copy");
    block.append(button, said);
  }
})();
