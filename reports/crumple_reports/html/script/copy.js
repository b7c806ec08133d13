"use strict";
{
  // Pages that are read from a file or a mail may not write to the clipboard; then the line is selected instead.
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  document.body.append(said);

  const select = (code) => {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  const copied = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      select(code);
      try {
        return document.execCommand("copy");
      } catch {
        return false;
      }
    }
  };
  const label = (button, words) => {
    button.textContent = words;
    said.textContent = words;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const code = button.closest(".command").querySelector("code");
    label(button, (await copied(code)) ? "Copied" : "Selected: press Ctrl+C");
    setTimeout(() => { button.textContent = "Copy"; }, 4000);
  });
  for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
}
