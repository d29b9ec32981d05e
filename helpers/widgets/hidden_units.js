// A few hidden units build a function of one input.

const MOST_STEPS = 20000;
const LARGEST_SEED = 2 ** 32 - 1;
const MOST_HIDDENS = 12;
const FEWEST_BY_HAND = 2, MOST_EXAMPLES = 200;
const ALPHA = 0.25; // the slope of the parametric ReLU below 0
const NAMES = { relu: "ReLU", leaky_relu: "pReLU", sigmoid: "sigmoid", tanh: "tanh", elu: "ELU", gelu: "GELU", silu: "SiLU" };
const TARGETS = { sine: "sine_wave", step: "jump", bump: "bump", zigzag: "zigzag", own: "own" }; // their words
const STRAIGHT = ["relu", "leaky_relu", "identity"]; // made of straight pieces: a few points draw them exactly
const PIECES = 128; // of the curves that are not

// ---- what is computed ----

// The activation with its slope filled in.
function activationOf(s) {
  const { f, df } = ACTIVATIONS[s.activation];
  return { f: z => f(z, ALPHA), df: z => df(z, ALPHA) };
}

// The network. Python tells of a new number of units before it tells of their weights: those that are whole count.
function networkOf({ W1, b1, W2, b2 }) {
  const h = Math.min(W1[0].length, b1.length, W2.length);
  return { W1: [W1[0].slice(0, h)], b1: b1.slice(0, h), W2: W2.slice(0, h), b2 };
}

// The points, as the network takes them, and what is shown of the plane: below them is room for the marks.
// While points are changed by hand, the picture stays the same as long as they all are in it.
function dataOf(s, last) {
  const n = Math.min(s.X.length, s.y.length), X = s.X.slice(0, n), y = s.y.slice(0, n), rows = X.map(v => [v]);
  const data = { X, y, rows, points: X.map((x, i) => [x, y[i]]) };
  const before = last?.d.data;
  if (before && s.tool === "points" && rows.every(([v], i) => inside(v, before.x) && inside(y[i], before.window))) {
    return { ...before, ...data };
  }
  const [low, high] = extent(y, 0), span = high - low || Math.max(1, Math.abs(high));
  return { ...data, x: extent(X), window: [low - 0.4 * span, high + 0.3 * span], span };
}

// Where the sum w1·x + b1 of hidden unit k is zero, or null if it never is.
function kinkOf({ W1, b1 }, k) {
  const place = -b1[k] / W1[0][k];
  return W1[0][k] !== 0 && Number.isFinite(place) ? place : null;
}

const inside = (x, [low, high]) => x !== null && x > low && x < high;

// What hidden unit k adds to the output at x.
function contribution({ W1, b1, W2 }, k, x, { f }) {
  return W2[k] * f(W1[0][k] * x + b1[k]);
}

// The curves: each unit's contribution, and the sum of all with b2.
function curvesOf(s, net, x, kinks, activation) {
  const straight = STRAIGHT.includes(s.activation), places = kinks.filter(kink => inside(kink, x));
  const even = Array.from({ length: PIECES + 1 }, (_, i) => x[0] + (x[1] - x[0]) * i / PIECES);
  const all = straight ? [x[0], ...places.sort((a, b) => a - b), x[1]] : even;
  const heights = net.b1.map((_, k) => all.map(place => contribution(net, k, place, activation)));
  const sum = all.map((place, i) => [place, heights.reduce((total, values) => total + values[i], 0) + net.b2]);
  // Of a straight unit the ends and its own kink are enough.
  const shown = (k, place) => !straight || place === x[0] || place === x[1] || place === kinks[k];
  const units = heights.map((values, k) => all.map((place, i) => [place, values[i]]).filter(([place]) => shown(k, place)));
  return { units, sum };
}

