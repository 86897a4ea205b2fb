import { defineConfig } from "vitest/config";

// unit: the sources as they are. user: the packed package in a folder of its own, as a user has it. Two run by their names only, since
// they take minutes: long, what waits for browsers, servers and processes that are killed; gallery, every example in a real browser.
const LONG = [
  "test/user/viewer.test.ts",
  "test/user/live.test.ts",
  "test/user/black-box.test.ts",
  "test/user/browser-example.test.ts",
  "test/user/bursts.test.ts",
  "test/user/cls-hooked-page.test.ts",
  "test/user/deadlines.test.ts",
  "test/user/coming-from-rerun.test.ts",
  "test/user/first-api-use.test.ts",
  "test/user/kill-matrix.test.ts",
  "test/user/matrix.test.ts",
  "test/user/per-request.test.ts",
  "test/user/per-request-viewer.test.ts",
  "test/user/writer-thread.test.ts",
  "test/user/hosts.test.ts",
  "test/user/children.test.ts",
  "test/user/soak.test.ts",
  "test/user/databases.test.ts",
  "test/user/loggers.test.ts",
  "test/user/situations.test.ts",
  "test/unit/bridges/round-trip.test.ts",
  "test/unit/bridges/same-as-live.test.ts",
  "test/unit/cli/damaged.test.ts",
  "test/unit/page/screenshot.test.ts",
  "test/unit/page/trace-page.test.ts",
  "test/user/production-pages.test.ts",
  "test/user/producers.test.ts",
  "test/user/serve.test.ts",
  "test/user/scale.test.ts",
  "test/user/attacks.test.ts",
  "test/unit/page/viewer-page.test.ts",
  "test/unit/telemetry/day.test.ts",
  "test/user/cli-page.test.ts",
  "test/user/convert.test.ts",
  "test/user/record-programs.test.ts",
  "test/user/view.test.ts",
];
const GALLERY = ["test/user/gallery.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    teardownTimeout: 30_000, // consumers are folders of thousands of files
    pool: "forks",
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts"], exclude: LONG } },
      {
        extends: true,
        test: {
          name: "user",
          include: ["test/user/**/*.test.ts"],
          exclude: [...LONG, ...GALLERY],
          globalSetup: ["test/user/pack.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "long",
          include: LONG,
          globalSetup: ["test/user/pack.ts"],
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
      { extends: true, test: { name: "gallery", include: GALLERY, testTimeout: 600_000 } },
    ],
  },
});
