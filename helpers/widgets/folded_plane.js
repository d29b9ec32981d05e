// A hidden layer folds the plane until one straight cut separates the classes.

const MOST_STEPS = 20000;
const LARGEST_SEED = 2 ** 32 - 1;
const ALPHA = 0.25; // the slope of the parametric ReLU below 0
const NAMES = { tanh: "tanh", relu: "ReLU", leaky_relu: "pReLU", sigmoid: "sigmoid", elu: "ELU", gelu: "GELU", silu: "SiLU" };
const SETS = ["xor", "rings", "moons", "spiral"];
const PARAMETERS = ["W1", "b1", "W2", "b2"];

// The sheet of paper: so many squares each way, drawn with its lines, and computed that much finer.
const SQUARES = 8;
const FINER = 6;
const NODES = SQUARES * FINER + 1; // places along one side where the network is computed

// ---- what is computed ----

// The activation with its slope filled in.
function activationOf(s) {
  const { f, df } = ACTIVATIONS[s.activation];
  return { f: z => f(z, ALPHA), df: z => df(z, ALPHA) };
}

function examplesOf(s) {
  if (s.dataset === "own") return { X: s.X, y: s.y };
  const [X, y] = s.datasets[s.dataset];
  return { X, y };
}

// Squares of a round size, SQUARES of them, that hold all values; from the middle outwards.
function squaresAround(values, size) {
  const [low, high] = extent(values, 0);
  const start = Math.round((low + high) / 2 / size - SQUARES / 2) * size;
  return [start, start + SQUARES * size];
}

// The smallest round size of squares with which they do.
function squareSize(values) {
  const [low, high] = extent(values, 0.04);
  const least = Math.max((high - low) / (SQUARES - 1), 1e-9 * Math.max(-low, high)), power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find(factor => factor * power >= least * (1 - 1e-9));
}

// The sheet: what is shown of the plane of the inputs. Both ways one unit is as long, unless that would leave
// the points in a thin strip.
function sheetAround(X) {
  const columns = [0, 1].map(j => X.map(x => x[j])), sizes = columns.map(squareSize);
  const most = Math.max(...sizes), alike = most <= 3 * Math.min(...sizes);
  return columns.map((values, j) => squaresAround(values, alike ? most : sizes[j]));
}

// What is shown of the space of the hidden units. All units have the same scale.
const BOUNDED = { tanh: [-1.2, 1.2], sigmoid: [-0.1, 1.1] };

function hiddenWindows(s, points) {
  if (BOUNDED[s.activation]) return s.b1.map(() => BOUNDED[s.activation]);
  const columns = s.b1.map((_, k) => points.map(({ h }) => h[k]));
  const size = Math.max(...columns.map(squareSize));
  return columns.map(values => squaresAround(values, size));
}

// The hidden units and the output at all nodes of the sheet, row by row from the bottom.
// (Plain loops over typed arrays: this is done for thousands of places in each frame.)
function onSheet(s, [[left, right], [bottom, top]]) {
  const { f } = ACTIVATIONS[s.activation];
  const o = new Float64Array(NODES * NODES).fill(s.b2);
  const h = s.b1.map((bias, k) => {
    const values = new Float64Array(NODES * NODES), across = s.W1[0][k], upwards = s.W1[1][k], out = s.W2[k];
    const stepX = (right - left) / (NODES - 1), stepY = (top - bottom) / (NODES - 1);
    for (let j = 0, at = 0; j < NODES; j++) {
      const sum = upwards * (bottom + j * stepY) + bias;
      for (let i = 0; i < NODES; i++, at++) {
        values[at] = f(across * (left + i * stepX) + sum, ALPHA);
        o[at] += out * values[at];
      }
    }
    return values;
  });
  return { h, o };
}

// Cut a polygon where a quantity, known at its corners and straight between them, is zero: the part where it is
// positive, and the cut. Both are lists x, y, x, y, …. A piece of the cut leads from one edge to another with the
// positive part on its left, if the corners go round counterclockwise.
function cut(corners, values) {
  const inside = [], entries = [], exits = [];
  for (let i = 0; i < corners.length; i++) {
    const next = (i + 1) % corners.length, a = values[i], b = values[next];
    if (a > 0) inside.push(...corners[i]);
    if ((a > 0) === (b > 0)) continue;
    const part = a / (a - b), [x, y] = corners[i], [u, v] = corners[next];
    const place = [x + part * (u - x), y + part * (v - y)];
    inside.push(...place);
    (a > 0 ? exits : entries).push(place);
  }
  // Between leaving the positive part and entering it again lies one piece of the cut.
  const shift = values[0] > 0 ? 0 : 1, ends = exits.map((exit, i) => [exit, entries[(i + shift) % entries.length]]);
  return { inside, pieces: ends.map(([from, to]) => [...from, ...to]) };
}

