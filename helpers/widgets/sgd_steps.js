// Minibatch stochastic gradient descent for a line, one step at a time.

const MOST_STEPS = 2000;
const FARTHEST_START = 1e12; // as in Python
const RUNAWAY = 1000; // a loss so many times the largest to start from is on its way to infinity

// ---- what is computed ----

// The feature as the model sees it. Mean and standard deviation are those of the data.
function scaled(s) {
  const n = s.X.length, mean = s.X.reduce((sum, x) => sum + x, 0) / n;
  const std = Math.sqrt(s.X.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  return { x: s.standardised ? s.X.map(x => (x - mean) / std) : s.X, mean, std };
}

// The loss of a line: the mean of half the squared errors.
function meanLossOf(x, y, [w, b]) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (w * x[i] + b - y[i]) ** 2 / 2;
  return sum / x.length;
}

// Its derivatives by w and b, averaged over some rows.
function gradientOver(x, y, rows, [w, b]) {
  let byW = 0, byB = 0;
  for (const i of rows) {
    const error = w * x[i] + b - y[i];
    byW += x[i] * error;
    byB += error;
  }
  return [byW / rows.length, byB / rows.length];
}

const moved = ([w, b], [byW, byB], rate) => [w - rate * byW, b - rate * byB];

// The bowl: its lowest point, and its curvatures λ with their directions. The second derivatives are the means
// of x², x and 1.
function bowl(x, y) {
  const n = x.length, mean = values => values.reduce((sum, v) => sum + v, 0) / n;
  const mx = mean(x), my = mean(y);
  const sxx = mean(x.map(v => (v - mx) ** 2)), sxy = mean(x.map((v, i) => (v - mx) * (y[i] - my)));
  const best = [sxy / sxx, my - sxy / sxx * mx];
  const square = sxx + mx ** 2, half = Math.hypot((square - 1) / 2, mx), middle = (square + 1) / 2;
  const highest = middle + half, lowest = sxx / highest; // their product is the determinant, square − mx²
  const angle = Math.atan2(highest - square, mx) || 0; // the direction in which the bowl is steepest
  const steep = mx === 0 && square >= 1 ? [1, 0] : [Math.cos(angle), Math.sin(angle)];
  return { best, loss: meanLossOf(x, y, best), highest, lowest, steep, limit: 2 / highest, condition: highest / lowest, spread: Math.sqrt(mean(y.map(v => (v - my) ** 2))) };
}

function derive(s, last, held) {
  const same = (...names) => last && names.every(name => last.s[name] === s[name]);
  const d = { ...last?.d, ...(same("X", "y", "standardised") ? {} : dataOf(s)) };
  if (!same("X", "y", "batch_size", "seed")) {
    d.batches = new Minibatches(s.X.length, s.batch_size, s.seed);
    d.everyone = s.X.map((_, i) => i);
  }
  // Losses along the path: those of the time before are kept as far as the path is the same.
  const known = same("X", "y", "standardised") ? last.d.losses : [], before = known.length ? last.s.path : [];
  d.losses = s.path.map((line, k) => (line === before[k] ? known[k] : meanLossOf(d.x, s.y, line)));
  const limit = RUNAWAY * Math.max(d.losses[0], d.bowl.spread ** 2 / 2);
  d.divergedAt = d.losses.findIndex(loss => !(loss <= limit));
  d.step = s.path.length - 1;
  d.epoch = Math.floor(d.step / d.batches.batchesPerEpoch) + 1;
  d.batchInEpoch = d.step % d.batches.batchesPerEpoch + 1;
  d.rows = d.batches.batch(d.step);
  d.line = s.path[d.step];
  d.gradient = gradientOver(d.x, s.y, d.rows, d.line);
  d.fullGradient = gradientOver(d.x, s.y, d.everyone, d.line);
  d.next = moved(d.line, d.gradient, s.learning_rate);
  d.region = held && last ? last.d.region : regionOf(s, d, last); // a map must not move under the hand
  d.over = d.divergedAt >= 0 || d.step >= MOST_STEPS;
  return d;
}

function dataOf(s) {
  const { x, mean, std } = scaled(s);
  return { x, mean, std, points: x.map((v, i) => [v, s.y[i]]), bowl: bowl(x, s.y) };
}

// Some steps further: the lines they pass and the learning rates they took.
function stepped(s, d, count) {
  const path = [...s.path], rates = [...s.rates], limit = RUNAWAY * Math.max(d.losses[0], d.bowl.spread ** 2 / 2);
  for (let k = 0; k < count && path.length <= MOST_STEPS; k++) {
    const line = path[path.length - 1], rows = d.batches.batch(path.length - 1);
    path.push(moved(line, gradientOver(d.x, s.y, rows, line), s.learning_rate));
    rates.push(s.learning_rate);
    if (!(meanLossOf(d.x, s.y, path[path.length - 1]) <= limit)) break;
  }
  return { path, rates };
}

