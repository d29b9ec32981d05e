// What is wider than its place is moved sideways: by a finger, a wheel, and the arrow keys once it has the focus.
(() => {
  "use strict";
  const WIDE = 'math[display="block"], :is(.admonition, .book-fold) math, article div.highlight pre, article .cell_output pre, article .cell_output > .output, article table, .pst-scrollable-table-container';
  const look = element => {
    const scrolls = element.scrollWidth > element.clientWidth && /auto|scroll/.test(getComputedStyle(element).overflowX);
    if (scrolls) element.setAttribute("tabindex", "0");
    else if (element.hasAttribute("data-scrolls")) element.removeAttribute("tabindex");
    element.toggleAttribute("data-scrolls", scrolls);
  };
  const watch = new ResizeObserver(entries => entries.forEach(({ target }) => look(target)));
  document.querySelectorAll(WIDE).forEach(element => watch.observe(element));
  // A browser that brings a link by key into view is content with an edge of it.
  addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-scrolls] :focus-visible")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();
