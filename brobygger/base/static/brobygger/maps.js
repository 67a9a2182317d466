// SPDX-FileCopyrightText: 2026 The Brobygger contributors
// SPDX-License-Identifier: MPL-2.0
// Draws every .bb-map from the JSON script it names. The same points always stand in a table beside it.
"use strict";
for (const box of document.querySelectorAll(".bb-map")) {
  const data = JSON.parse(document.getElementById(box.dataset.points).textContent);
  const map = L.map(box, { attributionControl: Boolean(box.dataset.attribution) });
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 18 }).addTo(map);
  }
  for (const outline of data.outlines || []) {
    L.geoJSON(outline, { style: { color: "#17524c", weight: 1, fillColor: "#fff", fillOpacity: 0.6 }, interactive: false }).addTo(map);
  }
  const layers = [];
  for (const line of data.lines || []) {
    layers.push(L.polyline(line.points, { color: line.color || "#17524c", weight: 3, dashArray: line.dashed ? "6 6" : null }).addTo(map));
  }
  for (const point of data.points || []) {
    const text = document.createElement("span");
    if (point.url) {
      const link = document.createElement("a");
      link.href = point.url;
      link.textContent = point.name;
      text.append(link);
    } else {
      text.textContent = point.name;
    }
    layers.push(
      L.circleMarker([point.lat, point.lon], { radius: point.big ? 10 : 6, color: "#fff", weight: 1.5, fillColor: point.color || "#17524c", fillOpacity: 0.9 })
        .bindPopup(text)
        .addTo(map),
    );
  }
  if (layers.length) {
    map.fitBounds(L.featureGroup(layers).getBounds().pad(0.15), { maxZoom: 13 });
  } else {
    map.setView([55.6, 11.9], 9);
  }
}
