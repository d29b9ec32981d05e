// Random numbers: the very ones that PyTorch draws on the CPU, so that a page can repeat in
// PyTorch what a widget shows.  Checked against PyTorch in tests/test_random.py.

// The Mersenne Twister MT19937: M. Matsumoto and T. Nishimura, ACM Transactions on Modeling and
// Computer Simulation 8 (1998), with the seeding of their mt19937ar.c (2002).
const MT_LENGTH = 624;
const MT_OFFSET = 397;
const MT_MATRIX = 0x9908b0df;

// PyTorch's generator: new Generator(seed) is torch.Generator().manual_seed(seed), and draws what
// torch draws after torch.manual_seed(seed).
class Generator {
  // seed: a whole number from 0 to 2**32 - 1.
  constructor(seed) {
    this.state = new Uint32Array(MT_LENGTH);
    this.state[0] = seed;
    for (let i = 1; i < MT_LENGTH; i++) {
      const previous = this.state[i - 1];
      this.state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.position = MT_LENGTH;
    this.nextNormal = null; // the second of a pair of normal numbers, until it is asked for
  }

  // A whole number from 0 to 2**32 - 1.
  random() {
    if (this.position === MT_LENGTH) this.twist();
    let word = this.state[this.position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  // Replace all words of the state, once they are used up.
  twist() {
    const state = this.state;
    for (let i = 0; i < MT_LENGTH; i++) {
      const joined = (state[i] & 0x80000000) | (state[(i + 1) % MT_LENGTH] & 0x7fffffff);
      state[i] = state[(i + MT_OFFSET) % MT_LENGTH] ^ (joined >>> 1) ^ (joined & 1 ? MT_MATRIX : 0);
    }
    this.position = 0;
  }

  // The numbers 0 … n - 1 in a random order: torch.randperm(n, generator=g)
  // (the shuffle of Fisher and Yates, as in randperm_cpu of PyTorch's TensorFactories.cpp).
  randperm(n) {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.random() % (n - i));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  // A number from [0, 1): torch.rand(1, generator=g, dtype=torch.float64).
  // Its 53 bits are the last 21 of one draw, then the 32 of the next.
  unit() {
    const upper = this.random() & 0x1fffff;
    return (upper * 2 ** 32 + this.random()) / 2 ** 53;
  }

  // A number between low and high: one element of tensor.uniform_(low, high, generator=g), float64.
  uniform(low, high) {
    return multiplyAdd(this.unit(), high - low, low);
  }

  // `count` standard normal numbers: torch.randn(count, generator=g, dtype=torch.float64).
  // Like PyTorch (normal_fill in DistributionTemplates.h) it has one way for fewer than 16 numbers
  // and another for 16 or more, and the two give different numbers.
  normal(count) {
    if (count < 16) return Array.from({ length: count }, () => this.singleNormal());
    const values = Array.from({ length: count }, () => this.unit());
    for (let start = 0; start + 16 <= count; start += 16) transform16(values, start);
    if (count % 16 > 0) { // the last 16 are drawn again, some of them after having been in a block
      for (let i = count - 16; i < count; i++) values[i] = this.unit();
      transform16(values, count - 16);
    }
    return values;
  }

  // G. E. P. Box and M. E. Muller (1958) get two normal numbers at once; the second one waits.
  singleNormal() {
    const waiting = this.nextNormal;
    this.nextNormal = null;
    if (waiting !== null) return waiting;
    const angle = 2 * Math.PI * this.unit();
    const radius = Math.sqrt(-2 * Math.log1p(-this.unit()));
    this.nextNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

// Box and Muller for 16 uniform numbers at once: the first 8 give radii, the other 8 angles.
function transform16(values, start) {
  for (let i = start; i < start + 8; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - values[i]));
    const angle = 2 * Math.PI * values[i + 8];
    values[i] = radius * Math.cos(angle);
    values[i + 8] = radius * Math.sin(angle);
  }
}

// a * b + c rounded once, as the processors do on which PyTorch runs.  Rounded twice, half of the
// numbers would differ from PyTorch's in the last bit.  The rounding error of the product is that
// of T. J. Dekker (1971), that of the sum D. E. Knuth's (The Art of Computer Programming 2, 4.2.2).
function multiplyAdd(a, b, c) {
  const product = a * b;
  const sum = product + c;
  const added = sum - product;
  const sumError = (product - (sum - added)) + (c - added);
  return sum + (sumError + productError(a, b, product));
}

// Exactly what the rounded product of a and b lacks.
function productError(a, b, product) {
  const aUpper = upperHalf(a);
  const bUpper = upperHalf(b);
  const aLower = a - aUpper;
  const bLower = b - bUpper;
  return ((aUpper * bUpper - product) + aUpper * bLower + aLower * bUpper) + aLower * bLower;
}

// The upper 26 of the 53 bits of a number.
function upperHalf(number) {
  const shifted = (2 ** 27 + 1) * number;
  return shifted - (shifted - number);
}

// The row numbers of the minibatches that helpers.minibatches.Minibatches deals out, epoch after
// epoch, for a dataset of n examples: batch(t) is that of step t = 0, 1, ….
class Minibatches {
  constructor(n, batchSize, seed) {
    this.n = n;
    this.batchSize = batchSize;
    this.generator = new Generator(seed);
    this.orders = []; // of the epochs drawn so far, so that one can step back
  }

  get batchesPerEpoch() {
    return Math.ceil(this.n / this.batchSize);
  }

  batch(t) {
    const epoch = Math.floor(t / this.batchesPerEpoch);
    while (this.orders.length <= epoch) this.orders.push(this.generator.randperm(this.n));
    const start = (t % this.batchesPerEpoch) * this.batchSize;
    return this.orders[epoch].slice(start, start + this.batchSize);
  }
}

// The parameters a new torch.nn.Linear(inputs, outputs, dtype=torch.float64) begins with: all
// uniform between -1/√inputs and 1/√inputs, first the weights, row by row, then the biases.
function linearLayer(generator, inputs, outputs) {
  // PyTorch reaches the bound of the weights (kaiming_uniform_ with a = √5) in steps that round.
  const gain = Math.sqrt(2 / (1 + Math.sqrt(5) * Math.sqrt(5)));
  const weightBound = Math.sqrt(3) * (gain / Math.sqrt(inputs));
  const biasBound = 1 / Math.sqrt(inputs);
  const draw = (count, bound) => Array.from({ length: count }, () => generator.uniform(-bound, bound));
  const weight = Array.from({ length: outputs }, () => draw(inputs, weightBound));
  return { weight, bias: draw(outputs, biasBound) };
}
