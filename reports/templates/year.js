"use strict";
// Draws the figures from the data in the page; asks nothing of any network.
(() => {
  const data = JSON.parse(document.getElementById("figure-data").textContent);
  const byId = (id) => document.getElementById(id);
  const config = { responsive: true, displaylogo: false, displayModeBar: false };
  const pollutant = byId("pollutant");
  const view = byId("view");
  // A phone gives a long name beside a bar no room; Plotly then cuts the bar, so letters become smaller.
  const narrow = window.innerWidth < 640;
  const fitted = (layout) => (narrow ? { ...layout, font: { ...layout.font, size: 11 },
    height: layout.meta ? 460 : layout.height } : layout);
  const draw = (id, figure, more) => {
    const copy = structuredClone(figure);
    return Plotly.react(id, copy.data, fitted(copy.layout), { ...config, ...more });
  };
  const describe = () => {
    const absent = data.absent[pollutant.value];
    for (const note of document.querySelectorAll(".absent")) note.textContent = absent;
    for (const name of document.querySelectorAll(".chosen")) name.textContent = pollutant.value;
    byId("chosen-view").textContent = view.options[view.selectedIndex].text;
    byId("view-note").textContent = data.notes[view.value];
  };
  const drawSource = () => draw("figure-source", data.views.mode[pollutant.value]);
  const drawView = () => draw("figure-view", data.views[view.value][pollutant.value]);
  pollutant.addEventListener("change", () => { describe(); drawSource(); drawView(); });
  view.addEventListener("change", () => { describe(); drawView(); });
  describe();
  drawSource();
  drawView();

  if (data.map) {
    const views = data.map.layout.meta.views;
    draw("figure-map", data.map, { scrollZoom: false, displayModeBar: !narrow, 
      modeBarButtons: [["zoomIn2d", "zoomOut2d", "pan2d", "resetScale2d"]] });
    for (const button of document.querySelectorAll("button[data-view]")) {
      button.addEventListener("click", () => {
        const to = views[button.dataset.view];
        Plotly.relayout("figure-map", { "xaxis.range": [...to.x], "yaxis.range": [...to.y] });
        for (const other of document.querySelectorAll("button[data-view]")) {
          other.setAttribute("aria-pressed", String(other === button));
        }
      });
    }
  }

  // On paper everything is open, as nobody can click there.
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) { part.open = true; part.dataset.wasClosed = "1"; }
  });
  window.addEventListener("afterprint", () => {
    for (const part of document.querySelectorAll("details[data-was-closed]")) { part.open = false; delete part.dataset.wasClosed; }
  });
})();
