// While a page arrives, sections below the window are not laid out (book.css), so that what is seen comes sooner and widgets
// live sooner. Then they are, one after another, whenever the browser has nothing else to do. A page that is opened at a
// place in it, or to which a reader comes back, does not begin like this (theme.py): where that place is must be known.
(() => {
  "use strict";
  const { dataset } = document.documentElement;
  const sections = [...document.querySelectorAll("article section > section")];
  const whenIdle = window.requestIdleCallback ?? (does => setTimeout(does, 50)); // (Safari has none)
  const layOutNext = () => {
    const section = sections.shift();
    if (!section) return layOutAll();
    section.classList.add("book-laid-out");
    soon();
  };
  const soon = () => setTimeout(() => whenIdle(layOutNext)); // (whoever waits for a timer comes in between)
  const layOutAll = () => { delete dataset.arriving; };
  addEventListener("load", soon);
  // A place to which a link leads must be known as well, before the browser goes there.
  addEventListener("click", event => { if (event.target.closest?.('a[href*="#"]')) layOutAll(); }, true);
  addEventListener("hashchange", layOutAll);
})();
