/** The mail that tells the operator of a report (R186): that there is one, and nothing of it (R196). */
import type { Mail } from "./mailer.ts";

export function operatorMail(reportId: string, to: string): Mail {
  return {
    dedupeKey: `report-${reportId}`,
    to,
    kind: "report",
    locale: "fr",
    subject: "Un patient a signalé quelque chose",
    text: `Bonjour,

Un patient a signalé un accès, un document ou une application.
Le signalement porte le numéro ${reportId}.
Il se lit avec les outils de l’exploitant (docs/operator.md).

Carnet`,
  };
}
