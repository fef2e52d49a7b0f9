import { createServer, type ServerResponse } from "node:http";
import {
  activePdfOf,
  alix,
  camille,
  cdaOf,
  echoLines,
  holding,
  letterLines,
  pdfOf,
  pngOf,
  pngPixel,
  scanOf,
  stapledTo,
  withoutSecondPage,
} from "./fixtures.ts";

export interface HospitalServer {
  /** On `localhost`: the extension has no permission there but what a click grants. */
  readonly url: string;
  /** The same server on `127.0.0.1`, which the demo's build may read. */
  readonly allowedUrl: string;
  readonly letter: Uint8Array;
  readonly cda: string;
  /** A PDF that would act by itself, and what it did: the addresses that it reached. */
  readonly active: Uint8Array;
  readonly ran: readonly string[];
  /** Bytes that left of the documents of two hundred megabytes. */
  poured(): number;
  close(): Promise<void>;
}

const heavyBytes = 200 * 1024 * 1024;

/** A hospital tool as the web has them: each way of showing a document, with real answers over HTTP. */
export async function startHospital(): Promise<HospitalServer> {
  const letter = await pdfOf([letterLines(camille), ["Page 2", "Fin de la lettre."]]);
  const other = await pdfOf([letterLines(alix)]);
  const titled = await Promise.all([
    pdfOf([letterLines(camille)], "Lettre 14 – TESTARD Camille"),
    pdfOf([letterLines(alix)], "Lettre 15 – EXEMPLIN Alix, opéré"),
  ]);
  const anonymous = await pdfOf([["COMPTE RENDU DE CONSULTATION", "", "Patient vu ce jour, examen normal."]]);
  // Two thousand pages, the patient on the first.
  const long = await pdfOf([
    letterLines(camille),
    ...Array.from({ length: 1_999 }, (_, index) => [`Page ${index + 2}`]),
  ]);
  const echo = await pdfOf([echoLines(camille)]);
  // Other words than the letters above: nothing that a person would take for a version of them.
  const tabs = await Promise.all([
    pdfOf([
      [
        ...echoLines(camille).slice(0, 8),
        "Rein droit mesuré à onze centimètres, bien différencié, sans calcul ni cavité dilatée.",
        "Rein gauche de mêmes dimensions. Vessie pleine, à paroi fine, vidée sans résidu notable.",
        "Artères rénales perméables au doppler, index de résistance symétriques et dans les limites.",
        "Conclusion : appareil urinaire sans anomalie visible, contrôle inutile avant deux ans.",
      ],
    ]),
    pdfOf([echoLines(alix)]),
  ]);
  const withoutIns = await pdfOf([letterLines(camille, { withoutIns: true })]);
  const both = await pdfOf([letterLines(camille), letterLines(alix)]);
  const slip = await pdfOf([letterLines({ ...camille, birthName: "TESTARP" } as unknown as typeof camille)]);
  const picture = pngOf(400, 300);
  const scan = await scanOf();
  const stapled = await stapledTo(letter);
  // Under the label of the mother, with a photograph that nobody read.
  const newborn = await holding(
    await pdfOf([[...letterLines(camille).slice(0, 9), "", "Nouveau-né de Mme TESTARD, vu pour un ictère."]]),
    { "courbe de poids.png": picture, "bilan.txt": new TextEncoder().encode("Bilirubine 180 µmol/L") },
  );
  const cda = cdaOf(camille, letter);
  const torn = await withoutSecondPage(await pdfOf([letterLines(camille), ["Page 2"], ["Page 3"]]));
  const cdaOfTorn = cdaOf(camille, torn);
  // Its header names Camille, and the letter in it Alix.
  const cdaOfAnother = cdaOf(camille, other);
  const activeLines = [
    "COMPTE RENDU D'OSTEODENSITOMETRIE",
    ...echoLines(camille).slice(1, 8),
    "Rachis lombaire et col du fémur : densité minérale normale pour la tranche considérée.",
    "Absence de tassement vertébral. Surveillance habituelle, nouvelle mesure dans cinq ans.",
  ];
  const spent = new Set<string>();

  const pdf = (response: ServerResponse, bytes: Uint8Array, cache = "private, max-age=60") => {
    response.writeHead(200, { "content-type": "application/pdf", "cache-control": cache });
    response.end(bytes);
  };
  const page = (response: ServerResponse, body: string) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(`<!doctype html><html lang="fr"><title>Outil de l’hôpital</title><body>${body}</body></html>`);
  };
  const banner = (patient: typeof camille | typeof alix) =>
    `<header>Patient : <b>${patient.birthName}</b> ${patient.firstGivenName}, né(e) le ${patient.birthDate
      .split("-")
      .reverse()
      .join("/")}, INS ${patient.ins.value}</header>`;

  let poured = 0;
  /** Two hundred megabytes, made as they leave: as fast as they are read, and no faster. */
  const pour = (response: ServerResponse) => {
    const piece = Buffer.alloc(1024 * 1024, "%PDF-1.7 ");
    let left = heavyBytes;
    const more = () => {
      while (left > 0 && !response.destroyed) {
        left -= piece.length;
        poured += piece.length;
        if (!response.write(piece)) return;
      }
      if (left <= 0) response.end();
    };
    response.on("drain", more);
    more();
  };

  let port = 0;
  let active: Uint8Array = letter;
  const ran: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    // Behind a session: no cookie, no document.
    const isSignedIn = (request.headers.cookie ?? "").includes("session=1");
    switch (pathname) {
      case "/":
        response.setHeader("set-cookie", "session=1; HttpOnly; SameSite=Strict");
        return page(response, "<h1>Accueil</h1><p>Aucun document.</p>");
      case "/letter.pdf":
        return pdf(response, letter);
      case "/other.pdf":
        return pdf(response, other);
      case "/anonymous.pdf":
        return pdf(response, anonymous);
      case "/without-ins.pdf":
        return pdf(response, withoutIns);
      case "/both.pdf":
        return pdf(response, both);
      case "/slip.pdf":
        return pdf(response, slip);
      case "/newborn.pdf":
        return pdf(response, newborn);
      case "/stapled.pdf":
        return pdf(response, stapled);
      case "/stalled":
        return page(response, `${banner(camille)}<a href="/stalled.pdf">Compte rendu</a>`);
      case "/stalled.pdf":
        // Never answered.
        return;
      case "/scan.pdf":
        return pdf(response, scan);
      case "/private.pdf":
        if (isSignedIn) return pdf(response, letter, "no-cache");
        response.writeHead(403, { "content-type": "text/html" });
        return response.end("<h1>Session</h1>");
      case "/form":
        return page(
          response,
          `<form method="post" action="/answer" target="answer"></form><iframe name="answer" width="600" height="500"></iframe>
           <script>document.forms[0].submit()</script>`,
        );
      case "/answer":
        if (request.method === "POST") return pdf(response, letter, "no-store");
        return page(response, "<form></form>");
      case "/once.pdf":
        // Given once, and not to be stored: the second reading is refused.
        if (spent.has(search)) {
          response.writeHead(410, { "content-type": "text/plain" });
          return response.end("gone");
        }
        spent.add(search);
        return pdf(response, letter, "no-store");
      case "/current.pdf": {
        // The document of whoever is in front in the tool: another patient's by the second reading.
        const isAgain = spent.has(search);
        spent.add(search);
        return pdf(response, isAgain ? titled[1] : titled[0], "no-store");
      }
      case "/frame":
        return page(response, `${banner(camille)}<iframe src="/letter.pdf" width="600" height="500"></iframe>`);
      case "/echo-frame":
        return page(response, `${banner(camille)}<iframe src="/echo.pdf" width="600" height="500"></iframe>`);
      case "/frame-of-another":
        return page(response, `${banner(alix)}<iframe src="/letter.pdf" width="600" height="500"></iframe>`);
      case "/shadow-of-another":
        return page(
          response,
          `<patient-banner></patient-banner><iframe src="/letter.pdf" width="600" height="500"></iframe><script>
            document.querySelector("patient-banner").attachShadow({ mode: "closed" }).innerHTML = ${JSON.stringify(`<style>b { color: green }</style>${banner(alix)}`)};
          </script>`,
        );
      case "/fields-of-another":
        return page(
          response,
          `<label>Nom de naissance * <input value="${alix.birthName}" readonly></label>
           <table><tr><td>Prénom :</td><td><input value="${alix.firstGivenName}"></td></tr></table>
           <input aria-label="INS" value="${alix.ins.value}"><input type="hidden" value="${camille.ins.value}">
           <iframe src="/letter.pdf" width="600" height="500"></iframe>`,
        );
      case "/shadow-report":
        return page(
          response,
          `<lab-report></lab-report><script>
            document.querySelector("lab-report").attachShadow({ mode: "closed" }).innerHTML = ${JSON.stringify(`${banner(camille)}<h1>Compte rendu de scintigraphie</h1><p>Fixation homogène.</p><embed type="application/pdf" src="/letter.pdf" width="300" height="200">`)};
          </script>`,
        );
      case "/viewer-frame":
        return page(response, `<iframe src="/viewer.html?file=%2Fletter.pdf" width="600" height="500"></iframe>`);
      case "/viewer-names":
        return page(response, `<iframe src="/viewer.html#file=%2Fdocument%2F14" width="600" height="500"></iframe>`);
      case "/viewer.html":
        return page(response, "<canvas></canvas>");
      case "/embed":
        return page(response, `<embed type="application/pdf" src="/letter.pdf" width="600" height="500">`);
      case "/blob":
        return page(
          response,
          `<iframe id="f" width="600" height="500"></iframe><script>
            fetch("/letter.pdf").then((r) => r.blob()).then((b) => { f.src = URL.createObjectURL(b); });
          </script>`,
        );
      case "/blob-tab":
        return page(
          response,
          `<button id="show">Ouvrir</button><script>
            document.getElementById("show").addEventListener("click", async () => {
              const bytes = await (await fetch("/letter.pdf")).blob();
              window.open(URL.createObjectURL(bytes), "_blank");
            });
          </script>`,
        );
      case "/links":
        return page(
          response,
          `${banner(camille)}<a id="one" href="/private.pdf">Lettre de liaison du 15/10/2026</a>
           <a href="/without-ins.pdf">Compte rendu</a>
           <a href="/document/12">Bilan (PDF)</a> <a href="/document/13" download="lettre.pdf">Télécharger</a>
           <a href="/document/13?format=pdf&amp;id=2">Sortie</a> <a href="/viewer.html?file=%2Fdocument%2F14">Ouvrir</a>
           <a href="/report">Séjours</a> <a href="https://lecteur.example/">Lecteur PDF</a>`,
        );
      case "/report":
        return page(
          response,
          `${banner(camille)}<style>.flag::after { content: " ↑" } .sr { position: absolute; width: 1px; height: 1px; overflow: hidden }</style>
           <h1>Compte rendu d’analyses de biologie médicale</h1><p>Prélèvement du 12/10/2026</p>
           <table><tr><th>Analyse</th><th>Résultat</th></tr>
           <tr><td>Leucocytes</td><td class="flag"><b>12,4</b> 10<sup>9</sup>/L</td></tr>
           <tr><td>Ferritine</td><td><s>120</s> 12 µg/L (≥ 15)</td></tr></table>
           <p hidden>Autre patient : MASQUE Paul</p><span class="sr">pour lecteur d’écran</span>
           <label>Conclusion <textarea>Carence martiale</textarea></label>
           <p id="comment">Commentaire du biologiste : contrôle à trois mois.</p>
           <img src="/picture-1.png" alt="Électrophorèse" width="400" height="300"><canvas id="curve" width="300" height="120"></canvas>
           <img src="http://127.0.0.1:${port}/picture-2.png" width="200" height="150">
           <script>curve.getContext("2d").fillRect(10, 10, 200, 80);</script>`,
        );
      case "/closed-frame":
        // The browser lets nobody into it; another patient's letter stands there.
        return page(
          response,
          `${banner(camille)}<h1>Compte rendu d’hospitalisation</h1><p>Sortie le 12/10/2026</p>
           <iframe sandbox width="600" height="400" srcdoc="<p>EXEMPLIN ALIX, INS ${alix.ins.value}</p>"></iframe>`,
        );
      case "/data":
        return page(
          response,
          `<embed type="application/pdf" width="600" height="500" src="data:application/pdf;base64,${Buffer.from(letter).toString("base64")}">`,
        );
      case "/images":
        return page(
          response,
          `${banner(camille)}<img src="/picture-1.png" alt="Recto"><img src="/picture-2.png" alt="Verso">`,
        );
      case "/picture-1.png":
      case "/picture-2.png":
        response.writeHead(200, { "content-type": "image/png" });
        return response.end(picture);
      case "/hostile":
        // Names of the browser's own properties put in the way, prototypes poisoned, messages forged, ears everywhere.
        return page(
          response,
          `${banner(camille)}<h1>Compte rendu d’analyses de biologie médicale</h1><p>Prélèvement du 12/10/2026</p>
           <form><input name="childNodes" value="Glycémie"><input name="localName"><input name="shadowRoot"><input name="getBoundingClientRect"><p>Potassium 4,1 mmol/L</p></form>
           ${["querySelectorAll", "title", "body", "images", "contentType", "documentElement", "baseURI", "readyState"]
             .map((name) => `<img name="${name}"><form name="${name}"></form>`)
             .join("")}
           <script>
             globalThis.heard = [];
             Object.prototype.ok = true; Object.prototype.address = "/other.pdf"; Array.prototype.flatMap = () => ["x"];
             Object.prototype.repairs = "row"; Node.prototype.cloneNode = Window.prototype.fetch = () => { heard.push("called"); };
             for (const to of ["background", "offscreen"]) for (const method of ["accessToken", "ring", "drain", "signOut"]) {
               postMessage({ carnet: "call", to, method }, "*");
               try { chrome.runtime.sendMessage("bdkmmmbkbhcjckckijajlhjdbfenbofh", { carnet: "call", to, method }, (answer) => heard.push(answer)); } catch {}
             }
             new MutationObserver((changes) => heard.push(...changes)).observe(document, { childList: true, subtree: true, attributes: true });
             addEventListener("message", (event) => { if (event.source !== window) heard.push(event.data); });
           </script>`,
        );
      case "/endless":
        return page(response, `${banner(camille)}<p>${"Compte rendu sans fin. ".repeat(20_000)}</p>`);
      case "/heavy.pdf":
        // Its length is announced, and all of it is there for who reads on.
        response.writeHead(200, { "content-type": "application/pdf", "content-length": String(heavyBytes) });
        return pour(response);
      case "/heavy-unannounced.pdf":
        response.writeHead(200, { "content-type": "application/pdf", "cache-control": "no-store" });
        return pour(response);
      case "/links-to-heavy":
        return page(
          response,
          `${banner(camille)}<a href="/heavy.pdf">Lettre</a><a href="/heavy-unannounced.pdf">Sans fin</a>
           <a href="http://127.0.0.1:${port}/heavy-unannounced.pdf">D’un autre serveur</a><a href="/long.pdf">Dossier</a>`,
        );
      case "/long.pdf":
        return pdf(response, long);
      case "/slow":
        return page(response, `${banner(camille)}<a href="/slow.pdf">Lettre</a>`);
      case "/slow.pdf":
        // Answers once the page has left.
        response.writeHead(200, { "content-type": "application/pdf" });
        response.write(letter.slice(0, 100));
        return;
      case "/links-to-active":
        return page(response, `<a href="/active.pdf">Compte rendu</a>`);
      case "/active.pdf":
        return pdf(response, active);
      case "/ran":
        ran.push(search);
        return response.end();
      case "/dpi":
        // A tool that writes its patient in data attributes, and links to its documents by number.
        return page(
          response,
          `<header data-patient-ins="${camille.ins.value}" data-patient-birth-name="TESTARD" data-patient-given-name="CAMILLE"
            data-patient-birth-date="${camille.birthDate}" data-patient-sex="F">Dossier</header>
           <aside>Vu aussi : EXEMPLIN ALIX, INS ${alix.ins.value}</aside>
           <a data-document href="/document/12">Compte rendu</a>`,
        );
      case "/tool":
        // A tool that names its elements in its own way, hears everything, and holds other people's names.
        return page(
          response,
          `<main id="record"><h1 class="who"><span class="nom">${camille.birthName}</span> <i class="css-1x9">${camille.firstGivenName}</i></h1>
             <dl><dt>Naissance</dt><dd>14 mars 1985</dd><dt>Sexe</dt><dd data-field="sex">F</dd></dl>
             <p id="ins-${camille.ins.value}" data-number="${camille.ins.value}">INS</p>
             <ul class="docs"><li><a href="/document/12">Compte rendu</a><li><a href="/document/13">Lettre</a></ul>
             <button id="erase" type="button">Effacer</button></main>
           <aside><span class="nom">${alix.birthName}</span></aside>
           <form><input name="attributes"><input name="parentElement"><input name="children"><input name="animate"></form>
           ${["documentElement", "body", "querySelectorAll"].map((name) => `<img name="${name}">`).join("")}
           <script>
             globalThis.heard = [];
             for (const type of ["pointerdown", "pointermove", "pointerup", "mousedown", "mousemove", "mouseover", "mouseup", "click", "keydown", "keyup", "focusin"])
               document.addEventListener(type, (event) => heard.push(type), true);
             new MutationObserver((changes) => heard.push(...changes.map(({ type }) => type))).observe(document, { childList: true, subtree: true, attributes: true });
           </script>`,
        );
      case "/document/12":
        return pdf(response, withoutIns);
      case "/document/14":
        return pdf(response, letter);
      case "/list":
        return page(
          response,
          `${banner(camille)}<a href="/echo.pdf">Échographie</a> <a href="/anonymous.pdf">Sans nom</a>`,
        );
      case "/echo.pdf":
        return pdf(response, echo);
      case "/tab-1.pdf":
        return pdf(response, tabs[0]);
      case "/tab-2.pdf":
        return pdf(response, tabs[1]);
      case "/export":
        return page(response, `${banner(camille)}<a id="export" href="/export.pdf" download>Exporter</a>`);
      case "/export.pdf":
        response.writeHead(200, {
          "content-type": "application/pdf",
          "content-disposition": 'attachment; filename="lettre.pdf"',
          "cache-control": "no-cache",
        });
        // The first reading never ends: a download on its way.
        if (spent.has("/export.pdf")) return response.end(letter);
        spent.add("/export.pdf");
        return response.write(letter.slice(0, 100));
      case "/cda.xml":
        response.writeHead(200, { "content-type": "text/xml; charset=utf-8" });
        return response.end(cda);
      case "/cda-of-torn.xml":
        response.writeHead(200, { "content-type": "text/xml; charset=utf-8" });
        return response.end(cdaOfTorn);
      case "/cda-of-another.xml":
        response.writeHead(200, { "content-type": "text/xml; charset=utf-8" });
        return response.end(cdaOfAnother);
      case "/torn.pdf":
        return pdf(response, torn);
      case "/long.txt":
        response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
        return response.end([...letterLines(camille), "Suite du compte rendu. ".repeat(1_000)].join("\n"));
      case "/image.png":
        response.writeHead(200, { "content-type": "image/png" });
        return response.end(pngPixel);
      case "/spa":
        return page(
          response,
          `<div id="who">${banner(camille)}</div><iframe src="/without-ins.pdf" width="600" height="500"></iframe>
           <button id="next" onclick='who.innerHTML = ${JSON.stringify(banner(alix)).replaceAll("'", "&#39;")}'>Suivant</button>`,
        );
      default:
        response.writeHead(404, { "content-type": "text/plain" });
        return response.end("not here");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  active = await activePdfOf(activeLines, `http://localhost:${port}/ran`);
  return {
    url: `http://localhost:${port}`,
    active,
    ran,
    poured: () => poured,
    allowedUrl: `http://127.0.0.1:${port}`,
    letter,
    cda,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
