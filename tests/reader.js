// A reader who uses the controls of a widget in any order and with any values, faster than a hand could.
// Returns what went wrong, with the last things that were done, or null.
async ({ widget, seed, count }) => {
  const random = () => { // mulberry32: any generator with a seed will do here
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = list => list[Math.floor(random() * list.length)];
  const extremes = ["", "-1e308", "1e308", "0", "-0", "1e-300", "-1e-9", "0.5", "-1", "3", "1e9", "007", "2.5", "12345678901234567890"];
  const root = document.querySelectorAll("section.book-widget")[widget];
  const did = [];
  const enter = (element, value, ...events) => {
    element.value = value;
    did.push(`${element.dataset.control} (${element.type}) = ${JSON.stringify(value)}`);
    for (const type of events) element.dispatchEvent(new Event(type, { bubbles: true }));
  };
  const use = element => {
    if (element.tagName === "BUTTON" || element.tagName === "SUMMARY" || element.type === "checkbox") {
      did.push(`click ${element.dataset.control ?? element.textContent}`);
      element.click();
    } else if (element.tagName === "SELECT") {
      enter(element, pick([...element.options]).value, "input", "change");
    } else if (element.type === "range") {
      const [low, high] = [Number(element.min), Number(element.max)];
      enter(element, pick([low, high, low + random() * (high - low)]), "input", "change");
    } else {
      element.focus();
      enter(element, pick([...extremes, String((random() - 0.5) * 20)]), "input", ...(random() < 0.7 ? ["change"] : []));
      if (random() < 0.5) element.blur();
    }
  };
  const elsewhere = [
    () => { root.parentElement.style.width = `${Math.round(240 + random() * 500)}px`; did.push("resize"); },
    () => { document.documentElement.dataset.theme = pick(["light", "dark"]); did.push("theme"); },
  ];
  for (let k = 0; k < count; k++) {
    const there = [...root.querySelectorAll("[data-control], summary")].filter(element => element.offsetParent);
    if (random() < 0.05) pick(elsewhere)();
    else use(pick(there));
    await new Promise(requestAnimationFrame);
    const shown = root.innerHTML + [...root.querySelectorAll("input, select")].map(element => element.value).join(" ");
    const wrong = shown.match(/.{0,60}(NaN|Infinity|undefined|\bnull\b|\[object).{0,60}/);
    if (wrong) return { wrong: wrong[0], did: did.slice(-25) };
  }
  root.parentElement.style.width = "";
  return null;
}
