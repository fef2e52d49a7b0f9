/** Time from navigation to the painted summary, in Chromium, on the practice page of the running demo. */
import { existsSync } from "node:fs";
import { startCarnet } from "../support/carnet.ts";
import { launchChromium } from "../support/chromium.ts";
import { demoToken, insOf } from "../support/demo.ts";
import { chromiumPath } from "../support/machine.ts";
import type { Template } from "../support/seeded-template.ts";
import { figureOf, print } from "./figure.ts";

const host = (ins: string) => `<!doctype html><html lang="fr"><meta charset="utf-8"><title>bench</title>
<script type="module" src="/widget/carnet.js"></script>
<carnet-summary base-url="/fhir" ins="${ins}"></carnet-summary></html>`;

export async function benchWidget(template: Template): Promise<void> {
  if (!existsSync(chromiumPath())) {
    console.error(`widget bench left out: no Chromium at ${chromiumPath()}`);
    return;
  }
  const carnet = await startCarnet(template);
  const browser = await launchChromium();
  try {
    const token = await demoToken(carnet.origin, "dr-martin");
    const ins = await insOf(carnet.origin, "patient-camille");
    const samples: number[] = [];
    for (let at = 0; at < 8; at++) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.route("**/bench-host", (route) =>
        route.fulfill({ contentType: "text/html", body: host(`${ins.system}|${ins.value}`) }),
      );
      await page.addInitScript((bearer) => {
        customElements.whenDefined("carnet-summary").then(() => {
          const element = document.querySelector("carnet-summary") as
            | (HTMLElement & { accessToken?: () => string })
            | null;
          element?.addEventListener("carnet-ready", () => requestAnimationFrame(() => performance.mark("painted")));
          if (element) element.accessToken = () => bearer;
        });
      }, token);
      await page.goto(`${carnet.origin}/bench-host`);
      await page.waitForFunction(() => performance.getEntriesByName("painted").length > 0);
      const paintedMs = await page.evaluate(() => performance.getEntriesByName("painted")[0]?.startTime ?? Number.NaN);
      if (at > 0) samples.push(paintedMs);
      await context.close();
    }
    print(figureOf("widget: navigation to summary painted", "ms", samples));
  } finally {
    await browser.close();
    await carnet.dispose();
  }
}
