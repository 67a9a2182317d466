#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# Copies the pinned browser libraries into the product's static files. Run after changing frontend/package.json.
set -euo pipefail
cd "$(dirname "$0")/.."
(cd frontend && npm ci --no-audit --no-fund)
from=frontend/node_modules
to=brobygger/base/static/vendor
rm -rf "$to"
mkdir -p "$to"/{dkfds/css,dkfds/js,dkfds/img/svg-icons,dkfds/fonts/IBMPlexSans/complete/woff2,leaflet/images,echarts}
cp "$from"/dkfds/dist/css/dkfds.min.css "$to"/dkfds/css/
sed -i 's#/\*\# sourceMappingURL=.*\*/##' "$to"/dkfds/css/dkfds.min.css
# Modern browsers read woff2; the older woff files are left out.
perl -0pi -e 's/,\s*url\([^)]*\.(?:woff|ttf)"?\)\s*format\("[^"]*"\)//g; s/url\([^)]*\.eot"?\),//g' "$to"/dkfds/css/dkfds.min.css
cp "$from"/dkfds/dist/js/dkfds.min.js "$to"/dkfds/js/
sed -i 's#//\# sourceMappingURL=.*##' "$to"/dkfds/js/dkfds.min.js
cp "$from"/dkfds/dist/img/all-svg-icons.svg "$to"/dkfds/img/
grep -o 'img/[A-Za-z0-9/_-]*\.\(svg\|png\)' "$to"/dkfds/css/dkfds.min.css | sort -u | while read -r image; do
  cp "$from/dkfds/dist/$image" "$to/dkfds/$image"
done
cp "$from"/dkfds/dist/fonts/IBMPlexSans/complete/woff2/*.woff2 "$to"/dkfds/fonts/IBMPlexSans/complete/woff2/
cp "$from"/dkfds/LICENSE.md "$to"/dkfds/
cp "$from"/leaflet/dist/leaflet.css "$from"/leaflet/dist/leaflet.js "$from"/leaflet/LICENSE "$to"/leaflet/
sed -i 's#//\# sourceMappingURL=.*##' "$to"/leaflet/leaflet.js
cp "$from"/leaflet/dist/images/*.png "$to"/leaflet/images/
cp "$from"/echarts/dist/echarts.min.js "$from"/echarts/LICENSE "$from"/echarts/NOTICE "$to"/echarts/
