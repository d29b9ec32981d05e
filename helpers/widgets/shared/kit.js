// What all widgets have in common: a page of controls and pictures, tied to the traits of a model.
//
// A widget is described, not programmed (see defineWidget). The traits are all there is to know; what a
// description computes from them it computes by pure functions of
//   s  the traits, by name
//   d  what spec.derive made of them
//   t  the words of the reader's language: t("step", {number: 3})
// A function that changes something returns the changed traits, {name: value, …}. For those who do not see the
// picture it adds a sentence under "say", or under "tell" what comes before the words on where things stand then.

// spec:
//   name      the name of its file; a CSS class too
//   words     its strings, {key: {en, ko}} (words.json)
//   traits    the names of its traits, "language" apart
//   display   those that change what is shown and nothing else: training goes on
//   whole     s → whether the traits fit each other; one may come from Python a message before the other
//   derive    (s, last, held) → d; last is {s, d} of the time before, to keep what has not changed; held is
//             the handle that is being dragged, or null: an axis must not move under it
//   panels    [{name, ratio, narrow, wide, lowest}]: height for width, and that on a phone, where the pictures
//             stand below each other; wide: a row of its own; lowest: never lower than so many pixels; ignores: traits
//             that change nothing in it
//   draw      {panel: (s, d, t, size) → Plot}
//   alt       {panel: (s, d, t) → what is to be seen}
//   drag      {panel: {grab: (s, d, at) → handle or null, move: (s, d, handle, at, t) → changes}}; at is
//             {x, y} in the units of the picture, with at.pixelsTo(x, y) and at.touch; pick: (s, d, handle, at, t)
//             → changes, if a handle was pressed and not moved; tap: (s, d, at, t) → changes, for a click or a
//             tap where there is none
//   keys      {panel: {label, press}}: a panel that is reached by Tab and answers to keys; label: the word that says
//             how; press: (s, d, key, t) → changes, or null for a key that means nothing here
//   controls  [control]; see controlMarkup
//   actions   {button: (s, d, t) → changes}
//   play      {tick: (s, d, t, steps) → changes, or null at the end; rates: steps a second; rate: which at first}; it needs a readout
//   legend    (s, d, t) → [[class, sign, words]]: what each mark is
//   readout   (s, d, t) → HTML below the controls
//   told      (s, d, t) → a sentence on where things stand
//   table     (s, d, t) → {caption, head: […], rows: [[…]]}, or a list of such
//   settings  what a link carries, and
//   torch     (s, d, t) → a cell of PyTorch that repeats what is shown: see share.js
function defineWidget(spec) {
  return {
    spec,
    still: (state, language) => stillOf(spec, state, language),
    render: ({ model, el }) => new View(spec, model, el).start(),
  };
}

const SAVE_EVERY = 200; // milliseconds between two messages to Python while playing
const NAME_AFTER = 200; // milliseconds after which a picture's text alternative follows it: it is not read at each tick
const AWAY_FOR = 1000; // milliseconds after which a widget that is off the page plays no more
const STILL = { mouse: 4, touch: 8 }; // pixels by which a hand moves that only presses

// ---- markup: the same for the page and for the still picture ----

function markup(spec, s, d, t, language) {
  const panels = spec.panels.map(panel => {
    const size = { width: panel.wide ? 700 : 340, height: (panel.wide ? 700 : 340) * panel.ratio };
    const shape = `--ratio: ${panel.ratio}; --narrow: ${panel.narrow ?? panel.ratio}${panel.lowest ? `; min-height: ${panel.lowest}px` : ""}`;
    return `<div class="bw-panel${panel.wide ? " bw-wide" : ""}" data-panel="${panel.name}" style="${shape}">`
      + `${svgText(spec.draw[panel.name](s, d, t, size).svg(spec.alt[panel.name](s, d, t)))}</div>`;
  });
  const [main, more] = [false, true].map(hidden => spec.controls.filter(c => Boolean(c.more) === hidden)
    .map(c => controlMarkup(spec, c, s, d, t)).join(""));
  return `<section class="book-widget bw-${spec.name}" lang="${language}" role="group" aria-label="${escaped(t("title"))}">`
    + `<p class="bw-paper" aria-hidden="true">${settings(spec, s, d, t)}</p>`
    // The controls stand right below the pictures: there they are seen together, and no text that grows or
    // shrinks while one presses a button moves it away.
    + `<div class="bw-panels">${panels.join("")}</div><div class="bw-controls">${main}</div>`
    + (spec.legend ? `<ul class="bw-legend">${legendMarkup(spec, s, d, t)}</ul>` : "")
    + (more ? `<details class="bw-fold bw-more">${summary(t("more"))}<div class="bw-controls">${more}</div></details>` : "")
    + (spec.readout ? `<div class="bw-readout">${spec.readout(s, d, t)}</div>` : "")
    + (spec.table ? `<details class="bw-fold bw-numbers">${summary(t("numbers"))}<div class="bw-scroll"${attributes({ tabindex: "0", role: "group", "aria-label": t("numbers"), ...OWN_KEYS })}></div></details>` : "")
    + `<div class="bw-foot">${["copy_link", "copy_torch"].map(name => buttonMarkup(name, t)).join("")}<span class="bw-done" aria-hidden="true"></span>`
    + `<textarea class="bw-copied"${attributes({ readonly: true, hidden: true, rows: 4, "aria-label": t("copy_by_hand"), ...OWN_KEYS })}></textarea></div>`
    + `<p class="bw-said" role="status"></p></section>`;
}

