import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import { defineConfig } from "wxt";

/** Where the record service stands. A hospital builds with its own address; the demo's is the default. */
const serviceUrl = process.env.CARNET_SERVICE_URL ?? "http://127.0.0.1:8787";

/** Match patterns carry no port in Firefox: the host alone is named. */
const serviceHost = `${new URL(serviceUrl).protocol}//${new URL(serviceUrl).hostname}/*`;

/**
 * Public half of a key that exists only to keep the extension's id the same wherever it is loaded from:
 * managed policies and permissions are granted by id. It signs nothing.
 */
const chromeKey =
  "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2vFgR2+YbzWYGsTH/zsbZvBwJ90kXDptDTXlJRi5nKBlQKGTpJUkAEa2d2ku5+bXsl1c33vvj7q0VlMbRNauWVPMioq9CDzLASSGHVu31+bszvGkJB2OD85RRDC+AjYKStgrvrwQC9YBzDgCuMyRbMiL6jP8q0SaIUwgcS4ssU8YOceGyWDoAAADyyruhXRDarn5yD+EW4VqsRC2mAEX9UqerhMgklXOTApgQCad2waH0z7YUuUFAJVRGZDLErmTjgEnmTk/t5DFq86PaE10d1gI1QpEJiTSsnk3JrpXkaRLdK4BLSIQAKsiLF/a5mLBYL7MDpQp9ZVmWu5L1oPeKQIDAQAB";

/**
 * What the pages load at once, in a few files: the panel is painted when the last of thirty small ones has come. With a module
 * comes all that it imports and no group above it took; what is imported later stays apart.
 */
const chunks = [
  // What the panel shares with the worker and the sender's page: the queue, the service's client, the settings.
  {
    name: "base",
    test: /extension\/(outbox\/(outbox|earlier)|platform\/session|capture\/target|shared\/(rpc|settings)|identify\/page-traits|ui\/(strings|look-up))\.ts$|terminology\/table\.ts$|\/preact\/|virtual:wxt-(html-)?plugins/,
    priority: 4,
  },
  // Used by the writer of CDA alone, but reached through the index that gives the panel the types of documents.
  { name: "nomenclatures", test: /\/terminology\/(generated\/)?(?!document-|index)[\w-]+\.ts$/, priority: 3 },
  // The worker is woken often and takes nothing of the panel; the panel takes nothing of the sign-in and the sending.
  { name: "worker", test: /extension\/(outbox\/sender-page|platform\/background)\.ts$/, priority: 2 },
  { name: "panel", test: /extension\/ui\/start-panel\.tsx$/, priority: 1 },
];

export default defineConfig({
  imports: false,
  modules: ["@wxt-dev/webextension-polyfill"],
  manifestVersion: 3,
  targetBrowsers: ["chrome", "firefox"],
  // Elsewhere for a second build, compared with the first.
  ...(process.env.CARNET_EXTENSION_OUT === undefined ? {} : { outDir: process.env.CARNET_EXTENSION_OUT }),
  vite: () => ({
    plugins: [preact()],
    define: { __SERVICE_URL__: JSON.stringify(serviceUrl) },
    resolve: {
      // The widget's own copies of pdf.js: one is enough in the package.
      alias: {
        "pdfjs-dist/legacy/build/pdf.min.mjs": "pdfjs-dist",
        "pdfjs-dist/legacy/build/pdf.worker.min.mjs": fileURLToPath(
          new URL("identify/widget-pdf-worker.ts", import.meta.url),
        ),
      },
      conditions: ["carnet-source", "browser", "module", "import", "default"],
    },
    // Every browser of ours preloads modules by itself.
    build: { modulePreload: { polyfill: false }, rolldownOptions: { output: { codeSplitting: { groups: chunks } } } },
    worker: { format: "es", rolldownOptions: { output: { entryFileNames: "assets/[name]-[hash].js" } } },
  }),
  zip: { name: "carnet-envoyer-au-dossier", zipSources: false },
  manifest: ({ browser }) => ({
    name: "__MSG_name__",
    description: "__MSG_description__",
    default_locale: "fr",
    permissions: [
      "activeTab",
      "scripting",
      "storage",
      "contextMenus",
      "alarms",
      "idle",
      "identity",
      "unlimitedStorage",
      ...(browser === "firefox" ? [] : ["offscreen", "sidePanel"]),
    ],
    // Asked in the click that lists the downloads, and only then.
    optional_permissions: ["downloads"],
    host_permissions: [serviceHost],
    optional_host_permissions: ["https://*/*", "http://*/*"],
    // The button has no popup of its own: a click must reach action.onClicked, which is what grants activeTab.
    action: { default_title: "__MSG_action__" },
    commands: {
      _execute_action: { suggested_key: { default: "Alt+Shift+D" } },
    },
    storage: { managed_schema: "managed-schema.json" },
    content_security_policy: {
      // WebAssembly: the reader of datamatrix codes, which comes with the package.
      // Documents are read from hospital addresses (one gate: capture/fetch-document.ts), hence https: and http:.
      extension_pages:
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; font-src 'self' data:; worker-src 'self'; " +
        "frame-src 'self'; connect-src 'self' https: http: blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'",
    },
    ...(browser === "firefox"
      ? {
          browser_specific_settings: {
            gecko: {
              id: "envoyer-au-dossier@carnet.example",
              strict_min_version: "140.0",
              data_collection_permissions: {
                required: ["healthInfo", "personallyIdentifyingInfo", "websiteContent", "authenticationInfo"],
              },
            },
          },
        }
      : { key: chromeKey, minimum_chrome_version: "116" }),
  }),
  hooks: {
    "build:manifestGenerated": (_wxt, manifest) => {
      if (manifest.action) delete manifest.action.default_popup;
      if (manifest.sidebar_action) Object.assign(manifest.sidebar_action, { open_at_install: false });
    },
  },
});
