// Digits that a reader draws, read by two models side by side.

const PIXELS = 64, ACROSS = 8; // of the image that the models see
const SIDE = 32; // of the bitmap whose dots are counted, and of the paper
const MODELS = [
  { name: "linear", look: "bw-dot bw-blue", colour: "bw-blue", sign: "■", mark: "mark_linear", columns: ["score_linear", "p_linear"] },
  { name: "mlp", look: "bw-hollow bw-orange", colour: "bw-orange", sign: "□", mark: "mark_mlp", columns: ["score_mlp", "p_mlp"] },
];
const MOST_POINTS = 600, MOST_MENDS = 500;
const NEAREST = 0.75; // to the last point of a line, of what is drawn

// ---- what is computed ----

// The image made of lines, as the images of the data were made: see drawn_image in draw_digit.py.
const MIDDLE = 16, BOX = { across: 14, upwards: 28 }, WIDER = 0.9, TALLER = 3, SPECK = 0.25;
const DOTS = 313, THINNEST = 0.75;

function drawnImage(strokes) {
  if (!strokes.length) return new Array(PIXELS).fill(0);
  const pieces = brought(strokes).flatMap(line => (line.length > 1 ? line.slice(1).map((end, i) => [line[i], end]) : [[line[0], line[0]]]));
  const distance = new Float64Array(SIDE * SIDE).fill(Infinity); // squared, from each dot to the nearest line
  for (const [start, end] of pieces) {
    const x0 = start[0], y0 = start[1], dx = end[0] - x0, dy = end[1] - y0, square = dx * dx + dy * dy || 1;
    for (let row = 0, at = 0; row < SIDE; row++) {
      const y = row + 0.5;
      for (let column = 0; column < SIDE; column++, at++) {
        const x = column + 0.5, part = Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / square, 0), 1);
        const right = x - (x0 + part * dx), down = y - (y0 + part * dy), found = right * right + down * down;
        if (found < distance[at]) distance[at] = found;
      }
    }
  }
  const reach = Math.max(distance.slice().sort()[DOTS - 1], THINNEST * THINNEST);
  const image = new Array(PIXELS).fill(0);
  distance.forEach((found, at) => {
    if (found <= reach) image[ACROSS * (at >> 7) + (at % SIDE >> 2)] += 1 / 16; // of 32 × 32 dots, 4 × 4 are a pixel
  });
  return image;
}

// The lines, as large as in the data.
function brought(strokes) {
  const points = strokes.flat(), side = k => [Math.min(...points.map(p => p[k])), Math.max(...points.map(p => p[k]))];
  const [left, right] = side(0), [top, bottom] = side(1), factors = stretched(right - left, bottom - top);
  const placed = ([x, y]) => [MIDDLE + (x - (left + right) / 2) * factors[0], MIDDLE + (y - (top + bottom) / 2) * factors[1]];
  return strokes.map(line => line.map(placed));
}

function stretched(width, height) {
  if (Math.max(width, height) < SPECK) return [1, 1];
  const across = BOX.across / width, upwards = BOX.upwards / height; // infinite for a lone bar
  return [Math.min(across, WIDER * upwards), Math.min(upwards, TALLER * across)];
}

// The scores (logits) of a model.
function scoresOf(layers, x) {
  return layers.reduce((values, { W, b, activation, alpha }) => {
    if (activation) return values.map(z => ACTIVATIONS[activation].f(z, alpha));
    return W.map((row, k) => row.reduce((sum, weight, j) => sum + weight * values[j], b[k]));
  }, x);
}

// Its answer: the scores, the probabilities, and the digit of the largest.
function answerOf(layers, x) {
  const o = scoresOf(layers, x), best = Math.max(...o);
  const powers = o.map(score => Math.exp(score - best)), sum = powers.reduce((all, power) => all + power, 0);
  return { o, p: powers.map(power => power / sum), digit: o.indexOf(best) };
}

