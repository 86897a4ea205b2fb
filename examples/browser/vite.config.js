import { defineConfig } from "vite";

export default defineConfig({
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
  build: { target: "es2022", chunkSizeWarningLimit: 2000 },
  // the viewer finds its WebAssembly beside its own module
  optimizeDeps: { exclude: ["@rerun-io/web-viewer"] },
});
