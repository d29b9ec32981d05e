// Links between the languages work without this script. With it, the one at the top of a page keeps the place, and the
// front page offers first the language that was read last, or that the browser asks for.
(() => {
  "use strict";
  const KEY = "book-language";
  const root = document.documentElement, { page } = document.currentScript.dataset;

  function remember(code) {
    try {
      localStorage.setItem(KEY, code);
    } catch { /* a browser may keep nothing, and then nothing is remembered */ }
  }

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  // The last thing with a name that has passed the upper part of the window; twins have the same names.
  function place() {
    const named = [...document.querySelectorAll("article section[id], article figure[id], article div.math[id], article div.exercise[id]")];
    const passed = named.filter(element => element.getBoundingClientRect().top < innerHeight / 3);
    return scrollY > 0 && passed.length ? `#${passed.at(-1).id}` : "";
  }

  function keepPlace(link) {
    const address = link.getAttribute("href").split("#")[0];
    for (const event of ["pointerdown", "focus", "click"]) {
      link.addEventListener(event, () => link.setAttribute("href", address + place()));
    }
  }

  if (page === "front") {
    const first = remembered() ?? navigator.languages?.map(code => code.slice(0, 2)).find(code => ["en", "ko"].includes(code)) ?? "en";
    root.dataset.reader = first; // its part stands first from the first paint on
    addEventListener("DOMContentLoaded", () => {
      const parts = [...document.querySelectorAll("article div[lang]")], own = parts.find(part => part.lang === first);
      if (own) parts[0].before(own); // also for those who hear the page
    });
  } else if (page === "chapter") remember(root.lang);
  addEventListener("DOMContentLoaded", () => document.querySelectorAll(".book-language").forEach(keepPlace));
})();