// Where the output really bends inside the picture: kinks at one place are one, or none if they cancel.
function bendsOf(s, net, x, kinks) {
  const changes = new Map(), jump = s.activation === "relu" ? 1 : 1 - ALPHA;
  kinks.forEach((kink, k) => {
    if (inside(kink, x)) changes.set(kink, (changes.get(kink) ?? 0) + jump * net.W2[k] * Math.abs(net.W1[0][k]));
  });
  return [...changes].filter(([, change]) => change !== 0).map(([kink]) => kink).sort((a, b) => a - b);
}

// With the identity, all layers are one: W·x + B.
function collapsed({ W1, b1, W2, b2 }) {
  const dot = (u, v) => u.reduce((sum, value, k) => sum + value * v[k], 0);
  return { W: dot(W1[0], W2), B: dot(b1, W2) + b2 };
}

// The dead units, whose derivative is zero at every point: no gradient reaches them.
function deadOf(s, net, rows) {
  if (s.activation !== "relu") return [];
  return net.b1.map((_, k) => k).filter(k => rows.every(([x]) => net.W1[0][k] * x + net.b1[k] <= 0));
}

// The mark of each unit on the axis: where its kink is, or at the edge beyond which it is (side: −1 or 1). Marks
// that would cover each other stand in rows, one above the other.
function marksOf(kinks, { x, window: [low, high] }) {
  const width = x[1] - x[0], rows = [];
  const marks = kinks.map((kink, k) => {
    if (kink === null) return null;
    const shown = clamp(kink, x[0] + 0.08 * width, x[1] - 0.08 * width), side = kink <= x[0] ? -1 : kink >= x[1] ? 1 : 0;
    return { k, side, x: side ? shown : kink };
  });
  for (const mark of marks.filter(Boolean).sort((a, b) => a.x - b.x)) {
    const free = rows.findIndex(taken => mark.x - taken >= 0.065 * width), row = free < 0 ? rows.length : free;
    rows[row] = mark.x;
    mark.y = low + (0.055 + 0.08 * row) * (high - low);
  }
  return marks;
}

function derive(s, last) {
  const data = last && last.s.X === s.X && last.s.y === s.y ? last.d.data : dataOf(s, last);
  const net = networkOf(s), activation = activationOf(s), kinks = net.b1.map((_, k) => kinkOf(net, k));
  const d = { data, net, kinks, activation, unit: Math.min(s.selected, net.b1.length - 1) };
  d.loss = meanLoss(net, data.rows, data.y, activation, LOSSES.squared);
  d.curves = curvesOf(s, net, data.x, kinks, activation);
  d.straight = s.activation === "identity";
  d.bending = ["relu", "leaky_relu"].includes(s.activation);
  d.bends = d.bending ? bendsOf(s, net, data.x, kinks) : [];
  d.line = collapsed(net);
  d.dead = deadOf(s, net, data.rows);
  d.marks = marksOf(kinks, data);
  d.over = s.diverged_at >= 0 || s.step >= MOST_STEPS;
  return Object.assign(d, {
    X: data.X, y: data.y, chosen: s.point < data.X.length ? s.point : -1,
    across: data.x, upwards: data.window, far: { across: [-FARTHEST, FARTHEST], upwards: [-FARTHEST, FARTHEST] },
  });
}

// ---- what is drawn ----

const COLOURS = ["bw-orange", "bw-green", "bw-purple", "bw-red", "bw-ink"];
const DASHES = ["", "bw-dashed", "bw-dotted"];
const colourOf = k => COLOURS[k % COLOURS.length];
const dashOf = k => DASHES[k % DASHES.length];

