// Fit the line yourself: the errors of a line, its loss, and how small that can be.

const MOST = 500, FEWEST = 2; // points
const LARGEST = 1e12, STEEPEST = 1e100; // as in Python
const MANY = 60; // more squares than that are drawn paler, without outlines

// ---- what is computed ----

const sumOf = values => values.reduce((sum, v) => sum + v, 0);
const meanOf = values => sumOf(values) / values.length;
const largestOf = values => Math.max(...values.map(Math.abs));

// L(w, b), the mean of half the squared errors.
function lossOf({ w, b }, X, y) {
  return meanOf(X.map((x, i) => (w * x + b - y[i]) ** 2 / 2));
}

// The mean, and what is left of each number without it. Measured from one of them first: far from 0, sums lose digits.
function centred(values) {
  const rest = values.map(v => v - values[0]), middle = meanOf(rest);
  return { mean: values[0] + middle, rest: rest.map(v => v - middle) };
}

// The least-squares line, and its loss. Through points with one and the same x there is no single best line: all
// lines through the middle of the points have that loss, and of them we give the level one.
function bestLine(X, y) {
  const { mean: middle, rest: right } = centred(X), { mean: height, rest: up } = centred(y);
  const scale = largestOf(right), unique = scale > NARROWEST;
  const u = right.map(v => (unique ? v / scale : 0)); // from −1 to 1, so that no square is too small
  const w = unique ? sumOf(u.map((v, i) => v * up[i])) / sumOf(u.map(v => v * v)) / scale : 0;
  const loss = meanOf(up.map((v, i) => (v - w * right[i]) ** 2 / 2));
  const exact = isRounding(loss, largestOf(y) + Math.abs(w) * largestOf(X));
  return { w, b: height - w * middle, loss, unique, exact, middle, height };
}

// Whether errors are no more than what rounding makes of numbers of this size.
function isRounding(loss, size) {
  return Math.sqrt(2 * loss) <= 8 * Number.EPSILON * size;
}

// From where to where an axis runs: round the points as given, and round all if one of them is elsewhere now.
function axisFor(given, now) {
  const [lowest, highest] = withRoom(given);
  return now.every(v => v >= lowest && v <= highest) ? [lowest, highest] : withRoom([...given, ...now]);
}

const withRoom = values => extent(values, 0.08);

// How far out a point can be put: ten widths of the first picture, unless it already is farther.
function reachOfPoints(given, now) {
  const [lowest, highest] = withRoom(given), far = 10 * (highest - lowest);
  return [Math.max(-LARGEST, Math.min(lowest - far, ...now)), Math.min(LARGEST, Math.max(highest + far, ...now))];
}

// What the sliders span: every line that one would draw by hand, and the best one.
function reachOf([left, right], [bottom, top], best) {
  const w = roundUp(Math.max((top - bottom) / (right - left), 2 * Math.abs(best.w)));
  const lean = w * Math.abs(left + right) / 2;
  const lowest = Math.min(bottom - lean, best.b), highest = Math.max(top + lean, best.b);
  const step = 10 ** Math.floor(Math.log10(highest - lowest)) / 10;
  return { w: [-w, w], b: [Math.floor(lowest / step) * step, Math.ceil(highest / step) * step] };
}

function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.5, 2, 3, 4, 5, 6, 8].find(factor => factor * power >= value) ?? 10);
}

function derive(s, last, held) {
  const released = last && last.d.held && !held;
  const same = last && !released && ["X", "y", "given"].every(name => last.s[name] === s[name]);
  const d = same ? { ...last.d } : pointsOf(s, last, held);
  d.held = Boolean(held);
  d.chosen = s.selected < d.n ? s.selected : -1;
  d.loss = lossOf(s, d.X, d.y);
  d.exact = isRounding(d.loss, largestOf(d.y) + Math.abs(s.w) * largestOf(d.X) + Math.abs(s.b));
  return d;
}

