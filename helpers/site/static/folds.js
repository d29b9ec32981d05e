// A link that leads to a solution opens it. (To what is inside of a fold, browsers open it themselves.)
(() => {
  "use strict";
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.matches("details.book-fold")) target.open = true;
  };
  addEventListener("hashchange", open);
  open();
})();
