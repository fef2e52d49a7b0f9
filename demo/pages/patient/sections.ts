/** The sections of the page: their place in the address, their element, and the code that is fetched when they open. */
import type { RecordView } from "./view.ts";

export const sectionNames = ["health", "documents", "access", "people", "messages", "agenda", "settings"] as const;
export type SectionName = (typeof sectionNames)[number];

interface Section {
  /** In the address: it says nothing of a health. */
  readonly address: string;
  readonly tag: string;
  /** Fetches the code and defines the element. */
  load(): Promise<unknown>;
}

export const sections: Readonly<Record<SectionName, Section>> = {
  health: { address: "#sante", tag: "carnet-health", load: () => import("./views/health/define.ts") },
  documents: {
    address: "#documents",
    tag: "carnet-my-documents",
    load: () => import("./views/documents/define.ts"),
  },
  access: { address: "#acces", tag: "carnet-access", load: () => import("./views/access/define.ts") },
  people: { address: "#autorisations", tag: "carnet-people", load: () => import("./views/people/define.ts") },
  messages: { address: "#messages", tag: "carnet-messages", load: () => import("./views/messages/define.ts") },
  agenda: { address: "#agenda", tag: "carnet-agenda", load: () => import("./views/agenda/define.ts") },
  settings: { address: "#reglages", tag: "carnet-settings", load: () => import("./views/settings/define.ts") },
};

export const sectionOf = (hash: string): SectionName =>
  sectionNames.find((name) => sections[name].address === hash) ?? "health";

/** A new element of a section whose code is there. */
export const createSection = (name: SectionName) => document.createElement(sections[name].tag) as RecordView;
