// What the theme's buttons do (helpers/site/policy.py names them).
addEventListener("click", event => {
  const does = event.target.closest("[data-book-does]")?.dataset.bookDoes;
  if (does === "print") print();
  if (does === "fullscreen") toggleFullScreen();
});
// (It takes the focus away from some that are pressed. Who came by key would have lost their place: so it may not.)
document.querySelectorAll(".theme-switch-button, .search-button, .sidebar-toggle").forEach(button => (button.blur = () => {}));
// A menu closes when one of its entries was chosen, when anything else is pressed or reached, and by Escape.
// (They are sought once: to search the whole page at each click takes longer than a widget's redraw.)
let all;
const menus = () => (all ??= [...document.querySelectorAll("details.dropdown")]).filter(menu => menu.open);
addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target) || target.closest("li")) menu.open = false;
});
addEventListener("focusin", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});
addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});