// A new run from the line [w, b].
const anew = (line, changes = {}) => ({ ...changes, start: line, path: [line], rates: [] });

// The same line in the other units, as far as a run can start there.
function converted([w, b], { mean, std }, toStandardised) {
  return (toStandardised ? [w * std, b + w * mean] : [w / std, b - w * mean / std]).map(value => clamp(value, -FARTHEST_START, FARTHEST_START));
}

// The angle between two gradients in degrees, or null if one of them is zero.
function angleBetween([w1, b1], [w2, b2]) {
  const sizes = Math.hypot(w1, b1) * Math.hypot(w2, b2);
  return sizes > 0 && Number.isFinite(sizes) ? Math.abs(Math.atan2(w1 * b2 - w2 * b1, w1 * w2 + b1 * b2)) * 180 / Math.PI : null;
}

// ---- what is drawn ----

const LEAST_ARROW = 30; // pixels

function drawData(s, d, t, size) {
  const plot = new Plot(size, {
    x: extent(d.x), y: extent(s.y, 0.1), ylabel: s.y_name,
    xlabel: s.standardised ? t("standardised_name", { name: s.x_name }) : s.x_name,
  });
  const through = ([w, b]) => plot.x.map(x => [x, w * x + b]);
  plot.dots(d.points, "bw-dot bw-gray bw-pale", 2.5);
  plot.curve(through(d.bowl.best), "bw-curve bw-green bw-dashed");
  const [w, b] = d.line;
  plot.curve(d.rows.flatMap(i => [[d.x[i], s.y[i]], [d.x[i], w * d.x[i] + b], [NaN, NaN]]), "bw-thin bw-orange");
  plot.dots(d.rows.map(i => [d.x[i], s.y[i]]), "bw-dot bw-orange", 3.5, "square");
  return plot.curve(through(d.line), "bw-curve bw-blue");
}

// The stretch of the plane that is shown: around the lowest point, with (0, 0) and the start in it. The last one, if it
// is the same.
function regionOf(s, d, last) {
  const [w, b] = d.bowl.best;
  const far = Math.max(Math.abs(w), Math.abs(b), Math.abs(s.start[0] - w), Math.abs(s.start[1] - b), d.bowl.spread / 2, 1e-9);
  if (last?.d.bowl === d.bowl && last.d.region.far === far) return last.d.region;
  const rim = d.bowl.highest * far ** 2 * 1.4, contours = Array.from({ length: 8 }, (_, k) => contour(d.bowl, rim / 3 ** k));
  return { x: [w - 1.2 * far, w + 1.2 * far], y: [b - 1.2 * far, b + 1.2 * far], far, contours };
}

function drawSurface(s, d, t, size) {
  const { x, y, contours } = d.region;
  const plot = new Plot(size, { x, y, xlabel: "w", ylabel: t("map_name"), equal: true });
  for (const line of contours) plot.curve(line, "bw-thin bw-gray");
  plot.dot(...d.bowl.best, "bw-thick bw-green", 6, "cross");
  plot.curve(s.path, "bw-thin bw-blue");
  plot.dots(s.path.slice(-400), "bw-dot bw-blue", 2);
  plot.dot(...s.start, "bw-handle bw-gray", 6, "diamond");
  if (!d.over) {
    // Downhill by all examples, and on top of it by the minibatch: to the place of the next step, or as far as can
    // be seen.
    for (const [gradient, look] of [[d.fullGradient, "bw-thick bw-purple bw-dotted"], [d.gradient, "bw-curve bw-orange"]]) {
      const [byW, byB] = gradient, far = s.learning_rate * Math.hypot(byW * plot.perX, byB * plot.perY);
      plot.arrow(...d.line, ...moved(d.line, gradient, s.learning_rate * Math.max(1, LEAST_ARROW / (far || 1))), look);
    }
  }
  return plot.dot(...d.line, "bw-dot bw-blue", 5);
}

// All lines with the same loss, so much above the lowest, are an ellipse along the directions of curvature.
function contour({ best, steep: [u, v], highest, lowest }, above) {
  const [across, along] = [Math.sqrt(2 * above / highest), Math.sqrt(2 * above / lowest)];
  return Array.from({ length: 73 }, (_, i) => {
    const p = across * Math.cos(Math.PI * i / 36), q = along * Math.sin(Math.PI * i / 36);
    return [best[0] + p * u - q * v, best[1] + p * v + q * u];
  });
}

