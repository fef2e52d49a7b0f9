import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const page = (path: string) => fileURLToPath(new URL(`pages/${path}`, import.meta.url));

export default defineConfig({
  root: page(""),
  resolve: { conditions: ["carnet-source", "browser", "module", "import", "default"] },
  build: {
    outDir: fileURLToPath(new URL("dist/pages", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // An inlined picture or a polyfill script would need a weaker content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        patient: page("index.html"),
        practice: page("practice/index.html"),
        hospital: page("hospital/index.html"),
        playground: page("playground/index.html"),
      },
    },
  },
});
