/** Section H, R171: the copy of the whole record. */
import { connect } from "@carnet/sdk";
import type { Bundle, Communication, DocumentReference } from "@carnet/sdk/fhir";
import fc from "fast-check";
import { unzipSync } from "fflate";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNaming } from "../export/file-names.ts";
import { deposit, pdf } from "../testing/documents.ts";
import { patients } from "../testing/people.ts";
import { consents, declare, patch, permitTo, post, recordIdOf, refusalOf } from "../testing/requests.ts";
import { startCarnet, type TestCarnet } from "../testing/service.ts";
import { parseWireId } from "./ids.ts";

let carnet: TestCarnet;
beforeAll(async () => {
  carnet = await startCarnet();
});
afterAll(() => carnet.close());

const { anna, bruno, leo } = patients;
const ask = async (account: string, of = anna, headers = {}) =>
  post(carnet, account, `/Patient/${await recordIdOf(carnet, of)}/$export-record`, {}, headers);
const unzip = async (response: Response) => unzipSync(new Uint8Array(await response.arrayBuffer()));
const textOf = (files: Record<string, Uint8Array>, path: string) => new TextDecoder().decode(files[path]);
/** A content that a disk or a restored backup has lost. */
const removeContent = async (id: string) => {
  const { blobs, database } = carnet.service.store;
  const { recordId, memberId } = parseWireId(id) ?? { recordId: "", memberId: "" };
  const { rows } = await sql<{ blob_id: string }>`
    select blob_id from document where document_id = ${memberId}`.execute(database);
  await blobs.remove({ recordId, blobId: rows[0]?.blob_id ?? "" });
};
const national =
  "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaireCISIS/FHIR/TRE-A05-TypeDocComplementaireCISIS";

