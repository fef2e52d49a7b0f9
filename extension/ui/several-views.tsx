import type { PlacedDownload } from "../capture/downloads.ts";
import { usePanel } from "./context.ts";
import { Icon } from "./icons.tsx";

/** Several tabs of the tool in one go; only where its address can be asked for. */
export function SeveralTabs() {
  const { texts, controller, gestures } = usePanel();
  const origin = controller.toolOrigin;
  if (origin === undefined) return null;
  return (
    <p class="actions">
      <button type="button" class="link" id="take-tabs" onClick={() => gestures.takeTabs(origin)}>
        {texts("tabs.action", { host: new URL(origin).host })}
      </button>
      <small class="quiet">{texts("tabs.hint")}</small>
    </p>
  );
}

/** What the browser downloaded last, saved or still on its way. */
export function Downloads({ downloads }: { readonly downloads: readonly PlacedDownload[] }) {
  const { texts, controller } = usePanel();
  return (
    <section aria-labelledby="downloads">
      <h2 id="downloads">{texts(downloads.length === 0 ? "downloads.none" : "downloads.title")}</h2>
      <p class="quiet">{texts("downloads.text")}</p>
      <ul class="choices">
        {downloads.map((download, index) => (
          <li key={index}>
            <button type="button" data-choice="download" onClick={() => void controller.takeDownload(download)}>
              <Icon name="file" />
              <span>
                {download.label}
                {download.isInProgress && <small class="quiet">{texts("downloads.in-progress")}</small>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