function derive(s, last) {
  const alike = name => last && last.s[name] === s[name];
  const answers = image => Object.fromEntries(MODELS.map(({ name }) => [name, answerOf(s.models[name], image)]));
  const known = alike("examples") && alike("models");
  return {
    empty: s.image.every(ink => ink === 0),
    answers: known && alike("image") ? last.d.answers : answers(s.image),
    // What the models say of the examples as they were.
    first: known ? last.d.first : s.examples.images.map(answers),
    changed: alike("mends") && alike("image") ? last.d.changed : changedPixels(s),
  };
}

// The pixels that are not what they were before they were mended.
function changedPixels(s) {
  const before = new Map(s.mends.flat().reverse()); // the first turn has the last word
  return [...before].filter(([k, ink]) => ink !== s.image[k]).map(([k]) => k);
}

const labelOf = s => (s.example < 0 ? -1 : s.examples.labels[s.example]);
const rowsOf = pixels => Array.from({ length: ACROSS }, (_, i) => pixels.slice(ACROSS * i, ACROSS * (i + 1)));
const count = ink => Number((16 * ink).toFixed(2)); // of 16 dots

// ---- what is drawn ----

const CAPTION = 18; // pixels above a square

// A square of so many units, counted from its upper left corner, in the middle of a panel.
function squarePlot(size, units, caption) {
  const across = size.width - 8, upwards = size.height - 8, unit = Math.max(Math.min(across, upwards - CAPTION), 1) / units;
  const beside = (across / unit - units) / 2, over = upwards / unit - units, above = (over + CAPTION / unit) / 2;
  const plot = new Plot(size, { x: [-beside, units + beside], y: [units + over - above, -above], bare: true });
  return plot.text(0, 0, caption, "", "start", [0, -5]);
}

const box = (x, y, side) => [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]];

function drawPaper(s, d, t, size) {
  const plot = squarePlot(size, SIDE, t("paper_name")).curve(box(0, 0, SIDE), "bw-thin bw-gray");
  if (!s.strokes.length) return plot.text(MIDDLE, MIDDLE, t("draw_here"), "", "middle", [0, 4]);
  const width = pixels(2.5 * plot.perX);
  for (const line of s.strokes) {
    const path = line.map(([x, y], i) => `${i ? "L" : "M"}${pixels(plot.X(x))} ${pixels(plot.Y(y))}`);
    plot.add("path", { d: `${path.join("")}${line.length > 1 ? "" : "h0"}`, class: "bw-pen bw-ink", "stroke-width": width });
  }
  return plot;
}

function drawSeen(s, d, t, size) {
  const plot = squarePlot(size, ACROSS, t("seen_name")), side = pixels(plot.perX), at = k => [k % ACROSS, Math.floor(k / ACROSS)];
  s.image.forEach((ink, k) => {
    const [x, y] = at(k);
    plot.add("rect", { x: pixels(plot.X(x)), y: pixels(plot.Y(y)), width: side, height: side, class: "bw-dot bw-ink", "fill-opacity": String(ink) });
  });
  const lines = Array.from({ length: ACROSS + 1 }, (_, i) => [[i, 0], [i, ACROSS], [NaN, NaN], [0, i], [ACROSS, i], [NaN, NaN]]);
  plot.curve(lines.flat(), "bw-thin bw-gray bw-haze");
  if (s.show_numbers) s.image.forEach((ink, k) => plot.text(at(k)[0] + 0.5, at(k)[1] + 0.5, Math.round(16 * ink), "bw-halo", "middle", [0, 4]));
  for (const k of d.changed) plot.dot(at(k)[0] + 0.82, at(k)[1] + 0.18, "bw-hollow bw-green", 3, "square");
  return s.pixel < 0 ? plot : plot.curve(box(...at(s.pixel), 1), "bw-thick bw-purple");
}

function drawAnswers(s, d, t, size) {
  const plot = new Plot(size, { x: [-1.4, 9.6], y: [-0.2, 1.08], bare: true }), label = labelOf(s);
  for (const p of [0, 0.5, 1]) {
    plot.segment(-0.5, p, 9.6, p, p ? "bw-grid" : "bw-frame").text(-0.55, p, p, "", "end", [0, 4]);
  }
  for (let digit = 0; digit < 10; digit++) {
    plot.sign(digit, -0.1, String(digit), digit === label ? "bw-thin bw-ink" : "bw-bare bw-ink", 9);
    if (d.empty) continue;
    MODELS.forEach(({ name, look }, i) => {
      const p = d.answers[name].p[digit], left = digit + 0.4 * (i - 1);
      plot.area([[left, 0], [left, p], [left + 0.34, p], [left + 0.34, 0]], look);
    });
  }
  return d.empty ? plot.text(4.5, 0.5, t("no_answer"), "bw-halo", "middle", [0, 4]) : plot;
}