// The decision boundary o = 0 (pieces) and the part of the sheet where o > 0 (areas: outlines, those of holes the
// other way round), by marching squares. All are lists x, y, x, y, …. (The same as cut does for one polygon, here
// without lists that are thrown away: there are thousands of squares in each frame.)
const ACROSS = [0, 1, 1, 0, 0], UPWARDS = [0, 0, 1, 1, 0]; // the corners of a square, counterclockwise
const AROUND = new Float64Array((NODES + 2) ** 2); // written anew each time

function decision(o, [[left, right], [bottom, top]]) {
  const side = NODES - 1, width = NODES + 2, ways = new Map();
  const within = i => Math.min(Math.max(i, 0), side);
  const x = i => left + (right - left) * within(i) / side, y = j => bottom + (top - bottom) * within(j) / side;
  // Around the sheet lie flat squares beyond which all is negative: so every outline is closed.
  const around = AROUND.fill(-Number.MAX_VALUE);
  for (let j = 0; j < NODES; j++) around.set(o.subarray(j * NODES, (j + 1) * NODES), (j + 1) * width + 1);
  const values = new Float64Array(5), edges = new Int32Array(4), exits = [], entries = []; // of one square
  for (let j = -1; j <= side; j++) {
    for (let i = -1, at = (j + 1) * width; i <= side; i++, at++) {
      const a = around[at], b = around[at + 1], c = around[at + width + 1], d = around[at + width];
      if ((a > 0) === (b > 0) && (b > 0) === (c > 0) && (c > 0) === (d > 0)) continue;
      values[0] = values[4] = a;
      values[1] = b;
      values[2] = c;
      values[3] = d;
      edges[0] = 2 * at;
      edges[1] = 2 * at + 3;
      edges[2] = 2 * (at + width);
      edges[3] = 2 * at + 1;
      exits.length = entries.length = 0;
      for (let e = 0; e < 4; e++) if ((values[e] > 0) !== (values[e + 1] > 0)) (values[e] > 0 ? exits : entries).push(e);
      const shift = a > 0 ? 0 : 1, onSheet = i >= 0 && j >= 0 && i < side && j < side;
      for (let k = 0; k < exits.length; k++) {
        const e = exits[k], part = values[e] / (values[e] - values[e + 1]);
        const fromX = x(i + ACROSS[e]), fromY = y(j + UPWARDS[e]);
        ways.set(edges[e], {
          to: edges[entries[(k + shift) % entries.length]], onSheet,
          x: fromX + part * (x(i + ACROSS[e + 1]) - fromX), y: fromY + part * (y(j + UPWARDS[e + 1]) - fromY),
        });
      }
    }
  }
  return linesAlong(ways);
}

// ways leads from each edge to the next. The closed lines along it, and the parts of them that run on the sheet.
function linesAlong(ways) {
  const areas = [], pieces = [];
  for (const [start] of ways) {
    const area = [];
    let piece = null;
    for (let edge = start, way; (way = ways.get(edge)); edge = way.to) {
      area.push(way.x, way.y);
      piece?.push(way.x, way.y);
      if (!way.onSheet) piece = null;
      else if (!piece) pieces.push(piece = [way.x, way.y]);
      ways.delete(edge);
    }
    piece?.push(area[0], area[1]);
    if (area.length) areas.push(area);
  }
  return { areas, pieces };
}

const cornersOf = ([[left, right], [bottom, top]]) => [[left, bottom], [right, bottom], [right, top], [left, top]];

// Along this line the sum z that goes into hidden unit k is zero: its two ends on the sheet, or null.
function foldOf(s, sheet, k) {
  const corners = cornersOf(sheet);
  const [piece] = cut(corners, corners.map(([x1, x2]) => s.W1[0][k] * x1 + s.W1[1][k] * x2 + s.b1[k])).pieces;
  return piece ?? null;
}