function drawSum(s, d, t, size) {
  const { data, curves, unit } = d;
  const plot = new Plot(size, { x: data.x, y: data.window, xlabel: "x", ylabel: t("sum_name") });
  if (inside(d.kinks[unit], data.x)) plot.upright(d.kinks[unit], `bw-thin ${colourOf(unit)} bw-dotted`);
  plot.dots(data.points, "bw-dot bw-gray", s.tool === "points" ? 4 : 2.5);
  plot.curve(curves.sum, "bw-thick bw-blue");
  plot.dots(curves.sum.filter(([x]) => d.bends.includes(x)), "bw-hollow bw-blue", 3.5);
  const marks = d.marks.filter(Boolean), selected = marks.filter(({ k }) => k === unit), others = marks.filter(({ k }) => k !== unit);
  // (A unit whose kink comes into the picture or goes keeps its place in these lists: its stem is empty.)
  plot.group("", () => marks.forEach(({ k, side, x, y }) => plot.curve(side ? [] : [[x, plot.y[0]], [x, y]], `bw-curve ${colourOf(k)}`)));
  plot.group("", () => others.forEach(mark => drawMark(plot, mark, false)));
  plot.group("", () => selected.forEach(mark => drawMark(plot, mark, true))); // on top
  plot.group("", () => marks.forEach(mark => mark.side && drawWayOut(plot, mark)));
  if (s.tool === "points" && d.chosen >= 0) {
    plot.dot(d.X[d.chosen], d.y[d.chosen], "bw-hollow bw-ink", 7);
    plot.dot(d.X[d.chosen], d.y[d.chosen], "bw-dot bw-ink", 4, "diamond");
  }
  return plot;
}

function drawMark(plot, { k, x, y }, isSelected) {
  plot.sign(x, y, String(k + 1), `${isSelected ? "bw-handle" : "bw-hollow"} ${colourOf(k)}`, isSelected ? 9 : 8);
}

function drawWayOut(plot, { k, side, x, y }) {
  plot.text(x, y, side < 0 ? "◂" : "▸", `bw-named ${colourOf(k)}`, "middle", [side * 15, 4]);
}

function drawUnits(s, d, t, size) {
  const { data, curves, net, unit } = d;
  const values = [...curves.units.flat().map(([, y]) => y), net.b2], least = roundStep(data.span / 2);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const plot = new Plot(size, {
    x: data.x, y: [-roundStep(Math.max(least, -low)), roundStep(Math.max(least, high))], xlabel: "x", ylabel: t("units_name"),
  });
  plot.level(0, "bw-thin bw-gray");
  if (inside(d.kinks[unit], data.x)) plot.upright(d.kinks[unit], `bw-thin ${colourOf(unit)} bw-dotted`);
  plot.level(net.b2, "bw-thin bw-ink bw-dashed");
  plot.group("", () => curves.units.forEach((points, k) => {
    if (k !== unit) plot.curve(points, `bw-curve ${colourOf(k)} ${dashOf(k)}`);
  }));
  plot.curve(curves.units[unit], `bw-thick ${colourOf(unit)} ${dashOf(unit)}`);
  return labelled(plot, labelsOf(d));
}

// Each curve has its number at the end where it is farther from zero.
function labelsOf({ curves, net, unit }) {
  const labels = curves.units.map((points, k) => {
    const first = points[0][1], last = points[points.length - 1][1], atLeft = Math.abs(first) > Math.abs(last);
    return { text: String(k + 1), y: atLeft ? first : last, atLeft, look: `bw-named ${colourOf(k)}`, bold: k === unit };
  });
  return [{ text: mathName("b_2"), y: net.b2, atLeft: false, look: "" }, ...labels];
}

const APART = LETTER + 4; // pixels from one label to the next: the small 2 of b₂ hangs below

// Labels at both edges, moved apart where they would cover each other.
function labelled(plot, labels) {
  const { left, right, top, bottom } = plot.box;
  for (const atLeft of [true, false]) {
    const here = labels.filter(label => label.atLeft === atLeft);
    for (const label of here) label.top = plot.Y(label.y) - 4;
    here.sort((a, b) => a.top - b.top);
    here.forEach((label, i) => { label.top = Math.max(label.top, i ? here[i - 1].top + APART : top + LETTER); });
    here.reverse().forEach((label, i) => { label.top = Math.min(label.top, i ? here[i - 1].top - APART : bottom - 4); });
  }
  for (const { text, look, bold, atLeft, top: height } of labels) {
    const [x, anchor] = atLeft ? [left + 5, "start"] : [right - 5, "end"];
    plot.add("text", { x: pixels(x), y: pixels(height), "text-anchor": anchor, class: `bw-text bw-halo ${look}${bold ? " bw-bold" : ""}` }, text);
  }
  return plot;
}

