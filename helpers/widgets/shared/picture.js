// A plot as a drawing in SVG (svg.js): the same function draws on the page, and for the page before it is alive.

const LETTER = 12; // pixels; the size of all text in a picture

// Round places for the ticks of an axis: steps of 1, 2 or 5 times a power of ten.
function ticks(lowest, highest, atMost) {
  const rough = (highest - lowest) / atMost;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find(factor => factor * power >= rough * (1 - 1e-9));
  const first = Math.ceil(lowest / step - 1e-9), last = Math.floor(highest / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step || 0);
}

// How many digits tell neighbouring ticks apart: the usual four, or more far from 0.
function digitsOf(values) {
  const largest = Math.max(...values.map(Math.abs)), step = Math.abs(values[1] - values[0]);
  return step > 0 ? clamp(1 + Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9), 4, 15) : 4;
}

// The lowest and highest of some numbers with a margin, never an empty stretch.
const NARROWEST = 1e-80;

function extent(values, margin = 0.06) {
  let lowest = Infinity, highest = -Infinity;
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  // Nobody sees, and no computer reckons with, what is much narrower than its distance from 0.
  const spread = highest - lowest, least = Math.max(NARROWEST, 1e-9 * Math.max(Math.abs(lowest), Math.abs(highest)));
  const room = spread ? Math.max(spread * margin, (least - spread) / 2) : Math.max(1, Math.abs(highest)) * margin;
  return [lowest - room, highest + room];
}

// A name as on paper: letters that stand alone in italics, what follows "_" lowered. "w_1 (m)" → w with a small 1.
const MATH_NAMES = new Map(); // those written before

const mathName = name => once(MATH_NAMES, name, () => newMathName(name));

function newMathName(name) {
  const italic = text => escaped(text).replace(/(?<![\w&])[A-Za-zα-ωŷ](?![\w;])/g, '<tspan font-style="italic">$&</tspan>');
  return String(name).split(/(?<=(?<!\w)[A-Za-zα-ω])_(\w+)/).map((part, i, parts) => {
    if (i % 2) return `<tspan dy="3" font-size="9">${escaped(part)}</tspan>`;
    return i && part ? `<tspan dy="-3">${italic(part)}</tspan>` : italic(part);
  }).join("");
}

// What was drawn last is drawn again only in another way. Of a list of points a path is kept (no list is changed once
// it was drawn), and of a panel, by its size, the axes and what else seldom changes.
const PATHS = new WeakMap(), AXES = new WeakMap(), KEPT = new WeakMap();

// What was made for a key, as long as it is made in the same way: memory holds key → {how, made}.
function once(memory, key, make, how = "") {
  const last = memory.get(key);
  if (last?.how === how) return last.made;
  const made = make();
  memory.set(key, { how, made });
  return made;
}

// The places of a line on the screen, written anew for each: to ask for so much room each time is slow.
const outlineOf = most => ({ xs: new Float64Array(most), ys: new Float64Array(most) });
let OUTLINE = outlineOf(1024);
const PEN = new Pen();

const LONGEST_WAY = 4; // places from one that is drawn to the next that is
const SLACK = 0.2; // pixels by which a place may be off the line that is drawn

// Whether (x, y) lies on the way from (u, v) to (p, q), but for so many pixels.
function isBetween(u, v, x, y, p, q, slack) {
  const off = (x - u) * (q - v) - (y - v) * (p - u);
  return off * off <= slack * slack * ((p - u) * (p - u) + (q - v) * (q - v)) && (x - u) * (p - x) + (y - v) * (q - y) >= 0;
}

