import { type ReadingPage, Topic } from "./reading-page.tsx";

/** What is read, kept and sent, in plain words. What it says is held by tests: `gate.test.ts`, `package.test.ts`, `capture.test.ts`. */
export function Privacy({ texts, settings }: ReadingPage) {
  return (
    <>
      <p>{texts("privacy.text", { service: settings.serviceUrl })}</p>
      <Topic
        texts={texts}
        name="privacy.read"
        lines={["privacy.read.click", "privacy.read.what", "privacy.read.hosts", "privacy.read.downloads"]}
      />
      <Topic texts={texts} name="privacy.sent" lines={["privacy.sent.record", "privacy.sent.nobody"]} />
      <Topic
        texts={texts}
        name="privacy.kept"
        lines={["privacy.kept.queue", "privacy.kept.receipt", "privacy.kept.session", "privacy.kept.settings"]}
      />
      <Topic texts={texts} name="privacy.erase" lines={["privacy.erase.wipe", "privacy.erase.remove"]} />
    </>
  );
}