// The same line where the hidden layer puts it.
function foldedLine(s, [x1, x2, u1, u2]) {
  const activation = activationOf(s);
  return Array.from({ length: 33 }, (_, i) => forward(s, [x1 + (u1 - x1) * i / 32, x2 + (u2 - x2) * i / 32], activation).h);
}

// The points by class, and by the side on which they lie: first those on the right one. (The last groups, if nothing
// has changed: their dots are drawn then.)
function groupsOf({ X, y }, points, last) {
  const groups = [true, false].flatMap(right => [0, 1].map(k => {
    const rows = y.flatMap((v, i) => (v === k && isRight(points[i].o, k) === right ? [i] : []));
    return { right, class: k, rows, inputs: rows.map(i => X[i]) };
  }));
  const same = last?.data.X === X && groups.every(({ rows }, g) => rows.join() === last.groups[g].rows.join());
  return same ? last.groups : groups;
}

const isRight = (o, y) => (o > 0) === (y === 1);

function derive(s, last) {
  const same = (...names) => last && names.every(name => last.s[name] === s[name]);
  if (same("datasets", "dataset", "X", "y", "activation", ...PARAMETERS, "step", "diverged_at")) return last.d;
  const data = same("datasets", "dataset", "X", "y") ? last.d.data : dataOf(s);
  const { X, y, sheet } = data, activation = activationOf(s);
  const points = X.map(x => forward(s, x, activation));
  const nodes = onSheet(s, sheet), folds = s.b1.map((_, k) => foldOf(s, sheet, k));
  return {
    data, points, nodes, folds,
    groups: groupsOf(data, points, last?.d),
    folded: folds.map(fold => fold && foldedLine(s, fold)),
    loss: points.reduce((sum, { o }, i) => sum + LOSSES.logistic.f(o, y[i]), 0) / X.length,
    right: points.filter(({ o }, i) => isRight(o, y[i])).length,
    windows: hiddenWindows(s, points),
    over: s.diverged_at >= 0 || s.step >= MOST_STEPS,
    ...decision(nodes.o, sheet),
  };
}

function dataOf(s) {
  const { X, y } = examplesOf(s);
  return { X, y, sheet: sheetAround(X) };
}

// ---- the space of three hidden units, seen from above its floor ----

const TILT = 24 * Math.PI / 180;

// From a place in the space to one in the picture, and how near it is. The space becomes a cube from −1 to 1.
// (Where thousands are placed, they are written into the same list: what is thrown away costs more than the sums.)
function projection(windows, turn) {
  const [cos, sin] = [Math.cos(turn * Math.PI / 180), Math.sin(turn * Math.PI / 180)], half = halfOf(windows[0]);
  const [up, forth] = [Math.cos(TILT), Math.sin(TILT)], [m1, m2, m3] = windows.map(middleOf);
  return (h1, h2, h3, place = [0, 0, 0]) => {
    const u = (h1 - m1) / half, v = (h2 - m2) / half, w = (h3 - m3) / half, near = cos * u + sin * v;
    place[0] = cos * v - sin * u;
    place[1] = up * w - forth * near;
    place[2] = up * near + forth * w;
    return place;
  };
}

const middleOf = ([low, high]) => (low + high) / 2;
const halfOf = ([low, high]) => (high - low) / 2;

// The corners of the space, each a choice of low (0) or high (1) for each unit, and its edges.
const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7].map(i => [i & 1, (i >> 1) & 1, i >> 2]);
const EDGES = CORNERS.flatMap((a, i) => [0, 1, 2].filter(k => a[k] === 0).map(k => [i, i + 2 ** k]));

// Where the plane w·h + b = 0 meets the edges of the space.
function planeCorners(s, windows) {
  const corners = CORNERS.map(corner => corner.map((side, k) => windows[k][side]));
  const values = corners.map(h => h.reduce((sum, value, k) => sum + s.W2[k] * value, s.b2));
  return EDGES.filter(([i, j]) => (values[i] > 0) !== (values[j] > 0)).map(([i, j]) => {
    const part = values[i] / (values[i] - values[j]);
    return corners[i].map((value, k) => value + part * (corners[j][k] - value));
  });
}