function drawLosses(s, d, t, size) {
  const smallest = 1e-12, losses = [...s.losses.map((loss, i) => [i * s.every, loss]), [s.step, d.loss]]
    .map(([step, loss]) => [step, Math.max(loss, smallest)]);
  const powers = losses.map(([, loss]) => Math.log10(loss));
  const low = Math.floor(Math.min(...powers)), high = Math.max(low + 1, Math.ceil(Math.max(...powers)));
  const plot = new Plot(size, {
    x: [0, 1.03 * roundStep(Math.max(100, s.step))], y: [10 ** low, 10 ** high], log: true,
    xlabel: t("step_name"), ylabel: t("loss_name"),
  });
  plot.curve(losses, "bw-curve bw-blue");
  if (!s.step) plot.text(plot.x[1] / 2, 10 ** ((low + high) / 2), t("no_steps"), "", "middle");
  return plot.dot(...losses[losses.length - 1], "bw-dot bw-blue", 4);
}

// ---- what is said ----

const nameOf = (name, t) => NAMES[name] ?? t(name);
const signed = value => (value < 0 ? `− ${show(-value)}` : `+ ${show(value)}`);
const settled = value => (Math.abs(value) < 1e-12 ? 0 : value); // what is left when numbers cancel is rounding
const line = ({ W, B }) => `${show(settled(W))} · x ${signed(settled(B))}`;
const italic = text => text.replace(/\b([xohwb])\b/g, "<i>$1</i>");

// What kind of function it is.
function shape(s, d, t) {
  if (s.activation === "identity") return t("collapsed", { h: d.net.b1.length, line: line(d.line) });
  if (!STRAIGHT.includes(s.activation)) return t("smooth", { name: nameOf(s.activation, t) });
  return t("pieces", { kinks: d.bends.length, h: d.net.b1.length, pieces: d.bends.length + 1 });
}

// What else is to be noticed.
function remarks(s, d, t) {
  const { sum } = d.curves, [low, high] = d.data.window, heights = sum.map(([, y]) => y);
  return [
    s.diverged_at >= 0 && t("diverged", { step: s.diverged_at }),
    s.step >= MOST_STEPS && t("most_steps", { steps: MOST_STEPS }),
    d.dead.length && t("dead", { units: d.dead.map(k => k + 1).join(", ") }),
    (Math.min(...heights) > high || Math.max(...heights) < low) && t("out_of_sight"),
  ].filter(Boolean).join(" ");
}

const standing = (s, d, t) => t("standing", { step: s.step, loss: show(d.loss) });

function unitFormula(d, k) {
  const { W1, b1, W2 } = d.net;
  return `${show(W2[k])} · ${d.straight ? "" : "σ"}(${show(W1[0][k])} · x ${signed(b1[k])})`;
}

function unitWords(d, t, k = d.unit) {
  const kink = d.kinks[k], values = { unit: k + 1, formula: unitFormula(d, k), kink: show(kink) };
  if (kink === null) return t("unit_without_kink", values);
  return t(d.bending ? "unit_with_kink" : "unit_with_zero", values);
}

function pointWords(s, d, t) {
  if (d.chosen < 0) return "";
  const x = d.X[d.chosen], y = d.y[d.chosen], { o } = forward(d.net, [x], d.activation);
  return t("chosen", { number: d.chosen + 1, x: show(x), y: show(y), o: show(o), error: show(o - y) });
}

function readout(s, d, t) {
  const byPoints = s.tool === "points" ? `<p>${pointWords(s, d, t) || t("hint_points")}</p>` : "";
  return `<p><b>${standing(s, d, t)}</b> ${italic(shape(s, d, t))}</p><p>${italic(unitWords(d, t))}</p>`
    + `<p>${remarks(s, d, t)}\u00a0</p>${byPoints}`;
}

function legend(s, d, t) {
  return [["bw-gray", "●", t("mark_points")], ["bw-blue", "━", t("mark_sum")], ["bw-orange", "①", t("mark_units")]];
}

