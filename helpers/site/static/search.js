// Looks through the sections of the book (sections-en.js, sections-ko.js) and shows those in which all words are found.
// What is computed stands first, and needs no document: tests/test_search.py runs it in Python.

// Particles and endings that a Korean word may carry, the longer ones first.
const PARTICLES = ["으로부터", "에서부터", "이라고", "이라는", "입니다", "에서는", "에서도", "으로는", "이지만", "까지", "부터", "에서",
  "에게", "으로", "처럼", "보다", "마다", "이나", "이란", "이라", "라고", "라는", "하는", "하고", "이고", "하기", "하다", "의", "은", "는", "이",
  "가", "을", "를", "와", "과", "도", "로", "에", "만", "란", "나"];

const fold = text => text.normalize("NFC").toLowerCase();
const isHangul = text => /[가-힣]/.test(text);

// What a word may stand for: itself and, in Korean, itself without a particle. (Two syllables stay at least, one if
// that is all the book has.)
function forms(word) {
  if (!isHangul(word)) return [word];
  const bare = PARTICLES.filter(particle => word.endsWith(particle) && word.length - particle.length >= 2)
    .map(particle => word.slice(0, -particle.length));
  return [word, ...bare];
}

// A text without its spaces, and where each of its letters stands in the text: Korean compounds are written with
// spaces and without.
function compact(text) {
  const letters = [], places = [];
  [...fold(text)].forEach((letter, i) => {
    if (/\s/.test(letter)) return;
    letters.push(letter);
    places.push(i);
  });
  return { text: letters.join(""), places };
}

const stemmer = typeof Stemmer === "function" ? new Stemmer() : null;
const stem = word => (stemmer && word.length > 2 ? stemmer.stemWord(word) : word);
const wordsIn = text => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

// How to find a word: in English by the beginning of its stem at the beginning of a word, in Korean anywhere.
function finder(query) {
  const korean = isHangul(query), key = korean ? compact(query).text : null;
  const stems = korean ? null : wordsIn(query).map(stem);
  return {
    // [place, length] of each time it stands in a text.
    all(text) {
      const found = [];
      if (korean) {
        const { text: letters, places } = compact(text);
        for (let at = letters.indexOf(key); at >= 0; at = letters.indexOf(key, at + 1)) {
          found.push([places[at], places[at + key.length - 1] - places[at] + 1]);
        }
        return found;
      }
      const words = [...fold(text).matchAll(/[\p{L}\p{N}]+/gu)];
      for (let i = 0; i + stems.length <= words.length; i++) {
        const fits = stems.every((one, k) => {
          const word = words[i + k][0];
          return stem(word) === one || (k === stems.length - 1 && one.length > 2 && word.startsWith(one));
        });
        const last = words[i + stems.length - 1];
        if (fits) found.push([words[i].index, last.index + last[0].length - words[i].index]);
      }
      return found;
    },
  };
}

