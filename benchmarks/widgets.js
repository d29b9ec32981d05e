// Runs in a page of the book: move the first slider of a widget, press its button "step", or draw a line on its
// paper, turn by turn; or compute a sum that is always the same, to see how steady the machine itself is.
// Returns for each turn, in milliseconds,
//   handler  from the event until its listeners are done
//   redraw   the widget's callback in the next frame: what it computes, the SVG as text, innerHTML, the controls
//   frame    from the event until that frame is produced
async ({ number, what, warmUp, turns }) => {
  const PEN = 7, SUMMANDS = 2e5, widget = document.querySelectorAll("section.book-widget")[number];
  widget.scrollIntoView({ block: "center" });

  // The places a slider passes: evenly from end to end, or, if there are few, forth and back.
  const slider = [...widget.querySelectorAll("input[type=range]")].find(e => e.checkVisibility());
  const [low, high] = slider ? [Number(slider.min), Number(slider.max)] : [0, 0];
  const count = warmUp + turns, places = slider?.step === "any" ? count : Math.min(count, high - low + 1);
  const place = i => {
    const at = i % (2 * places - 2);
    return low + (high - low) * (at < places ? at : 2 * places - 2 - at) / (places - 1);
  };
  const acts = {
    slider: i => {
      slider.value = place(i);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    },
    step: () => widget.querySelector('[data-control="step"]').click(),
    sum: () => requestAnimationFrame(() => {
      window.bookSum = 0;
      for (let k = 0; k < SUMMANDS; k++) window.bookSum += Math.sqrt(k);
    }),
    // A line that crosses itself, like an eight, written twice: its pen goes down in the first turn.
    draw: i => {
      const paper = widget.querySelector('[data-panel="paper"]'), { left, top, width, height } = paper.getBoundingClientRect();
      const pen = (type, k) => {
        const angle = 4 * Math.PI * k / count;
        const clientX = left + width * (0.5 + 0.25 * Math.sin(2 * angle)), clientY = top + height * (0.5 + 0.35 * Math.sin(angle));
        paper.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: PEN, clientX, clientY }));
      };
      if (i === 0) paper.setPointerCapture = () => {}; // (a browser knows no pointer that a script has made)
      if (i === 0) pen("pointerdown", 0);
      pen("pointermove", i + 1);
    },
  };

  // In a frame, callbacks run in the order in which they were asked for: ours, the widget's, ours.  Then, in the
  // same task, the browser does style, layout and paint.  So a message posted from the last callback comes when
  // the frame has left the main thread.  (What other threads do then, to fill pixels, is not seen from here.)
  const turn = i => new Promise(done => {
    const { port1, port2 } = new MessageChannel(), now = () => performance.now();
    let before, after;
    port1.onmessage = () => done({ handler: acted - start, redraw: after - before, frame: now() - start });
    requestAnimationFrame(() => { before = now(); });
    const start = now();
    acts[what](i);
    const acted = now();
    requestAnimationFrame(() => { after = now(); port2.postMessage(null); });
  });

  // Until the page is at rest, and then at another moment between two frames each time, as a reader would come.
  const pause = async i => {
    for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);
    await new Promise(done => setTimeout(done, (i * 7) % 17));
  };

  // All that is drawn and told, as it stands. (An observer of changes would be told of them within the redraw; the
  // widget's HTML would be 200 KB of text a turn, to be cleared away within the next one.)
  const attributesOf = part => part.getAttributeNames().map(name => part.getAttribute(name));
  const wordsOf = part => [...part.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data);
  const seen = () => [...widget.querySelectorAll("svg, svg *, .bw-readout, .bw-readout *")].flatMap(part => [...attributesOf(part), ...wordsOf(part)]);
  const isSame = (one, other) => one.length === other.length && one.every((text, k) => text === other[k]);

  const found = [];
  for (let i = 0, before = seen(); i < count; i++) {
    await pause(i);
    const times = await turn(i), after = seen();
    if (i >= warmUp) {
      if (isSame(before, after) && what !== "sum") throw new Error(`nothing was redrawn in turn ${i}`);
      found.push(times);
    }
    before = after;
  }
  return { moved: what === "slider" ? slider.dataset.control : what, turns: found };
}