function told(s, d, t) {
  return `${standing(s, d, t)} ${shape(s, d, t)} ${remarks(s, d, t)}`.trim();
}

function table(s, d, t) {
  const { W1, b1, W2, b2 } = d.net;
  const outputs = d.data.rows.map(x => forward(d.net, x, d.activation).o);
  return [{
    caption: t("table_caption", { b2: show(b2, 6) }),
    head: [t("selected"), "<i>w</i>₁", "<i>b</i>₁", t("kink_name"), "<i>w</i>₂"],
    rows: b1.map((bias, k) => [k + 1, W1[0][k], bias, d.kinks[k] ?? "–", W2[k]]),
  }, {
    caption: t("points_caption"),
    head: [t("number"), "<i>x</i>", "<i>y</i>", "<i>o</i>", "<i>o</i> − <i>y</i>"],
    rows: d.X.map((x, i) => [i + 1, x, d.y[i], outputs[i], outputs[i] - d.y[i]]),
  }];
}

function altSum(s, d, t) {
  const marks = d.kinks.map((kink, k) => (kink === null ? "" : t("alt_mark", { unit: k + 1, kink: show(kink, 3) })));
  const words = t("alt_sum", { n: d.data.y.length, h: d.net.b1.length, target: t(TARGETS[s.target]) });
  return [words, ...marks, told(s, d, t)].filter(Boolean).join(" ");
}

function altUnits(s, d, t) {
  const ends = d.curves.units.map((points, k) =>
    t("alt_unit", { unit: k + 1, left: show(points[0][1], 3), right: show(points[points.length - 1][1], 3) }));
  return [t("alt_units", { b2: show(d.net.b2, 3) }), ...ends].join(" ");
}

// ---- what a reader can do ----

const newRun = (s, changes, t) => ({ ...changes, ...ANEW, tell: t("new_run") });

function newWeights(s, changes, t) {
  const { seed, num_hiddens, selected } = { ...s, ...changes };
  const weights = initialNetwork(seed, 1, num_hiddens);
  return { ...changes, ...weights, selected: Math.min(selected, num_hiddens - 1), ...ANEW, tell: t("new_weights") };
}

function stepped(s, d, steps) {
  const count = Math.min(steps, MOST_STEPS - s.step);
  const { diverged, ...changes } = trained({ ...s, ...d.net, X: d.data.rows, y: d.data.y }, d.activation, LOSSES.squared, count);
  return { ...changes, diverged_at: diverged ? changes.step + 1 : -1 };
}

// So many steps fit into a frame. (The GELU's derivative takes three times as long as the others'.)
function affordable(s, d) {
  const work = d.data.y.length * d.net.b1.length * (s.activation === "gelu" ? 3 : 1);
  return Math.max(1, Math.floor(20000 / work));
}

// A change by a slider begins a new run; that is told once, not at each tick.
const begun = (s, changes, t) => (s.step ? newRun(s, changes, t) : { ...changes, ...ANEW });

// Hidden unit k with other numbers w1, b1 or w2: a new run from there.
function withUnit(d, k, { w1 = d.net.W1[0][k], b1 = d.net.b1[k], w2 = d.net.W2[k] }) {
  const put = (list, value) => list.map((old, i) => (i === k ? clamp(value, -FARTHEST, FARTHEST) : old));
  return { W1: [put(d.net.W1[0], w1)], b1: put(d.net.b1, b1), W2: put(d.net.W2, w2), selected: k, ...ANEW };
}

// A unit's kink is moved by its bias; its slope stays.
const withKink = (d, k, place) => withUnit(d, k, { b1: -d.net.W1[0][k] * place });

// Points that were changed by hand are the reader's own, and a new run begins.
function withPoints(s, d, { X, y, chosen }) {
  if (X === d.X && y === d.y) return { point: chosen };
  return { X, y, point: chosen, targets: { ...s.targets, own: [X, y] }, target: "own", ...ANEW };
}

