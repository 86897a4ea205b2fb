// The Rust SDK as a peer, where somebody asks for it (`--rust`) and cargo is there: builds bench/rust, which takes minutes the first time.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("./rust", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(folder, "../../.cache/rust");

// rerun 0.41 declares rustc 1.98; a nightly of some months before builds it
const WAYS = [["build"], ["+nightly", "build", "--ignore-rust-version"]];

/** @returns the program, or undefined with the reason on stderr. */
export function rustPeer() {
  for (const way of WAYS) {
    const { status, error } = spawnSync("cargo", [...way, "--release", "--locked", "--quiet"], {
      cwd: folder,
      stdio: ["ignore", 2, 2],
      env: { ...process.env, CARGO_TARGET_DIR: target },
    });
    const program = join(target, "release", `otel-rerun-bench-rust${process.platform === "win32" ? ".exe" : ""}`);
    if (error !== undefined) break;
    if (status === 0 && existsSync(program)) return program;
  }
  console.error("the Rust SDK could not be built, so it is left out");
  return undefined;
}