function pointsOf(s, last, held) {
  const n = Math.min(s.X.length, s.y.length); // one may come a message before the other
  const X = s.X.slice(0, n), y = s.y.slice(0, n), [X0, y0] = s.given;
  const moved = n !== X0.length || X.some((x, i) => x !== X0[i]) || y.some((v, i) => v !== y0[i]);
  const kept = held && last; // while something is dragged, the axes stay
  const across = kept ? last.d.across : axisFor(X0, X), upwards = kept ? last.d.upwards : axisFor(y0, y);
  const best = bestLine(X, y), [left, right] = across;
  return {
    n, X, y, points: X.map((x, i) => [x, y[i]]), moved, best, across, upwards,
    far: { across: reachOfPoints(X0, X), upwards: reachOfPoints(y0, y) },
    before: moved ? bestLine(X0, y0) : best,
    reach: kept ? last.d.reach : reachOf(across, upwards, best),
    handles: [left + (right - left) / 6, right - (right - left) / 6],
  };
}

// ---- what is drawn ----

function draw(s, d, t, size) {
  const plot = new Plot(size, { x: d.across, y: d.upwards, xlabel: s.x_name, ylabel: s.y_name });
  drawErrors[s.errors](plot, s, d);
  plot.dots(d.points, "bw-dot bw-blue", 3);
  if (s.best) drawBest(plot, s, d, t);
  drawLine(plot, s, "bw-thick bw-orange");
  if (d.chosen >= 0) {
    plot.dot(d.X[d.chosen], d.y[d.chosen], "bw-hollow bw-purple", 7);
    plot.dot(d.X[d.chosen], d.y[d.chosen], "bw-dot bw-purple", 4, "diamond");
  }
  if (s.tool === "line") d.handles.forEach(x => plot.dot(x, withinSight(s, d, x), "bw-handle bw-orange", 9));
  return plot;
}

function drawLine(plot, { w, b }, look) {
  plot.curve(plot.x.map(x => [x, w * x + b]), look);
}

const drawErrors = {
  none: () => {},
  lines: (plot, { w, b }, { X, y }) =>
    plot.curve(X.flatMap((x, i) => [[x, y[i]], [x, w * x + b], [NaN, NaN]]), "bw-thin bw-orange"),
  squares: (plot, s, d) => {
    const { X, y } = d;
    const many = X.length > MANY;
    const all = squaresOf(plot, s, X, y), washes = () => all.forEach(corners => plot.area(corners, "bw-wash bw-orange"));
    if (many) plot.group("bw-haze", washes); // however many overlap, the points are to be seen
    else {
      washes();
      plot.curve(all.flatMap(corners => [...corners, corners[0], [NaN, NaN]]), "bw-thin bw-orange bw-haze");
    }
    const chosen = all[d.chosen];
    if (chosen) plot.curve([...chosen, chosen[0]], "bw-curve bw-purple");
  },
};

// Squares whose side is the error, in pixels. Points above the line have theirs on the left, those below on the
// right: so a square changes sides only when it is no larger than a point. Where one does not fit into the picture,
// and would on the other side, it stands there.
function squaresOf(plot, { w, b }, X, y) {
  const [left, right] = plot.x, fits = v => v >= left && v <= right;
  return X.map((x, i) => {
    const height = w * x + b, side = (height - y[i]) * plot.perY / plot.perX;
    const across = !fits(x + side) && fits(x - side) ? x - side : x + side;
    return [[x, y[i]], [x, height], [across, height], [across, y[i]]];
  });
}

// The best line, by name; and where it was before points were moved.
function drawBest(plot, s, d, t) {
  if (d.moved && d.before.unique) drawLine(plot, d.before, "bw-thin bw-green bw-dotted");
  if (!d.best.unique) return;
  drawLine(plot, d.best, "bw-curve bw-green bw-dashed");
  const [, right] = d.across, height = d.best.w * right + d.best.b;
  const below = s.w * right + s.b > height;
  plot.text(right, height, t("best_name"), "bw-named bw-green", "end", [-4, below ? LETTER + 8 : -8]);
}

// How high the line is there; outside the picture, the edge of it, where a handle waits to be fetched.
function withinSight({ w, b }, { upwards: [bottom, top] }, x) {
  const room = (top - bottom) * 0.03;
  return clamp(w * x + b, bottom + room, top - room);
}

// ---- what a hand does ----

function grab(s, d, at) {
  return s.tool === "points" ? grabbedPoint(d, at) : grabLine(s, d, at);
}