const summary = words => `<summary${attributes(OWN_KEYS)}>${words}</summary>`;

function legendMarkup(spec, s, d, t) {
  return spec.legend(s, d, t).map(([look, sign, words]) =>
    `<li><span class="bw-key ${look}" aria-hidden="true">${sign}</span> ${words}</li>`).join("");
}

// Paper has no controls: there a line tells how they are set.
function settings(spec, s, d, t) {
  const told = spec.controls.filter(c => ["slider", "number", "choice"].includes(c.kind) && !(c.shown && !c.shown(s, d))).map(c => {
    const value = traitOf(c, s, d);
    const words = c.kind === "choice" ? c.options(s, d, t).find(([option]) => option === value)?.[1] ?? "" : show(value);
    return `${t(c.name)}: ${words}`;
  });
  return `<b>${t("title")}</b> ${told.join("; ")}`;
}

function stillOf(spec, state, language) {
  const t = wordsOf(spec, language);
  const d = spec.derive ? spec.derive(state, null, null) : {};
  return unanswering(markup(spec, state, d, t, language));
}

// A control is {kind, name, …}; its label is the word of that name. With more: true it stands under "More".
//   slider  min, max, step (numbers or functions of s, d); log: equal steps are equal factors;
//           whole: only whole numbers; mark: (s, d) → a value to be marked, or null
//   number  a number field alone; min, max, whole
//   choice  options: (s, d, t) → [[value, text], …]
//   switch  on or off
//   button  does spec.actions[name]
//   play    play and pause, with the speed under "More"
// and for all: get, if the trait has another form; set: (s, d, value, t) → changes, if more than the trait
// changes; shown: (s, d) → whether it is there; enabled: (s, d) → whether it can be used; typed: [lowest, highest]
// that can be typed, if more than the slider spans; display: the button changes nothing but what is shown.
function controlMarkup(spec, control, s, d, t) {
  const hidden = control.shown && !control.shown(s, d);
  const inner = {
    slider: () => `<label><span class="bw-name">${t(control.name)}</span><span class="bw-track">`
      + `<input type="range"${attributes({ "data-control": control.name, ...slider(control, s, d, t), ...OWN_KEYS })}>`
      + (control.mark ? `<span class="bw-mark"${attributes(marked(control, s, d))}></span>` : "") + `</span></label>${numberField(control, s, d, t)}`,
    number: () => `<span class="bw-name" aria-hidden="true">${t(control.name)}</span>${numberField(control, s, d, t)}`,
    choice: () => `<label><span class="bw-name">${t(control.name)}</span><select${attributes({ "data-control": control.name, ...OWN_KEYS })}>`
      + `${optionsMarkup(control, s, d, t)}</select></label>`,
    switch: () => `<label class="bw-switch"><input type="checkbox"${attributes({ "data-control": control.name, checked: Boolean(traitOf(control, s, d)), ...OWN_KEYS })}> <span>${t(control.name)}</span></label>`,
    button: () => buttonMarkup(control.name, t),
    play: () => buttonMarkup("play", t),
    speed: () => `<label><span class="bw-name">${t("speed")}</span><select${attributes({ "data-control": "speed", ...OWN_KEYS })}>`
      + spec.play.rates.map(rate => `<option value="${rate}"${rate === spec.play.rate ? " selected" : ""}>${t("rate", { rate })}</option>`).join("") + `</select></label>`,
  }[control.kind]();
  return `<div class="bw-control bw-${control.kind}"${hidden ? " hidden" : ""}>${inner}</div>`;
}

