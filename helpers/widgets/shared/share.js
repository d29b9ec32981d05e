// What a reader can hand on of a widget: a link that opens the page with it as it is set, and a cell of PyTorch.
//
// Of a description it takes
//   settings  what a link carries: names of controls, or what is like a control without being on the page; in the
//             order in which they are set, since what one of them sets may depend on those before. pattern: it is text
//             that looks so; left: s → whether a link says nothing of it now
//   torch     (s, d, t) → a cell that computes what the widget shows now, below "import torch"

const LONGEST = 4000; // letters of a link's settings; what is longer no widget has written

// Both to write a link and to read one, settings are made one after the other from what the page gave, as by hand.
// So a link says what differs and nothing else, and what it says is held to the limits of the controls.
//   textOf    setting → what it is to become, as text, or null
function replayed(spec, given, textOf, t) {
  let s = given, d = spec.derive(s, null, null);
  const made = [];
  for (const one of spec.settings) {
    const setting = one.name ? one : controlOf(spec, one), text = textOf(setting);
    const value = text === null ? null : settingIn(text, setting, s, d, t);
    if (value === null || settingText(value) === settingText(traitOf(setting, s, d))) continue;
    const { say, tell, ...changes } = changesBy(setting, s, d, value, t), next = { ...s, ...changes };
    d = spec.derive(next, { s, d }, null);
    s = next;
    made.push(`${setting.name}=${settingText(value)}`);
  }
  return { s, made };
}

// (A plus would be read as a space.)
const settingText = value => [value].flat(2).join().replaceAll("+", "");

// The value that a text gives a setting, or null if it gives none.
function settingIn(text, setting, s, d, t) {
  const now = traitOf(setting, s, d);
  if (setting.pattern) return setting.pattern.test(text) ? text : null;
  const options = typeof now === "boolean" ? [true, false] : setting.options?.(s, d, t).map(([value]) => value);
  if (options) return options.find(value => String(value) === text) ?? null;
  const numbers = text.split(",").map(part => admitted(setting, part.trim() ? Number(part) : NaN, s, d));
  if (numbers.length !== [now].flat(2).length || !numbers.every(Number.isFinite)) return null;
  const shaped = part => (Array.isArray(part) ? part.map(shaped) : numbers.shift());
  return shaped(now);
}

// pairs: [name, text], as URLSearchParams reads them
function openedBy(spec, given, pairs, t) {
  const settings = new Map(pairs);
  return replayed(spec, given, ({ name }) => settings.get(name) ?? null, t).s;
}

const linkedBy = (spec, given, s, d, t) =>
  replayed(spec, given, setting => (setting.left?.(s) ? null : settingText(traitOf(setting, s, d))), t).made.join("&");

// The parameters of a network, unless training has made them.
const PARAMETER_SETTINGS = ["W1", "b1", "W2", "b2"].map(name => ({
  name, typed: [-FARTHEST, FARTHEST], left: s => s.step > 0, set: (s, d, value) => ({ [name]: value, ...ANEW }),
}));

// ---- PyTorch ----

const torchCell = (spec, s, d, t) => `# ${t("title")}\nimport torch\n${spec.torch(s, d, t)}`;

const FUNCTIONAL = "from torch.nn import functional as F\n";
const LEARNED = ", requires_grad=True";

function tensor(values, more = "") {
  const text = JSON.stringify(values).replaceAll(",", ", ").replace(/(.{60,}?,) /g, "$1\n    ");
  return `torch.tensor(${text}, dtype=torch.float64${more})`;
}

const torchActivation = (name, z, alpha) =>
  (name === "identity" ? `(${z})` : `F.${name}(${z}${name === "leaky_relu" ? `, ${alpha}` : ""})`);

// A network with one hidden layer, for the inputs X.
const torchNetwork = (s, X, alpha) => PARAMETER_SETTINGS.map(({ name }) => `${name} = ${tensor(s[name])}\n`).join("")
  + `h = ${torchActivation(s.activation, `${X} @ W1 + b1`, alpha)}\no = h @ W2 + b2\n`;
