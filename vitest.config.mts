import { defineConfig } from "vitest/config";

// unit: the sources as they are. user: the packed package in a folder of its own, as a user has it. gallery: every example in a real
// browser, which takes minutes, so it runs by its name only.
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
          exclude: ["test/user/gallery.test.ts"],
          globalSetup: ["test/user/pack.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
      { extends: true, test: { name: "gallery", include: ["test/user/gallery.test.ts"], testTimeout: 600_000 } },
    ],
  },
});