const buttonMarkup = (name, t) => `<button type="button"${attributes({ "data-control": name, ...OWN_KEYS })}>${t(name)}</button>`;

function numberField(control, s, d, t) {
  const value = typed(control, traitOf(control, s, d));
  return `<input type="number"${attributes({ "data-control": control.name, "aria-label": t(control.name), step: "any", inputmode: "decimal", value, ...OWN_KEYS })}>`;
}

// A number as it stands in a field: to five digits, and with two decimals at least.
function typed(control, value) {
  if (control.whole) return String(value);
  const before = Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1;
  return String(Number(value.toPrecision(Math.min(Math.max(5, before + 2), 17))));
}

function optionsMarkup(control, s, d, t) {
  const chosen = traitOf(control, s, d);
  return control.options(s, d, t).map(([value, text]) =>
    `<option${attributes({ value, selected: value === chosen })}>${escaped(text)}</option>`).join("");
}

// ---- numbers of a control ----

const bound = (control, side, s, d) => (typeof control[side] === "function" ? control[side](s, d) : control[side]);
const traitOf = (control, s, d) => (control.get ? control.get(s, d) : s[control.name]);
const changesBy = (control, s, d, value, t) => (control.set ? control.set(s, d, value, t) : { [control.name]: value });
const controlOf = (spec, name) => spec.controls.find(control => control.name === name);

// Bring a number that came from a reader to where the control can be.
function admitted(control, value, s, d) {
  const within = clamp(value, ...bounds(control, s, d));
  return control.whole ? Math.round(within) : within;
}

const bounds = (control, s, d) => control.typed ?? ["min", "max"].map(side => bound(control, side, s, d));

// The smallest of 1, 2, 5, 10, … (and 0.1, 0.2, …) that is not below a number.
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find(factor => factor * power >= least * (1 - 1e-9));
}

// A multiple of a step, without what rounding adds to it.
const multiple = (count, step) => Number((count * step).toPrecision(12));

// The position of a slider runs from 0 to 1000 or, for whole numbers, through them.
function position(control, value, s, d) {
  const [lowest, highest] = [bound(control, "min", s, d), bound(control, "max", s, d)];
  if (control.whole && !control.log) return value;
  const scale = control.log ? Math.log : v => v;
  return highest > lowest ? clamp(1000 * (scale(value) - scale(lowest)) / (scale(highest) - scale(lowest)), 0, 1000) : 0;
}

function valueAt(control, place, s, d) {
  const [lowest, highest] = [bound(control, "min", s, d), bound(control, "max", s, d)];
  if (control.whole && !control.log) return place;
  // A number one can say; the ends are what they are.
  if (place <= 0 || place >= 1000) return place <= 0 ? lowest : highest;
  if (control.log) {
    const value = Number((lowest * (highest / lowest) ** (place / 1000)).toPrecision(3));
    return control.whole ? Math.round(value) : value;
  }
  const step = roundStep((highest - lowest) / 1000);
  return clamp(multiple(Math.round((lowest + (highest - lowest) * place / 1000) / step), step), lowest, highest);
}

// Where an arrow key takes a number: on by a round step, so that round numbers are met. A browser's own steps are
// hundredths of a slider's length, and 1 in a field. null leaves the key to the browser.
const KEYS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
const SLIDER_KEYS = { ...KEYS, ArrowRight: 1, ArrowLeft: -1 };

function valueByKey(control, type, key, s, d) {
  const steps = (type === "range" ? SLIDER_KEYS : KEYS)[key], now = traitOf(control, s, d);
  if (steps === undefined || control.whole) return null;
  if (control.log) return admitted(control, Number((now * 10 ** (steps / 10)).toPrecision(2)), s, d);
  const range = bound(control, "max", s, d) - bound(control, "min", s, d);
  const step = control.kind === "slider" ? roundStep(range / 400) : 10 ** Math.floor(Math.log10(Math.max(Math.abs(now), 1))) / 10;
  return admitted(control, multiple(Math.round(now / step + steps), step), s, d);
}

// The attributes of a slider as it stands now.
function slider(control, s, d, t) {
  const whole = control.whole && !control.log;
  const value = traitOf(control, s, d);
  return {
    min: whole ? bound(control, "min", s, d) : 0,
    max: whole ? bound(control, "max", s, d) : 1000,
    step: whole ? 1 : "any",
    value: position(control, value, s, d),
    "aria-valuetext": control.spoken ? control.spoken(s, d, t) : show(value),
  };
}