// One panel. Marks are drawn in the units of the data and cut off at the frame.
class Plot {
  // size: {width, height} in pixels; x, y: [lowest, highest] in the units of the data.
  // equal: one unit is as long across as upwards (the shorter axis is widened).
  // log: the vertical axis is logarithmic.
  // grid: lines through the ticks; bare: no axes at all.
  constructor(size, { x, y, xlabel = "", ylabel = "", equal = false, log = false, grid = true, bare = false }) {
    this.size = size;
    const { width, height } = size;
    this.box = bare ? { left: 4, top: 4, right: width - 4, bottom: height - 4 }
      : { left: 46, top: 18, right: width - 12, bottom: height - 38 };
    this.log = log;
    this.grid = grid;
    this.xlabel = xlabel;
    this.ylabel = ylabel;
    this.bare = bare;
    const across = this.box.right - this.box.left, upwards = this.box.bottom - this.box.top;
    [this.x, this.y] = equal ? sameUnit(x, y, across / upwards) : [x, log ? y.map(Math.log10) : y];
    this.perX = across / (this.x[1] - this.x[0]);
    this.perY = upwards / (this.y[1] - this.y[0]);
    this.scale = [width, height, ...this.x, ...this.y, log].join();
    this.marks = [];
  }

  X(value) {
    return this.box.left + (value - this.x[0]) * this.perX;
  }

  Y(value) {
    return this.box.bottom - ((this.log ? Math.log10(value) : value) - this.y[0]) * this.perY;
  }

  // What lies at a place of the screen, in the units of the data.
  at(left, top) {
    const y = this.y[0] + (this.box.bottom - top) / this.perY;
    return { x: this.x[0] + (left - this.box.left) / this.perX, y: this.log ? 10 ** y : y };
  }

  // Points are pairs; a curve is broken where a point is not finite.
  curve(points, look) {
    return this.path(this.once(points, "curve", () => this.outline(points.length, i => points[i][0], i => points[i][1])), look);
  }

  // A line through so many places, x(i) and y(i). Where it is nearly straight, every fourth place is enough, and where
  // it is level or upright its ends are.
  outline(count, x, y) {
    if (count >= OUTLINE.xs.length) OUTLINE = outlineOf(2 * count);
    const { xs, ys } = OUTLINE;
    xs[count] = NaN; // beyond the end there is nothing
    for (let i = 0; i < count; i++) {
      const across = x(i), upwards = this.log ? Math.log10(y(i)) : y(i);
      xs[i] = NaN;
      if (!Number.isFinite(across) || !Number.isFinite(upwards)) continue;
      xs[i] = clamp(this.box.left + (across - this.x[0]) * this.perX, -FAR_OUT, FAR_OUT);
      ys[i] = clamp(this.box.bottom - (upwards - this.y[0]) * this.perY, -FAR_OUT, FAR_OUT);
    }
    let drawn = -1; // the place that was drawn last
    PEN.start();
    for (let i = 0; i < count; i++) {
      if (Number.isNaN(xs[i])) continue;
      const isFirst = i === 0 || Number.isNaN(xs[i - 1]);
      const slack = i + 1 <= drawn + LONGEST_WAY ? SLACK : 0;
      if (!isFirst && !Number.isNaN(xs[i + 1]) && isBetween(xs[drawn], ys[drawn], xs[i], ys[i], xs[i + 1], ys[i + 1], slack)) continue;
      if (isFirst) PEN.move(xs[i], ys[i]);
      else PEN.line(xs[i], ys[i]);
      drawn = i;
    }
    return PEN.text();
  }

  once(points, kind, make) {
    return once(PATHS, points, make, `${kind},${this.scale}`);
  }

  area(points, look) {
    const corners = points.map(([x, y]) => `${pixels(this.X(x))},${pixels(this.Y(y))}`);
    return this.add("polygon", { points: corners.join(" "), class: look });
  }

  segment(x1, y1, x2, y2, look) {
    return this.curve([[x1, y1], [x2, y2]], look);
  }

  // An upright or a level line through the whole picture.
  upright(x, look) {
    const { top, bottom } = this.box;
    return this.path(`M${pixels(this.X(x))} ${top}V${bottom}`, look);
  }

  level(y, look) {
    const { left, right } = this.box;
    return this.path(`M${left} ${pixels(this.Y(y))}H${right}`, look);
  }

  // shape: "circle", "triangle", "square", "diamond" or "cross", so that colour never tells alone.
  dot(x, y, look, radius = 3.5, shape = "circle") {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return this;
    const [left, top] = [this.X(x), this.Y(y)];
    if (shape !== "circle") return this.path(writeMark(PEN.start(), left, top, radius, shape).text(), look);
    return this.add("circle", { cx: pixels(left), cy: pixels(top), r: String(radius), class: look });
  }