function grabLine(s, d, at) {
  const near = at.touch ? 28 : 16, heights = d.handles.map(x => withinSight(s, d, x));
  const [first, second] = d.handles.map((x, i) => at.pixelsTo(x, heights[i]));
  const part = first <= second ? 0 : 1;
  if (Math.min(first, second) < near) {
    const pivot = d.handles[1 - part];
    return { part, above: heights[part] - at.y, pivot: [pivot, s.w * pivot + s.b] };
  }
  const between = at.x > d.handles[0] && at.x < d.handles[1], height = s.w * at.x + s.b;
  const reached = at.pixelsTo(at.x, height) < near || at.pixelsTo((at.y - s.b) / s.w, at.y) < near;
  return between && reached ? { part: "all", above: height - at.y } : null;
}

// A handle turns the line about the other one; the rest of the line shifts it.
function moveLine(s, d, { part, above, pivot }, at) {
  const height = clamp(at.y, ...d.upwards) + above;
  if (part === "all") return lineOf(d, s.w, height - s.w * clamp(at.x, ...d.across));
  const steep = (d.upwards[1] - d.upwards[0]) / (d.across[1] - d.across[0]);
  const w = rounded((height - pivot[1]) / (d.handles[part] - pivot[0]), [0, steep]);
  return lineOf(d, w, pivot[1] - w * pivot[0]);
}

function lineOf(d, w, b) {
  return { w: clamp(w, -STEEPEST, STEEPEST), b: clamp(rounded(b, d.upwards), -STEEPEST, STEEPEST) };
}

// What changes, as traits.
function taken(s, d, { X, y, chosen }) {
  return { ...(X !== d.X && { X }), ...(y !== d.y && { y }), ...(chosen !== d.chosen && { selected: chosen }) };
}

const byHand = pointsByHand({ take: taken, name: "selected", fewest: FEWEST, most: MOST, spoken: ofPoint });

const actions = {
  ...byHand.actions,
  original: (s, d, t) => ({ X: s.given[0], y: s.given[1], selected: -1, say: t("original_said") }),
  level: (s, d, t) => ({ w: 0, b: d.best.height, say: t("level_said", { b: show(d.best.height) }) }),
};

// ---- what is said ----

// The letter of the horizontal axis, without its unit: "x_1 (1000 ft²)" → x with a small 1.
function letterOf(name) {
  const [, letter, index] = /^([A-Za-zα-ω])(?:_(\w+))?(?![\w²])/.exec(name) ?? [null, "x"];
  return `<i>${letter}</i>${index ? `<sub>${index}</sub>` : ""}`;
}

function equation(s, { w, b }) {
  const parts = ["<i>ŷ</i>", "=", show(w), "·", letterOf(s.x_name), b < 0 ? MINUS : "+", show(Math.abs(b))];
  return parts.join("\u00a0"); // not to be broken
}

function readout(s, d, t) {
  const row = (name, line, loss) => `<tr><td>${name}</td><td>${line}</td><td><b>${show(loss)}</b></td></tr>`;
  const best = line => (s.best ? (line.unique ? equation(s, line) : t("many")) : "?");
  const rows = [row(t("yours"), equation(s, s), d.loss), row(t("best_row"), best(d.best), d.best.loss)];
  if (d.moved) rows.push(row(t("before"), best(d.before), d.before.loss));
  return `<table><thead><tr><td></td><td></td><th scope="col"><i>L</i>(<i>w</i>,\u00a0<i>b</i>)</th></tr></thead>`
    + `<tbody>${rows.join("")}</tbody></table>`
    + [verdict(d, t), degenerate(d, t), ofPoint(s, d, t), limits(s, d, t), t(s.tool === "points" ? "hint_points" : "hint_line")]
      .filter(Boolean).map(words => `<p>${words}</p>`).join("");
}

function legend(s, d, t) {
  return [
    ["bw-orange", "━", t("mark_yours")],
    s.errors !== "none" && ["bw-orange", s.errors === "lines" ? "│" : "▢", t("mark_errors")],
    s.best && d.best.unique && ["bw-green", "╍", t("mark_best")],
    s.best && d.moved && d.before.unique && ["bw-green", "┈", t("mark_before")],
  ].filter(Boolean);
}

// How the loss compares with the best one.
function verdict(d, t) {
  if (d.best.exact) return t(d.exact ? "exact" : "could_be_exact");
  return d.loss / d.best.loss < 1 + 5e-5 ? t("as_good") : t("times", { ratio: show(d.loss / d.best.loss) });
}

