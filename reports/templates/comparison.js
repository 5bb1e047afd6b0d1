"use strict";
// Draws the comparison from the data in the page; asks nothing of any network.
(() => {
  const data = JSON.parse(document.getElementById("figure-data").textContent);
  const byId = (id) => document.getElementById(id);
  const config = { responsive: true, displaylogo: false, displayModeBar: false };
  const pollutant = byId("pollutant");
  const scenario = byId("scenario");
  const narrow = window.innerWidth < 640;
  const draw = (id, figure) => {
    const copy = structuredClone(figure);
    if (narrow) {
      // A phone has no room for a long name beside a dot: it goes on two lines.
      copy.layout.font = { ...copy.layout.font, size: 11 };
      const names = copy.layout.yaxis.categoryarray;
      if (names) {
        copy.layout.yaxis = { ...copy.layout.yaxis, tickmode: "array", tickvals: names,
          ticktext: names.map((name) => name.replace(": ", "<br>")), tickfont: { size: 9 } };
        copy.layout.xaxis.nticks = 4;
        copy.layout.height += 6 * names.length;
      }
    }
    return Plotly.react(id, copy.data, copy.layout, config);
  };
  const describe = () => {
    for (const note of document.querySelectorAll(".absent")) note.textContent = data.absent[pollutant.value];
    for (const name of document.querySelectorAll(".chosen")) name.textContent = pollutant.value;
    for (const name of document.querySelectorAll(".chosen-scenario")) name.textContent = scenario.value;
  };
  const drawAll = () => {
    describe();
    draw("figure-lines", data.lines[pollutant.value]);
    draw("figure-wedges", data.wedges[scenario.value][pollutant.value]);
    draw("figure-stacked", data.stacked[scenario.value][pollutant.value]);
    draw("figure-dumbbell", data.dumbbell[pollutant.value]);
  };
  pollutant.addEventListener("change", drawAll);
  scenario.addEventListener("change", drawAll);
  drawAll();
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) { part.open = true; part.dataset.wasClosed = "1"; }
  });
  window.addEventListener("afterprint", () => {
    for (const part of document.querySelectorAll("details[data-was-closed]")) { part.open = false; delete part.dataset.wasClosed; }
  });
})();
