import * as v from "valibot";
import { type Adapter, adapterSchema } from "../adapters/adapter.ts";
import { openBundle } from "../adapters/bundle.ts";
import { shippedAdapters } from "../adapters/shipped.ts";
import { browser } from "../platform/browser.ts";

declare const __SERVICE_URL__: string;

/** What goes there names a patient: on https, or to this machine. */
export function isServiceAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  return protocol === "https:" || (protocol === "http:" && isLoopback);
}

const origin = v.pipe(
  v.string(),
  v.url(),
  v.check(isServiceAddress, "https, or http on this machine"),
  v.transform((value) => new URL(value).origin),
);

const settingsSchema = v.object({
  serviceUrl: v.optional(origin),
  issuer: v.optional(v.pipe(v.string(), v.url())),
  clientId: v.optional(v.pipe(v.string(), v.nonEmpty())),
  signIn: v.optional(v.picklist(["window", "tab"])),
  adapters: v.optional(v.fallback(v.array(adapterSchema), [])),
  adapterKey: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(1_000))),
  defaults: v.optional(
    v.object({
      locale: v.optional(v.picklist(["fr", "en"])),
      documentType: v.optional(v.string()),
      lockMinutes: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(480))),
      undoSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60))),
    }),
  ),
});

type StoredSettings = v.InferOutput<typeof settingsSchema>;

export interface Settings {
  /** Origin of the record service. */
  readonly serviceUrl: string;
  readonly fhirUrl: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Where a sign-in in a tab comes back to; the extension watches the tab for it. */
  readonly redirectUri: string;
  /** `window`: the browser shows the sign-in itself (`identity.launchWebAuthFlow`), where it can. */
  readonly signIn: "window" | "tab";
  readonly adapters: readonly v.InferOutput<typeof adapterSchema>[];
  /** Key of the hospital that signs files of adapters; by policy only. */
  readonly adapterKey: string | undefined;
  readonly locale: "fr" | "en";
  readonly documentType: string | undefined;
  /** Without a key or a move for this long, or behind a locked screen, the person is signed out. Seconds. */
  readonly lockSeconds: number;
  /** How long a document may be called back before it leaves. */
  readonly undoMs: number;
  /** True when the hospital's policy fixes the addresses: the options page shows them and does not let them change. */
  readonly isManaged: boolean;
}

/** Unknown keys and bad values are dropped one by one, never the whole: a wrong adapter must not change the service. */
function parse(raw: unknown): StoredSettings {
  if (typeof raw !== "object" || raw === null) return {};
  const kept: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(settingsSchema.entries)) {
    const parsed = v.safeParse(schema, (raw as Record<string, unknown>)[key]);
    if (parsed.success && parsed.output !== undefined) kept[key] = parsed.output;
  }
  return v.parse(settingsSchema, kept);
}

/** The hospital's policy first, then what was set by hand, then the build's default. */
export function mergeSettings(
  managedRaw: unknown,
  localRaw: unknown,
  uiLanguage: string,
  fallbackUrl: string,
): Settings {
  const managed = parse(managedRaw);
  const local = parse(localRaw);
  const serviceUrl = managed.serviceUrl ?? local.serviceUrl ?? fallbackUrl;
  const ownIssuer = `${serviceUrl}/oidc`;
  const issuer = managed.issuer ?? local.issuer ?? ownIssuer;
  const defaults = { ...local.defaults, ...managed.defaults };
  return {
    serviceUrl,
    fhirUrl: `${serviceUrl}/fhir`,
    issuer,
    clientId: managed.clientId ?? local.clientId ?? "carnet-extension",
    redirectUri: `${serviceUrl}/extension/signed-in`,
    // Another issuer knows the browser's own return address only once somebody registered it there.
    signIn: managed.signIn ?? local.signIn ?? (issuer === ownIssuer ? "window" : "tab"),
    // The first that matches wins: the hospital's before ours.
    adapters: [...(managed.adapters ?? []), ...(local.adapters ?? []), ...shippedAdapters(serviceUrl)],
    adapterKey: managed.adapterKey,
    locale: defaults.locale ?? (uiLanguage.startsWith("fr") ? "fr" : "en"),
    documentType: defaults.documentType,
    lockSeconds: (defaults.lockMinutes ?? 15) * 60,
    undoMs: (defaults.undoSeconds ?? 10) * 1_000,
    isManaged: managed.serviceUrl !== undefined,
  };
}

export async function loadSettings(): Promise<Settings> {
  const [managed, local] = await Promise.all([
    // Firefox rejects when no policy is installed.
    browser.storage.managed.get(null).catch(() => ({})),
    browser.storage.local.get(["settings", "adapterBundle", "ownAdapters"]),
  ]);
  const merge = (adapters: readonly Adapter[]) =>
    mergeSettings(
      managed,
      { ...(local.settings as object | undefined), adapters },
      browser.i18n.getUILanguage(),
      __SERVICE_URL__,
    );
  const own = parseAdapters(local.ownAdapters);
  const settings = merge(own);
  if (settings.adapterKey === undefined || typeof local.adapterBundle !== "string") return settings;
  // Verified at each reading: a key that the hospital withdraws takes its file with it.
  const signed = await openBundle(local.adapterBundle, settings.adapterKey);
  return signed === undefined ? settings : merge([...signed, ...own]);
}

/** Change these settings, and leave the others as they were set. */
export async function saveSettings({
  locale,
  ...addresses
}: {
  serviceUrl?: string;
  locale?: "fr" | "en";
}): Promise<void> {
  const stored = parse((await browser.storage.local.get("settings")).settings);
  const defaults = { ...stored.defaults, ...(locale === undefined ? {} : { locale }) };
  await browser.storage.local.set({ settings: { ...stored, ...addresses, defaults } });
}

/** Adapters written on this computer, asked after the hospital's. */
export async function readOwnAdapters(): Promise<readonly Adapter[]> {
  return parseAdapters((await browser.storage.local.get("ownAdapters")).ownAdapters);
}

/** Keep these adapters as those of this computer, in the place of the former ones. */
export async function saveOwnAdapters(adapters: readonly Adapter[]): Promise<void> {
  await browser.storage.local.set({ ownAdapters: adapters });
}

/** One that is none is left out, and takes no other with it. */
function parseAdapters(raw: unknown): readonly Adapter[] {
  return (Array.isArray(raw) ? raw : []).flatMap((one: unknown) => {
    const parsed = v.safeParse(adapterSchema, one);
    return parsed.success ? [parsed.output] : [];
  });
}

/** Keep a file of adapters, once its signature holds. Returns how many there are, undefined when it is not taken. */
export async function saveAdapterBundle(text: string, publicKey: string): Promise<number | undefined> {
  const adapters = await openBundle(text, publicKey);
  if (adapters !== undefined) await browser.storage.local.set({ adapterBundle: text });
  return adapters?.length;
}
