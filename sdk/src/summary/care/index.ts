export {
  type CareGap,
  type CareGapOptions,
  careGaps,
  isFor,
  type RecordDocument,
  type UnsaidReason,
} from "./care-gaps.ts";
export {
  type CareAudience,
  type CareRule,
  type CareRules,
  CareRulesError,
  type CareSource,
  frenchCareRules,
  parseCareRules,
} from "./rules.ts";
export {
  frenchVaccinationSchedule,
  parseVaccinationSchedule,
  type VaccinationNeed,
  type VaccinationSchedule,
} from "./schedule.ts";
export {
  type VaccinationDue,
  type VaccinationOptions,
  type VaccinationUnsaid,
  vaccinationsDue,
} from "./vaccinations-due.ts";