// The turn from which the separating plane is seen from its edge, as a line; of the two, the nearer one.
function edgeOn({ W2, turn }) {
  const flat = Math.hypot(W2[0], W2[1]), towards = Math.atan2(W2[1], W2[0]);
  const aside = Math.acos(clamp(flat ? -W2[2] * Math.tan(TILT) / flat : 0, -1, 1));
  const turns = [towards + aside, towards - aside].map(angle => (Math.round(angle * 180 / Math.PI) + 720) % 360);
  const distance = angle => Math.abs((angle - turn + 540) % 360 - 180);
  return distance(turns[0]) <= distance(turns[1]) ? turns[0] : turns[1];
}

// ---- what is drawn ----

const CLASSES = [["bw-blue", "circle"], ["bw-orange", "triangle"]];
const RADII = [2.5, 3, 3.5, 4, 4.5]; // in space: what is near is larger
const UNITS = ["bw-green", "bw-purple", "bw-red"];

// A line through x, y, x, y, ….
const pathOf = (plot, list, close = "") => plot.outline(list.length / 2, i => list[2 * i], i => list[2 * i + 1]) + close;

function drawInputs(s, d, t, size) {
  const { sheet } = d.data;
  const plot = new Plot(size, { x: sheet[0], y: sheet[1], xlabel: "x_1", ylabel: t("inputs_name"), grid: !s.show_sheet });
  plot.path(d.areas.map(area => pathOf(plot, area, "z")).join(""), "bw-wash bw-orange");
  if (s.show_sheet) drawFlatSheet(plot, d);
  const folds = s.show_folds ? d.folds.map(fold => fold && withMiddle(fold)) : [];
  drawFolds(plot, folds);
  plot.path(d.pieces.map(piece => pathOf(plot, piece)).join(""), "bw-thick bw-ink bw-round");
  drawPoints(plot, d, group => group.inputs);
  return nameFolds(plot, folds);
}

const withMiddle = ([x1, x2, u1, u2]) => [[x1, x2], [(x1 + u1) / 2, (x2 + u2) / 2], [u1, u2]];

// The lines along which the units fold; null where one is not to be seen.
function drawFolds(plot, lines) {
  lines.forEach((line, k) => line && plot.curve(line, `bw-curve ${UNITS[k]} bw-dashed`));
}

// Their names, on top of all else: at the end, the start or the middle.
function nameFolds(plot, lines) {
  lines.forEach((line, k) => {
    if (!line) return;
    const [x, y] = line[Math.round([1, 0, 0.5][k] * (line.length - 1))];
    const atRight = plot.X(x) > (plot.box.left + plot.box.right) / 2;
    plot.text(x, y, valued(`z_${k + 1}`, 0), `bw-named bw-halo ${UNITS[k]}`, atRight ? "end" : "start", [atRight ? -6 : 6, -4]);
  });
  return plot;
}

// "z1 = 0", with the index lowered and what follows raised again.
const valued = (name, value) => `${mathName(name)}<tspan dy="-3"> = ${show(value)}</tspan>`;

// The lines of the sheet are drawn in the colour of the class that the network gives: those of class 0 are one path,
// those of class 1 another. A stretch of a line leads over two squares of the grid of nodes.
const STRETCH = 2;
const WAYS = [[1, NODES], [NODES, 1]]; // level and upright lines: from one node to the next, and from one line to the next
const PLACES = [new Float64Array(NODES * NODES), new Float64Array(NODES * NODES)]; // written anew for each drawing
const classAt = (o, from, to) => (o[from] + o[to] > 0 ? 1 : 0);

const PENS = [new Pen(), new Pen()];
const startPens = () => PENS.forEach(pen => pen.start());
const addPaths = plot => PENS.forEach((pen, k) => plot.path(pen.text(), `bw-thin bw-pale ${CLASSES[k][0]}`));

// Before it is folded: level and upright lines.
function drawFlatSheet(plot, { data: { sheet: [[left, right], [bottom, top]] }, nodes: { o } }) {
  const places = Array.from({ length: NODES }, (_, i) => i / (NODES - 1));
  const xs = places.map(part => plot.X(left + (right - left) * part));
  const ys = places.map(part => plot.Y(bottom + (top - bottom) * part));
  startPens();
  for (const [along, across] of WAYS) {
    const isLevel = along === 1;
    for (let line = 0; line < NODES; line += FINER) {
      for (let i = STRETCH, start = 0; i < NODES; i += STRETCH) {
        const at = line * across + i * along, k = classAt(o, at - STRETCH * along, at);
        if (i < NODES - 1 && k === classAt(o, at, at + STRETCH * along)) continue;
        if (isLevel) PENS[k].move(xs[start], ys[line]).across(xs[i]);
        else PENS[k].move(xs[line], ys[start]).upright(ys[i]);
        start = i;
      }
    }
  }
  addPaths(plot);
}

