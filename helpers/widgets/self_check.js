// A few questions that a reader answers before going on, each answer explained.

const SPEC = { name: "self_check", words: WORDS };
const STORE = "book-answers"; // in the browser's storage: {"sec-loss/twice-as-far": answer}

// ---- what an answer is worth ----

// An answer to a choice is its number, to several a list of numbers, else what was typed.
function isAnswer({ kind, choices }, answer) {
  const isChoice = i => Number.isInteger(i) && i >= 0 && i < choices.length;
  if (kind === "one") return isChoice(answer);
  return kind === "many" ? Array.isArray(answer) && answer.length > 0 && answer.every(isChoice) : typeof answer === "string" && answer.trim() !== "";
}

// "1,200", "−3" and "1/4" are numbers too.
function numberIn(text) {
  const parts = text.replace(/[−–]/g, "-").replace(/[\s,](?=\d{3}(?!\d))|\s/g, "").split("/");
  const [above, below = 1] = parts.map(part => (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part) ? Number(part) : NaN));
  return parts.length <= 2 ? above / below : NaN;
}

const compact = text => text.replace(/\s/g, "");

// → {right, says: [HTML, …]}, or null for what is no answer.
function judged(question, answer, t) {
  if (!isAnswer(question, answer)) return null;
  if (question.choices) return judgedChoices(question, [answer].flat(), t);
  const alike = question.kind === "output"
    ? (one, other) => compact(String(one)) === compact(String(other))
    : (one, other) => Math.abs(numberIn(String(one)) - numberIn(String(other))) <= question.tolerance;
  if (question.kind === "number" && !Number.isFinite(numberIn(answer))) return null;
  if (alike(answer, question.answer)) return { right: true, says: [question.right] };
  const mistake = question.wrong.find(({ value }) => alike(answer, value));
  return { right: false, says: [mistake ? mistake.says : question.otherwise] };
}

function judgedChoices({ choices }, taken, t) {
  const says = wanted => choices.filter((choice, i) => wanted(choice, taken.includes(i))).map(choice => choice.says);
  const wrong = says((choice, isTaken) => isTaken && !choice.right);
  if (wrong.length) return { right: false, says: wrong };
  const isWhole = choices.every((choice, i) => choice.right === taken.includes(i));
  return isWhole ? { right: true, says: says(choice => choice.right) } : { right: false, says: [t("more")] };
}

// ---- the reader's answers, kept in the browser ----

// (A browser may refuse: then they last as long as the page.)
function stored() {
  try {
    return Object(JSON.parse(localStorage.getItem(STORE)));
  } catch {
    return {};
  }
}

function store(change) {
  try {
    localStorage.setItem(STORE, JSON.stringify({ ...change(stored()) }));
  } catch { /* they last as long as the page */ }
}

const placeOf = (name, question) => `${name}/${question.name}`;

function answersOf(name, questions, kept = stored()) {
  return Object.fromEntries(questions.map(question => [question.name, kept[placeOf(name, question)], question])
    .filter(([, answer, question]) => isAnswer(question, answer)).map(([own, answer]) => [own, answer]));
}

function keep(name, questions, answers) {
  const now = answersOf(name, questions), isKept = ({ name: own }) => JSON.stringify(now[own]) === JSON.stringify(answers[own]);
  if (questions.every(isKept)) return; // or two tabs would tell each other of it for ever
  store(kept => {
    for (const question of questions) {
      delete kept[placeOf(name, question)];
      if (question.name in answers) kept[placeOf(name, question)] = answers[question.name];
    }
    return kept;
  });
}

// ---- what stands in the page ----

const isPrediction = ({ name }) => name.startsWith("predict-");
const OPTION = { one: "radio", many: "checkbox" };

