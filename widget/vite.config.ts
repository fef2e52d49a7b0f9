import { defineConfig } from "vite";

/**
 * One ES module entry, `dist/carnet.js`, with the chunks it fetches later beside it. Sizes, file names and the absence
 * of any other asset are checked by `test/`: no style sheet, no font, no other host.
 */
export default defineConfig({
  resolve: { conditions: ["carnet-source", "browser", "module", "import", "default"] },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: false,
    sourcemap: true,
    modulePreload: false,
    reportCompressedSize: true,
    chunkSizeWarningLimit: 2500,
    lib: { entry: "src/index.ts", formats: ["es"], fileName: () => "carnet.js" },
    rolldownOptions: {
      output: { chunkFileNames: "carnet-[name]-[hash].js", assetFileNames: "carnet-[name][extname]" },
    },
  },
});
