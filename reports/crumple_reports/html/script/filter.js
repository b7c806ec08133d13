"use strict";
{
  // Whatever has the class filterable is shown or hidden by the words in its data-category, data-outcome, data-level;
  // what lacks one of these is not filtered by it.
  const place = document.getElementById("filter");
  const rows = [...document.querySelectorAll(".filterable")];
  const kinds = [["category", "Category", ""], ["outcome", "Outcome", ""], ["level", "Level", "level "]];
  const words = (row, kind) => (row.dataset[kind] ?? "").split(/\s+/).filter(Boolean);

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const choice = ([kind, label, before]) => {
    const found = [...new Set(rows.flatMap((row) => words(row, kind)))];
    if (found.length < 2) return null;
    found.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const select = element("select", { name: kind, id: `filter-${kind}` }, element("option", { value: "" }, "all"));
    select.append(...found.map((word) => element("option", { value: word }, before + word)));
    return element("p", {}, element("label", { for: select.id }, label), " ", select);
  };

  const choices = rows.length > 1 ? kinds.map(choice).filter(Boolean) : [];
  if (choices.length) {
    const reset = element("button", { type: "reset", hidden: "" }, "Show all");
    const form = element("form", {}, ...choices, reset);
    const said = element("p", { class: "said", "aria-live": "polite" });
    const none = [...document.querySelectorAll("main > section")].flatMap((section) => {
      const own = [...section.querySelectorAll(".filterable")];
      if (!own.length) return [];
      const line = element("p", { class: "faint nothing", hidden: "" }, "Nothing here is of what the filter shows.");
      section.querySelector("h2").after(line);
      return [{ own, line }];
    });
    const apply = () => {
      const wanted = [...new FormData(form)].filter(([, word]) => word);
      let shown = 0;
      for (const row of rows) {
        const kept = wanted.every(([kind, word]) => !(kind in row.dataset) || words(row, kind).includes(word));
        row.classList.toggle("filtered", !kept);
        shown += kept;
      }
      for (const { own, line } of none) line.hidden = own.some((row) => !row.classList.contains("filtered"));
      reset.hidden = !wanted.length;
      const by = wanted.map(([kind, word]) => `${kind} ${word}`).join(", ");
      said.textContent = wanted.length ? `${shown} of ${rows.length} entries shown: ${by}` : "";
    };
    form.addEventListener("change", apply);
    form.addEventListener("reset", () => {
      setTimeout(() => { apply(); form.querySelector("select").focus(); });
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    place.append(element("h2", { class: "small", id: "filter-title" }, "Show only"), form, said);
    place.hidden = false;
    window.showAll = () => { form.reset(); apply(); };
    addEventListener("pageshow", apply); // a browser that goes back has kept what was chosen
  }
}