// ---- what is said ----

// A probability that is not 1 is not written as if it were.
const percent = (p, t) => (p > 0.9995 ? t("nearly_all") : `${(100 * p).toFixed(1)}%`);

function answered(name, s, d, t) {
  const { p, digit } = d.answers[name], label = labelOf(s);
  const words = `${digit} (${percent(p[digit], t)})`;
  return label < 0 ? words : `${words}, ${t(digit === label ? "right" : "wrong")}`;
}

function standing(s, d, t) {
  if (d.empty) return t("no_answer");
  const words = t("standing", { linear: answered("linear", s, d, t), mlp: answered("mlp", s, d, t) });
  return s.example < 0 ? words : `${t("label", { label: labelOf(s) })} ${words}`;
}

function remark(s, d, t) {
  if (d.empty) return t("how_to_begin");
  if (d.changed.length) return t("mended", { n: d.changed.length });
  return t(s.example < 0 ? "only_digits" : "how_to_mend");
}

const place = k => ({ row: Math.floor(k / ACROSS) + 1, column: k % ACROSS + 1 });
const spokenPixel = (s, k, t) => t("spoken", { ...place(k), ink: count(s.image[k]) });

function readout(s, d, t) {
  return `<p><b>${standing(s, d, t)}</b></p><p>${remark(s, d, t)}</p>`;
}

function legend(s, d, t) {
  return [
    ...MODELS.map(({ mark, colour, sign }) => [colour, sign, t(mark)]),
    s.example >= 0 && ["bw-ink", "○", t("mark_label")],
    d.changed.length && ["bw-green", "▫", t("mark_mended")],
    s.pixel >= 0 && ["bw-purple", "▢", t("mark_pixel")],
  ].filter(Boolean);
}

function table(s, d, t) {
  const rows = rowsOf(s.image.map(count)).map((row, i) => [i + 1, ...row]);
  const image = { caption: t("image_caption"), head: ["", ...rows.map((_, i) => i + 1)], rows };
  if (d.empty) return image;
  const head = [t("digit"), ...MODELS.flatMap(({ columns }) => columns.map(column => t(column)))];
  const answers = Array.from({ length: 10 }, (_, k) => [k, ...MODELS.flatMap(({ name }) => [d.answers[name].o[k], d.answers[name].p[k]])]);
  return [{ caption: t("answers_caption"), head, rows: answers }, image];
}

// ---- what a reader can do ----

const begun = (s, strokes) => ({ strokes, image: drawnImage(strokes), mends: [], example: -1 });
const onPaper = value => clamp(Math.round(4 * value) / 4, 0, SIDE);
const isOn = ({ x, y }, units) => x >= 0 && x <= units && y >= 0 && y <= units;

const pencil = {
  grab: (s, d, at) => (isOn(at, SIDE) ? { number: s.strokes.length, from: [onPaper(at.x), onPaper(at.y)] } : null),
  move: (s, d, { number, from }, at, t) => {
    const line = s.strokes[number] ?? [from], to = [onPaper(at.x), onPaper(at.y)];
    if (Math.hypot(to[0] - line.at(-1)[0], to[1] - line.at(-1)[1]) < NEAREST) return null;
    return extended(s, number, [...line, to], t);
  },
  pick: (s, d, { number, from }, at, t) => {
    const changes = extended(s, number, [from], t);
    return changes.say ? changes : { ...changes, tell: "" };
  },
};

function extended(s, number, line, t) {
  const others = s.strokes.slice(0, number);
  if (others.reduce((sum, { length }) => sum + length, line.length) > MOST_POINTS) return { say: t("full_paper") };
  return begun(s, [...others, line]);
}

