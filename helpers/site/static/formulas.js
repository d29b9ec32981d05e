// Formulas are copied as the TeX they were written in, between dollars. All else of a selection is copied as usual: what
// is selected is copied in the page, its formulas are replaced, and the browser is asked how it reads.
addEventListener("copy", event => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || event.target.closest?.("input, textarea, [contenteditable]")) return;
  const range = selection.getRangeAt(0).cloneRange();
  const formula = node => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("math");
  // Half a formula has no TeX of its own.
  if (formula(range.startContainer)) range.setStartBefore(formula(range.startContainer));
  if (formula(range.endContainer)) range.setEndAfter(formula(range.endContainer));
  const box = document.createElement("div");
  box.append(range.cloneContents());
  const formulas = box.querySelectorAll("math");
  if (!formulas.length) return;
  const { innerHTML } = box;
  for (const math of formulas) {
    const tex = math.querySelector("annotation").textContent.trim(), block = math.getAttribute("display") === "block";
    const text = document.createElement(block ? "div" : "span");
    text.textContent = block ? `$$${tex}$$` : `$${tex}$`;
    text.style.whiteSpace = "pre-wrap";
    math.replaceWith(text);
  }
  box.style.cssText = "position: fixed; inset: 0 auto auto -200vw; width: 100vw";
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  document.body.append(box);
  selection.selectAllChildren(box);
  const text = selection.toString();
  selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  box.remove();
  event.clipboardData.setData("text/plain", text);
  event.clipboardData.setData("text/html", innerHTML);
  event.preventDefault();
});
