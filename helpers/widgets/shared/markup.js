// What is written into the page: words in the reader's language, and attributes.

const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" }; // JupyterLab leaves the keys to this control

// {name, words: {key: {en, ko}}} → a function of a key, and of the values that are to be put in: t("step", {number: 3}).
function wordsOf({ name, words }, language) {
  const code = language === "ko" ? "ko" : "en";
  return (key, values) => {
    const entry = words[key];
    if (!entry) throw new RangeError(`${name} has no words for ${key}`);
    return values ? entry[code].replace(/\{(\w+)\}/g, (_, place) => values[place]) : entry[code];
  };
}

// The markup of a widget that is not alive yet: its controls are seen and do not answer.
const unanswering = html => html.replaceAll(" data-control=", " disabled data-control=");

// What is to be said after something else was said: a screen reader is silent when a text is replaced by the same text.
const afresh = (words, said) => (words === said ? `${words}\u00a0` : words);

function attributes(pairs) {
  return Object.entries(pairs).filter(([, value]) => value !== false && value !== undefined)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escaped(value)}"`)).join("");
}

// Make a place show this HTML. shown is what this function returned for the place before: {html, pieces, texts}.
// Most often words or numbers are others and no tag is: then a browser need not read all of it anew.
function showMarkup(place, html, shown) {
  if (shown?.html === html) return shown;
  const pieces = html.split(/(<[^>]*>)/); // words, a tag, words, a tag, …
  if (shown && reworded(shown, pieces)) return { html, pieces, texts: shown.texts };
  place.innerHTML = html;
  return { html, pieces, texts: textsIn(place) };
}

// Change words alone, if that is enough.
function reworded({ pieces: before, texts }, pieces) {
  if (pieces.length !== before.length) return false;
  const changes = []; // [number of the text, its words]
  let count = 0; // of the texts so far
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i], isTag = i % 2 === 1;
    if (piece !== before[i]) {
      if (isTag || piece === "" || before[i] === "" || piece.includes("&")) return false;
      changes.push([count, piece]);
    }
    if (!isTag && piece !== "") count++;
  }
  if (count !== texts.length) return false;
  for (const [number, words] of changes) texts[number].data = words;
  return true;
}

function textsIn(place) {
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts;
}