const byHand = pointsByHand({
  take: withPoints, name: "point", fewest: FEWEST_BY_HAND, most: MOST_EXAMPLES, shown: s => s.tool === "points", spoken: pointWords,
});

// The outermost two points, to begin points of one's own with.
function cleared(s, d, t) {
  const order = d.X.map((_, i) => i).sort((i, j) => d.X[i] - d.X[j]), ends = [order[0], order[order.length - 1]];
  return { ...withPoints(s, d, { X: ends.map(i => d.X[i]), y: ends.map(i => d.y[i]), chosen: -1 }), say: t("cleared") };
}

const grabbed = (s, d, at) => (s.tool === "points" ? grabbedPoint(d, at) : grabMark(s, d, at));
const moved = (s, d, held, at) => ("index" in held ? byHand.move(s, d, held, at) : moveMark(s, d, held, at));

// The mark that is grabbed, and from where: to press it selects its unit, to move it moves the kink.
function grabMark(s, d, at) {
  const near = d.marks.filter(Boolean).map(({ k, x, y }) => ({ k, x, from: at.x, far: at.pixelsTo(x, y) }))
    .filter(({ far }) => far < (at.touch ? 24 : 14)).sort((a, b) => a.far - b.far);
  return near[0] ?? null;
}

function moveMark(s, d, { k, x, from }, at) {
  return k < d.net.b1.length ? withKink(d, k, clamp(x + at.x - from, ...d.data.x)) : null;
}

const pickMark = (s, d, { k }, t) => (k < d.net.b1.length ? { selected: k, say: unitWords(d, t, k) } : null);

// A click near a curve on the right selects its unit.
function nearestUnit(s, d, at) {
  const far = d.net.b1.map((_, k) => at.pixelsTo(at.x, contribution(d.net, k, at.x, d.activation)));
  const nearest = far.indexOf(Math.min(...far));
  return far[nearest] < 24 ? { selected: nearest } : null;
}

const targetNames = (s, d, t) => Object.keys(s.targets).map(name => [name, t(TARGETS[name])]);
const activationNames = (s, d, t) => [...Object.keys(NAMES), "identity"].map(name => [name, nameOf(name, t)]);
const unitNumbers = (s, d) => d.net.b1.map((_, k) => [k, String(k + 1)]);
const ANYWHERE = [-FARTHEST, FARTHEST];
const hasKink = (s, d) => d.kinks[d.unit] !== null;
const reach = (s, d) => Math.min(FARTHEST, roundStep(10 * Math.max(1, d.data.span))); // of the sliders for what has the size of the data

