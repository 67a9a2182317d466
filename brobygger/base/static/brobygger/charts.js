// SPDX-FileCopyrightText: 2026 The Brobygger contributors
// SPDX-License-Identifier: MPL-2.0
// Draws every .bb-chart from the JSON script it names (an ECharts option). The same figures always stand in a table.
// A click on point 3 of a chart with data-chooses="punkt-" goes to the button in the table with the id punkt-3.
"use strict";
const figures = new Intl.NumberFormat(document.documentElement.lang || "da", { maximumFractionDigits: 3 });
for (const box of document.querySelectorAll(".bb-chart")) {
  const option = JSON.parse(document.getElementById(box.dataset.option).textContent);
  for (const axis of [option.xAxis, option.yAxis].flat()) {
    if (axis && axis.type === "value") axis.axisLabel = { formatter: (value) => figures.format(value), ...axis.axisLabel };
  }
  for (const { markLine } of [option.series || []].flat()) {
    if (markLine) markLine.label = { formatter: ({ value }) => figures.format(value), ...markLine.label };
  }
  if (option.tooltip) option.tooltip.valueFormatter = (value) => (value === null ? "–" : figures.format(value));
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({ aria: { enabled: true }, animation: false, textStyle: { fontFamily: "IBM Plex Sans, sans-serif" }, ...option });
  if (box.dataset.chooses) {
    chart.on("click", (event) => document.getElementById(box.dataset.chooses + event.dataIndex)?.focus());
  }
  addEventListener("resize", () => chart.resize());
}