// The sheet wherever its nodes are put: place(number of a node) → [x, y]. (Here and in picture.js, [x, y] is not taken
// apart by a pattern where that would be done thousands of times: before a function has been optimised, that is slow.)
function drawSheet(plot, { nodes: { o } }, place) {
  const [left, top] = PLACES;
  startPens();
  for (const [along, across] of WAYS) {
    for (let line = 0; line < NODES; line += FINER) {
      for (let i = 0; i < NODES; i += STRETCH) {
        const at = line * across + i * along, point = place(at);
        left[at] = plot.X(point[0]);
        top[at] = plot.Y(point[1]);
      }
    }
  }
  for (const [along, across] of WAYS) {
    const longest = LONGEST_WAY * STRETCH * along;
    for (let line = 0; line < NODES; line += FINER) {
      for (let i = STRETCH, last = -1, drawn = -1; i < NODES; i += STRETCH) {
        const at = line * across + i * along, from = at - STRETCH * along, next = at + STRETCH * along, k = classAt(o, from, at);
        if (k !== last) {
          if (last >= 0) PENS[last].line(left[from], top[from]);
          PENS[k].move(left[from], top[from]);
          [last, drawn] = [k, from];
        }
        if (i < NODES - 1) {
          // Where the sheet is pressed together, many nodes are one place; where it is straight, every fourth is enough.
          if (Math.abs(left[at] - left[drawn]) + Math.abs(top[at] - top[drawn]) < 1) continue;
          if (next <= drawn + longest && isBetween(left[drawn], top[drawn], left[at], top[at], left[next], top[next], 0.5)) continue;
        }
        PENS[k].line(left[at], top[at]);
        drawn = at;
      }
    }
  }
  addPaths(plot);
}

// placed: a group → where its points are; their radius, if not all have the same. Those on the wrong side are hollow,
// and on top of the others.
function drawPoints(plot, { groups }, placed, radii = [3.5]) {
  for (const group of groups) {
    const [look, shape] = CLASSES[group.class], points = placed(group);
    for (const radius of radii) {
      const alike = radii.length === 1 ? points : points.filter(point => point[2] === radius);
      plot.dots(alike, `${group.right ? "bw-dot" : "bw-hollow"} ${look}`, radius, shape);
    }
  }
}

const drawHidden = (s, d, t, size) => (s.num_hiddens === 2 ? drawPlane(s, d, t, size) : drawSpace(s, d, size));

function drawPlane(s, d, t, size) {
  const [x, y] = d.windows, { h } = d.nodes;
  const plot = new Plot(size, { x, y, xlabel: "h_1", ylabel: t("hidden_name"), grid: false });
  const corners = cornersOf(d.windows);
  const { inside, pieces } = cut(corners, corners.map(([h1, h2]) => s.W2[0] * h1 + s.W2[1] * h2 + s.b2));
  plot.path(pathOf(plot, inside, inside.length ? "z" : ""), "bw-wash bw-orange");
  if (s.show_sheet) drawSheet(plot, d, at => [h[0][at], h[1][at]]);
  const folds = s.show_folds ? d.folded : [];
  drawFolds(plot, folds);
  plot.path(pieces.map(piece => pathOf(plot, piece)).join(""), "bw-thick bw-ink");
  drawPoints(plot, d, ({ rows }) => rows.map(i => d.points[i].h));
  return nameFolds(plot, folds);
}

