/** What the running server answers to: tests that hold for every route read them here, so that a new one is not forgotten. */
import type { FastifyInstance } from "fastify";

/** Routes under `/fhir`, as `METHOD /path/:parameter`, from the server's own tree. */
export function fhirRoutes(app: FastifyInstance): readonly string[] {
  const path: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .flatMap((line) => {
      const match = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line);
      if (!match) return [];
      const [, indent = "", segment = "", methods = ""] = match;
      path.length = indent.length / 4;
      path.push(segment);
      const full = path.join("");
      if (!full.startsWith("/fhir")) return [];
      return methods
        .split(", ")
        .filter((method) => method !== "" && method !== "HEAD" && method !== "OPTIONS")
        .map((method) => `${method} ${full.slice(5) || "/"}`);
    });
}
