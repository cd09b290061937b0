import react from "@vitejs/plugin-react";
import { resolve } from "node:path";
import { defineConfig } from "vite";

/** The pages: built into dist/web, from where the server sends them. */
export default defineConfig({
  root: resolve(import.meta.dirname, "src/web"),
  base: "/",
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, "dist/web"),
    emptyOutDir: true,
    target: "es2023",
    // a policy that runs no inline script and no data: script
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    manifest: true,
  },
});
