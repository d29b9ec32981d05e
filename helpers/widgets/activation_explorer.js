// A look at activation functions and their derivatives.

const REACH = 8; // the axis of x runs from -8 to 8
const NAMES = { relu: "ReLU", leaky_relu: "pReLU", sigmoid: "sigmoid", tanh: "tanh", elu: "ELU", gelu: "GELU", silu: "SiLU" };
const LOOKS = ["bw-blue", "bw-orange bw-dashed"];
const SIGNS = [["bw-blue", "━●"], ["bw-orange", "╍■"]];

// ---- what is computed ----

// Value and slope of the shown functions at x.
function readings(s, tails) {
  return shownFunctions(s).map((name, i) => ({
    name,
    value: ACTIVATIONS[name].f(s.x, s.alpha),
    slope: ACTIVATIONS[name].df(s.x, s.alpha),
    saturated: isSaturated(tails[i], s.x),
  }));
}

function shownFunctions(s) {
  return s.compare === "none" || s.compare === s.function ? [s.function] : [s.function, s.compare];
}

const isSaturated = ({ left, right }, x) => (left !== null && x < left) || (right !== null && x > right);

// Curves over x, in pieces: a jump of the derivative at 0 is a gap between two of them.
function pieces(name, alpha, read) {
  const step = 0.05, half = REACH / step;
  const points = side => Array.from({ length: half + 1 }, (_, i) => {
    const x = side * i * step || side * Number.MIN_VALUE; // 0 as seen from this side
    return [i ? x : 0, ACTIVATIONS[name][read](x, alpha)];
  });
  return [points(-1).reverse(), points(1)];
}

function derive(s, last) {
  const same = last && ["function", "compare", "alpha", "inputs"].every(key => last.s[key] === s[key]);
  const tails = same ? last.d.tails : shownFunctions(s).map(name => saturation(name, s.alpha));
  const d = same ? { ...last.d } : {
    names: shownFunctions(s),
    tails,
    curves: Object.fromEntries(["f", "df"].map(read => [read, shownFunctions(s).map(name => pieces(name, s.alpha, read))])),
    asleep: s.inputs.filter(x => isSaturated(tails[0], x)).length,
  };
  d.readings = readings(s, tails);
  return d;
}

// ---- what is drawn ----

const nameOf = (name, t) => NAMES[name] ?? t(name);

function drawFunctions(s, d, t, size, read) {
  const heights = d.curves[read].flat(2).map(([, y]) => y);
  const [low, high] = read === "f" ? [Math.min(-1.5, ...heights.map(y => Math.max(y, -3))), Math.min(4, Math.max(1.5, ...heights))] : [-0.35, 1.35];
  const plot = new Plot(size, {
    x: [-REACH, REACH], y: [Math.min(low, ...(read === "df" ? heights : [])), Math.max(high, ...(read === "df" ? heights : []))],
    xlabel: "x", ylabel: read === "f" ? "f(x)" : "f′(x)",
  });
  const [bottom, top] = plot.y;
  d.tails.forEach((tails, i) => drawTails(plot, tails, SIGNS[i][0], read === "df" && t("tail", { name: nameOf(d.names[i], t) }), i));
  plot.level(0, "bw-thin bw-gray").upright(s.x, "bw-thin bw-gray bw-dotted");
  d.curves[read].forEach((sides, i) => sides.forEach(points => plot.curve(points, `bw-curve ${LOOKS[i]}`)));
  if (read === "df") d.names.forEach((name, i) => markKink(plot, name, s.alpha, LOOKS[i].split(" ")[0]));
  if (read === "f") drawTangent(plot, s, d.readings[0]);
  for (const x of s.inputs) plot.curve([[x, bottom], [x, bottom + (top - bottom) * 0.05]], "bw-thin bw-purple");
  d.readings.forEach(({ value, slope }, i) => plot.dot(s.x, read === "f" ? value : slope, `bw-hollow ${LOOKS[i].split(" ")[0]}`, 5, i ? "square" : "circle"));
  return plot;
}

// The tails of a function, each with its edge; their name stands at the outer end, the second function's below the
// first one's.
function drawTails(plot, { left, right }, look, name, row) {
  const [bottom, top] = plot.y;
  for (const [outer, edge, anchor, aside] of [[-REACH, left, "start", 4], [REACH, right, "end", -4]]) {
    if (edge === null || Math.abs(edge) >= REACH) continue;
    plot.area([[outer, bottom], [edge, bottom], [edge, top], [outer, top]], `bw-wash ${look}`);
    plot.upright(edge, `bw-thin ${look} bw-dotted`);
    if (name) plot.text(outer, top, name, `bw-named bw-halo ${look}`, anchor, [aside, 4 + (1 + 1.3 * row) * LETTER]);
  }
}

function drawTangent(plot, s, { value, slope }) {
  const reach = 2.2;
  plot.curve([-reach, reach].map(step => [s.x + step, value + slope * step]), "bw-thin bw-green bw-dashed");
}