// Give a pixel other ink, as part of a turn: what is undone at once.
function mended(s, turn, k, ink) {
  if (s.image[k] === ink) return null;
  const before = s.mends[turn] ?? [], known = before.some(([pixel]) => pixel === k);
  const mends = [...s.mends.slice(0, turn), known ? before : [...before, [k, s.image[k]]]];
  while (mends.length > 1 && mends.flat().length > MOST_MENDS) mends.shift();
  return { mends, pixel: k, image: s.image.map((old, i) => (i === k ? ink : old)) };
}

const pixelAt = ({ x, y }) => ACROSS * Math.floor(clamp(y, 0, ACROSS - 1e-9)) + Math.floor(clamp(x, 0, ACROSS - 1e-9));
// The pixels from one to another: a fast hand leaves some out.
function between(from, to) {
  const [a, b] = [place(from), place(to)], steps = Math.max(Math.abs(b.row - a.row), Math.abs(b.column - a.column), 1);
  const along = (start, end, i) => Math.round(start + (end - start) * i / steps) - 1;
  return Array.from({ length: steps + 1 }, (_, i) => ACROSS * along(a.row, b.row, i) + along(a.column, b.column, i));
}

const other = ink => (ink < 0.5 ? 1 : 0);

// The pixel that is pressed becomes full or empty, and what the hand passes over becomes the same.
const mending = {
  grab: (s, d, at) => {
    if (!isOn(at, ACROSS)) return null;
    const first = pixelAt(at);
    return { first, ink: other(s.image[first]), turn: s.mends.length };
  },
  move: (s, d, { first, ink, turn }, at) => {
    const to = pixelAt(at), way = between(s.mends.length > turn ? s.pixel : first, to);
    const { mends, image } = way.reduce((now, k) => ({ ...now, ...mended(now, turn, k, ink) }), s);
    return { mends, image, pixel: to };
  },
  pick: (s, d, { first, ink, turn }) => ({ ...mended(s, turn, first, ink), tell: "" }),
};

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function byKey(s, d, key, t) {
  const k = s.pixel < 0 ? 27 : s.pixel; // near the middle
  if (key === " " || key === "Enter") return inked(s, k, other(s.image[k]), t);
  if (!STEPS[key]) return null;
  const { row, column } = place(k), [down, right] = s.pixel < 0 ? [0, 0] : STEPS[key];
  const pixel = ACROSS * clamp(row - 1 + down, 0, ACROSS - 1) + clamp(column - 1 + right, 0, ACROSS - 1);
  return { pixel, say: spokenPixel(s, pixel, t) };
}

function inked(s, k, ink, t) {
  const changes = mended(s, s.mends.length, k, ink);
  return changes && { ...changes, tell: spokenPixel({ image: changes.image }, k, t) };
}

function loaded(s, example) {
  return { example, image: s.examples.images[example], strokes: [], mends: [] };
}

function undone(s) {
  if (!s.mends.length) return begun(s, s.strokes.slice(0, -1));
  const before = new Map(s.mends.at(-1));
  return { mends: s.mends.slice(0, -1), image: s.image.map((ink, k) => before.get(k) ?? ink) };
}

function exampleNames(s, d, t) {
  const names = s.examples.labels.map((label, i) =>
    [i, t("example_name", { label, linear: d.first[i].linear.digit, mlp: d.first[i].mlp.digit })]);
  return [[-1, t("own")], ...names];
}

// Two sliders for who uses neither a pointer nor the keys on the picture: one selects a pixel, one gives it ink.
const chosen = s => Math.max(s.pixel, 0);
const spoken = (s, d, t) => spokenPixel(s, chosen(s), t);

function withInk(s, sixteenths) {
  const k = chosen(s), last = s.mends.at(-1), again = last?.length === 1 && last[0][0] === k; // the way of a slider is one turn
  return mended(s, s.mends.length - (again ? 1 : 0), k, sixteenths / 16) ?? {};
}