function drawLosses(s, d, t, size) {
  const highest = Math.max(...d.losses.filter(Number.isFinite), 1e-12), lowest = Math.max(d.bowl.loss, highest * 1e-6);
  const plot = new Plot(size, {
    x: [0, 1.02 * roundStep(Math.max(20, d.step))], y: [lowest * 0.85, Math.max(highest * 1.2, lowest * 2)], log: true, xlabel: t("step_name"), ylabel: "L",
  });
  plot.level(Math.max(d.bowl.loss, lowest * 1e-3), "bw-curve bw-green bw-dashed");
  plot.curve(d.losses.map((loss, k) => [k, loss]), "bw-curve bw-blue");
  return plot.dot(d.step, d.losses[d.step], "bw-dot bw-blue", 4);
}

// ---- what is said ----

const pair = ([w, b], digits) => `(${show(w, digits)}, ${show(b, digits)})`;

function readout(s, d, t) {
  const place = t("place", { step: d.step + 1, epoch: d.epoch, batch: d.batchInEpoch, batches: d.batches.batchesPerEpoch, size: d.rows.length });
  const sums = ["w", "b"].map((name, k) =>
    `<p class="bw-sum"><i>${name}</i> ← ${show(d.line[k])} − ${show(s.learning_rate)} × ${bracketed(d.gradient[k])} = <b>${show(d.next[k])}</b></p>`);
  const rows = [[t("batch_gradient"), d.gradient], [t("full_gradient"), d.fullGradient]].map(([name, g]) =>
    `<tr><th scope="row">${name}</th><td>${pair(g)}</td></tr>`);
  const angle = angleBetween(d.gradient, d.fullGradient);
  rows.push(`<tr><th scope="row">${t("angle")}</th><td>${angle === null ? "–" : `${show(angle, 3)}°`}</td></tr>`);
  const parts = `<div class="bw-parts"><div>${sums.join("")}</div><table><tbody>${rows.join("")}</tbody></table></div>`;
  return `<p><b>${t("where", { step: d.step, loss: show(d.losses[d.step]), best: show(d.bowl.loss) })}</b></p>`
    + (d.over ? `<p>${t("last", { epoch: epochSoFar(d) })} ${ended(d, t)}</p>` : `<p>${place}</p>${parts}`)
    + `<p>${t("limit", { limit: show(d.bowl.limit, 3), condition: show(d.bowl.condition, 3) })}</p>`;
}

const bracketed = value => (value < 0 ? `(${show(value)})` : show(value));

// The epoch of the step just taken.
const epochSoFar = ({ step, batches }) => Math.max(1, Math.ceil(step / batches.batchesPerEpoch));
const ended = (d, t) => (d.divergedAt >= 0 ? t("diverged", { step: d.divergedAt }) : t("most_steps", { steps: MOST_STEPS }));

function legend(s, d, t) {
  return [["bw-orange", "■", t("mark_batch")], ["bw-orange", "→", t("mark_down")], ["bw-purple", "⇢", t("mark_down_all")],
    ["bw-blue", "━", t("mark_line")], ["bw-green", "╍", t("mark_best")], ["bw-gray", "◇", t("mark_start")]];
}

function told(s, d, t) {
  const words = t("told", { step: d.step, epoch: epochSoFar(d), line: pair(d.line), loss: show(d.losses[d.step]), best: show(d.bowl.loss) });
  return d.over ? `${words} ${ended(d, t)}` : words;
}

const listed = rows => rows.slice(0, 12).join(", ") + (rows.length > 12 ? " …" : "");

function table(s, d, t) {
  return {
    caption: t("table_caption"),
    head: [t("step_name"), "η", "w", "b", "L", t("batch_rows")],
    rows: s.path.map((line, k) => [k, k ? s.rates[k - 1] : "", ...line, d.losses[k], k ? listed(d.batches.batch(k - 1)) : ""]),
  };
}

// ---- what a reader can do ----

const placeOn = ({ region: { x, y } }, at) => [[at.x, x], [at.y, y]].map(([value, [low, high]]) =>
  clamp(rounded(clamp(value, low, high), [low, high]), -FARTHEST_START, FARTHEST_START));
const startAt = (line, t) => ({ ...anew(line), tell: t("new_run") });
const newRun = (s, changes, t) => ({ ...anew(s.start, changes), tell: t("new_run") });

// The steps, for a link: they can be taken again as long as all were taken with the one learning rate.
const STEPS = {
  name: "steps", whole: true, min: 0, max: MOST_STEPS,
  get: s => (s.rates.every(rate => rate === s.learning_rate) ? s.rates.length : 0),
  set: (s, d, count) => stepped({ ...s, ...anew(s.start) }, d, count),
};

// A list in Python, in few words: [0.1] * 13 + [0.2] * 5.
function runsOf(rates) {
  const ends = rates.flatMap((rate, i) => (rate === rates[i + 1] ? [] : [i]));
  return ends.map((end, k) => `[${rates[end]}] * ${end - (ends[k - 1] ?? -1)}`).join(" + ") || "[]";
}

