"use strict";
{
  // Whoever follows a link sees where it leads: what is folded is opened, what the filter hides is shown.
  const reveal = () => {
    let target = null;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return; // no name that any place here has
    }
    if (!target || target === document.body) return;
    if (target.closest(".filtered")) window.showAll?.();
    for (let each = target; each; each = each.parentElement) if (each.matches("details")) each.open = true;
    const own = target.matches(".filterable") ? target.querySelector(":scope > details") : null;
    if (own) own.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // On paper nothing is folded, and what was is marked: its documents are not drawn. Afterwards everything is as it was.
  let closed = [];
  const unfold = () => {
    closed = [...closed, ...document.querySelectorAll("details:not([open])")];
    for (const each of closed) {
      each.open = true;
      each.classList.add("unfolded");
    }
  };
  const fold = () => {
    for (const each of closed) {
      each.open = false;
      each.classList.remove("unfolded");
    }
    closed = [];
  };
  addEventListener("beforeprint", unfold);
  addEventListener("afterprint", fold);
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? unfold() : fold()));

  // The list of contents says which section is being read.
  const entries = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (!isIntersecting) continue;
      for (const link of entries.values()) link.removeAttribute("aria-current");
      entries.get(target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const section of document.querySelectorAll("main > section")) seen.observe(section);
}
