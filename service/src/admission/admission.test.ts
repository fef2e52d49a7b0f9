import { codeSystem, extensionUrl, identifierSystem } from "@carnet/sdk/fhir";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdmissionError, admitDocumentReference, admitProvideBundle } from "./index.ts";
import {
  bytes,
  type Damageable,
  ins,
  sampleBundle,
  sampleDocument,
  samplePublication,
  sha1,
} from "./testing/submission.ts";

function refusal(admit: () => unknown): AdmissionError {
  try {
    admit();
  } catch (error) {
    if (error instanceof AdmissionError) return error;
    throw error;
  }
  throw new Error("was admitted");
}

/** Damages a right Bundle and gives the refusal as `status place` lines. */
function refusedBundle(damage: (bundle: Damageable) => void): string[] {
  const bundle = sampleBundle();
  damage(bundle);
  const { status, issues } = refusal(() => admitProvideBundle(bundle));
  return issues.filter((issue) => issue.severity === "error").map((issue) => `${status} ${issue.expression}`);
}

const document = (bundle: Damageable) => bundle.entry[1].resource;

const folderId = { use: "usual", system: identifierSystem.uri, value: "urn:oid:1.2.250.1.999.7.8" };
/** Adds a folder over the document of the lot. */
function folder(bundle: Damageable, identifier: Damageable): Damageable {
  const { extension, subject, date } = bundle.entry[0].resource;
  const list = {
    resourceType: "List",
    extension: [extension[0]],
    identifier,
    status: "current",
    mode: "working",
    title: "Grossesse",
    code: { coding: [{ system: codeSystem.mhdListType, code: "folder" }] },
    subject,
    date,
    entry: [{ item: { reference: bundle.entry[1].fullUrl } }],
  };
  const fullUrl = "urn:uuid:3f1c2a50-7d1e-4a8e-9a55-0000000000f1";
  bundle.entry[0].resource.entry.push({ item: { reference: fullUrl } });
  bundle.entry.push({ fullUrl, resource: JSON.parse(JSON.stringify(list)), request: { method: "POST", url: "List" } });
  return bundle.entry[3].resource;
}

describe("ITI-65: a right submission", () => {
  it("is read with its bytes, codes, patient and order of entries", () => {
    const submission = admitProvideBundle(sampleBundle());
    const [admitted] = submission.documents;
    expect(admitted).toMatchObject({
      uniqueId: "urn:oid:1.2.250.1.999.7.1.1",
      subject: { ins },
      type: { code: "11488-4" },
      category: { code: "10" },
      visibility: { confidentiality: "N", hiddenFromProfessionals: false },
      content: { contentType: "application/pdf", sha1 },
    });
    expect(Buffer.from(admitted?.content.bytes ?? []).equals(bytes)).toBe(true);
    expect(submission.entries.map((entry) => entry.kind)).toEqual(["submission-set", "document", "content"]);
    expect(submission.submissionSet).toMatchObject({ uniqueId: "urn:oid:1.2.250.1.999.7.9" });
    expect(submission.warnings).toEqual([]);
    const withFolder = sampleBundle();
    folder(withFolder, [folderId]);
    expect(admitProvideBundle(withFolder).folders).toMatchObject([{ uniqueId: folderId.value, title: "Grossesse" }]);
  });

  it("reads the visibility marks (R140)", () => {
    const bundle = sampleBundle();
    for (const code of ["MASQUE_PS", "INVISIBLE_PATIENT"]) {
      document(bundle).securityLabel.push({ coding: [{ system: codeSystem.visibility, code }] });
    }
    expect(admitProvideBundle(bundle).documents[0]?.visibility).toEqual({
      confidentiality: "N",
      hiddenFromProfessionals: true,
      invisibleToPatient: true,
      invisibleToRepresentatives: false,
    });
  });

  it("reads a replacement, by id and with the patch of the old version (TD2.1)", () => {
    const bundle = sampleBundle();
    document(bundle).relatesTo = [{ code: "replaces", target: { reference: "DocumentReference/old" } }];
    bundle.entry.push({
      resource: {
        resourceType: "Parameters",
        parameter: [
          {
            name: "operation",
            part: [
              { name: "type", valueCode: "replace" },
              { name: "path", valueString: "DocumentReference.status" },
              { name: "value", valueCode: "superseded" },
            ],
          },
        ],
      },
      request: { method: "PATCH", url: "DocumentReference/old" },
    });
    const submission = admitProvideBundle(bundle);
    expect(submission.documents[0]?.replaces).toMatchObject({ id: "old" });
    expect(submission.patches).toMatchObject([{ id: "old", status: "superseded" }]);
  });

  it("keeps a practice setting and a format it does not know, with a remark", () => {
    const bundle = sampleBundle();
    document(bundle).context.practiceSetting.coding[0] = { system: codeSystem.snomed, code: "394802001" };
    document(bundle).content[0].format.code = "urn:ihe:a-format-of-next-year";
    expect(admitProvideBundle(bundle).warnings.map((issue) => issue.expression)).toEqual([
      "Bundle.entry[1].resource.context.practiceSetting",
      "Bundle.entry[1].resource.content[0].format",
    ]);
  });
});