export default defineWidget({
  name: "sgd_steps",
  words: WORDS,
  traits: ["X", "y", "x_name", "y_name", "standardised", "learning_rate", "batch_size", "seed", "start", "path", "rates"],
  display: ["x_name", "y_name"],
  whole: s => s.X.length === s.y.length && s.batch_size <= s.X.length && s.rates.length === s.path.length - 1,
  derive,
  panels: [{ name: "data", ratio: 0.85, narrow: 0.6 }, { name: "surface", ratio: 0.85, narrow: 0.6 },
    { name: "losses", ratio: 0.25, wide: true }],
  draw: { data: drawData, surface: drawSurface, losses: drawLosses },
  alt: {
    data: (s, d, t) => t("alt_data", { n: s.X.length, size: d.rows.length, line: pair(d.line, 3) }),
    surface: (s, d, t) => t("alt_surface", { line: pair(d.line, 3), best: pair(d.bowl.best, 3), next: pair(d.next, 3) }),
    losses: (s, d, t) => t("alt_losses", { step: d.step, first: show(d.losses[0]), last: show(d.losses[d.step]), best: show(d.bowl.loss) }),
  },
  drag: {
    surface: {
      grab: (s, d, at) => (at.pixelsTo(...s.start) < 24 ? "start" : null),
      move: (s, d, handle, at) => anew(placeOn(d, at)),
      tap: (s, d, at, t) => startAt(placeOn(d, at), t),
    },
  },
  controls: [
    { kind: "button", name: "step", enabled: (s, d) => !d.over },
    { kind: "button", name: "back", enabled: (s, d) => d.step > 0 },
    { kind: "play" , name: "play", enabled: (s, d) => !d.over },
    { kind: "button", name: "reset", enabled: (s, d) => d.step > 0 },
    { kind: "slider", name: "learning_rate", log: true, min: (s, d) => d.bowl.limit / 1000, max: (s, d) => d.bowl.limit * 4, mark: (s, d) => d.bowl.limit },
    { kind: "slider", name: "batch_size", whole: true, min: 1, max: s => s.X.length, set: (s, d, value, t) => newRun(s, { batch_size: value }, t) },
    { kind: "switch", name: "standardised", set: (s, d, value, t) => ({
      ...anew(converted(s.start, d, value), { standardised: value }), tell: t(value ? "now_standardised" : "now_raw", { name: s.x_name }),
    }) },
    { kind: "speed", name: "speed", more: true },
    { kind: "number", name: "seed", more: true, whole: true, min: 0, max: 2 ** 32 - 1, set: (s, d, value, t) => newRun(s, { seed: value }, t) },
    { kind: "button", name: "new_seed", more: true },
    { kind: "number", name: "start_w", more: true, min: -FARTHEST_START, max: FARTHEST_START, get: s => s.start[0], set: (s, d, value, t) => startAt([value, s.start[1]], t) },
    { kind: "number", name: "start_b", more: true, min: -FARTHEST_START, max: FARTHEST_START, get: s => s.start[1], set: (s, d, value, t) => startAt([s.start[0], value], t) },
  ],
  actions: {
    step: (s, d) => ({ ...stepped(s, d, 1), tell: "" }),
    back: s => ({ path: s.path.slice(0, -1), rates: s.rates.slice(0, -1), tell: "" }),
    reset: (s, d, t) => newRun(s, {}, t),
    new_seed: (s, d, t) => newRun(s, { seed: (s.seed + 1) % 2 ** 32 }, t),
  },
  play: {
    rates: [1, 3, 10, 30, 100],
    rate: 3,
    tick: (s, d, t, steps) => {
      if (d.over) return null;
      const changes = stepped(s, d, steps), then = derive({ ...s, ...changes }, { s, d });
      return then.over ? { ...changes, tell: "" } : changes;
    },
  },
  legend,
  readout,
  told,
  table,
  settings: ["standardised", "learning_rate", "batch_size", "seed", "start_w", "start_b", STEPS],
  torch: (s, d) => `from itertools import chain, repeat
from helpers.minibatches import Minibatches

X = ${tensor(s.X)}
y = ${tensor(s.y)}
${s.standardised ? "X = (X - X.mean()) / X.std(correction=0)\n" : ""}w = ${tensor(s.path[0][0], LEARNED)}
b = ${tensor(s.path[0][1], LEARNED)}
rates = ${runsOf(s.rates)}
epochs = repeat(Minibatches(X[:, None], y, ${s.batch_size}, seed=${s.seed}))
for lr, (x, target) in zip(rates, chain.from_iterable(epochs)):
    loss = ((w * x[:, 0] + b - target) ** 2 / 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    w.grad = b.grad = None
loss = ((w * X + b - y) ** 2 / 2).mean()
print(w.item(), b.item(), loss.item())
`,
});
