import { defineConfig } from "vitest/config";

// unit: the sources as they are. user: the packed package in a folder of its own, as a user has it. viewer: a real browser.
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    pool: "forks",
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "user",
          include: ["test/user/**/*.test.ts"],
          globalSetup: ["test/user/pack.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
});
