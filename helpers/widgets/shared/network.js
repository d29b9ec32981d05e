// A network with one hidden layer and one output, and its gradient, as in the chapter on multilayer perceptrons.
//
// Shapes as on the page: W1 is d×h (a row an input, a column a hidden unit), b1 has h entries, W2 has h, b2 is
// a number. An activation is a pair {f, df} of ACTIVATIONS, a loss one of LOSSES.

const LOSSES = {
  // ½(o − y)²
  squared: {
    f: (o, y) => (o - y) ** 2 / 2,
    df: (o, y) => o - y,
  },
  // The negative log-likelihood of a class y, 0 or 1, whose log-odds are o (torch.nn.BCEWithLogitsLoss):
  // max(o, 0) − o·y + log(1 + exp(−|o|)), which does not overflow.
  logistic: {
    f: (o, y) => Math.max(o, 0) - o * y + Math.log1p(Math.exp(-Math.abs(o))),
    df: (o, y) => ACTIVATIONS.sigmoid.f(o) - y,
  },
};

// What torch.manual_seed(seed); nn.Linear(d, h); nn.Linear(h, 1) start from.
function initialNetwork(seed, d, h) {
  const generator = new Generator(seed);
  const hidden = linearLayer(generator, d, h), output = linearLayer(generator, h, 1);
  const W1 = Array.from({ length: d }, (_, j) => hidden.weight.map(row => row[j]));
  return { W1, b1: hidden.bias, W2: output.weight[0], b2: output.bias[0] };
}

// For one input x (d numbers): the sums that go into the hidden units, what comes out of them, and the output.
function forward({ W1, b1, W2, b2 }, x, { f }) {
  const z = b1.map((b, k) => W1.reduce((sum, row, j) => sum + x[j] * row[k], 0) + b);
  const h = z.map(f);
  return { z, h, o: h.reduce((sum, value, k) => sum + value * W2[k], 0) + b2 };
}

// The mean loss over all examples.
function meanLoss(net, X, y, activation, loss) {
  return X.reduce((sum, x, i) => sum + loss.f(forward(net, x, activation).o, y[i]), 0) / X.length;
}

// The mean loss and its gradient, by the chain rule.
function gradient(net, X, y, activation, loss) {
  const { W1, W2 } = net, n = X.length;
  const grad = { W1: W1.map(row => row.map(() => 0)), b1: W2.map(() => 0), W2: W2.map(() => 0), b2: 0, loss: 0 };
  X.forEach((x, i) => {
    const { z, h, o } = forward(net, x, activation);
    const slope = loss.df(o, y[i]) / n; // of the mean loss by this output
    grad.loss += loss.f(o, y[i]) / n;
    grad.b2 += slope;
    h.forEach((value, k) => {
      const back = slope * W2[k] * activation.df(z[k]); // by the sum that goes into hidden unit k
      grad.W2[k] += slope * value;
      grad.b1[k] += back;
      x.forEach((input, j) => { grad.W1[j][k] += back * input; });
    });
  });
  return grad;
}

// A step of gradient descent.
function descended({ W1, b1, W2, b2 }, grad, rate) {
  const less = (values, slopes) => values.map((value, k) => value - rate * slopes[k]);
  return { W1: W1.map((row, j) => less(row, grad.W1[j])), b1: less(b1, grad.b1), W2: less(W2, grad.W2), b2: b2 - rate * grad.b2 };
}

// Train for some steps from the traits of a widget; what it returns are the traits that change.
// s: {W1, b1, W2, b2, X, y, learning_rate, step, losses, every}. losses holds the loss before step 0, every,
// 2·every, …; when they become many, every second one goes. A run that leaves what numbers can hold stops, with
// diverged: true, at the last state that could be computed.
const MOST_LOSSES = 400;
const ANEW = { step: 0, losses: [], every: 1, diverged_at: -1 }; // before the first step

function trained(s, activation, loss, steps) {
  let net = { W1: s.W1, b1: s.b1, W2: s.W2, b2: s.b2 };
  let { step, every } = s, losses = [...s.losses], diverged = false;
  for (let k = 0; k < steps && !diverged; k++) {
    const grad = gradient(net, s.X, s.y, activation, loss);
    const next = descended(net, grad, s.learning_rate);
    diverged = !(isSound(next) && Number.isFinite(grad.loss));
    if (diverged) break;
    if (step % every === 0) losses.push(grad.loss);
    if (losses.length > MOST_LOSSES) {
      losses = losses.filter((_, i) => i % 2 === 0);
      every *= 2;
    }
    net = next;
    step += 1;
  }
  return { ...net, step, every, losses, diverged };
}

// Weights beyond a million are on their way out: nothing on these pages needs them.
const FARTHEST = 1e6;

function isSound({ W1, b1, W2, b2 }) {
  return [...W1.flat(), ...b1, ...W2, b2].every(value => Math.abs(value) <= FARTHEST);
}
