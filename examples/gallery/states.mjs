// Which state something was in, and for how long: a lane for each machine.
import { RecordingStream, StateChange, StateConfiguration } from "otel-rerun";
import { Blueprint, StateTimelineView, TimePanel } from "otel-rerun/blueprint";

const rec = new RecordingStream("gallery states");
rec.save("states.rrd");
rec.sendBlueprint(
  new Blueprint(
    [
      new StateTimelineView({
        name: "Fleet",
        origin: "fleet",
        timeView: { viewRange: { start: "Infinite", end: "Infinite" } },
      }),
      new TimePanel({ state: "Collapsed", timeline: "shift", playState: "Paused" }),
    ],
    { collapsePanels: true },
  ),
);

const configuration = new StateConfiguration({
  values: ["idle", "drive", "lift", "charge", "error"],
  labels: ["Idle", "Driving", "Lifting", "Charging", "Stopped"],
  colors: ["slategray", "seagreen", "steelblue", "goldenrod", "crimson"],
});
const shift = ["drive", "lift", "drive", "idle", "charge", "drive", "lift", "error", "idle", "drive"];
for (let robot = 0; robot < 6; robot++) {
  rec.log(`fleet/robot ${robot + 1}`, configuration, { static: true });
  let seconds = 0;
  for (let step = 0; step < shift.length; step++) {
    rec.setTime("shift", { duration: seconds });
    rec.log(`fleet/robot ${robot + 1}`, new StateChange(shift[(step + 3 * robot) % shift.length]));
    seconds += 20 + 15 * Math.abs(Math.sin(step * 2.3 + robot));
  }
}
await rec.shutdown();