function marked(control, s, d) {
  const value = control.mark(s, d);
  if (value === null) return { hidden: true, style: "" };
  const { min, max } = slider(control, s, d, wordsless);
  return { hidden: false, style: `--at: ${clamp((position(control, value, s, d) - min) / (max - min || 1), 0, 1)}` };
}

const wordsless = () => "";

// ---- a view ----

// A property that is written although it is the same costs a browser work.
function assign(element, name, value) {
  if (element[name] !== value) element[name] = value;
}

class View {
  constructor(spec, model, el) {
    Object.assign(this, { spec, model, el });
    this.plots = {};
    this.sizes = {}; // of the panels
    this.drawnFor = {}; // what each panel was drawn for last
    this.shown = new Map(); // part of the widget → what stands there
    this.known = new Map(); // element → attributes as they were set here
    this.told = "";
    this.untold = null; // what is to be told of a slider when it is let go
    this.playing = null;
    this.entered = null; // the field in which something was typed last, and what was taken over from it
    this.held = null; // the handle that is being dragged
    this.away = []; // what is to be undone when the view goes
  }

  start() {
    this.read();
    this.openLink();
    this.labels = {}; // of the pictures
    this.el.innerHTML = markup(this.spec, this.s, this.d, this.t, this.s.language);
    this.root = this.el.firstElementChild;
    this.findParts();
    assign(this.find("copy_link"), "hidden", !this.place);
    for (const type of ["input", "change", "click"]) this.listen(this.root, type, event => this.onControl(event));
    this.listen(this.root, "keydown", event => this.onKey(event));
    this.letPagesBeScrolled();
    this.listen(this.root, "toggle", () => this.update({ table: true }), true);
    for (const [name, drag] of Object.entries(this.spec.drag ?? {})) this.makeDraggable(name, drag);
    for (const [name, keys] of Object.entries(this.spec.keys ?? {})) this.takeKeys(name, keys);
    for (const name of this.spec.traits) this.onChange(name, () => this.onTrait(name));
    this.onChange("language", () => this.startAgain());
    // Sizes are told when they are known, and again when they change: to ask for one makes the browser lay out the page.
    const watch = new ResizeObserver(entries => {
      for (const { target } of entries) this.sizes[target.dataset.panel] = { width: target.clientWidth, height: target.clientHeight };
      this.update();
    });
    for (const [name, panel] of Object.entries(this.panels)) {
      this.sizes[name] = { width: 0, height: 0 };
      watch.observe(panel);
    }
    this.readoutGrown = new ResizeObserver(([{ borderBoxSize: [size] }]) => this.keepReadout(size));
    if (this.readout) this.readoutGrown.observe(this.readout);
    this.away.push(() => watch.disconnect(), () => this.readoutGrown.disconnect(), () => this.pause(), () => {
      cancelAnimationFrame(this.frame);
      clearTimeout(this.naming);
      this.frame = this.naming = null; // or nothing would be asked for again
    });
    this.update();
    return () => this.end();
  }

  end() {
    this.away.splice(0).forEach(undo => undo());
  }

  // On a page of the site a widget has an address. What the page gave it is kept with its place, for links to say what
  // is different now, and a link is followed once. (A notebook has no address that others could open, and its data may
  // be the reader's own: there, only PyTorch is offered.)
  openLink() {
    const place = this.place = this.el.closest(".book-widget-place[id]");
    if (!place || place.given) return;
    place.given = this.s;
    if (location.hash !== `#${place.id}` || location.search.length > LONGEST) return;
    this.model.set(openedBy(this.spec, this.s, new URLSearchParams(location.search), this.t));
    this.read();
  }

  // In another language.
  startAgain() {
    this.end();
    this.t = null;
    this.shown.clear();
    this.known.clear();
    this.drawnFor = {};
    this.start();
  }

  onChange(name, does) {
    this.model.on(`change:${name}`, does);
    this.away.push(() => this.model.off(`change:${name}`, does));
  }

  listen(target, type, does, ...options) {
    target.addEventListener(type, does, ...options);
    this.away.push(() => target.removeEventListener(type, does, ...options));
  }