export default defineWidget({
  name: "hidden_units",
  words: WORDS,
  traits: ["targets", "target", "X", "y", "num_hiddens", "activation", "W1", "b1", "W2", "b2", "learning_rate", "seed", "step",
    "losses", "every", "diverged_at", "selected", "tool", "point"],
  display: ["selected", "tool", "point"],
  derive,
  panels: [{ name: "sum", ratio: 0.85, narrow: 0.65 }, { name: "units", ratio: 0.85, narrow: 0.6 },
    { name: "losses", ratio: 0.19, wide: true, lowest: 120 }],
  draw: { sum: drawSum, units: drawUnits, losses: drawLosses },
  alt: {
    sum: altSum,
    units: altUnits,
    losses: (s, d, t) => t("alt_losses", { step: s.step, first: show(s.losses[0] ?? d.loss, 3), last: show(d.loss, 3) }),
  },
  drag: {
    sum: {
      grab: grabbed, move: moved,
      pick: (s, d, held, at, t) => ("index" in held ? byHand.pick(s, d, held, at, t) : pickMark(s, d, held, t)),
       tap: (s, d, at, t) => (s.tool === "points" ? byHand.tap(s, d, at, t) : null),
    },
    units: { grab: () => null, tap: nearestUnit },
  },
  controls: [
    { kind: "button", name: "step", enabled: (s, d) => !d.over },
    { kind: "play", name: "play", enabled: (s, d) => !d.over },
    { kind: "button", name: "reset" },
    { kind: "choice", name: "target", options: targetNames,
      set: (s, d, value, t) => newRun(s, { target: value, X: s.targets[value][0], y: s.targets[value][1], point: -1 }, t) },
    { kind: "choice", name: "activation", options: activationNames,
      set: (s, d, value, t) => newRun(s, { activation: value }, t) },
    { kind: "slider", name: "num_hiddens", whole: true, min: 1, max: MOST_HIDDENS,
      set: (s, d, value, t) => newWeights(s, { num_hiddens: value }, t) },
    { kind: "slider", name: "learning_rate", more: true, log: true, min: 0.0001, max: 10,
      set: (s, d, value) => ({ learning_rate: value, diverged_at: -1 }) },
    { kind: "speed", name: "speed", more: true },
    { kind: "number", name: "seed", more: true, whole: true, min: 0, max: LARGEST_SEED,
      set: (s, d, value, t) => newWeights(s, { seed: value }, t) },
    { kind: "button", name: "new_seed", more: true },
    { kind: "choice", name: "selected", more: true, options: unitNumbers, get: (s, d) => d.unit,
      set: (s, d, value, t) => ({ selected: value, say: unitWords(d, t, value) }) },
    { kind: "slider", name: "kink", more: true, min: (s, d) => d.data.x[0], max: (s, d) => d.data.x[1], shown: hasKink,
      get: (s, d) => d.kinks[d.unit] ?? 0, set: (s, d, value, t) => begun(s, withKink(d, d.unit, value), t) },
    { kind: "slider", name: "bias", more: true, min: -10, max: 10, typed: ANYWHERE, shown: (s, d) => !hasKink(s, d),
      get: (s, d) => d.net.b1[d.unit], set: (s, d, value, t) => begun(s, withUnit(d, d.unit, { b1: value }), t) },
    { kind: "slider", name: "slope", more: true, min: -10, max: 10, typed: ANYWHERE,
      get: (s, d) => d.net.W1[0][d.unit], set: (s, d, value, t) => begun(s, withUnit(d, d.unit, { w1: value }), t) },
    { kind: "slider", name: "out", more: true, typed: ANYWHERE, min: (s, d) => -reach(s, d), max: reach,
      get: (s, d) => d.net.W2[d.unit], set: (s, d, value, t) => begun(s, withUnit(d, d.unit, { w2: value }), t) },
    { kind: "slider", name: "b2", more: true, typed: ANYWHERE, min: (s, d) => -reach(s, d), max: reach,
      set: (s, d, value, t) => begun(s, { b2: value }, t) },
    { kind: "choice", name: "tool", more: true, options: (s, d, t) => [["marks", t("tool_marks")], ["points", t("tool_points")]] },
    ...byHand.controls,
    { kind: "button", name: "clear", more: true, shown: s => s.tool === "points", enabled: (s, d) => d.X.length > FEWEST_BY_HAND },
  ],
  actions: {
    ...byHand.actions,
    clear: cleared,
    step: (s, d) => ({ ...stepped(s, d, 1), tell: "" }),
    reset: (s, d, t) => newWeights(s, {}, t),
    new_seed: (s, d, t) => newWeights(s, { seed: (s.seed + 1) % (LARGEST_SEED + 1) }, t),
  },
  play: {
    rates: [1, 10, 50, 200, 1000, 3000],
    rate: 200,
    tick: (s, d, t, steps) => {
      if (d.over) return null;
      const changes = stepped(s, d, Math.min(steps, affordable(s, d)));
      return changes.diverged_at >= 0 || changes.step >= MOST_STEPS ? { ...changes, tell: "" } : changes;
    },
  },
  legend,
  readout,
  told,
  table,
  settings: ["target", "activation", "num_hiddens", "seed", "learning_rate", ...PARAMETER_SETTINGS, "selected", "tool", "point"],
  torch: (s, d) => `${FUNCTIONAL}
X = ${tensor(d.X)}
y = ${tensor(d.y)}
${torchNetwork({ ...s, ...d.net }, "X[:, None]", ALPHA)}loss = F.mse_loss(o, y) / 2
print(loss.item())
`,
});