// Where the derivative jumps, a full dot shows the value that counts.
function markKink(plot, name, alpha, look) {
  if (!ACTIVATIONS[name].kink(alpha)) return;
  const { df } = ACTIVATIONS[name];
  for (const side of [-Number.MIN_VALUE, Number.MIN_VALUE]) plot.dot(0, df(side, alpha), `bw-hollow ${look}`, 3);
  plot.dot(0, df(0, alpha), `bw-dot ${look}`, 4);
}

// ---- what is said ----

function readout(s, d, t) {
  const rows = d.readings.map(({ name, value, slope, saturated }, i) =>
    `<tr><th scope="row"><span class="bw-key ${SIGNS[i][0]}" aria-hidden="true">${SIGNS[i][1]}</span> ${nameOf(name, t)}</th><td>${show(value)}</td><td>${show(slope)}</td><td>${saturated ? t("saturated") : ""}</td></tr>`);
  const kinks = d.names.filter(name => ACTIVATIONS[name].kink(s.alpha))
    .map(name => t("kink", { name: nameOf(name, t), slope: show(ACTIVATIONS[name].df(0, s.alpha)) }));
  const own = s.inputs.length ? t("asleep", { count: d.asleep, all: s.inputs.length }) : "";
  return `<table><thead><tr><th scope="col">f</th><th scope="col">f(x)</th><th scope="col">f′(x)</th><td></td></tr></thead><tbody>${rows.join("")}</tbody></table>`
    + [...kinks, own].filter(Boolean).map(words => `<p>${words}</p>`).join("");
}

function legend(s, d, t) {
  const kinks = d.names.some(name => ACTIVATIONS[name].kink(s.alpha));
  const tails = d.tails.some(({ left, right }) => left !== null || right !== null);
  return [["bw-green", "╌", t("mark_tangent")], tails && ["bw-gray", "┊", t("mark_tail")], kinks && ["bw-gray", "•", t("mark_kink")]].filter(Boolean);
}

function altOfSlope(s, d, t) {
  const tails = d.names.flatMap((name, i) => [["left", "alt_left"], ["right", "alt_right"]].map(([side, words]) =>
    d.tails[i][side] !== null && t(words, { name: nameOf(name, t), end: show(d.tails[i][side], 3) })));
  return [t("alt_df", { name: d.names.map(name => nameOf(name, t)).join(", ") }), ...tails, told(s, d, t)].filter(Boolean).join(" ");
}

function told(s, d, t) {
  return d.readings.map(({ name, value, slope, saturated }) =>
    t(saturated ? "told_saturated" : "told", { name: nameOf(name, t), x: show(s.x), value: show(value), slope: show(slope) })).join(" ");
}

function table(s, d, t) {
  const names = d.names;
  return {
    caption: t("table_caption"),
    head: ["x", ...names.flatMap(name => [`${nameOf(name, t)}: f(x)`, "f′(x)"])],
    rows: Array.from({ length: 2 * REACH + 1 }, (_, i) => i - REACH).map(x =>
      [x, ...names.flatMap(name => [ACTIVATIONS[name].f(x, s.alpha), ACTIVATIONS[name].df(x, s.alpha)])]),
  };
}

const usesAlpha = s => [s.function, s.compare].includes("leaky_relu");
const choices = (s, d, t) => [...Object.keys(NAMES), "identity"].map(name => [name, nameOf(name, t)]);

const tap = (s, d, at) => ({ ...xAt(at), tell: "" });
const xAt = at => ({ x: clamp(Number(at.x.toFixed(2)), -REACH, REACH) });

export default defineWidget({
  name: "activation_explorer",
  words: WORDS,
  traits: ["function", "compare", "alpha", "x", "inputs"],
  derive,
  panels: [{ name: "f", ratio: 0.8, narrow: 0.6 }, { name: "df", ratio: 0.8, narrow: 0.6 }],
  draw: {
    f: (s, d, t, size) => drawFunctions(s, d, t, size, "f"),
    df: (s, d, t, size) => drawFunctions(s, d, t, size, "df"),
  },
  alt: {
    f: (s, d, t) => `${t("alt_f", { name: d.names.map(name => nameOf(name, t)).join(", ") })} ${told(s, d, t)}`,
    df: altOfSlope,
  },
  drag: Object.fromEntries(["f", "df"].map(panel => [panel, {
    grab: (s, d, at) => (at.touch && at.pixelsTo(s.x, at.y) > 24 ? null : "x"),
    move: (s, d, handle, at) => xAt(at),
    pick: (s, d, handle, at) => tap(s, d, at),
    tap,
  }])),
  controls: [
    { kind: "choice", name: "function", options: choices },
    { kind: "slider", name: "x", min: -REACH, max: REACH, spoken: told },
    { kind: "slider", name: "alpha", min: -1, max: 1, shown: usesAlpha },
    { kind: "choice", name: "compare", options: (s, d, t) => [["none", t("none")], ...choices(s, d, t)] },
  ],
  legend,
  readout,
  told,
  table,
  settings: ["function", "alpha", "x", "compare"],
  torch: (s, d) => `${FUNCTIONAL}
x = ${tensor(s.x, LEARNED)}
for y in [${d.names.map(name => torchActivation(name, "x", s.alpha)).join(", ")}]:
    slope, = torch.autograd.grad(y, x)
    print(y.item(), slope.item())
`,
});