describe("R171 the copy of the record", () => {
  test("R171 holds every document as it came in, the summary, authorisations, messages and the whole log", async () => {
    const letter = pdf("lettre");
    const { id } = await deposit(carnet, { content: letter, title: "Lettre du cardiologue" });
    const own = { author: "anna", typeCode: "DOCPAT08", typeSystem: national, classCode: "11" };
    await deposit(carnet, { ...own, title: "Mon profil", content: pdf("profil") });
    await declare(carnet, "anna", permitTo("cardiologist"), anna);
    const answered = await ask("anna");
    expect(answered.status).toBe(200);
    expect(answered.headers.get("content-type")).toBe("application/zip");
    expect(answered.headers.get("content-disposition")).toMatch(/^attachment; filename="mon-carnet-[\d-]{10}\.zip"$/);
    const bytes = new Uint8Array(await answered.arrayBuffer());
    expect(bytes.length).toBe(Number(answered.headers.get("content-length")));
    const files = unzipSync(bytes);
    const paths = Object.keys(files);
    const path = paths.find((one) => one.includes("Lettre du cardiologue"));
    expect(path).toMatch(/^documents\/[^/]+\/\d{4}-\d\d-\d\d Lettre du cardiologue\.pdf$/);
    expect(Buffer.from(files[path ?? ""] ?? [])).toEqual(Buffer.from(letter));
    const index = textOf(files, "index.html");
    expect(index).toContain("Lettre du cardiologue");
    expect(index).toMatch(/Mon profil<\/bdi><\/a><br><span class="mark">ajouté par vous ou un proche/);
    expect(textOf(files, "synthese.html")).toContain("<h2>");
    expect(JSON.parse(textOf(files, "synthese.json")).type).toBe("document");
    const references: Bundle<DocumentReference> = JSON.parse(textOf(files, "documents.json"));
    const kept = references.entry?.map(({ resource }) => resource).find((one) => one?.id === id);
    expect(kept?.content[0]?.attachment.url).toBe(path);
    expect(JSON.parse(textOf(files, "autorisations.json")).entry).toHaveLength(
      (await consents(carnet, "anna", anna)).length,
    );
    expect(textOf(files, "acces.csv")).toContain("Date et heure;Genre;Nom");
  });

  test("R171 names the copy itself in the log, in plain words", async () => {
    await (await ask("anna")).arrayBuffer();
    const files = await unzip(await ask("anna"));
    expect(textOf(files, "acces.csv")).toContain("a copié tout le carnet");
  });

  test("R166, R171 brings the messages and their files", async () => {
    const content = Buffer.from(pdf("ordonnance"));
    const attachment = { contentType: "application/pdf", data: content.toString("base64"), title: "Ordonnance" };
    const sent = await post(carnet, "gp", "/Communication", {
      resourceType: "Communication",
      status: "completed",
      category: [{ coding: [{ code: "message" }] }],
      subject: { type: "Patient", identifier: { ...bruno.ins } },
      payload: [{ contentString: "Voici l’ordonnance." }, { contentAttachment: attachment }],
    });
    expect(sent.status).toBe(201);
    const files = await unzip(await ask("bruno", bruno));
    const messages: Bundle<Communication> = JSON.parse(textOf(files, "messages.json"));
    const payload = messages.entry?.[0]?.resource?.payload ?? [];
    expect(payload[0]?.contentString).toBe("Voici l’ordonnance.");
    const path = payload[1]?.contentAttachment?.url ?? "";
    expect(Buffer.from(files[path] ?? [])).toEqual(content);
  });

  test("R118, R119 earlier versions and archived documents are in it, each marked; a deleted one is not", async () => {
    const first = await deposit(carnet, { patient: bruno, author: "gp", title: "Compte rendu" });
    const next = await deposit(carnet, { patient: bruno, author: "gp", title: "Compte rendu", replaces: first.id });
    const gone = await deposit(carnet, { patient: bruno, author: "gp", title: "Erreur de dépôt" });
    const extension = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-is-archived";
    const archived = [{ op: "add", path: "/extension", value: [{ url: extension, valueBoolean: true }] }];
    expect((await patch(carnet, "gp", `/DocumentReference/${next.id}`, archived)).status).toBe(200);
    const deleted = [{ op: "replace", path: "/status", value: "entered-in-error" }];
    expect((await patch(carnet, "gp", `/DocumentReference/${gone.id}`, deleted)).status).toBe(200);
    const files = await unzip(await ask("bruno", bruno));
    const index = textOf(files, "index.html");
    expect(index.match(/>Compte rendu<\/bdi>/g)).toHaveLength(2);
    expect(index).toContain("ancienne version");
    expect(index).toContain("archivé");
    expect(index).not.toContain("Erreur de dépôt");
  });

  test("R78, R148, R152 holds nothing that its reader may not see", async () => {
    const announced = await deposit(carnet, {
      author: "cardiologist",
      title: "Résultat grave",
      flags: ["INVISIBLE_PATIENT"],
    });
    const secret = await deposit(carnet, {
      patient: leo,
      title: "Confidence",
      flags: ["INVISIBLE_REPRESENTANTS_LEGAUX"],
    });
    for (const [of, hidden] of [
      [anna, announced],
      [leo, secret],
    ] as const) {
      const files = await unzip(await ask("anna", of));
      const everything = Object.entries(files)
        .map(([path, bytes]) => path + Buffer.from(bytes).toString("latin1"))
        .join("\n");
      expect(everything).not.toContain(hidden.id);
      expect(everything).not.toMatch(/grave|Confidence/);
    }
  });

  test("R171 for the holder and representatives only; to a stranger there is no record", async () => {
    expect((await ask("anna", leo)).status).toBe(200);
    for (const account of ["gp", "nurse", "cardiologist"]) expect(await refusalOf(ask(account))).toEqual([403, "R170"]);
    expect(await refusalOf(ask("secretariat"))).toEqual([403, "R79"]);
    expect((await ask("bruno")).status).toBe(404);
    const nowhere = await post(carnet, "bruno", "/Patient/00000000-0000-4000-8000-000000000000/$export-record", {});
    expect(nowhere.status).toBe(404);
  });

  test("R171 titles are names of files, whatever they are, and run nothing in its pages", async () => {
    const titles = [
      "../../../etc/passwd",
      '<script>alert(1)</script>"',
      "Même titre",
      "Même titre",
      "CON",
      "\u202efdp.exe",
    ];
    for (const title of titles) await deposit(carnet, { patient: leo, title, content: pdf(title) });
    const files = await unzip(await ask("anna", leo));
    for (const path of Object.keys(files)) {
      expect(path).not.toMatch(/\.\.\/|[<>:"\\|?*\u202e]/);
      expect(path.startsWith("/")).toBe(false);
    }
    expect(Object.keys(files).filter((path) => path.includes("Même titre"))).toHaveLength(2);
    const index = textOf(files, "index.html");
    expect(index).not.toContain("<script");
    expect(index).toContain('content="default-src &#39;none&#39;;');
    expect(index).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  test("R171 the SDK gives it as a stream, with progress; English when asked", async () => {
    const told: number[] = [];
    const client = connect({ baseUrl: carnet.base, accessToken: () => carnet.token("anna"), locale: "en" });
    const archive = await client.record(anna.ins).export({ onProgress: ({ doneBytes }) => told.push(doneBytes) });
    expect(archive.fileName).toMatch(/^my-record-.*\.zip$/);
    const bytes = new Uint8Array(await new Response(archive.body).arrayBuffer());
    expect(bytes.length).toBe(archive.size);
    expect(told[0]).toBe(0);
    expect(told.at(-1)).toBe(archive.size);
    expect(textOf(unzipSync(bytes), "index.html")).toContain("Copy of my health record");
  });

  test("R171 a content that the record lost keeps nothing else back: the copy names it, and the rest is in it", async () => {
    const [lost, kept] = [
      await deposit(carnet, { patient: bruno, title: "Contenu perdu" }),
      await deposit(carnet, { patient: bruno, title: "Contenu gardé" }),
    ];
    await removeContent(lost.id);
    const files = await unzip(await ask("bruno", bruno));
    expect(Object.keys(files).filter((path) => path.includes("Contenu"))).toEqual([
      expect.stringContaining("Contenu gardé.pdf"),
    ]);
    const index = textOf(files, "index.html");
    expect(index).toMatch(/<td><bdi>Contenu perdu<\/bdi><br><span class="mark">fichier perdu par le carnet/);
    const references: Bundle<DocumentReference> = JSON.parse(textOf(files, "documents.json"));
    const urlOf = (id: string) =>
      references.entry?.find(({ resource }) => resource?.id === id)?.resource?.content[0]?.attachment.url;
    expect(urlOf(lost.id)).toBeUndefined();
    expect(Object.keys(files)).toContain(urlOf(kept.id));
  });

  test("R171 a copy that cannot be whole ends with an error, never as if it were", async () => {
    const { id } = await deposit(carnet, { patient: bruno, title: "Lu trop tard" });
    const record = connect({ baseUrl: carnet.base, accessToken: () => carnet.token("bruno") }).record(bruno.ins);
    const archive = await record.export();
    // Gone after the copy was begun, before its turn came.
    await removeContent(id);
    await expect(new Response(archive.body).arrayBuffer()).rejects.toThrow();
  });
});

test("R171 whatever the titles, each file of a copy has a path of its own that stays in its folder", () => {
  const anyTitle = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a", "A", "a (2)", "..", ".", "", "a.pdf"));
  fc.assert(
    fc.property(fc.array(anyTitle, { maxLength: 30 }), (titles) => {
      const name = createNaming();
      const paths = titles.map((title) => name("documents/x", title, "application/pdf"));
      expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
      for (const path of paths) expect(path).toMatch(/^documents\/x\/[^/\\]*[^/\\. ][^/\\]*\.pdf$/);
    }),
  );
});
