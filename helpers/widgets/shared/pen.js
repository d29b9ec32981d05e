// The path of a drawing, written length by length (see pixels). They go as bytes into one stretch of memory and are
// read as a text at the end: to join thousands of short texts, each somewhere else in memory, takes a browser longer.

const LONGEST_COMMAND = 32; // bytes: a letter and two lengths

class Pen {
  constructor() {
    this.bytes = new Uint8Array(2 ** 13);
    this.length = 0;
  }

  // A new path. (One that could not be written to its end is forgotten.)
  start() {
    this.length = 0;
    return this;
  }

  move(x, y) {
    return this.command(77, x, y); // M
  }

  line(x, y) {
    return this.command(76, x, y); // L
  }

  // A level or an upright line to a place.
  across(x) {
    return this.command(72, x); // H
  }

  upright(y) {
    return this.command(86, y); // V
  }

  command(letter, first, second) {
    this.makeRoom(LONGEST_COMMAND);
    this.bytes[this.length++] = letter;
    this.number(first);
    if (second === undefined) return this;
    this.bytes[this.length++] = 32; // a space
    return this.number(second);
  }

  // What pixels returns, without a text for each.
  number(value) {
    const { bytes } = this, signed = tenths(value), all = Math.abs(signed), tenth = all % 10;
    let at = this.length, whole = (all - tenth) / 10, digits = 1;
    if (signed < 0) bytes[at++] = 45; // a minus
    for (let power = 10; power <= whole; power *= 10) digits++;
    for (let k = at + digits - 1; k >= at; k--) {
      const rest = Math.floor(whole / 10);
      bytes[k] = 48 + whole - 10 * rest;
      whole = rest;
    }
    at += digits;
    if (tenth) {
      bytes[at++] = 46; // a point
      bytes[at++] = 48 + tenth;
    }
    this.length = at;
    return this;
  }

  // What is known as a text already: the outline of a mark.
  write(text) {
    this.makeRoom(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
    return this;
  }

  makeRoom(count) {
    if (this.length + count <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * (this.length + count));
    bytes.set(this.bytes);
    this.bytes = bytes;
  }

  // The path that was written.
  text() {
    return textOf(this.bytes.subarray(0, this.length));
  }
}

// (Where the still pictures are drawn there is no TextDecoder: it belongs to browsers, not to the language. To call it
// for a few letters is slower than to do without.)
const DECODER = typeof TextDecoder === "undefined" ? null : new TextDecoder();
const SHORT = 64;

function textOf(bytes) {
  if (bytes.length <= SHORT) return String.fromCharCode(...bytes);
  return DECODER ? DECODER.decode(bytes) : Array.from(bytes, byte => String.fromCharCode(byte)).join("");
}