describe("ITI-65: form (400)", () => {
  const forms: [string, string, (bundle: Damageable) => void][] = [
    ["an unknown property", "entry[1].resource.nom", (b) => (document(b).nom = "x")],
    ["a wrong JSON type", "entry[1].resource.description", (b) => (document(b).description = 3)],
    [
      "a code system that is no address",
      "entry[1].resource.type.coding[0].system",
      (b) => (document(b).type.coding[0].system = "loinc"),
    ],
    [
      "an impossible day",
      "entry[1].resource.contained[0].birthDate",
      (b) => (document(b).contained[0].birthDate = "1985-02-30"),
    ],
    ["an instant without zone", "entry[1].resource.date", (b) => (document(b).date = "2026-05-04T10:00:00")],
    ["an empty string", "entry[1].resource.description", (b) => (document(b).description = "")],
    ["an empty list", "entry[1].resource.author", (b) => (document(b).author = [])],
    ["an empty object", "entry[1].resource.content[0].format", (b) => (document(b).content[0].format = {})],
    ["a missing status", "entry[1].resource.status", (b) => delete document(b).status],
    [
      "two types of one choice",
      "entry[1].resource.contained[0].deceased",
      (b) => Object.assign(document(b).contained[0], { deceasedBoolean: false, deceasedDateTime: "2020" }),
    ],
    [
      "truncated base64",
      "entry[2].resource.data",
      (b) => (b.entry[2].resource.data = b.entry[2].resource.data.slice(0, -3)),
    ],
    [
      "base64 of another alphabet",
      "entry[2].resource.data",
      (b) => (b.entry[2].resource.data = `-_${b.entry[2].resource.data.slice(2)}`),
    ],
    [
      "a foreign character in base64",
      "entry[2].resource.data",
      (b) => (b.entry[2].resource.data = `é${b.entry[2].resource.data.slice(1)}`),
    ],
    [
      "a reference to no contained resource",
      "entry[1].resource.author[0].reference",
      (b) => (document(b).author[0].reference = "#nobody"),
    ],
    [
      "an active narrative",
      "entry[1].resource.text.div",
      (b) =>
        (document(b).text = {
          status: "generated",
          div: '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="x()">a</p></div>',
        }),
    ],
    // FHIR allows it; no program in between, nor the database, knows that second.
    ["a leap second", "entry[1].resource.date", (b) => (document(b).date = "2026-05-04T10:00:60Z")],
    [
      "a control character in an address",
      "entry[1].resource.category[0].coding[0].system",
      (b) => (document(b).category[0].coding[0].system += "\u0007"),
    ],
    [
      "a control character in a code",
      "entry[1].resource.content[0].attachment.language",
      (b) => (document(b).content[0].attachment.language = "fr-FR\u0007"),
    ],
    [
      "an extension under a name that is no address",
      "entry[1].resource.extension[0].url",
      (b) => (document(b).extension = [{ url: "is-archived", valueBoolean: true }]),
    ],
    ["a total, which only searches have", "total", (b) => (b.total = 1)],
    ["two entries with one address", "entry[2].fullUrl", (b) => (b.entry[2].fullUrl = b.entry[1].fullUrl)],
  ];
  it.each(forms)("refuses %s", (_, place, damage) => {
    expect(refusedBundle(damage)).toContain(`400 Bundle.${place}`);
  });

  it.each([
    null,
    3,
    "x",
    [],
    {},
    { resourceType: "Patient" },
    { resourceType: "Bundle", type: "transaction", entry: 3 },
  ])("refuses a body that is no Bundle: %j", (body) => {
    expect(refusal(() => admitProvideBundle(body)).status).toBe(400);
  });

  it("refuses an extension nested without end, without falling", () => {
    let extension: Damageable = { url: "http://example.org/x", valueString: "x" };
    for (let depth = 0; depth < 2000; depth += 1) extension = { url: "http://example.org/x", extension: [extension] };
    expect(refusedBundle((b) => (document(b).extension = [extension]))).toContainEqual(expect.stringMatching(/^400/));
  });

  it("never repeats what was sent in its answer", () => {
    const { issues, message } = refusal(() => {
      const bundle = sampleBundle();
      document(bundle)["SECRET <script>"] = "LEGRAND";
      document(bundle).contained[0].birthDate = "LEGRAND";
      admitProvideBundle(bundle);
    });
    expect(JSON.stringify(issues) + message).not.toMatch(/SECRET|LEGRAND/);
  });
});

