/** The outside FHIR validator of ../shared, which shares no code with the project. Undefined where it is not installed. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fhirToolsModules, hasShared, shared } from "./machine.ts";

export interface ValidationIssue {
  readonly severity: "error" | "warning" | "information";
  readonly path: string;
  readonly message: string;
}

/** Errors of a resource under its own `meta.profile` and the profiles given. */
export type Validate = (resource: unknown, profiles?: readonly string[]) => readonly ValidationIssue[];

export const hasValidator = (): boolean => hasShared() && fhirToolsModules() !== undefined;

/** Loads the definitions (seconds) and gives a function that lists the errors of a resource. */
export async function loadValidator(): Promise<Validate> {
  process.env.FHIR_TOOLS_MODULES = fhirToolsModules();
  const module: unknown = await import(
    /* @vite-ignore */ pathToFileURL(join(shared, "tools", "fhir", "validate-fhir.mjs")).href
  );
  const { createValidator } = module as {
    createValidator(options: { igDirs: string[] }): {
      validate(resource: unknown, options: { profiles: readonly string[] }): readonly ValidationIssue[];
    };
  };
  const validator = createValidator({ igDirs: [join(shared, "fhir-profiles")] });
  return (resource, profiles = []) => {
    const own = (resource as { meta?: { profile?: string[] } }).meta?.profile ?? [];
    return validator
      .validate(resource, { profiles: [...new Set([...own, ...profiles])] })
      .filter((issue) => issue.severity === "error");
  };
}
