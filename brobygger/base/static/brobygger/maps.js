// SPDX-FileCopyrightText: 2026 The Brobygger contributors
// SPDX-License-Identifier: MPL-2.0
// Draws every .bb-map from the JSON script it names, or from the address that it asks. The same points stand in a table beside it.
"use strict";
const asked = {}; // towns and outlines for orientation where no tiles are configured; asked for once a page
const ask = (address) => (asked[address] ??= fetch(address).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));

async function drawOutlines(map) {
  const outlines = await ask("/kort/omrids.json");
  if (!outlines || !outlines.features.length) return;
  L.control.attribution({ prefix: false }).addAttribution("Omrids: DAGI, Klimadatastyrelsen, CC BY 4.0").addTo(map);
  L.geoJSON(outlines, { style: { color: "#17524c", weight: 1, fillColor: "#fff", fillOpacity: 0.7 }, interactive: false }).addTo(map).bringToBack();
}

async function nameTowns(map) {
  const places = (await ask("/kort/steder.json")) || [];
  const names = L.layerGroup().addTo(map);
  const draw = () => {
    names.clearLayers();
    const taken = [];
    for (const [name, lat, lon] of places) {
      if (!map.getBounds().contains([lat, lon])) continue;
      const at = map.latLngToContainerPoint([lat, lon]);
      if (taken.some((other) => Math.abs(other.x - at.x) < 90 && Math.abs(other.y - at.y) < 26)) continue;
      taken.push(at);
      const label = document.createElement("span");
      label.textContent = name;
      L.marker([lat, lon], { icon: L.divIcon({ className: "bb-town", html: label, iconSize: [90, 16], iconAnchor: [45, -8] }), interactive: false, keyboard: false }).addTo(names);
    }
  };
  map.on("moveend", draw);
  const named = () => places.some(([, lat, lon]) => map.getBounds().pad(-0.1).contains([lat, lon]));
  for (let zoom = map.getZoom(); places.length && !named() && zoom > 8; zoom--) map.setZoom(zoom - 1, { animate: false }); // a dot alone says nothing
  draw();
}

async function drawMap(box) {
  const map = L.map(box, { attributionControl: Boolean(box.dataset.attribution) });
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 18 }).addTo(map);
  }
  if (!box.dataset.tiles) {
    map.whenReady(() => {
      drawOutlines(map);
      nameTowns(map);
    });
  }
  const data = box.dataset.ask ? (await ask(box.dataset.ask)) || {} : JSON.parse(document.getElementById(box.dataset.points).textContent);
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

for (const box of document.querySelectorAll(".bb-map")) drawMap(box);