function drawSpace(s, d, size) {
  const project = projection(d.windows, s.turn), { h } = d.nodes;
  const plot = new Plot(size, { x: [-1.6, 1.6], y: [-1.6, 1.6], equal: true, bare: true });
  plot.kept([s.turn, ...d.windows.flat()].join(), () => drawCube(plot, d, project));
  const node = [0, 0, 0];
  if (s.show_sheet) drawSheet(plot, d, at => project(h[0][at], h[1][at], h[2][at], node));
  const folds = s.show_folds ? d.folded.map(line => line && line.map(place => project(...place).slice(0, 2))) : [];
  drawFolds(plot, folds);
  drawCut(plot, planeCorners(s, d.windows).map(place => project(...place)));
  const placed = i => {
    const [x, y, near] = project(...d.points[i].h);
    return [x, y, RADII[Math.round(clamp(near + 2, 0, 4))]];
  };
  drawPoints(plot, d, ({ rows }) => rows.map(placed), RADII);
  return nameFolds(plot, folds);
}

function drawCube(plot, { windows }, project) {
  const corners = CORNERS.map(corner => project(...corner.map((side, k) => windows[k][side])));
  plot.curve(EDGES.flatMap(([i, j]) => [corners[i], corners[j], [NaN, NaN]]), "bw-thin bw-gray bw-pale");
  for (const k of [0, 1, 2]) {
    const [x, y] = corners[2 ** k];
    const anchor = x > 0.3 ? "end" : x < -0.3 ? "start" : "middle";
    plot.text(x, y, valued(`h_${k + 1}`, windows[k][1]), "bw-halo", anchor, [0, k < 2 ? 14 : -6]);
  }
}

function drawCut(plot, corners) {
  if (!corners.length) return;
  const mean = k => corners.reduce((sum, corner) => sum + corner[k], 0) / corners.length, x = mean(0), y = mean(1);
  const around = corners.map(([u, v]) => [u, v]).sort((a, b) => Math.atan2(a[1] - y, a[0] - x) - Math.atan2(b[1] - y, b[0] - x));
  plot.area(around, "bw-wash bw-ink").curve([...around, around[0]], "bw-curve bw-ink");
}

function drawLosses(s, d, t, size) {
  const visible = ([step, loss]) => [step, Math.max(loss, 1e-9)];
  const curve = [...s.losses.map((loss, i) => [i * s.every, loss]), [s.step, d.loss]].map(visible);
  const losses = curve.map(([, loss]) => loss), chance = Math.log(2);
  const lowest = Math.min(0.1, 10 ** Math.floor(Math.log10(Math.min(...losses)))) * 0.8;
  const plot = new Plot(size, {
    x: [0, 1.02 * roundStep(Math.max(s.step, 100))], xlabel: t("step_name"), ylabel: "L", log: true,
    y: [lowest, Math.max(chance * (chance / lowest) ** 0.4, 1.1 * Math.max(...losses))], // with room for the words
  });
  plot.level(chance, "bw-thin bw-gray bw-dashed").text(plot.x[1], chance, t("chance"), "bw-halo", "end", [-4, -4]);
  plot.curve(curve, "bw-curve bw-blue");
  return plot.dot(s.step, losses.at(-1), "bw-dot bw-blue", 4);
}

// ---- what is said ----

const nameOf = (name, t) => NAMES[name] ?? t(name);
const symbol = (letter, index) => `<i>${letter}</i>${"₀₁₂₃"[index]}`;

// 0.5 x1 − 2 x2 + 1
function sumOf(terms) {
  return terms.map(([factor, name], i) => {
    const sign = factor < 0 ? (i ? " − " : MINUS) : i ? " + " : "";
    return `${sign}${show(Math.abs(factor), 3)}${name ? `\u2009${name}` : ""}`;
  }).join("");
}

function formulas(s) {
  const o = sumOf([...s.W2.map((w, k) => [w, symbol("h", k + 1)]), [s.b2, ""]]);
  const units = s.b1.map((b, k) => {
    const z = sumOf([[s.W1[0][k], symbol("x", 1)], [s.W1[1][k], symbol("x", 2)], [b, ""]]);
    return `${symbol("h", k + 1)} = ${s.activation === "identity" ? z : `${NAMES[s.activation]}(${z})`}`;
  });
  return [`<i>o</i> = ${o}`, ...units].map(line => `<span class="bw-sum">${line}</span>`).join(" &ensp; ");
}

const standing = (s, d) => ({ step: s.step, loss: show(d.loss, 3), right: d.right, n: d.data.X.length });