function markup(state, t) {
  const { questions, language } = state;
  return `<div class="book-widget bw-self_check" lang="${language}" role="group" aria-label="${escaped(t(isPrediction(state) ? "predict" : "title"))}">`
    + `<p class="bw-heading"><b>${t(isPrediction(state) ? "predict" : "title")}</b> <span class="bw-count">${countOf(state, t)}</span></p>`
    + `<ol class="bw-questions${questions.length > 1 ? "" : " bw-single"}">${questions.map(question => `<li>${form(question, t)}</li>`).join("")}</ol>`
    + `<div class="bw-folds"><details class="bw-fold"><summary>${t("answers")}</summary><ol class="bw-solutions${questions.length > 1 ? "" : " bw-single"}">`
    + `${questions.map(question => `<li>${solution(question)}</li>`).join("")}</ol></details>`
    + `<details class="bw-fold"><summary>${t("clear")}</summary><p>${t("kept")}</p><p class="bw-controls">`
    + ["clear", "clear_all"].map(name => `<button type="button"${attributes({ "data-control": name, ...OWN_KEYS })}>${t(name)}</button>`).join(" ")
    + `</p></details></div><p class="bw-said" role="status"></p></div>`;
}

function form(question, t) {
  const { kind, code, choices } = question;
  const field = choices
    ? choices.map(({ text }, i) => `<label class="bw-option"><input${attributes({ type: OPTION[kind], name: "answer", value: i, "data-control": question.name, ...OWN_KEYS })}> <span>${text}</span></label>`).join("")
    : `<label class="bw-typed"><span class="bw-name">${t(kind === "number" ? "your_number" : "your_output")}</span>`
      + `<input${attributes({ type: "text", name: "answer", autocomplete: "off", autocapitalize: "off", spellcheck: "false", "data-control": question.name, ...OWN_KEYS })}></label>`;
  return `<form data-question="${question.name}" novalidate><fieldset><legend>${question.ask}${kind === "many" ? ` <span class="bw-name">${t("several")}</span>` : ""}</legend>`
    + (code ? `<pre tabindex="0"><code>${escaped(code.trimEnd())}</code></pre>` : "") + field
    + `<button type="submit"${attributes({ "data-control": `check-${question.name}`, ...OWN_KEYS })}>${t("check")}</button>`
    + `<div class="bw-outcome" role="status"></div></fieldset></form>`;
}

function solution({ kind, choices, answer, right }) {
  if (!choices) return `<p><b>${kind === "output" ? `<code>${escaped(answer)}</code>` : show(answer, 6)}</b></p><p>${right}</p>`;
  return choices.filter(choice => choice.right).map(choice => `<p><b>${choice.text}</b></p><p>${choice.says}</p>`).join("");
}

function countOf({ questions, answers }, t) {
  const right = questions.filter(question => judged(question, answers[question.name], t)?.right).length;
  return t("count", { right, all: questions.length });
}

const stateOf = model => Object.fromEntries(["name", "questions", "answers", "language"].map(name => [name, model.get(name)]));

class View {
  constructor(model, el) {
    Object.assign(this, { model, el });
    this.draw();
    this.onAnswers = () => this.update();
    this.onQuestions = () => this.draw();
    model.on("change:answers", this.onAnswers);
    model.on("change:questions change:language", this.onQuestions);
  }

  draw() {
    const { language } = this.state = stateOf(this.model);
    this.t = wordsOf(SPEC, language);
    this.el.innerHTML = markup(this.state, this.t);
    this.root = this.el.firstElementChild;
    this.root.addEventListener("submit", event => this.onSubmit(event));
    this.root.addEventListener("click", event => this.onClick(event));
    this.root.addEventListener("keydown", event => this.onKey(event));
    this.explained = {}; // question → the answer that is explained, as JSON
    this.outcomes = {}; // question → the HTML below it
    this.update({ answers: {} });
  }

  form(question) {
    return this.root.querySelector(`form[data-question="${CSS.escape(question.name)}"]`);
  }