  // Everything that is touched at every redraw.
  findParts() {
    const at = selector => this.root.querySelector(selector);
    [this.legend, this.readout, this.more, this.numbers, this.paper] =
      [".bw-legend", ".bw-readout", ".bw-more", ".bw-numbers", ".bw-paper"].map(at);
    this.panels = Object.fromEntries(this.spec.panels.map(({ name }) => [name, at(`[data-panel="${name}"]`)]));
    this.parts = new Map(this.spec.controls.map(control => {
      const element = this.find(control.name), place = element.closest(".bw-control");
      return [control, { element, place, field: place.querySelector("[type=number]"), mark: place.querySelector(".bw-mark") }];
    }));
    const onPaper = () => { this.paper.innerHTML = settings(this.spec, this.s, this.d, this.t); };
    this.listen(window, "beforeprint", onPaper);
    this.listen(matchMedia("print"), "change", onPaper);
  }

  find(name, type = "") {
    return this.root.querySelector(`[data-control="${name}"]${type}`);
  }

  read() {
    const s = { language: this.model.get("language") };
    for (const name of this.spec.traits) s[name] = this.model.get(name);
    if (this.s && this.held === this.heldThen && Object.keys(s).every(name => s[name] === this.s[name])) return;
    this.heldThen = this.held;
    if (this.s && this.spec.whole && !this.spec.whole(s)) return; // the rest is on its way
    const d = this.spec.derive ? this.spec.derive(s, this.s ? { s: this.s, d: this.d } : null, this.held) : {};
    this.t ??= wordsOf(this.spec, s.language);
    this.s = s;
    this.d = d;
  }

  // Change traits, and tell Python of it.
  apply(changes, seen = true) {
    if (!changes) return;
    const { say, tell, ...traits } = changes;
    this.setting = true;
    try {
      this.model.set(traits); // all at once: nobody sees a part of them
    } finally {
      this.setting = false;
    }
    this.save();
    this.read();
    if (seen) this.schedule();
    this.report({ say, tell });
  }

  report({ say, tell }) {
    if (tell !== undefined) this.tell(tell);
    else if (say) this.say(say);
  }

  // Whether changes touch more than what is shown.
  isMore(changes) {
    return Object.keys(changes).some(name => !["say", "tell"].includes(name) && !this.spec.display?.includes(name));
  }

  save() {
    const now = performance.now();
    if (this.playing && now - (this.saved ?? 0) < SAVE_EVERY) return;
    this.saved = now;
    this.model.save_changes();
  }

  // A trait has changed: by this view, by another one, or by Python. Two hands on one widget: the
  // one that plays lets go.
  onTrait(name) {
    if (this.setting) return;
    this.typing = false;
    if (this.isMore({ [name]: true })) this.pause();
    this.schedule();
  }

  // Where things stand, after some words.
  tell(first = "") {
    if (this.spec.told) this.say(`${first} ${this.spec.told(this.s, this.d, this.t)}`.trim());
  }

