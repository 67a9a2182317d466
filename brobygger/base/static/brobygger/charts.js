// SPDX-FileCopyrightText: 2026 The Brobygger contributors
// SPDX-License-Identifier: MPL-2.0
// Draws every .bb-chart from the JSON script it names (an ECharts option). The same figures always stand in a table.
"use strict";
for (const box of document.querySelectorAll(".bb-chart")) {
  const option = JSON.parse(document.getElementById(box.dataset.option).textContent);
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({ aria: { enabled: true }, animation: false, textStyle: { fontFamily: "IBM Plex Sans, sans-serif" }, ...option });
  addEventListener("resize", () => chart.resize());
}