// What is to be noticed, if anything is.
function remark(s, d, t) {
  if (s.diverged_at >= 0) return t("diverged", { step: s.diverged_at });
  if (s.step >= MOST_STEPS) return t("most_steps", { steps: MOST_STEPS });
  if (s.activation === "identity") return t("nothing_folds");
  if (d.right === d.data.X.length) return t(s.num_hiddens === 2 ? "all_right" : "all_right_space");
  return d.pieces.length ? "" : oneSided(d, t);
}

const oneSided = (d, t) => t(d.nodes.o[0] > 0 ? "all_one" : "all_zero");

function readout(s, d, t) {
  return `<p><b>${t("standing", standing(s, d))}</b></p><p>${formulas(s)}</p><p>${remark(s, d, t)}\u00a0</p>`;
}

function legend(s, d, t) {
  return [
    ["bw-blue", "●", t("mark_zero")], ["bw-orange", "▲", t("mark_one")], ["bw-ink", "○ △", t("mark_wrong")],
    ["bw-ink", "━", t("mark_cut")], ["bw-orange", "▒", t("mark_side")],
    s.show_sheet && ["bw-gray", "▦", t("mark_sheet")],
  ].filter(Boolean);
}

function told(s, d, t) {
  return `${t("standing", standing(s, d))} ${remark(s, d, t)}`.trim();
}

function table(s, d, t) {
  const { X, y } = d.data;
  return {
    caption: t("table_caption"),
    head: ["", symbol("x", 1), symbol("x", 2), t("class"), ...s.b1.map((_, k) => symbol("h", k + 1)), "<i>o</i>", t("side")],
    rows: X.map((x, i) => {
      const { h, o } = d.points[i];
      return [i + 1, ...x, y[i], ...h, o, t(isRight(o, y[i]) ? "right" : "wrong")];
    }),
  };
}

// ---- what a reader can do ----

const newRun = (s, changes, t) => ({ ...changes, ...ANEW, tell: t("new_run") });

function newWeights(s, changes, t) {
  const { seed, num_hiddens } = { ...s, ...changes };
  return newRun(s, { ...changes, ...initialNetwork(seed, 2, num_hiddens) }, t);
}

function stepped(s, d, steps) {
  const count = Math.min(steps, MOST_STEPS - s.step);
  const { diverged, ...changes } = trained({ ...s, X: d.data.X, y: d.data.y }, activationOf(s), LOSSES.logistic, count);
  return { ...changes, diverged_at: diverged ? changes.step + 1 : -1 };
}

// Number fields for the parameters, unit by unit: from both inputs, the bias, to the output.
const FIELDS = [["w11", "w21", "b1", "v1"], ["w12", "w22", "b2", "v2"], ["w13", "w23", "b3", "v3"]];

function weightFields() {
  const at = (list, k, value) => list.map((old, i) => (i === k ? value : old));
  const field = (name, k, get, change) => ({
    kind: "number", name, more: true, min: -FARTHEST, max: FARTHEST, shown: s => k < s.num_hiddens,
    get: s => get(s) ?? 0, set: (s, d, value, t) => newRun(s, change(s, value), t),
  });
  return [...FIELDS.flatMap(([w1, w2, b, v], k) => [
    ...[w1, w2].map((name, j) => field(name, k, s => s.W1[j][k], (s, value) => ({ W1: at(s.W1, j, at(s.W1[j], k, value)) }))),
    field(b, k, s => s.b1[k], (s, value) => ({ b1: at(s.b1, k, value) })),
    field(v, k, s => s.W2[k], (s, value) => ({ W2: at(s.W2, k, value) })),
  ]), field("c", 0, s => s.b2, (s, value) => ({ b2: value }))];
}

const setNames = (s, d, t) => [...SETS, ...(s.X.length ? ["own"] : [])].map(name => [name, t(name)]);
const activationNames = (s, d, t) => [...Object.keys(NAMES), "identity"].map(name => [name, nameOf(name, t)]);
const inSpace = s => s.num_hiddens === 3;

