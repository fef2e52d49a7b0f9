/** The pages of the hospital tool. Titles name no patient: a tab's title is seen by whoever passes. */

import { printedIns, shortDate } from "../seed/letter/french.ts";
import type { Person } from "../seed/people.ts";
import { type Html, html } from "../serve/html.ts";
import type { Paper, Presentation } from "./paper.ts";
import type { Stay } from "./stays.ts";

export interface Page {
  readonly title: string;
  readonly content: Html;
}

const officialName = (person: Person) => `${person.usedName ?? person.birthName} ${person.firstGivenName}`;

/** Patients present today. */
export function patientListPage(stays: readonly Stay[]): Page {
  return {
    title: "Patients présents",
    content: html`
      <div class="page-head"><h1>Patients présents</h1><p>${stays.length} patients dans vos unités aujourd'hui</p></div>
      <div class="card">
        <table class="grid">
          <caption class="visually-hidden">Patients présents</caption>
          <thead><tr><th scope="col">Patient</th><th scope="col">Naissance</th><th scope="col">Unité</th><th scope="col">Chambre</th><th scope="col">Motif</th><th scope="col">Identité</th></tr></thead>
          <tbody>${stays.map(patientRow)}</tbody>
        </table>
      </div>`,
  };
}

const patientRow = (stay: Stay) => html`
  <tr>
    <th scope="row"><a href="/hospital/patients/${stay.number}">${officialName(stay.person)}</a><small>Venue ${stay.number}</small></th>
    <td>${shortDate(stay.person.birthDate)}</td><td>${stay.ward}</td><td>${stay.room}</td><td>${stay.reason}</td>
    <td><span class="badge badge--${stay.identity === "qualifiée" ? "good" : "doubt"}">${stay.identity}</span></td>
  </tr>`;

/** One patient: identity strip, stay, results. */
export function patientPage(stay: Stay, papers: readonly Paper[]): Page {
  return {
    title: "Dossier patient",
    content: html`
      ${identityStrip(stay)}
      <div class="page-head"><h1>Résultats et comptes rendus</h1><p>${stay.ward} · ${stay.reason}</p></div>
      <div class="card">
        <table class="grid" id="results">
          <caption class="visually-hidden">Résultats et comptes rendus du séjour</caption>
          <thead><tr><th scope="col">Document</th><th scope="col">Date</th><th scope="col">Auteur</th><th scope="col">Format</th><th scope="col">Ouvrir</th></tr></thead>
          <tbody>${papers.map(paperRow)}</tbody>
        </table>
      </div>`,
  };
}

const formats: Readonly<Record<Presentation, string>> = {
  tab: "PDF",
  link: "PDF",
  blob: "PDF",
  frame: "PDF",
  image: "Image",
  html: "Page",
  cda: "CDA",
};

const paperRow = (paper: Paper) => html`
  <tr data-presentation="${paper.presentation}" data-paper="${paper.id}">
    <th scope="row">${paper.title}</th><td>${shortDate(paper.date)}</td><td>${paper.author}</td>
    <td><span class="format">${formats[paper.presentation]}</span></td><td>${openControl(paper)}</td>
  </tr>`;

/** Address of a paper's bytes, with the ending that its kind has. */
export function paperAddress(paper: Paper): string {
  const ending = { tab: "pdf", link: "pdf", blob: "pdf", frame: "pdf", image: "jpg", html: "html", cda: "xml" }[
    paper.presentation
  ];
  return `/hospital/documents/${paper.id}.${ending}`;
}

function openControl(paper: Paper): Html {
  const address = paperAddress(paper);
  const name = html`<span class="visually-hidden"> : ${paper.title}</span>`;
  switch (paper.presentation) {
    case "blob":
      return html`<button class="button" type="button" data-blob="${address}">Afficher${name}</button>`;
    case "frame":
      return html`<a class="button" href="/hospital/viewer/${paper.id}">Visionneuse${name}</a>`;
    case "image":
      return html`<a class="button" href="/hospital/viewer/${paper.id}">Voir l'image${name}</a>`;
    case "link":
      return html`<a class="button" href="${address}" download>Télécharger${name}</a>`;
    case "tab":
    case "html":
    case "cda":
      return html`<a class="button" href="${address}" target="_blank" rel="noopener">Ouvrir${name}</a>`;
  }
}