function degenerate(d, t) {
  return d.best.unique ? "" : t("all_equal", { x: show(d.best.middle), y: show(d.best.height) });
}

function ofPoint({ w, b }, d, t) {
  if (d.chosen < 0) return "";
  const x = d.X[d.chosen], y = d.y[d.chosen], predicted = w * x + b;
  return t("chosen", { number: d.chosen + 1, x: show(x), y: show(y), predicted: show(predicted), error: show(predicted - y) });
}

function limits(s, d, t) {
  if (d.n >= MOST) return t("full", { most: MOST });
  return d.n <= FEWEST && s.tool === "points" ? t("few", { fewest: FEWEST }) : "";
}

function told(s, d, t) {
  const loss = show(d.loss), ratio = d.loss / d.best.loss;
  if (d.best.exact) return t("told_exact", { loss });
  return ratio < 1 + 5e-5 ? t("told_best", { loss }) : t("told", { loss, ratio: show(ratio, 3) });
}

const SEEN_AS = { lines: "alt_lines", squares: "alt_squares", none: "alt_none" };

function alt(s, d, t) {
  const line = t("alt", { n: d.n, w: show(s.w), b: show(s.b) });
  const best = s.best && d.best.unique ? t("alt_best", { w: show(d.best.w), b: show(d.best.b) }) : "";
  return [line, t(SEEN_AS[s.errors]), best, told(s, d, t), degenerate(d, t)].filter(Boolean).join(" ");
}

function table(s, d, t) {
  const x = letterOf(s.x_name);
  return {
    caption: t("table_caption"),
    head: [t("number"), x, "<i>y</i>", "<i>ŷ</i>", "<i>ŷ</i> − <i>y</i>", "½(<i>ŷ</i> − <i>y</i>)²"],
    rows: d.X.map((x, i) => {
      const predicted = s.w * x + s.b, error = predicted - d.y[i];
      return [String(i + 1), x, d.y[i], predicted, error, error ** 2 / 2];
    }),
  };
}

// ---- controls ----

const sliderOf = name => ({
  kind: "slider", name, typed: [-STEEPEST, STEEPEST],
  min: (s, d) => d.reach[name][0], max: (s, d) => d.reach[name][1],
  mark: (s, d) => (s.best && d.best.unique ? d.best[name] : null),
  spoken: (s, d, t) => `${show(s[name])}. ${told(s, d, t)}`,
});

export default defineWidget({
  name: "fit_line",
  words: WORDS,
  traits: ["X", "y", "w", "b", "x_name", "y_name", "errors", "best", "tool", "selected", "given"],
  display: ["x_name", "y_name", "errors", "best", "tool", "selected"],
  derive,
  panels: [{ name: "line", ratio: 0.56, wide: true, lowest: 280 }],
  draw: { line: draw },
  alt: { line: alt },
  drag: {
    line: {
      grab,
      move: (s, d, held, at) => ("index" in held ? byHand.move(s, d, held, at) : moveLine(s, d, held, at)),
      pick: (s, d, held, at, t) => ("index" in held ? byHand.pick(s, d, held, at, t) : null),
      tap: (s, d, at, t) => (s.tool === "points" ? byHand.tap(s, d, at, t) : null),
    },
  },
  controls: [
    sliderOf("w"),
    sliderOf("b"),
    { kind: "choice", name: "errors", options: (s, d, t) => ["lines", "squares", "none"].map(way => [way, t(way)]) },
    { kind: "switch", name: "best" },
    { kind: "choice", name: "tool", more: true, options: (s, d, t) => [["line", t("tool_line")], ["points", t("tool_points")]] },
    ...byHand.controls,
    { kind: "button", name: "original", more: true, enabled: (s, d) => d.moved },
    { kind: "button", name: "level", more: true },
  ],
  actions,
  legend,
  readout,
  told,
  table,
  settings: ["w", "b", "errors", "best", "tool", "selected"],
  torch: (s, d) => `
X = ${tensor(d.X)}
y = ${tensor(d.y)}
w = ${tensor(s.w, LEARNED)}
b = ${tensor(s.b, LEARNED)}
loss = ((w * X + b - y) ** 2 / 2).mean()
loss.backward()
print(loss.item(), w.grad.item(), b.grad.item())
`,
});