// The ways to read a query, the best first: as one term, by its synonyms, then word by word.
// Each is a list of words; a word is a list of alternatives.
function readings(query, synonyms) {
  const known = Object.entries(synonyms).map(([key, values]) => [compact(key).text, values]);
  const alternatives = word => {
    const tried = forms(word);
    const others = tried.flatMap(form => known.filter(([key]) => key === compact(form).text).flatMap(([, values]) => values));
    return [...tried, ...others];
  };
  const words = fold(query).split(/[\s,.?!"'()·/]+/).filter(Boolean);
  if (!words.length) return [];
  const whole = alternatives(words.join(" "));
  return words.length > 1 ? [[whole], words.map(alternatives)] : [[whole]];
}

const isAll = (find, text) => find.all(text).some(([place, length]) => place === 0 && length === [...text].length);

// How well a section answers: a title counts more than a term that it explains, and that more than its text.
function scored(section, reading, weight) {
  let score = 0;
  for (const alternatives of reading) {
    let best = 0;
    alternatives.forEach((word, rank) => {
      const find = finder(word), size = compact(word).text.length;
      const inTitle = find.all(section.title).length > 0, titleSize = compact(section.title).text.length;
      const term = section.terms.findIndex(text => find.all(text).length > 0);
      const exactTerm = section.terms.some(text => isAll(find, text));
      const sameTerm = section.terms.some(text => compact(text).text === compact(word).text); // not only of one stem
      const times = find.all(section.text).length;
      const here = (inTitle ? 60 + 80 * size / Math.max(size, titleSize) + (isAll(find, section.title) ? 40 : 0) : 0)
        + (exactTerm ? 90 + (sameTerm ? 20 : 0) + (section.firsts.some(text => isAll(find, text)) ? 25 : 0) : term >= 0 ? 25 : 0)
        + (times ? 4 + 6 * Math.log2(1 + times) : 0);
      if (here > 0) best = Math.max(best, here - 3 * rank);
    });
    if (!best) return 0;
    score += best;
  }
  return weight * section.weight * score / reading.length + 1 / section.level;
}

// The terms of each section that no section before it has: that is where they are explained.
function withFirsts(sections) {
  const seen = new Set(), keyOf = text => (isHangul(text) ? compact(text).text : wordsIn(text).map(stem).join(" "));
  return sections.map(section => {
    const firsts = section.terms.filter(text => !seen.has(keyOf(text)));
    firsts.forEach(text => seen.add(keyOf(text)));
    return { ...section, firsts };
  });
}

// The sections that answer a query, the best first: {section, score, reading}.
function search(query, { sections, synonyms }) {
  const ways = readings(query, synonyms);
  const answers = withFirsts(sections).map((section, order) => {
    const [score, reading] = ways.map((reading, i) => [scored(section, reading, i ? 0.6 : 1), reading])
      .reduce((best, now) => (now[0] > best[0] ? now : best), [0, null]);
    return { section, score, reading, order };
  });
  return withEntrySecond(answers.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || a.order - b.order));
}

// What the glossary says of the very word that was asked for stands right behind the section that explains it.
function withEntrySecond(answers) {
  const at = answers.findIndex(({ section, reading }) => section.entry
    && reading.length === 1 && reading[0].some(word => isAll(finder(word), section.title)));
  return at > 1 ? [answers[0], answers[at], ...answers.slice(1, at), ...answers.slice(at + 1)] : answers;
}

// A line of a section's text around the first place that was found, and which of its stretches were: [[text, isFound], …].
function quoted({ section, reading }, around = 70) {
  const letters = [...section.text];
  const places = reading.flat().flatMap(word => finder(word).all(section.text)).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const first = places.length ? places[0][0] : 0;
  let start = Math.max(0, first - around / 2), end = Math.min(letters.length, first + around * 1.5);
  while (start > 0 && /\S/.test(letters[start - 1]) && first - start < around) start -= 1;
  while (end < letters.length && /\S/.test(letters[end]) && end - first < 3 * around) end += 1;
  const parts = start > 0 ? [["… ", false]] : [];
  let at = start;
  for (const [place, length] of places) {
    if (place < at || place + length > end) continue;
    parts.push([letters.slice(at, place).join(""), false], [letters.slice(place, place + length).join(""), true]);
    at = place + length;
  }
  parts.push([letters.slice(at, end).join("") + (end < letters.length ? " …" : ""), false]);
  return parts.filter(([text]) => text);
}

// ---- the page ----

const MOST = 40; // sections shown

function marked(parts) {
  return parts.map(([text, isFound]) => {
    const element = document.createElement(isFound ? "mark" : "span");
    element.textContent = text;
    return element;
  });
}

function shown(answer) {
  const { section } = answer, item = document.createElement("li"), link = document.createElement("a"), line = document.createElement("p");
  link.href = section.href;
  link.textContent = section.title;
  item.append(link);
  if (section.level > 1) item.append(` · ${section.page}`);
  line.append(...marked(quoted(answer)));
  item.append(line);
  return item;
}

function begin() {
  const page = document.querySelector(".book-search"), field = page.querySelector("input"), other = page.querySelector(".book-search-other");
  const address = other.getAttribute("href");
  const answer = () => {
    const query = field.value.trim(), found = query ? search(query, bookSections) : [];
    page.querySelector(".book-search-found").replaceChildren(...found.slice(0, MOST).map(shown));
    page.querySelector(".book-search-said").textContent = !query ? page.dataset.ask
      : found.length ? page.dataset.found.replace("{count}", found.length) : page.dataset.none;
    other.setAttribute("href", query ? `${address}?q=${encodeURIComponent(query)}` : address);
  };
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(answer, 150);
  });
  field.form.addEventListener("submit", event => {
    event.preventDefault();
    clearTimeout(waiting);
    answer();
  });
  answer();
  if (!field.value) field.focus();
}

if (typeof document !== "undefined") begin();
