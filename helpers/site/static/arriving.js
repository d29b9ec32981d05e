// While a page arrives, sections below the window are not laid out (book.css), so that what is seen comes sooner and widgets
// live sooner. Then they are, one after another, whenever the browser has nothing else to do.
(() => {
  "use strict";
  const sections = [...document.querySelectorAll("article section > section")];
  const whenIdle = window.requestIdleCallback ?? (does => setTimeout(does, 50)); // (Safari has none)
  const layOutNext = () => {
    const section = sections.shift();
    if (!section) return;
    section.classList.add("book-laid-out");
    soon();
  };
  const soon = () => setTimeout(() => whenIdle(layOutNext)); // (whoever waits for a timer comes in between)
  addEventListener("load", soon);
})();
