// What the theme's buttons do (helpers/site/policy.py names them).
addEventListener("click", event => {
  const does = event.target.closest("[data-book-does]")?.dataset.bookDoes;
  if (does === "print") print();
  if (does === "fullscreen") toggleFullScreen();
});