// A drawing in a link: a point is three digits of base 36, its place among the quarters of the paper's units; lines are
// parted by dots.
const PLACES = 4 * SIDE + 1;
const LINES = {
  name: "lines", pattern: /^([0-9a-z]{3})+(\.([0-9a-z]{3})+)*$/,
  get: s => s.strokes.map(line => line.map(([x, y]) => (4 * onPaper(x) * PLACES + 4 * onPaper(y)).toString(36).padStart(3, "0")).join("")).join("."),
  set: (s, d, text) => {
    const places = text.split(".").map(line => line.match(/.{3}/g).map(digits => parseInt(digits, 36)));
    const strokes = places.map(line => line.map(place => [onPaper(Math.floor(place / PLACES) / 4), place % PLACES / 4]));
    return strokes.flat().length > MOST_POINTS ? {} : begun(s, strokes);
  },
};

// What was changed in the pixels since, by the ink of all of them in sixteenths: a digit of base 17 each.
const INKS = {
  name: "inks", pattern: /^[0-9a-g]{64}$/,
  get: s => s.image.map(ink => Math.round(16 * ink).toString(17)).join(""),
  set: (s, d, text) => {
    const { mends, image } = [...text].reduce((now, ink, k) => ({ ...now, ...mended(now, s.mends.length, k, parseInt(ink, 17) / 16) }), s);
    return { mends, image };
  },
};

export default defineWidget({
  name: "draw_digit",
  words: WORDS,
  traits: ["models", "examples", "example", "image", "strokes", "mends", "pixel", "show_numbers"],
  display: ["pixel", "show_numbers"],
  derive,
  panels: [
    { name: "paper", ratio: 1, narrow: 0.85, ignores: ["models", "examples", "example", "image", "mends", "pixel", "show_numbers"] },
    { name: "seen", ratio: 1, narrow: 0.85, ignores: ["models", "examples", "strokes"] },
    { name: "answers", ratio: 0.25, narrow: 0.5, wide: true, ignores: ["pixel", "show_numbers", "strokes", "mends"] },
  ],
  draw: { paper: drawPaper, seen: drawSeen, answers: drawAnswers },
  alt: {
    paper: (s, d, t) => t("alt_paper", { n: s.strokes.length }),
    seen: (s, d, t) => t("alt_seen", { n: s.image.filter(ink => ink > 0).length }),
    answers: (s, d, t) => (d.empty ? t("no_answer") : `${t("alt_answers")} ${standing(s, d, t)}`),
  },
  drag: { paper: pencil, seen: mending },
  keys: { seen: { label: "keys_seen", press: byKey } },
  controls: [
    { kind: "choice", name: "example", options: exampleNames,
      set: (s, d, value, t) => ({ ...(value < 0 ? begun(s, []) : loaded(s, value)), tell: "" }) },
    { kind: "button", name: "undo", enabled: s => s.strokes.length > 0 || s.mends.length > 0 },
    { kind: "button", name: "clear", enabled: (s, d) => !d.empty },
    { kind: "button", name: "original", enabled: s => s.example >= 0 && s.mends.length > 0 },
    { kind: "slider", name: "pixel", more: true, whole: true, min: 0, max: PIXELS - 1, get: chosen, spoken },
    { kind: "slider", name: "ink", more: true, whole: true, min: 0, max: 16, spoken,
      get: s => Math.round(16 * s.image[chosen(s)]), set: (s, d, value) => withInk(s, value) },
    { kind: "switch", name: "show_numbers", more: true },
  ],
  actions: {
    undo: s => ({ ...undone(s), tell: "" }),
    clear: (s, d, t) => ({ ...begun(s, []), tell: t("cleared") }),
    original: (s, d, t) => ({ ...loaded(s, s.example), tell: t("original_said") }),
  },
  legend,
  readout,
  told: (s, d, t) => (d.empty || d.changed.length ? `${standing(s, d, t)} ${remark(s, d, t)}` : standing(s, d, t)),
  table,
  settings: [LINES, "example", INKS, "pixel", "show_numbers"],
  torch: (s, d, t) => `from copy import deepcopy

image = torch.tensor([
${rowsOf(s.image.map(ink => 16 * ink)).map(row => `    [${row.join(", ")}],\n`).join("")}], dtype=torch.float64) / 16
p = {}
# ${t("torch_nets")}
for name in ("linear", "mlp"):
    net = deepcopy(nets[name]).double()
    p[name] = net(image.reshape(1, 64)).flatten().softmax(dim=0)
    print(name, p[name].argmax().item(), p[name])
`,
});