  // Many dots that are alike, as one mark: a browser draws them much faster.
  dots(points, look, radius = 3.5, shape = "circle") {
    const isSpots = shape === "circle" && look.startsWith("bw-dot");
    const path = this.once(points, `${shape}${radius}`, () => { // (none at times: the mark stays)
      PEN.start();
      for (const point of points) {
        if (isSpots) PEN.move(this.X(point[0]), this.Y(point[1])).write("h0");
        else writeMark(PEN, this.X(point[0]), this.Y(point[1]), radius, shape);
      }
      return PEN.text();
    });
    // (Where a pen goes down and up again, it leaves a circle: much less to write, and to read, than its outline.)
    return isSpots ? this.add("path", { d: path, class: `${look} bw-spots`, "stroke-width": String(2 * radius) }) : this.path(path, look);
  }

  // From a place to another, with a head of a few pixels.
  arrow(x1, y1, x2, y2, look) {
    const [left, top, right, bottom] = [this.X(x1), this.Y(y1), this.X(x2), this.Y(y2)].map(v => clamp(v, -5e3, 5e3));
    const length = Math.hypot(right - left, bottom - top);
    if (!(length > 0.5)) return this;
    const [u, v] = [(right - left) / length, (bottom - top) / length], head = Math.min(8, length);
    const wing = side => `${pixels(right - head * u + side * head * 0.45 * v)} ${pixels(bottom - head * v - side * head * 0.45 * u)}`;
    return this.path(`M${pixels(left)} ${pixels(top)}L${pixels(right)} ${pixels(bottom)}M${wing(1)}L${pixels(right)} ${pixels(bottom)}L${wing(-1)}`, look);
  }

  text(x, y, words, look = "", anchor = "start", [dx, dy] = [0, 0]) {
    const left = clamp(this.X(x) + dx, this.box.left, this.box.right);
    const top = clamp(this.Y(y) + dy, this.box.top + LETTER, this.box.bottom - 3);
    return this.add("text", { x: pixels(left), y: pixels(top), "text-anchor": anchor, class: `bw-text ${look}` }, String(words));
  }

  // A word in a circle. (Where it stands is one attribute, the quickest to change.)
  sign(x, y, word, look, radius) {
    const transform = `translate(${pixels(this.X(x))} ${pixels(this.Y(y))})`;
    return this.add("g", { class: `bw-sign ${look}`, transform }, circled(word, radius));
  }

  // d is in pixels of the screen, as SVG has it.
  path(d, look) {
    return this.add("path", { d, class: look });
  }

  // All that draw adds has one look together.
  group(look, draw) {
    return this.add("g", { class: look }, this.marksBy(draw));
  }

  // What draw adds stays as it is while `how` is the same. One such part in a picture.
  kept(how, draw) {
    this.marks.push(...once(KEPT, this.size, () => this.marksBy(draw), `${how},${this.scale}`));
    return this;
  }

  marksBy(draw) {
    const before = this.marks;
    this.marks = [];
    draw();
    const marks = this.marks;
    this.marks = before;
    return marks;
  }

  add(tag, attributes, content) {
    this.marks.push(element(tag, attributes, content));
    return this;
  }

  axes() {
    return once(AXES, this.size, () => this.newAxes(), [this.scale, this.grid, this.xlabel, this.ylabel].join());
  }

  newAxes() {
    const { left, top, right, bottom } = this.box;
    const lines = [], words = [];
    const across = ticks(...this.x, Math.max(2, Math.min(8, (right - left) / 55))), upwards = this.yticks();
    for (const value of across) {
      lines.push(`M${pixels(this.X(value))} ${top}V${bottom}`);
      words.push(`<text x="${pixels(this.X(value))}" y="${bottom + 15}" text-anchor="middle">${show(value, digitsOf(across))}</text>`);
    }
    for (const value of upwards) {
      lines.push(`M${left} ${pixels(this.Y(value))}H${right}`);
      words.push(`<text x="${left - 5}" y="${pixels(this.Y(value) + 4)}" text-anchor="end">${show(value, this.log ? 4 : digitsOf(upwards))}</text>`);
    }
    const middle = (left + right) / 2;
    words.push(`<text x="${pixels(middle)}" y="${bottom + 32}" text-anchor="middle">${mathName(this.xlabel)}</text>`);
    words.push(`<text x="${left}" y="${top - 6}" text-anchor="start">${mathName(this.ylabel)}</text>`);
    const frame = element("path", { d: `M${left} ${top}V${bottom}H${right}`, class: "bw-frame" });
    const grid = element("path", { d: this.grid ? lines.join("") : "", class: "bw-grid" });
    return [grid, frame, element("g", { class: "bw-text" }, words.join(""))];
  }