/** A paper inside the tool: PDF in a frame, or a picture. */
export function viewerPage(stay: Stay, paper: Paper): Page {
  const address = paperAddress(paper);
  return {
    title: "Visionneuse",
    content: html`
      ${identityStrip(stay)}
      <div class="page-head"><h1>${paper.title}</h1><p>${shortDate(paper.date)} · ${paper.author}</p></div>
      <div class="card card--viewer">${
        paper.presentation === "image"
          ? html`<img class="picture" src="${address}" alt="${paper.title}">`
          : html`<iframe class="frame" src="${address}" title="${paper.title}"></iframe>`
      }</div>
      <p><a class="button" href="/hospital/patients/${stay.number}">Retour aux résultats</a></p>`,
  };
}

/** A report that the tool writes as a page of its own. */
export function nursingReport(stay: Stay, paper: Paper): Page {
  return {
    title: "Transmission infirmière",
    content: html`
      ${identityStrip(stay)}
      <article class="card report">
        <h1>${paper.title}</h1>
        <p class="byline">${paper.author} · ${shortDate(paper.date)}</p>
        <h2>État à la sortie</h2>
        <table class="grid">
          <thead><tr><th scope="col">Mesure</th><th scope="col">Valeur</th></tr></thead>
          <tbody>
            <tr><th scope="row">Température</th><td>36,9 °C</td></tr>
            <tr><th scope="row">Saturation en air ambiant</th><td>97 %</td></tr>
            <tr><th scope="row">Débit expiratoire de pointe</th><td>380 L/min</td></tr>
          </tbody>
        </table>
        <h2>Éducation</h2>
        <ul><li>Technique d'inhalation revue : correcte avec le Turbuhaler</li><li>Plan d'action remis et expliqué</li><li>Rappel : jamais de pénicilline</li></ul>
        <h2>À faire à domicile</h2>
        <ul><li>Corticoïdes le matin pendant cinq jours</li><li>Rendez-vous avec le médecin traitant pris sous huit jours</li></ul>
      </article>`,
  };
}

/** The identity strip: where an adapter reads the five traits. */
function identityStrip(stay: Stay): Html {
  const { person } = stay;
  const isQualified = stay.identity === "qualifiée";
  return html`
    <section class="identity" aria-label="Identité du patient">
      <p class="identity__name"><span data-identity="used-name">${person.usedName ?? person.birthName}</span> <span data-identity="given-name">${person.firstGivenName}</span></p>
      <dl>
        <div><dt>Nom de naissance</dt><dd data-identity="birth-name">${person.birthName}</dd></div>
        <div><dt>Né${person.sex === "female" ? "e" : ""} le</dt><dd data-identity="birth-date">${shortDate(person.birthDate)}</dd></div>
        <div><dt>Sexe</dt><dd data-identity="sex">${person.sex === "female" ? "F" : "M"}</dd></div>
        <div><dt>INS</dt><dd data-identity="ins">${isQualified ? `${printedIns(person.ins.value)} (NIR de test)` : "Non récupérée"}</dd></div>
        <div><dt>Identité</dt><dd>${stay.identity}</dd></div>
        <div><dt>Venue</dt><dd>${stay.number}</dd></div>
      </dl>
    </section>`;
}

/** Shown when a paper is asked for without a session. */
export function sessionPage(): Page {
  return {
    title: "Session expirée",
    content: html`<div class="page-head"><h1>Session expirée</h1><p>Ouvrez de nouveau la liste des patients pour continuer.</p></div><p><a class="button" href="/hospital/">Ouvrir une session</a></p>`,
  };
}

export function missingPage(): Page {
  return {
    title: "Introuvable",
    content: html`<div class="page-head"><h1>Introuvable</h1><p>Cette venue ou ce document n'existe pas.</p></div><p><a class="button" href="/hospital/">Liste des patients</a></p>`,
  };
}