  say(words) {
    this.told = afresh(words, this.told);
    this.root.querySelector(".bw-said").textContent = this.told;
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.update();
    });
  }

  update({ table = !this.playing } = {}) {
    this.read();
    const { spec, s, d, t, labels } = this;
    for (const panel of spec.panels) {
      const size = this.sizes[panel.name];
      if (!size.width || !size.height) continue; // in a tab or a cell that is not shown
      if (this.isStill(panel, size)) continue;
      const plot = this.plots[panel.name] = spec.draw[panel.name](s, d, t, size);
      if (panel.name in labels) this.naming ??= setTimeout(() => this.namePictures(), NAME_AFTER);
      this.draw(panel.name, plot.svg(labels[panel.name] ??= spec.alt[panel.name](s, d, t)));
    }
    if (spec.legend) this.fill(this.legend, legendMarkup(spec, s, d, t));
    if (spec.readout) this.fill(this.readout, spec.readout(s, d, t));
    for (const control of spec.controls) if (!control.more || this.more.open) this.updateControl(control);
    if (this.numbers?.open && table) this.fill(this.numbers.lastElementChild, [spec.table(s, d, t)].flat().map(tableMarkup).join(""));
  }

  // What is to be seen in each picture, for those who do not see it.
  namePictures() {
    this.naming = null;
    for (const { name } of this.spec.panels) {
      this.labels[name] = this.spec.alt[name](this.s, this.d, this.t);
      this.panels[name].firstElementChild.setAttribute("aria-label", this.labels[name]);
    }
  }

  // Whether a panel would be drawn as it is.
  isStill({ name, ignores = [] }, size) {
    const last = this.drawnFor[name], { s, held } = this;
    this.drawnFor[name] = { size, s, held };
    return Boolean(last) && last.size === size && last.held === held
      && Object.keys(s).every(trait => ignores.includes(trait) || s[trait] === last.s[trait]);
  }

  draw(name, svg) {
    const place = this.panels[name];
    if (!this.shown.has(place)) place.replaceChildren(); // the same picture, as text
    this.shown.set(place, showElements(place, [svg], this.shown.get(place)));
  }

  fill(place, html) {
    this.shown.set(place, showMarkup(place, html, this.shown.get(place)));
  }

  // The same for an attribute that nobody else changes.
  attribute(element, name, value) {
    if (!this.known.has(element)) this.known.set(element, new Map());
    const known = this.known.get(element);
    if (known.get(name) === value) return;
    known.set(name, value);
    element.setAttribute(name, value);
  }

  // The readout only grows while it is as wide: what stands below would jump with each line more or less, and a
  // browser would look at all of the page again.
  keepReadout({ inlineSize: width, blockSize: height }) {
    if (width === this.readoutWidth) this.readout.style.minHeight = `${height}px`;
    else requestAnimationFrame(() => this.freeReadout()); // (here, another height would be told of as an error)
    this.readoutWidth = width;
  }

  // It may be lower from the next picture on. (What is observed anew is told of in any case.)
  freeReadout() {
    if (!this.readout) return;
    this.readout.style.minHeight = "";
    this.readoutGrown.disconnect();
    this.readoutGrown.observe(this.readout);
  }

  updateControl(control) {
    const { s, d, t } = this;
    const { place, element, field, mark } = this.parts.get(control);
    assign(place, "hidden", Boolean(control.shown && !control.shown(s, d)));
    if (place.hidden) return; // until it is shown again
    // Not "disabled": the focus would be lost with it.
    const enabled = !control.enabled || control.enabled(s, d);
    this.attribute(element, "aria-disabled", String(!enabled));
    if (control.kind === "play") assign(element, "textContent", t(this.playing ? "pause" : "play"));
    if (["button", "play", "speed"].includes(control.kind)) return;
    const value = traitOf(control, s, d);
    if (control.kind === "switch") assign(element, "checked", value);
    if (control.kind === "choice") {
      const options = control.options(s, d, t).join();
      if (this.shown.get(element) !== options) element.innerHTML = optionsMarkup(control, s, d, t);
      this.shown.set(element, options);
      assign(element, "value", String(value));
    }
    if (control.kind === "slider") {
      // (min and max first: a browser keeps a value between them)
      for (const [name, now] of Object.entries(slider(control, s, d, t))) {
        if (name === "value") assign(element, name, String(now));
        else this.attribute(element, name, String(now));
      }
    }
    if (mark) {
      const now = marked(control, s, d);
      assign(mark, "hidden", now.hidden);
      this.attribute(mark, "style", now.style);
    }
    if (field && (field !== document.activeElement || !this.typing)) assign(field, "value", typed(control, value));
  }

  onControl(event) {
    const element = event.target.closest?.("[data-control]");
    if (!element || !this.root.contains(element)) return;
    const control = controlOf(this.spec, element.dataset.control);
    const isButton = element.tagName === "BUTTON";
    if (isButton !== (event.type === "click")) return;
    if (!control) return this.copy(element.dataset.control);
    if (control.enabled && !control.enabled(this.s, this.d)) return;
    if (control.kind === "play") return this.playing ? this.pauseByHand() : this.play();
    if (control.kind === "speed") return;
    if (isButton) return this.act(control.name);
    const value = this.valueIn(element, control, event.type);
    const isMoving = ["range", "number"].includes(element.type);
    const typedBeyond = element.type === "number" && value !== null && value !== element.valueAsNumber;
    if (value !== null) this.use(control, value, isMoving);
    if (typedBeyond) this.tellBounds(control);
    else if (isMoving && event.type === "change") this.tellAtLast(element.type === "number");
  }

  // later: what is to be told waits until the hand lets go, or has typed the whole number.
  use(control, value, later = false) {
    if (["choice", "switch"].includes(control.kind)) this.freeReadout(); // it will speak of other things
    const { say, tell, ...changes } = changesBy(control, this.s, this.d, value, this.t);
    if (this.touched?.name === control.name) this.touched.before = { ...this.before(changes), ...this.touched.before };
    this.apply(later ? changes : { ...changes, say, tell });
    if (later && (say || tell !== undefined)) this.untold = { say, tell };
  }

  // Of a number that was typed it is told at least where things stand.
  tellAtLast(isNumber) {
    this.report(this.untold ?? (isNumber ? { tell: "" } : {}));
    this.untold = null;
  }

  // The traits that changes would replace, as they are.
  before({ say, tell, ...changes }) {
    return Object.fromEntries(Object.keys(changes).map(name => [name, this.s[name]]));
  }

  // What was typed is not what counts: say why.
  tellBounds(control) {
    const [low, high] = bounds(control, this.s, this.d).map(value => show(value));
    this.say(this.t(control.whole ? "bounds_whole" : "bounds", { low, high }));
  }

  onKey(event) {
    const element = event.target;
    if (!["range", "number"].includes(element.type) || event.ctrlKey || event.altKey || event.metaKey) return;
    const control = controlOf(this.spec, element.dataset.control);
    const value = valueByKey(control, element.type, event.key, this.s, this.d);
    if (value === null) return;
    event.preventDefault();
    this.typing = false;
    if (value !== traitOf(control, this.s, this.d)) this.use(control, value);
  }

  // A finger that scrolls the page may have begun on a slider, and moved it: then that is undone.
  letPagesBeScrolled() {
    this.listen(this.root, "pointerdown", event => {
      this.touched = event.target.type === "range" ? { name: event.target.dataset.control, before: {} } : null;
    }, true);
    this.listen(this.root, "pointercancel", event => {
      if (this.touched && event.target.type === "range") this.apply(this.touched.before);
      this.touched = this.untold = null;
    }, true);
  }

  // What the reader has put into a control, or null while it is no value yet.
  valueIn(element, control, type) {
    const { s, d } = this;
    if (element.type === "checkbox") return type === "change" ? element.checked : null;
    if (element.tagName === "SELECT") {
      if (type !== "change") return null;
      return control.options(s, d, this.t).map(([value]) => value).find(value => String(value) === element.value) ?? null;
    }
    if (element.type === "range") return type === "input" ? admitted(control, valueAt(control, Number(element.value), s, d), s, d) : null;
    // A number field counts while it is typed in, if it can; at the end it shows what counts.
    const value = element.valueAsNumber;
    this.typing = type === "input";
    if (!Number.isFinite(value)) {
      if (type === "change") this.schedule();
      return null;
    }
    const counted = admitted(control, value, s, d);
    if (type === "input") {
      if (counted !== value) return null;
      this.entered = { element, value };
      return value;
    }
    this.schedule();
    // To leave a field does not take over once more what counts already: a run may have begun since.
    const known = this.entered?.element === element && this.entered.value === counted;
    this.entered = null;
    return known ? null : counted;
  }

  act(name) {
    if (!controlOf(this.spec, name).display) this.pause();
    this.apply(this.spec.actions[name](this.s, this.d, this.t));
  }

  // ---- copying ----

  link() {
    const query = linkedBy(this.spec, this.place.given, this.s, this.d, this.t);
    return `${location.href.split(/[?#]/)[0]}${query && "?"}${query}#${this.place.id}`;
  }

  // Where a browser does not let us copy, the text is there to be copied by hand.
  async copy(name) {
    const { spec, s, d, t } = this, text = name === "copy_link" ? this.link() : torchCell(spec, s, d, t);
    const [done, field] = this.root.querySelector(".bw-foot").querySelectorAll("span, textarea");
    try {
      await navigator.clipboard.writeText(text);
      field.hidden = true;
      done.textContent = t("copied");
      setTimeout(() => { done.textContent = ""; }, 3000);
      this.say(t("copied"));
    } catch {
      field.hidden = false;
      field.value = text;
      field.select();
      field.focus();
      this.say(t("copy_by_hand"));
    }
  }

  // ---- playing ----

  play() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let last = performance.now(), due = 1; // the first step at once: then another view that plays lets go
    const tick = now => {
      // (JupyterLab takes a cell out for a moment when those around it change.)
      if (!this.root.isConnected && now - last > AWAY_FOR) return this.pause();
      this.playing.frame = requestAnimationFrame(tick);
      if (!this.root.isConnected) return;
      due += Math.min(now - last, 1000) / 1000 * Number(this.find("speed").value);
      last = now;
      if (due < 1) return;
      const steps = Math.floor(due);
      due -= steps;
      // Who prefers less motion sees a picture a second.
      const seen = !calm || now - this.playing.shown >= 1000;
      if (seen) this.playing.shown = now;
      const changes = this.spec.play.tick(this.s, this.d, this.t, steps);
      if (changes) this.apply(changes, seen);
      if (!changes || "tell" in changes) this.pause();
    };
    this.playing = { shown: -Infinity };
    tick(last);
    this.schedule();
  }

  pause() {
    if (!this.playing) return;
    cancelAnimationFrame(this.playing.frame);
    this.playing = null;
    this.model.save_changes();
    this.schedule();
  }

  pauseByHand() {
    this.pause();
    this.tell();
  }

  // ---- keys on a picture ----

  takeKeys(name, { label, press }) {
    const panel = this.panels[name], own = { tabindex: "0", role: "application", "aria-label": this.t(label), ...OWN_KEYS };
    for (const [attribute, value] of Object.entries(own)) panel.setAttribute(attribute, value);
    this.listen(panel, "keydown", event => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const changes = press(this.s, this.d, event.key, this.t);
      if (!changes) return;
      event.preventDefault();
      this.change(changes);
    });
  }

  // Changes by a hand on a picture: whatever plays stops, unless only what is shown changes.
  change(changes) {
    if (changes && this.isMore(changes)) this.pause();
    this.apply(changes);
  }

  // ---- dragging ----

  makeDraggable(name, drag) {
    const panel = this.panels[name];
    let held = null, pointer = null, down = null, moved = false;
    const at = event => {
      const frame = panel.getBoundingClientRect(), plot = this.plots[name];
      const [left, top] = [event.clientX - frame.left, event.clientY - frame.top];
      const pixelsTo = (x, y) => Math.hypot(plot.X(x) - left, plot.Y(y) - top);
      return { ...plot.at(left, top), pixelsTo, touch: event.pointerType === "touch" || event.type.startsWith("touch") };
    };
    const grabbed = event => (this.plots[name] ? drag.grab(this.s, this.d, at(event)) : null);
    const isStill = event => Math.hypot(event.clientX - down.x, event.clientY - down.y) < STILL[event.pointerType === "touch" ? "touch" : "mouse"];
    // A finger on a handle drags it; anywhere else it scrolls the page.
    this.listen(panel, "touchstart", event => {
      if (event.touches.length === 1 && grabbed({ type: "touchstart", clientX: event.touches[0].clientX, clientY: event.touches[0].clientY }) !== null) event.preventDefault();
    }, { passive: false });
    this.listen(panel, "pointerdown", event => {
      if (event.button || held !== null) return; // one hand at a time
      // What was typed counts before what is dragged.
      if (this.root.contains(document.activeElement) && document.activeElement.type === "number") document.activeElement.blur();
      this.typing = false;
      down = { x: event.clientX, y: event.clientY };
      moved = false;
      held = this.held = grabbed(event);
      if (held === null) return;
      pointer = event.pointerId;
      event.preventDefault();
      panel.setPointerCapture(pointer);
    });
    this.listen(panel, "pointermove", event => {
      if (held === null || event.pointerId !== pointer || (!moved && isStill(event))) return;
      moved = true;
      this.change(drag.move(this.s, this.d, held, at(event), this.t));
    });
    this.listen(panel, "click", event => {
      if (drag.tap && down && !down.handle && isStill(event) && this.plots[name]) this.change(drag.tap(this.s, this.d, at(event), this.t));
    });
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
      this.listen(panel, type, event => {
        if (held === null || event.pointerId !== pointer) return;
        const handle = held;
        held = this.held = null;
        down.handle = true;
        if (!moved && type === "pointerup" && drag.pick) this.change(drag.pick(this.s, this.d, handle, at(event), this.t));
        this.schedule();
        if (moved) this.tell();
      });
    }
  }
}

function tableMarkup({ caption, head, rows }) {
  const cell = (content, tag, scope) => {
    if (content === "") return "<td></td>"; // a corner is no heading
    return `<${tag}${tag === "th" ? ` scope="${scope}"` : ""}>${typeof content === "number" ? show(content, 6) : content}</${tag}>`;
  };
  const body = rows.map(row => `<tr>${row.map((content, i) => cell(content, i ? "td" : "th", "row")).join("")}</tr>`);
  return `<table><caption>${caption}</caption><thead><tr>${head.map(content => cell(content, "th", "col")).join("")}</tr></thead>`
    + `<tbody>${body.join("")}</tbody></table>`;
}