  // Show the answers as they are now. What the reader is filling in stays, and so does an explanation, until its
  // answer is another one.
  update({ answers: before } = this.state) {
    const { questions, answers } = this.state = stateOf(this.model);
    this.root.querySelector(".bw-count").textContent = countOf(this.state, this.t);
    for (const question of questions) {
      const answer = answers[question.name], form = this.form(question);
      if (JSON.stringify(before[question.name]) !== JSON.stringify(answer)) {
        for (const field of fieldsOf(form)) {
          if (question.choices) field.checked = [answer].flat().includes(Number(field.value));
          else field.value = answer ?? "";
        }
      }
      this.show(question, this.outcome(question, answer));
    }
  }

  // A word, and the explanation if it was asked for just now.
  outcome(question, answer) {
    const found = judged(question, answer, this.t);
    if (!found) return "";
    const [look, sign, word] = found.right ? ["bw-right", "✓", "right"] : ["bw-wrong", "✗", "wrong"];
    const says = JSON.stringify(answer) === this.explained[question.name] ? [...found.says, question.then ?? ""] : [];
    return `<b class="${look}">${sign} ${this.t(word)}</b>${says.map(text => text && `<p>${text}</p>`).join("")}`;
  }

  show(question, html) {
    if (this.outcomes[question.name] === html) return;
    this.outcomes[question.name] = html;
    this.form(question).querySelector(".bw-outcome").innerHTML = html;
  }

  onSubmit(event) {
    event.preventDefault();
    const form = event.target, question = this.state.questions.find(({ name }) => name === form.dataset.question);
    const answer = given(question, form);
    if (!judged(question, answer, this.t)) {
      this.show(question, this.t(question.choices ? "choose" : isAnswer(question, answer) ? "no_number" : "type"));
      return;
    }
    this.explained = { ...this.explained, [question.name]: JSON.stringify(answer) };
    this.answer({ ...this.state.answers, [question.name]: answer });
    this.update(); // also if it is the same answer again
  }

  // (In JupyterLab a browser does not do this by itself.)
  onKey(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.name !== "answer") return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  onClick(event) {
    const name = event.target.closest("[data-control]")?.dataset.control;
    if (name !== "clear" && name !== "clear_all") return;
    this.explained = {};
    if (name === "clear_all") {
      store(() => ({}));
      dispatchEvent(new Event(STORE)); // the other checks of the page hear it
    }
    this.answer({});
    const said = this.root.querySelector(".bw-said");
    said.textContent = afresh(this.t("cleared"), said.textContent);
  }

  answer(answers) {
    this.model.set("answers", answers);
    this.model.save_changes();
  }

  end() {
    this.model.off("change:answers", this.onAnswers);
    this.model.off("change:questions change:language", this.onQuestions);
  }
}

const fieldsOf = form => [...form.elements].filter(field => field.name === "answer");

function given(question, form) {
  const fields = fieldsOf(form);
  if (!question.choices) return fields[0].value;
  const taken = fields.filter(field => field.checked).map(field => Number(field.value));
  return question.kind === "one" ? taken[0] : taken;
}

// What the browser remembers comes first; from then on both are kept alike.
function initialize({ model }) {
  const { name, questions } = stateOf(model);
  const read = () => {
    model.set("answers", answersOf(name, questions));
    model.save_changes();
  };
  const write = () => keep(name, questions, model.get("answers"));
  const isOurs = event => event.key === null || event.key === STORE;
  const onStorage = event => isOurs(event) && read(); // from another tab
  if (Object.keys(answersOf(name, questions)).length) read();
  model.on("change:answers", write);
  addEventListener("storage", onStorage);
  addEventListener(STORE, read);
  return () => {
    model.off("change:answers", write);
    removeEventListener("storage", onStorage);
    removeEventListener(STORE, read);
  };
}

export default {
  initialize,
  render({ model, el }) {
    const view = new View(model, el);
    return () => view.end();
  },
  still(state, language) {
    return unanswering(markup({ ...state, language }, wordsOf(SPEC, language)));
  },
};
