// Drawings as plain data: text for the still picture of a page, and for a living one elements that stay and change.
// To change the few attributes that differ takes a browser a third of the time of reading the whole drawing anew.

// content: a list of elements, or text with its markup.
const element = (tag, attributes, content = []) => ({ tag, attributes, content });

function svgText({ tag, attributes, content }) {
  const inner = typeof content === "string" ? content : content.map(svgText).join("");
  const pairs = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
  return inner ? `<${tag}${pairs}>${inner}</${tag}>` : `<${tag}${pairs}/>`;
}

// Make the children of a place show these elements. shown is what this function returned for the place before.
function showElements(place, elements, shown = []) {
  const now = elements.map((wanted, i) => {
    const last = shown[i];
    if (last && last.tag === wanted.tag && typeof last.content === typeof wanted.content) return changed(last, wanted);
    const fresh = made(wanted);
    if (last) last.node.replaceWith(fresh.node);
    else place.append(fresh.node);
    return fresh;
  });
  for (const { node } of shown.slice(elements.length)) node.remove();
  return now;
}

function made({ tag, attributes, content }) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return changed({ node, tag, attributes: {}, content: typeof content === "string" ? "" : [] }, { attributes, content });
}

function changed({ node, tag, ...last }, { attributes, content }) {
  for (const name in attributes) if (attributes[name] !== last.attributes[name]) node.setAttribute(name, attributes[name]);
  for (const name in last.attributes) if (!(name in attributes)) node.removeAttribute(name);
  if (typeof content !== "string") return { node, tag, attributes, content: showElements(node, content, last.content) };
  if (content !== last.content) node.innerHTML = content;
  return { node, tag, attributes, content };
}
