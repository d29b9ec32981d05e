// Runs in JupyterLab: waits for one press of a key, and promises, in window.frameAfterKey, the milliseconds from
// then until a frame with the new picture is produced.  (widgets.js says why a message tells of that.)
() => {
  const area = document.querySelector(".jp-OutputArea-output:has(img)").closest(".jp-Cell-outputArea");
  const old = area.querySelector("img").src;
  window.frameAfterKey = new Promise((done, failed) => {
    let pressed;
    addEventListener("keydown", () => { pressed = performance.now(); }, { capture: true, once: true });
    const watch = new MutationObserver(async () => {
      const image = area.querySelector("img");
      if (pressed === undefined || !image || image.src === old) return;
      watch.disconnect();
      await image.decode().catch(failed);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now() - pressed);
      requestAnimationFrame(() => port2.postMessage(null));
    });
    watch.observe(area, { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] });
  });
}
