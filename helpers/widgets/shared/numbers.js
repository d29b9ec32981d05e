// How a number is written: for a reader, and for a drawing.

const MINUS = "−";
const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// A number in words of at most so many significant digits; a dash stands for what is not a finite number.
function show(value, digits = 4) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (!size || (size >= 1e-4 && size < 1e5)) return (value < 0 ? MINUS : "") + Number(size.toPrecision(digits)); // most are such
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  const usual = value === 0 || (power < 6 && power > -5);
  const text = usual ? String(Number(value.toPrecision(digits))) : String(Number(mantissa));
  const times = usual ? "" : `·10${[...String(power)].map(c => SUPERSCRIPTS[c]).join("")}`;
  return text.replace("-", MINUS) + times;
}

// A length on the screen, to a tenth of a pixel. Far outside the picture one place is as good as another, and "1e+21"
// or "NaN" is none.
const FAR_OUT = 1e5;

function tenths(value) {
  if (Number.isNaN(value)) throw new RangeError("a place in a picture must be a number, got NaN");
  return Math.round(clamp(value, -FAR_OUT, FAR_OUT) * 10);
}

const pixels = value => String(tenths(value) / 10);

function clamp(value, lowest, highest) {
  return Math.min(Math.max(value, lowest), highest);
}

// What stands between tags or in an attribute.
function escaped(text) {
  return String(text).replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}