describe("ITI-65: profile and rules (422)", () => {
  const rules: [string, string, (bundle: Damageable) => void][] = [
    [
      "a stated size that is wrong",
      "entry[1].resource.content[0].attachment.size",
      (b) => (document(b).content[0].attachment.size = 3),
    ],
    [
      "a stated hash that is wrong",
      "entry[1].resource.content[0].attachment.hash",
      (b) => (document(b).content[0].attachment.hash = "Ck1VqNd45QIvq3AZd8XYQLvEhtA="),
    ],
    ["an unknown document type (R100)", "entry[1].resource.type", (b) => (document(b).type.coding[0].code = "99999-9")],
    [
      "a class that is not the one of the type (R101)",
      "entry[1].resource.category[0]",
      (b) => (document(b).category[0].coding[0].code = "42"),
    ],
    [
      "a label that the record would not obey",
      "entry[1].resource.securityLabel[0]",
      (b) => (document(b).securityLabel[0].coding[0] = { system: "http://example.org", code: "TOP" }),
    ],
    [
      "a wrong INS key (R33)",
      "entry[1].resource.subject.identifier.value",
      (b) => (document(b).subject = { identifier: { ...ins, value: `${ins.value.slice(0, 13)}00` } }),
    ],
    [
      "an INS of the old calculated kind (R31)",
      "entry[1].resource.subject.identifier.value",
      (b) => (document(b).subject = { identifier: { system: "urn:oid:1.2.250.1.213.1.4.2", value: ins.value } }),
    ],
    [
      "an unknown kind of activity",
      "entry[0].resource.extension[0].valueCodeableConcept.coding[0].code",
      (b) =>
        (b.entry[0].resource.extension[0].valueCodeableConcept.coding[0] = {
          system: "https://mos.esante.gouv.fr/NOS/TRE_R209-TypeActivite/FHIR/TRE-R209-TypeActivite",
          code: "00",
        }),
    ],
    [
      "an unknown profession (R50)",
      "entry[0].resource.contained[1].code[0].coding[0].code",
      (b) => (b.entry[0].resource.contained[1].code = [{ coding: [{ system: codeSystem.profession, code: "999" }] }]),
    ],
    [
      "a document of another patient than the lot (R40)",
      "entry[1].resource.subject",
      (b) => {
        b.entry[0].resource.subject = { reference: "Patient/a" };
        document(b).subject = { reference: "Patient/b" };
      },
    ],
    [
      "a mark that would change what a lot means",
      "entry[0].resource.modifierExtension",
      (b) => (b.entry[0].resource.modifierExtension = [{ url: "http://example.org/not", valueBoolean: true }]),
    ],
    [
      "a document that is archived and is not",
      "entry[1].resource.extension[1]",
      (b) =>
        (document(b).extension = [true, false].map((valueBoolean) => ({ url: extensionUrl.isArchived, valueBoolean }))),
    ],
    [
      "an author of two national numbers",
      "entry[1].resource.contained[1].identifier[1]",
      (b) => {
        const [first] = document(b).contained[1].identifier;
        document(b).contained[1].identifier.push({ ...first, value: "810009876550" });
      },
    ],
    [
      "a specialty that is none",
      "entry[0].resource.contained[1].specialty[0].coding[0].code",
      (b) => {
        const system = "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale";
        b.entry[0].resource.contained[1].specialty = [{ coding: [{ system, code: "SM99" }] }];
      },
    ],
    ["a folder of two numbers", "entry[3].resource.identifier[1]", (b) => folder(b, [folderId, folderId])],
    [
      "a folder of no system",
      "entry[3].resource.identifier[0]",
      (b) => folder(b, [{ ...folderId, system: undefined }]),
    ],
    [
      "a folder whose entryUUID is none",
      "entry[3].resource.identifier[1]",
      (b) => folder(b, [folderId, { ...folderId, use: "official" }]),
    ],
    [
      "a folder of two notes",
      "entry[3].resource.note",
      (b) => (folder(b, [folderId]).note = [{ text: "une" }, { text: "deux" }]),
    ],
    [
      "a mark that would change what a folder means",
      "entry[3].resource.modifierExtension",
      (b) => (folder(b, [folderId]).modifierExtension = [{ url: "http://example.org/not", valueBoolean: true }]),
    ],
    ["a document that the lot does not list", "entry[1]", (b) => delete b.entry[0].resource.entry],
    [
      "a content that nothing refers to",
      "entry[3]",
      (b) => b.entry.push({ ...structuredClone(b.entry[2]), fullUrl: "urn:uuid:3f1c2a50-7d1e-4a8e-9a55-0000000000aa" }),
    ],
    [
      "a media type that the record does not keep",
      "entry[1].resource.content[0].attachment.contentType",
      (b) => {
        document(b).content[0].attachment.contentType = "text/html";
        b.entry[2].resource.contentType = "text/html";
      },
    ],
    [
      "a Patient to create",
      "entry[3].resource",
      (b) =>
        b.entry.push({
          fullUrl: "urn:uuid:3f1c2a50-7d1e-4a8e-9a55-0000000000aa",
          resource: { resourceType: "Patient" },
          request: { method: "POST", url: "Patient" },
        }),
    ],
    [
      "one uniqueId for two documents (R116)",
      "entry[3].resource.masterIdentifier.value",
      (b) => {
        b.entry.push(
          { ...b.entry[1], fullUrl: "urn:uuid:3f1c2a50-7d1e-4a8e-9a55-000000000003", resource: sampleDocument("3") },
          { ...b.entry[2], fullUrl: "urn:uuid:3f1c2a50-7d1e-4a8e-9a55-0000000000c3" },
        );
        b.entry[0].resource.entry.push({ item: { reference: "urn:uuid:3f1c2a50-7d1e-4a8e-9a55-000000000003" } });
      },
    ],
  ];
  it.each(rules)("refuses %s", (_, place, damage) => {
    expect(refusedBundle(damage)).toContain(`422 Bundle.${place}`);
  });

  it("keeps the identity that a sample document carries under a test system, with a remark (R34)", () => {
    const bundle = sampleBundle();
    document(bundle).contained[0].identifier[0].value = "123456789012345";
    expect(admitProvideBundle(bundle).warnings).toHaveLength(1);
    document(bundle).contained[0].identifier[0].system = identifierSystem.insNir;
    expect(refusal(() => admitProvideBundle(bundle)).status).toBe(422);
  });
});