export default defineWidget({
  name: "folded_plane",
  words: WORDS,
  traits: ["datasets", "dataset", "X", "y", "num_hiddens", "activation", "learning_rate", "seed", ...PARAMETERS, "step", "losses",
    "every", "diverged_at", "turn", "show_sheet", "show_folds"],
  display: ["turn", "show_sheet", "show_folds"],
  whole: s => [s.W1[0], s.W1[1], s.b1, s.W2].every(list => list.length === s.num_hiddens) && s.X.length === s.y.length
    && (s.dataset !== "own" || s.X.length > 0),
  derive,
  panels: [{ name: "inputs", ratio: 1, narrow: 0.75, ignores: ["turn"] }, { name: "hidden", ratio: 1, narrow: 0.75 }, { name: "losses", ratio: 0.19, wide: true, lowest: 110, ignores: ["turn", "show_sheet", "show_folds"] }],
  draw: { inputs: drawInputs, hidden: drawHidden, losses: drawLosses },
  alt: {
    inputs: (s, d, t) => [t("alt_inputs", standing(s, d)), s.show_folds && t("alt_folds"),
      d.pieces.length ? t("alt_boundary") : oneSided(d, t)].filter(Boolean).join(" "),
    hidden: (s, d, t) => [t(inSpace(s) ? "alt_space" : "alt_plane", { ...standing(s, d), turn: show(s.turn) }),
      s.show_sheet && t("alt_sheet")].filter(Boolean).join(" "),
    losses: (s, d, t) => t("alt_losses", { step: s.step, first: show(s.losses[0] ?? d.loss, 3), last: show(d.loss, 3) }),
  },
  drag: {
    hidden: {
      grab: (s, d, at) => (inSpace(s) && !at.touch ? { x: at.x, turn: s.turn } : null),
      move: (s, d, handle, at) => ({ turn: (Math.round(handle.turn - 60 * (at.x - handle.x)) % 360 + 360) % 360 }),
    },
  },
  controls: [
    { kind: "button", name: "step", enabled: (s, d) => !d.over },
    { kind: "play", name: "play", enabled: (s, d) => !d.over },
    { kind: "button", name: "reset" },
    { kind: "choice", name: "dataset", options: setNames, set: (s, d, value, t) => newRun(s, { dataset: value }, t) },
    { kind: "choice", name: "num_hiddens", options: () => [[2, "2"], [3, "3"]],
      set: (s, d, value, t) => newWeights(s, { num_hiddens: value }, t) },
    { kind: "choice", name: "activation", options: activationNames,
      set: (s, d, value, t) => newRun(s, { activation: value }, t) },
    { kind: "slider", name: "turn", whole: true, min: 0, max: 360, shown: inSpace },
    { kind: "button", name: "edge_on", shown: inSpace, display: true },
    { kind: "slider", name: "learning_rate", more: true, log: true, min: 0.001, max: 100,
      set: (s, d, value) => ({ learning_rate: value, diverged_at: -1 }) },
    { kind: "speed", name: "speed", more: true },
    { kind: "number", name: "seed", more: true, whole: true, min: 0, max: LARGEST_SEED,
      set: (s, d, value, t) => newWeights(s, { seed: value }, t) },
    { kind: "button", name: "new_seed", more: true },
    { kind: "switch", name: "show_sheet", more: true },
    { kind: "switch", name: "show_folds", more: true },
    ...weightFields(),
  ],
  actions: {
    step: (s, d) => ({ ...stepped(s, d, 1), tell: "" }),
    reset: (s, d, t) => newWeights(s, {}, t),
    new_seed: (s, d, t) => newWeights(s, { seed: (s.seed + 1) % (LARGEST_SEED + 1) }, t),
    edge_on: (s, d, t) => ({ turn: edgeOn(s), say: t("seen_edge_on") }),
  },
  play: {
    rates: [1, 10, 30, 100, 300],
    rate: 30,
    tick: (s, d, t, steps) => {
      if (d.over) return null;
      const changes = stepped(s, d, steps);
      return changes.diverged_at >= 0 || changes.step >= MOST_STEPS ? { ...changes, tell: "" } : changes;
    },
  },
  legend,
  readout,
  told,
  table,
  settings: ["dataset", "num_hiddens", "activation", "seed", "learning_rate", ...PARAMETER_SETTINGS, "turn", "show_sheet", "show_folds"],
  torch: (s, d) => FUNCTIONAL + (s.dataset === "own" ? `
X = ${tensor(s.X)}
y = ${tensor(s.y)}
` : `from helpers.widgets.folded_plane import FoldedPlane

X, y = FoldedPlane("${s.dataset}").examples
`) + torchNetwork(s, "X", ALPHA) + `loss = F.binary_cross_entropy_with_logits(o, y)
print(loss.item(), ((o > 0) == (y == 1)).sum().item())
`,
});
