/** What Pro Santé Connect says of a professional (R205), as the actors that this person may be: one per activity. */
import * as v from "valibot";
import type { ProfessionalActor, Structure } from "../rules/actor.ts";
import { readActor } from "./claims.ts";

const optionalText = v.nullish(v.string());
const activity = v.object({
  codeSecteurDactivite: optionalText,
  codeRole: optionalText,
  codeGenreActivite: optionalText,
  raisonSocialeSite: optionalText,
  enseigneCommercialeSite: optionalText,
  numeroFinessSite: optionalText,
  numeroSiretSite: optionalText,
  identifiantTechniqueStructure: optionalText,
});
const exercise = v.object({
  codeProfession: optionalText,
  codeSavoirFaire: optionalText,
  activities: v.nullish(v.array(activity)),
});
const claims = v.object({
  SubjectNameID: v.pipe(v.string(), v.regex(/^\d{9,20}$/)),
  given_name: optionalText,
  family_name: optionalText,
  SubjectRole: v.nullish(v.array(v.string())),
  Secteur_Activite: optionalText,
  SubjectOrganization: optionalText,
  SubjectOrganizationID: optionalText,
  Acces_Regulation_Medicale: optionalText,
  codeGenreActivite: optionalText,
  SubjectRefPro: v.nullish(v.object({ exercices: v.nullish(v.array(exercise)) })),
});
type Claims = v.InferOutput<typeof claims>;
type Exercise = v.InferOutput<typeof exercise>;
type Activity = v.InferOutput<typeof activity>;

/** "80^1.2.250…": the code before the circumflex. */
function codeOf(text: string | null | undefined): string | undefined {
  return text?.split("^")[0] || undefined;
}

/** National identifier of a site, with its prefix: FINESS before SIRET. R107. */
function siteOf(site: Activity): Structure | undefined {
  const id = site.numeroFinessSite
    ? `1${site.numeroFinessSite}`
    : site.numeroSiretSite
      ? `3${site.numeroSiretSite}`
      : site.identifiantTechniqueStructure;
  const name = site.raisonSocialeSite || site.enseigneCommercialeSite;
  if (!id || !name) return undefined;
  const facilityType = codeOf(site.codeSecteurDactivite);
  return { id, name, ...(facilityType && { facilityType }) };
}

/** The structure that the session itself names: the one chosen at Pro Santé Connect. */
function chosenStructure(said: Claims, site: Activity | undefined): Structure | undefined {
  const { SubjectOrganizationID: id, SubjectOrganization: name } = said;
  if (!id || !name) return undefined;
  const facilityType = codeOf(said.Secteur_Activite) ?? codeOf(site?.codeSecteurDactivite);
  return { id, name, ...(facilityType && { facilityType }) };
}

function actorOf(
  said: Claims,
  practice: Exercise | undefined,
  site: Activity | undefined,
  structure: Structure | undefined,
): ProfessionalActor | undefined {
  const activityKind = codeOf(site?.codeGenreActivite) ?? codeOf(said.codeGenreActivite);
  const specialty = codeOf(practice?.codeSavoirFaire);
  const role = codeOf(site?.codeRole);
  const actor = readActor(said.SubjectNameID, {
    kind: "professional",
    name: [said.given_name, said.family_name].filter(Boolean).join(" "),
    rpps: said.SubjectNameID,
    profession: codeOf(practice?.codeProfession) ?? codeOf(said.SubjectRole?.[0]),
    authentication: "reinforced-indirect",
    ...(specialty && { specialty }),
    ...(role && { role }),
    ...(activityKind && { activityKind }),
    ...(structure && { structure }),
    ...(said.Acces_Regulation_Medicale === "VRAI" && { dispatchCentre: true }),
  });
  return actor?.kind === "professional" ? actor : undefined;
}

/**
 * The actors that these claims allow, the one that the session names first. Empty when a needed claim is missing.
 * `SubjectRole` and `SubjectOrganizationID` say what was chosen at Pro Santé Connect; a session that names no structure
 * leaves the choice among the activities to us.
 */
export function actorsOfProSanteConnect(given: unknown): readonly ProfessionalActor[] {
  const parsed = v.safeParse(claims, given);
  if (!parsed.success) return [];
  const said = parsed.output;
  const role = codeOf(said.SubjectRole?.[0]);
  const exercises = said.SubjectRefPro?.exercices ?? [];
  const pairs = exercises.flatMap((practice) =>
    (practice.activities?.length ? practice.activities : [undefined]).map((site) => ({ practice, site })),
  );
  const isOfRole = ({ practice }: { practice: Exercise }) => !role || codeOf(practice.codeProfession) === role;
  const isChosen = (pair: (typeof pairs)[number]) =>
    isOfRole(pair) && pair.site !== undefined && siteOf(pair.site)?.id === said.SubjectOrganizationID;
  const chosen = pairs.find(isChosen) ?? pairs.find(isOfRole);
  if (said.SubjectOrganizationID) {
    const structure = chosenStructure(said, chosen?.site) ?? (chosen?.site && siteOf(chosen.site));
    return [actorOf(said, chosen?.practice, chosen?.site, structure)].filter((one) => one !== undefined);
  }
  const all = pairs.map(({ practice, site }) => actorOf(said, practice, site, site && siteOf(site)));
  const known = all.filter((one) => one !== undefined);
  return known.length > 0 ? known : [actorOf(said, undefined, undefined, undefined)].filter((one) => one !== undefined);
}