describe("whatever comes in", () => {
  /** Every place of a value, as a list of keys. */
  function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
    if (typeof value !== "object" || value === null) return [path];
    return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
  }

  function replaceAt(whole: Damageable, path: readonly (string | number)[], value: unknown): Damageable {
    if (path.length === 0) return value;
    const body = structuredClone(whole);
    const parent = path.slice(0, -1).reduce((node, key) => node[key], body);
    const key = path.at(-1) ?? "";
    if (value === undefined && Array.isArray(parent)) parent.splice(Number(key), 1);
    else if (value === undefined) delete parent[key];
    else parent[key] = value;
    return body;
  }

  const isDecided = (admit: () => unknown) => {
    try {
      admit();
    } catch (error) {
      if (!(error instanceof AdmissionError) || error.issues.length === 0) throw error;
    }
  };

  it("is admitted or refused with a place, never anything else", () => {
    const where = places(sampleBundle());
    const single = places(samplePublication());
    fc.assert(
      fc.property(fc.nat(), fc.option(fc.jsonValue({ maxDepth: 3 }), { nil: undefined }), (seed, value) => {
        isDecided(() => admitProvideBundle(replaceAt(sampleBundle(), where[seed % where.length] ?? [], value)));
        isDecided(() =>
          admitDocumentReference(replaceAt(samplePublication(), single[seed % single.length] ?? [], value)),
        );
        isDecided(() => admitProvideBundle(value));
      }),
      { numRuns: 500 },
    );
  });

  it("a narrative is kept only when it cannot run anything", () => {
    const div = (inner: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`;
    const isKept = (markup: string) => {
      const bundle = sampleBundle();
      document(bundle).text = { status: "generated", div: markup };
      try {
        admitProvideBundle(bundle);
        return true;
      } catch {
        return false;
      }
    };
    const good = [
      "<p>a &amp; b &#233;</p>",
      '<table border="1"><tr><td colspan="2">x</td></tr></table>',
      '<a href="#x">x</a>',
      "<!-- c --><b>x</b><br/>",
    ];
    const bad = [
      "<script>x</script>",
      "<p onclick='x()'>a</p>",
      '<a href="javascript:x()">a</a>',
      '<a href="&#106;avascript:x()">a</a>',
      '<img src="https://x" onerror="x()"/>',
      "<iframe src='https://x'></iframe>",
      '<p style="background:url(https://x)">a</p>',
      "<svg><p>a</p></svg>",
      "<p>a",
      "<p>a</b>",
      "<p><![CDATA[<script>]]></p>",
      "<?xml version='1.0'?><p>a</p>",
      "<p>&undefined-entity;</p>",
      "",
    ];
    expect(good.map(div).filter((markup) => !isKept(markup))).toEqual([]);
    expect([...bad.map(div), "<p>a</p>", `${div("a")}<p>b</p>`].filter(isKept)).toEqual([]);
  });
});

describe("ITI-105", () => {
  it("reads a right document, its bytes taken out of the resource", () => {
    const { document: admitted, warnings } = admitDocumentReference(samplePublication());
    expect(admitted.content.sha1).toBe(sha1);
    expect(admitted.resource.content[0]?.attachment).toEqual({ contentType: "application/pdf", title: "Courrier" });
    expect(warnings).toEqual([]);
  });

  it("keeps a foreign facility type, with a remark (wire.md)", () => {
    const publication = samplePublication();
    publication.context = { facilityType: { coding: [{ system: codeSystem.snomed, code: "22232009" }] } };
    expect(admitDocumentReference(publication).warnings).toHaveLength(1);
  });

  it("refuses an object that cannot be made a string, wherever a string is expected", () => {
    const publication = samplePublication();
    publication.content[0].attachment.contentType = { toString: 0 };
    expect(refusal(() => admitDocumentReference(publication)).issues.map((issue) => issue.expression)).toContain(
      "DocumentReference.content[0].attachment.contentType",
    );
  });

  it("refuses an url, and a document without type", () => {
    const publication = samplePublication();
    publication.content[0].attachment.url = "Binary/1";
    delete publication.type;
    expect(refusal(() => admitDocumentReference(publication)).issues.map((issue) => issue.expression)).toEqual(
      expect.arrayContaining(["DocumentReference.type", "DocumentReference.content[0].attachment.url"]),
    );
  });
});
