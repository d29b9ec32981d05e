// Drawings as plain data: text for the still picture of a page, and for a living one elements that stay and change.
// To change the few attributes that differ takes a browser a third of the time of reading the whole drawing anew.

// content: a list of elements, or text with its markup.
const element = (tag, attributes, content = []) => ({ tag, attributes, content });

function svgText({ tag, attributes, content }) {
  const inner = typeof content === "string" ? content : content.map(svgText).join("");
  const pairs = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
  return inner ? `<${tag}${pairs}>${inner}</${tag}>` : `<${tag}${pairs}/>`;
}

// Make the children of a place show these elements. shown is what this function returned for the place before:
// [{node, wanted: the element it shows, inside: the same for what is in it, away: whether it is not seen}]. What is too
// much stays in its place unseen, until there are more elements again: to take a node out and to make one is slow.
function showElements(place, elements, shown = []) {
  const now = elements.map((wanted, i) => {
    const last = shown[i];
    if (last?.away) setAway(last, false);
    if (last && isAlike(last.wanted, wanted)) return changed(last, wanted);
    const node = document.createElementNS("http://www.w3.org/2000/svg", wanted.tag);
    if (last) last.node.replaceWith(node);
    else place.append(node);
    const empty = element(wanted.tag, {}, typeof wanted.content === "string" ? "" : []);
    return changed({ node, wanted: empty, inside: [] }, wanted);
  });
  for (const last of shown.slice(elements.length)) {
    if (!last.away) setAway(last, true);
    now.push(last);
  }
  return now;
}

function setAway(last, away) {
  last.away = away;
  if (away) last.node.setAttribute("display", "none");
  else last.node.removeAttribute("display");
}

const isAlike = (one, other) => one.tag === other.tag && typeof one.content === typeof other.content;

function changed(last, wanted) {
  if (last.wanted === wanted) return last;
  const { node, wanted: { attributes: before, content: old } } = last, { attributes, content } = wanted;
  for (const name in attributes) if (attributes[name] !== before[name]) node.setAttribute(name, attributes[name]);
  for (const name in before) if (!(name in attributes)) node.removeAttribute(name);
  if (content === old) return { node, wanted, inside: last.inside };
  if (typeof content !== "string") return { node, wanted, inside: showElements(node, content, last.inside) };
  node[/[<&]/.test(content) ? "innerHTML" : "textContent"] = content; // (plain text is quicker)
  return { node, wanted, inside: [] };
}
