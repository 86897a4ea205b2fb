import { expect, it } from "vitest";
import { blackBoxFromEnvironment } from "../../../instrumentation/run/recorder-mode.ts";

it("a file unless something else is said", () => {
  expect(blackBoxFromEnvironment({})).toBeUndefined();
  expect(blackBoxFromEnvironment({ OTEL_RERUN_MODE: "file" })).toBeUndefined();
  expect(blackBoxFromEnvironment({ OTEL_RERUN_MODE: "other" })).toBeUndefined();
});

it("a black box, and its limits", () => {
  expect(blackBoxFromEnvironment({ OTEL_RERUN_MODE: "blackbox" })).toEqual({});
  const environment = {
    OTEL_RERUN_MODE: "blackbox",
    OTEL_RERUN_BLACKBOX_SECONDS: "30",
    OTEL_RERUN_BLACKBOX_BYTES: "16MiB",
    OTEL_RERUN_STALL_MILLIS: "500",
    OTEL_RERUN_DUMP_ON: "http5xx, SIGUSR1",
  };
  expect(blackBoxFromEnvironment(environment)).toEqual({
    seconds: 30,
    maxBytes: 16 << 20,
    stallMillis: 500,
    dumpOn: ["http5xx", "SIGUSR1"],
  });
});

it("what cannot be read counts as not set", () => {
  const environment = {
    OTEL_RERUN_MODE: "blackbox",
    OTEL_RERUN_BLACKBOX_SECONDS: "-1",
    OTEL_RERUN_BLACKBOX_BYTES: "much",
    OTEL_RERUN_DUMP_ON: "sometimes",
  };
  expect(blackBoxFromEnvironment(environment)).toEqual({});
});
