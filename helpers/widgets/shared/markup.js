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