  yticks() {
    const atMost = Math.max(2, Math.min(7, (this.box.bottom - this.box.top) / 34));
    if (!this.log) return ticks(...this.y, atMost);
    const [first, last] = [Math.ceil(this.y[0]), Math.floor(this.y[1])], powers = last - first + 1;
    if (powers > 1) {
      const every = Math.ceil(powers / atMost);
      return Array.from({ length: Math.ceil(powers / every) }, (_, i) => 10 ** (first + i * every));
    }
    // Less than a power of ten: round numbers, as far as there is room for them.
    const lowest = Math.floor(this.y[0]), [from, to] = this.y.map(power => 10 ** power);
    const round = [0, 1].flatMap(k => [1, 2, 3, 5, 7].map(factor => factor * 10 ** (lowest + k)));
    return round.filter(value => value >= from && value <= to)
      .reduce((kept, value) => (kept.length && this.Y(kept.at(-1)) - this.Y(value) < 1.3 * LETTER ? kept : [...kept, value]), []);
  }

  // The whole drawing; label tells those who do not see it what is to be seen.
  svg(label) {
    const [width, height] = [this.size.width, this.size.height].map(pixels), { left, top, right, bottom } = this.box;
    const [across, upwards] = [right - left, bottom - top].map(pixels);
    const frame = { x: String(left), y: String(top), width: across, height: upwards, viewBox: `${left} ${top} ${across} ${upwards}`, overflow: "hidden" };
    return element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
      [...(this.bare ? [] : this.axes()), element("svg", frame, this.marks)]);
  }
}

function sameUnit(x, y, ratio) {
  const wide = Math.max(x[1] - x[0], (y[1] - y[0]) * ratio);
  const around = ([lowest, highest], length) => [(lowest + highest - length) / 2, (lowest + highest + length) / 2];
  return [around(x, wide), around(y, wide / ratio)];
}

// The marks: how far left and up of its middle a mark of radius 1 begins, and its outline from there, r(1) being its radius.
const SHAPES = {
  circle: { left: 1, up: 0, outline: r => `a${r(1)} ${r(1)} 0 1 0 ${r(2)} 0a${r(1)} ${r(1)} 0 1 0 ${r(-2)} 0z` },
  triangle: { left: 0, up: 1.2, outline: r => `l${r(1.1)} ${r(2)}h${r(-2.2)}z` },
  square: { left: 1, up: 1, outline: r => `h${r(2)}v${r(2)}h${r(-2)}z` },
  diamond: { left: 0, up: 1.3, outline: r => `l${r(1.3)} ${r(1.3)}l${r(-1.3)} ${r(1.3)}l${r(-1.3)} ${r(-1.3)}z` },
  cross: { left: 1, up: 1, outline: r => `l${r(2)} ${r(2)}m0 ${r(-2)}l${r(-2)} ${r(2)}` },
};
// Those drawn before: a mark looks the same wherever it stands.
const OUTLINES = Object.fromEntries(Object.keys(SHAPES).map(shape => [shape, new Map()]));

function writeMark(pen, x, y, radius, shape) {
  const { left, up, outline } = SHAPES[shape];
  return pen.move(x - left * radius, y - up * radius).write(once(OUTLINES[shape], radius, () => outline(part => pixels(part * radius))));
}

const CIRCLED = new Map();

function circled(word, radius) {
  return once(CIRCLED, `${word},${radius}`, () =>
    [element("circle", { r: String(radius) }), element("text", { y: "4", "text-anchor": "middle" }, word)]);
}
