"use strict";
{
  // A press on a page shows it large, beside the other one; Escape closes it, and the focus goes back by itself.
  const dialog = document.createElement("dialog");
  dialog.className = "zoom";
  dialog.setAttribute("aria-labelledby", "zoom-title");
  const bar = document.createElement("div");
  bar.className = "bar";
  const title = document.createElement("h2");
  title.id = "zoom-title";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  bar.append(title, close);
  const pair = document.createElement("div");
  pair.className = "pair";
  dialog.append(bar, pair);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  const show = (sheet) => {
    const own = sheet.closest(".problem, section");
    title.textContent = own.querySelector("h3, h2").textContent;
    pair.replaceChildren(...[...sheet.closest(".sides").querySelectorAll("figure")].flatMap((figure) => {
      const picture = figure.querySelector(".sheet");
      if (!picture) return [];
      const shown = document.createElement("figure");
      const caption = document.createElement("figcaption");
      caption.textContent = figure.querySelector("figcaption").textContent;
      shown.append(caption, picture.cloneNode(true));
      return [shown];
    }));
    dialog.showModal();
  };

  const sheets = document.querySelectorAll(".exhibit .sheet");
  if (sheets.length && dialog.showModal) {
    document.body.append(dialog);
    for (const sheet of sheets) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "enlarge";
      button.setAttribute("aria-label", `Enlarge: ${sheet.getAttribute("alt") ?? sheet.getAttribute("aria-label")}`);
      sheet.replaceWith(button);
      button.append(sheet);
      button.addEventListener("click", () => show(sheet));
    }
  }
}
