// Places and routes on the globe, in degrees north and east; the viewer loads the map behind them from OpenStreetMap.
import { GeoLineStrings, GeoPoints, RecordingStream } from "otel-rerun";
import { Blueprint, MapView, TimePanel } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery maps");
rec.save("maps.rrd");
rec.sendBlueprint(
  new Blueprint(
    [
      new MapView({ name: "Delivery in Stockholm", zoom: 14, background: "OpenStreetMap" }),
      new TimePanel({ state: "Collapsed", timeline: "drive", loopMode: "All" }),
    ],
    { collapsePanels: true },
  ),
);

const route = [
  { lat: 59.3302, lon: 18.0585 },
  { lat: 59.3293, lon: 18.0686 },
  { lat: 59.3251, lon: 18.0711 },
  { lat: 59.3201, lon: 18.0721 },
  { lat: 59.3172, lon: 18.0635 },
  { lat: 59.3146, lon: 18.0737 },
];
rec.log("route", new GeoLineStrings([route], { colors: "royalblue", radii: -3 }), { static: true });
rec.log("stops", new GeoPoints(route, { colors: "navy", radii: -6 }), { static: true }); // below 0: pixels of the screen

for (let step = 0; step <= 100; step++) {
  const at = (step / 100) * (route.length - 1);
  const from = route[Math.floor(at)];
  const to = route[Math.ceil(at)];
  const part = at % 1;
  rec.setTime("drive", { duration: step * 6 }); // seconds
  const position = { lat: from.lat + part * (to.lat - from.lat), lon: from.lon + part * (to.lon - from.lon) };
  rec.log("van", new GeoPoints(position, { colors: "orangered", radii: -10 }));
}
await rec.shutdown();
