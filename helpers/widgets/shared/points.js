// Points that a reader moves, adds and removes by hand.
//
// A widget that has such points derives from its traits
//   X, y      where they stand
//   chosen    the index of the selected one, or -1
//   across, upwards    the axes: [lowest, highest]
//   far       {across, upwards}: how far out a point can be put
// and what changes them returns {X, y, chosen}.

const EDGE = 0.012; // of a picture's width and height; a dragged point stays so far from its frame

// The point that is grabbed, and how far from its middle; or null.
function grabbedPoint(d, at) {
  let index = -1, nearest = at.touch ? 24 : 12;
  d.X.forEach((x, i) => {
    const distance = at.pixelsTo(x, d.y[i]);
    if (distance < nearest) [index, nearest] = [i, distance];
  });
  return index < 0 ? null : { index, right: d.X[index] - at.x, above: d.y[index] - at.y };
}

function movedPoint(d, { index, right, above }, at) {
  if (index >= d.X.length) return null;
  return withPoint(d, index, admittedIn(d, "across", at.x + right), admittedIn(d, "upwards", at.y + above));
}

// Where a point can be put by hand: within the picture.
function admittedIn(d, axis, value) {
  const [lowest, highest] = d[axis], room = (highest - lowest) * EDGE;
  return clamp(clamp(rounded(value, d[axis]), lowest + room, highest - room), ...d.far[axis]);
}

// A number one can say: no finer than what is to be seen.
function rounded(value, [lowest, highest]) {
  const step = 10 ** Math.floor(Math.log10((highest - lowest) / 2000));
  return Number((Math.round(value / step) * step).toPrecision(15));
}

// The points with one of them elsewhere, or with one more.
function withPoint(d, index, x, y) {
  const [X, Y] = [[...d.X], [...d.y]];
  X[index] = x;
  Y[index] = y;
  return { X, y: Y, chosen: index };
}

const addedPoint = (d, x, y) => withPoint(d, d.X.length, admittedIn(d, "across", x), admittedIn(d, "upwards", y));

function withoutPoint(d) {
  const others = values => values.filter((_, i) => i !== d.chosen);
  return { X: others(d.X), y: others(d.y), chosen: -1 };
}

const isInside = (d, { x, y }) => [[x, d.across], [y, d.upwards]].every(([v, [lowest, highest]]) => v > lowest && v < highest);

// What a reader can do with the points of a widget.
//   take     (s, d, {X, y, chosen}, t) → changes of traits; what has not changed is d.X, d.y, d.chosen itself
//   name     of the control that selects one
//   fewest, most    how many points there can be
//   shown    (s, d) → whether the controls are there
//   spoken   (s, d, t) → a sentence on the selected point
function pointsByHand({ take, name: selecting, fewest, most, shown = () => true, spoken }) {
  const added = (s, d, t, x, y) => {
    if (d.X.length >= most) return { say: t("full", { most }) };
    const points = addedPoint(d, x, y), place = points.chosen;
    return { ...take(s, d, points, t), say: t("added", { number: place + 1, x: show(points.X[place]), y: show(points.y[place]) }) };
  };
  // A coordinate of the selected point.
  const field = (name, values, axis) => ({
    kind: "number", name, more: true,
    shown: (s, d) => shown(s, d) && d.chosen >= 0,
    get: (s, d) => d[values][d.chosen] ?? 0,
    set: (s, d, value, t) => take(s, d, { X: d.X, y: d.y, chosen: d.chosen, [values]: d[values].map((v, i) => (i === d.chosen ? value : v)) }, t),
    min: (s, d) => d.far[axis][0], max: (s, d) => d.far[axis][1],
  });
  return {
    move: (s, d, held, at, t) => {
      const points = movedPoint(d, held, at);
      return points && take(s, d, points, t);
    },
    pick: (s, d, { index }, at, t) => (index < d.X.length ? take(s, d, { X: d.X, y: d.y, chosen: index }, t) : null),
    tap: (s, d, at, t) => (isInside(d, at) ? added(s, d, t, at.x, at.y) : null),
    controls: [
      {
        kind: "slider", name: selecting, more: true, whole: true, min: 0, max: (s, d) => d.X.length, shown,
        get: (s, d) => d.chosen + 1,
        set: (s, d, number, t) => take(s, d, { X: d.X, y: d.y, chosen: number - 1 }, t),
        spoken: (s, d, t) => spoken(s, d, t) || t("no_point"),
      },
      field("point_x", "X", "across"),
      field("point_y", "y", "upwards"),
      { kind: "button", name: "add", more: true, shown },
      { kind: "button", name: "remove", more: true, shown, enabled: (s, d) => d.chosen >= 0 },
    ],
    actions: {
      add: (s, d, t) => added(s, d, t, (d.across[0] + d.across[1]) / 2, (d.upwards[0] + d.upwards[1]) / 2),
      remove: (s, d, t) => {
        if (d.X.length <= fewest) return { say: t("few", { fewest }) };
        return { ...take(s, d, withoutPoint(d), t), say: t("removed", { number: d.chosen + 1, n: d.X.length - 1 }) };
      },
    },
  };
}
