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
  /** Specialties of doctors and other professionals: some of them make a document a sensitive one. */
  "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale":
    "SCD01 SCD02 SCD03 SI01 SI02 SI03 SI04 SI05 SM01 SM02 SM03 SM04 SM05 SM06 SM07 SM08 SM09 SM10 SM11 SM12 SM13 SM14 " +
    "SM15 SM16 SM17 SM18 SM19 SM20 SM21 SM22 SM23 SM24 SM25 SM26 SM27 SM28 SM29 SM30 SM31 SM32 SM33 SM34 SM35 SM36 " +
    "SM37 SM38 SM39 SM40 SM41 SM42 SM43 SM44 SM45 SM46 SM47 SM48 SM49 SM50 SM51 SM52 SM53 SM54 SM55 SM56 SM57 SM58 " +
    "SM59 SM60 SM61 SM62 SM63 SM64 SM65 SM66 SM67 SM68 SM69 SM70 SM71 SM72 SM73 SM74 SM75 SM76 SM77 SM78 SM79 SM80 " +
    "SM81 SM82 SM83 SM84 SM85 SM86 SM87 SM88 SM89 SM90 SM91 SM92 SM93 SM94 SM95 SP01 SP02 SP03 SP04",
};

const known: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(systems).map(([system, codes]) => [system, new Set(codes.split(" "))]),
);

/** Is this code surely unknown? Systems that are not complete here are not judged. */
export function isUnknownCode(system: string, code: string): boolean {
  return known.get(system)?.has(code) === false;
}
