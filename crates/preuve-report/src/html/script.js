"use strict";
// The page reads without this. Here: the language of the document follows the switch, links open what they lead
// into, the parts of one attribution light up together, and everything is open on paper.
(() => {
  const root = document.documentElement;
  for (const radio of document.querySelectorAll(".sw")) {
    radio.addEventListener("change", () => { root.lang = radio.id === "l-fr" ? "fr" : "en"; });
  }
  const menu = document.querySelector(".menu");
  if (menu && matchMedia("(max-width: 60rem)").matches) menu.open = false;

  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (!target) return;
    let hidden = false;
    for (let at = target; at; at = at.parentElement) {
      if (at.localName === "details" && !at.open) { at.open = true; hidden = true; }
    }
    if (hidden) target.scrollIntoView();
    if (target.matches(".mlist > *")) {
      // A filter must not hide what a link leads to.
      const all = document.getElementById("mf-all");
      if (all && !target.offsetParent) { all.checked = true; target.scrollIntoView(); }
    }
    const found = /^p(\d+)-(\d+)$/.exec(id);
    if (found) light(target.closest(".article"), found[2]);
  };

  const light = (article, number) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!article || !number) return;
    for (const part of article.querySelectorAll("[data-a]")) {
      if (part.dataset.a.split(" ").includes(number)) part.classList.add("lit");
    }
    const note = article.querySelectorAll(".notes > li")[number - 1];
    if (note) note.classList.add("lit");
  };

  const pop = document.createElement("div");
  pop.className = "pop";
  pop.hidden = true;
  pop.setAttribute("aria-hidden", "true");
  document.body.append(pop);
  // The note beside the words where it is out of sight.
  const show = (article, number, at) => {
    const note = article.querySelectorAll(".notes > li")[number - 1];
    if (!note) return;
    const seen = note.getBoundingClientRect();
    if (seen.top >= 0 && seen.bottom <= innerHeight) return;
    pop.replaceChildren(...[...note.children].map((part) => part.cloneNode(true)));
    pop.hidden = false;
    const rects = at.getClientRects();
    const box = rects[rects.length - 1] || at.getBoundingClientRect();
    pop.style.left = `${Math.max(8, Math.min(box.left, innerWidth - pop.offsetWidth - 8)) + scrollX}px`;
    pop.style.top = `${box.bottom + scrollY + 6}px`;
  };
  addEventListener("keydown", (event) => { if (event.key === "Escape") pop.hidden = true; });

  const over = (event) => {
    pop.hidden = true;
    const article = event.target.closest(".article");
    if (!article) return;
    const note = event.target.closest(".notes > li");
    const part = event.target.closest("[data-a]");
    const mark = event.target.closest(".n");
    if (note) light(article, note.id.split("-")[1]);
    else if (mark || part) {
      const number = mark ? mark.dataset.n : part.dataset.a.split(" ").pop();
      light(article, number);
      show(article, number, mark || part);
    }
  };
  document.addEventListener("mouseover", over);
  document.addEventListener("focusin", over);
  addEventListener("hashchange", reveal);
  reveal();

  let shut = [];
  addEventListener("beforeprint", () => {
    shut = [...document.querySelectorAll("details:not([open]):not(.pair)")];
    for (const part of shut) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of shut) part.open = false; });
})();
