/** Complete code systems that deposits use outside the value sets of the record. Codes only. */

const systems: Readonly<Record<string, string>> = {
  /** Identifier types of HL7 v2 table 0203. */
  "http://terminology.hl7.org/CodeSystem/v2-0203":
    "AC ACSN AM AMA AN ANC AND ANON ANT APRN ASID BA BC BCFN BCT BR BRN BSNR CC CONM CY CZ DC DCFN DDS DEA DFN DI DL DN DO " +
    "DP DPM DR DS EI EN ESN FDR FDRFN FI FILL GI GL GN HC IND JHN LACSN LANR LI LN LR MA MB MC MCD MCN MCR MCT MD MI MR " +
    "MRT MS NBSNR NCT NE NH NI NII NIIP NNxxx NP NPI OBI OD PA PC PCN PE PEN PHC PHE PHO PI PLAC PN PNT PPIN PPN PRC PRN " +
    "PT QA RI RN RPH RR RRI RRP SB SID SL SN SNBSN SNO SP SR SS STN TAX TN TPR TRL U UDI UPIN USID VN VP VS WC WCN WP XV XX",
  /** Identifier types of fr-core 2.1.0. */
  "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203":
    "ADELI RPPS IDNPS NNFRA NDP INS-C INS-NIA INS-NIR INS-NIR-TEST INS-NIR-DEMO FINEJ FINEG SIREN SIRET IDNST INTRN EXTRN",
  /** Kinds of activity, for the designation of a lot. */
  "https://mos.esante.gouv.fr/NOS/TRE_R209-TypeActivite/FHIR/TRE-R209-TypeActivite":
    "01 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 30 31 32 33 34 37 38 39 40 41 42 43 " +
    "44 45 46 47 48 50 51 52 53 60 97 99",
};

const known: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(systems).map(([system, codes]) => [system, new Set(codes.split(" "))]),
);

/** Is this code surely unknown? Systems that are not complete here are not judged. */
export function isUnknownCode(system: string, code: string): boolean {
  return known.get(system)?.has(code) === false;
}
