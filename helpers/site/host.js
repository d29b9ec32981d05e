// The static host: it mounts anywidgets on a page without a kernel (https://anywidget.dev/en/afm/).
// helpers/site/widgets.py puts this file at the head of the page's script, inside a function;
// below it follow define(…) for each module of the page, and one mount().

const WAIT = 10000; // milliseconds, until a widget that does not appear counts as failed

const modules = new Map(); // key → function that fills an object with a module's exports
const evaluated = new Map(); // key → promise of that object
const models = new Map(); // name → Model
const whenRemoved = new Map(); // place → what is to be done when it leaves the page
const gone = new Map(); // place that has left → what is to be done if it comes back
const experimental = {
  invoke: async () => { throw new Error("there is no kernel behind this page that could answer"); },
};

const define = (key, body) => modules.set(key, body);

function evaluate(key) {
  if (!evaluated.has(key)) {
    evaluated.set(key, (async () => {
      const body = modules.get(key);
      if (!body) throw new Error("the module of this widget is not there");
      const exports = {};
      await body(exports);
      return exports;
    })());
  }
  return evaluated.get(key);
}

// Backbone's _.isEqual, for what a trait can hold. Other objects are equal only to themselves.
function same(a, b) {
  if (Object.is(a, b)) return true;
  if (Object(a) !== a || Object(b) !== b || Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (ArrayBuffer.isView(a)) {
    const [x, y] = [a, b].map(view => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return x.length === y.length && x.every((byte, i) => byte === y[i]);
  }
  if (!Array.isArray(a) && ![Object.prototype, null].includes(Object.getPrototypeOf(a))) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && same(a[key], b[key]));
}

const bytesOf = text => new DataView(Uint8Array.from(atob(text), character => character.charCodeAt(0)).buffer);

// Long lists of numbers are carried as bytes (see packed in carried.py).
function unpacked(key, value) {
  const text = value?.["book-doubles"];
  if (typeof text !== "string") return value;
  const bytes = bytesOf(text);
  return Array.from({ length: bytes.byteLength / 8 }, (_, i) => bytes.getFloat64(8 * i, true));
}

class Model {
  constructor({ module, state, buffers = [] }) {
    Object.assign(this, { module, state, listeners: [], places: new Set(), ending: new AbortController() });
    for (const { path, data } of buffers) {
      const parent = path.slice(0, -1).reduce((value, key) => value[key], state);
      parent[path.at(-1)] = bytesOf(data);
    }
  }

  // As Backbone does it: every change:name, then one `change` when all is said, also when listeners set more.
  set(changes) {
    const changed = Object.keys(changes).filter(name => !same(this.state[name], changes[name]));
    Object.assign(this.state, changes);
    const outermost = !this.changing;
    this.changing = true;
    if (changed.length) this.pending = true;
    for (const name of changed) this.trigger(`change:${name}`, this.state[name], {});
    if (!outermost) return;
    while (this.pending) {
      this.pending = false;
      this.trigger("change", {});
    }
    this.changing = false;
  }

  trigger(event, ...told) {
    for (const { callback, proxy } of this.listeners.filter(listener => listener.event === event)) {
      try {
        callback.call(proxy, proxy, ...told);
      } catch (error) {
        console.error(error); // the other views still hear of it
      }
    }
  }

  // What a widget sees of a model. Its listeners go when `signal` says so.
  proxy(signal) {
    const others = new Map();
    const proxy = {
      get: name => this.state[name],
      set: (name, value) => this.set(Object(name) === name ? name : { [name]: value }),
      save_changes() {}, // there is no kernel to be told
      send() {},
      on: (events, callback) => {
        if (signal.aborted) return;
        for (const event of events.trim().split(/\s+/)) this.listeners.push({ event, callback, proxy });
      },
      off: (events, callback) => {
        const named = events?.trim().split(/\s+/);
        this.listeners = this.listeners.filter(listener => listener.proxy !== proxy
          || (named && !named.includes(listener.event)) || (callback && callback !== listener.callback));
      },
      widget_manager: {
        async get_model(name) {
          const model = find(name);
          model.shared = true;
          model.start().catch(console.error); // not waited for: two models may refer to each other
          if (!others.has(name)) others.set(name, model.proxy(signal));
          return others.get(name);
        },
      },
    };
    signal.addEventListener("abort", () => proxy.off());
    return proxy;
  }

  // Whoever asks first, a model is initialized once. A model that is no anywidget has nothing to start.
  start() {
    this.started ??= (async () => {
      if (!this.module) return {};
      const exports = await evaluate(this.module);
      const made = typeof exports.default === "function" && !exports.render ? await exports.default() : exports.default;
      const widget = exports.render ? { render: exports.render } : made; // a `render` exported by name comes first
      if (!widget) throw new Error("a widget's module must export a default");
      const { signal } = this.ending;
      atEnd(signal, await widget.initialize?.({ model: this.proxy(signal), signal, experimental }));
      return widget;
    })();
    return this.started;
  }

  // A model whose last view had left can start again.
  awake() {
    if (!this.ending.signal.aborted) return;
    this.ending = new AbortController();
    this.started = undefined;
  }

  async render(el, signal) {
    const widget = await this.start();
    if (signal.aborted) return;
    atEnd(signal, await widget.render?.({ model: this.proxy(signal), el, signal, experimental }));
  }
}

function find(name) {
  if (!models.has(name)) throw new Error(`there is no model ${name} on this page`);
  return models.get(name);
}

// Run a clean-up, if there is one, once: when its time comes, or now if that has passed.
function atEnd(signal, cleanup) {
  if (typeof cleanup !== "function") return;
  const run = () => Promise.resolve().then(cleanup).catch(console.error);
  if (signal.aborted) run();
  else signal.addEventListener("abort", run, { once: true });
}

// The still picture stays until the widget is there, then one takes the place of the other at once.
// Until then the widget is in the page, unseen and as wide as it will be, since it may measure itself.
async function bringToLife(place, notice) {
  const [still] = place.children;
  const el = document.createElement("div");
  const ending = new AbortController();
  let timer;
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`a widget was not there after ${WAIT / 1000} s`)), WAIT);
  });
  try {
    const model = find(place.dataset.model);
    model.awake();
    model.places.add(place);
    whenRemoved.set(place, () => {
      ending.abort();
      model.places.delete(place);
      if (!model.places.size && !model.shared) model.ending.abort();
      if (el.parentNode !== place) return; // it had failed
      el.replaceWith(still);
      gone.set(place, () => bringToLife(place, notice));
    });
    el.className = "book-widget-alive book-widget-unseen";
    el.classList.add(...(model.state._dom_classes ?? []));
    still.after(el); // (what the page carries of its state stays the last)
    await Promise.race([model.render(el, ending.signal), late]);
    still.remove();
    el.classList.remove("book-widget-unseen");
  } catch (error) {
    console.error(error);
    ending.abort();
    el.remove();
    const said = document.createElement("p");
    said.className = "book-widget-notice";
    said.setAttribute("role", "note");
    said.textContent = notice;
    place.prepend(said);
  } finally {
    clearTimeout(timer);
  }
}

function mount() {
  const carried = [...document.querySelectorAll("script.book-widget-state")].map(place => JSON.parse(place.textContent, unpacked));
  for (const { models: own } of carried) for (const name in own) models.set(name, new Model(own[name]));
  const { notice } = carried[0];
  for (const model of models.values()) {
    // Of its references, ipywidgets resolves these two itself; those of other traits stay names for get_model.
    for (const trait of ["layout", "style"]) {
      const name = /^IPY_MODEL_(.+)$/.exec(model.state[trait])?.[1];
      if (models.has(name)) model.state[trait] = models.get(name).proxy(model.ending.signal);
    }
  }
  for (const place of document.querySelectorAll(".book-widget-place[data-model]")) bringToLife(place, notice);
  new MutationObserver(() => {
    for (const [place, end] of whenRemoved) {
      if (!place.isConnected) {
        whenRemoved.delete(place);
        end();
      }
    }
    for (const [place, live] of gone) {
      if (place.isConnected) {
        gone.delete(place);
        live();
      }
    }
  }).observe(document, { childList: true, subtree: true });
}
