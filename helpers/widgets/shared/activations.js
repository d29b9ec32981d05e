// Activation functions and their derivatives, as PyTorch computes them in float64.  Checked
// against PyTorch in tests/test_activations.py.

// f is the function, df its derivative, and kink tells whether the derivative jumps at 0; where it
// does, df(0) is what PyTorch takes, the derivative from the left.  Only leaky_relu looks at alpha,
// its slope below 0 (learned, it is the parametric ReLU).  The ELU is that of α = 1, and the GELU
// the exact one, x Φ(x), not the approximation by tanh.
const ACTIVATIONS = {
  identity: {
    f: (x) => x,
    df: (x) => 1,
    kink: () => false,
  },
  relu: {
    f: (x) => (x > 0 ? x : 0),
    df: (x) => (x > 0 ? 1 : 0),
    kink: () => true,
  },
  leaky_relu: {
    f: (x, alpha) => (x > 0 ? x : alpha * x),
    df: (x, alpha) => (x > 0 ? 1 : alpha),
    kink: (alpha) => alpha !== 1,
  },
  sigmoid: {
    f: sigmoid,
    df: (x) => sigmoid(x) * sigmoid(-x), // 1 - sigmoid(x) would lose its digits for large x
    kink: () => false,
  },
  tanh: {
    f: (x) => Math.tanh(x),
    df: (x) => (1 / Math.cosh(x)) ** 2,
    kink: () => false,
  },
  elu: {
    f: (x) => (x > 0 ? x : Math.expm1(x)),
    df: (x) => (x > 0 ? 1 : Math.exp(x)),
    kink: () => false,
  },
  gelu: {
    f: (x) => x * normalDistribution(x),
    df: (x) => normalDistribution(x) + x * normalDensity(x),
    kink: () => false,
  },
  silu: {
    f: (x) => x * sigmoid(x),
    df: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
    kink: () => false,
  },
};

function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

// φ(x), the density of the standard normal distribution.
function normalDensity(x) {
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

// Φ(x), the probability that a standard normal number is below x.
function normalDistribution(x) {
  return erfc(-x * Math.SQRT1_2) / 2;
}

// Where the series of erf hands over to the continued fraction of erfc.
const ERF_SERIES_END = 1.5;

// The error function, 2/√π times the integral of exp(-t²) from 0 to x.
function erf(x) {
  if (Math.abs(x) >= ERF_SERIES_END) return Math.sign(x) * (1 - erfcTail(Math.abs(x)));
  // M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 7.1.6:
  // 2/√π exp(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n + 1)).  All terms have one sign: nothing cancels.
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

// 1 - erf(x), without losing the digits of a small result.
function erfc(x) {
  return x < ERF_SERIES_END ? 1 - erf(x) : erfcTail(x);
}

// erfc for x ≥ 1.5, by the continued fraction 7.1.14 of Abramowitz and Stegun (1964),
// √π exp(x²) erfc(x) = 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), from the inside outwards.
function erfcTail(x) {
  let denominator = x;
  const enough = Math.ceil(216 / (x * x)) + 12; // a hundred terms at 1.5, the fewer the farther out
  for (let n = enough; n >= 1; n--) denominator = x + n / 2 / denominator;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / denominator;
}

// A unit is called saturated where the absolute value of the derivative is below this.
const SATURATED = 0.01;

// The tails in which a function is saturated all the way to -∞ and to ∞: { left, right } are their
// ends, null where there is no such tail.
function saturation(name, alpha) {
  const isSaturated = (x) => Math.abs(ACTIVATIONS[name].df(x, alpha)) < SATURATED;
  return { left: endOfTail(isSaturated, -1), right: endOfTail(isSaturated, 1) };
}

// Walk inwards from far outside, where each of these functions is straight to the last digit, to
// the first point that is not saturated, then halve the last step until nothing is left of it.
// Coming from outside, the walk never meets a dip of the derivative in the middle (GELU, SiLU).
function endOfTail(isSaturated, side) {
  const step = 1 / 64;
  let outside = 64 * side;
  if (!isSaturated(outside)) return null;
  while (isSaturated(outside - side * step)) outside -= side * step;
  let inside = outside - side * step;
  for (let halving = 0; halving < 60; halving++) {
    const middle = (outside + inside) / 2;
    if (isSaturated(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}
