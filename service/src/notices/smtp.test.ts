/** Mails over SMTP to a real mail server, on a local port. R206, R196. */
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadConfig } from "../config.ts";
import type { AnyDatabase } from "../identity-provider/tables.ts";
import { createMailer } from "./mailer.ts";

const taken: { to: string; raw: string }[] = [];
const server = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  onData(stream, session, done) {
    const parts: Buffer[] = [];
    stream.on("data", (part: Buffer) => parts.push(part));
    stream.on("end", () => {
      const raw = Buffer.concat(parts).toString("latin1");
      for (const { address } of session.envelope.rcptTo) taken.push({ to: address, raw });
      done(/^Subject: refuse/m.test(raw) ? new Error("552 no room") : null);
    });
  },
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));

const mail = { to: "anna@mail.example", kind: "code", locale: "fr" } as const;
const mailerOn = (smtpPort: number) => {
  // A mailer with a mail server never touches the database.
  const nowhere = undefined as unknown as AnyDatabase;
  return createMailer(loadConfig({ SMTP_URL: `smtp://127.0.0.1:${smtpPort}` }), nowhere);
};

it("R206 a one-time code reaches its address over SMTP, under a Message-ID that a second try repeats", async () => {
  const mailer = mailerOn(port);
  const code = { ...mail, dedupeKey: "code-1", subject: "Votre code", text: "Votre code de connexion : 123456" };
  await mailer.send(code);
  await mailer.send(code);
  mailer.close();
  expect(taken.map(({ to }) => to)).toEqual(["anna@mail.example", "anna@mail.example"]);
  expect(taken[0]?.raw).toContain("123456");
  const idOf = (raw = "") => /^Message-ID: (.+)\r$/im.exec(raw)?.[1];
  expect(idOf(taken[0]?.raw)).toBe("<code-1@carnet.example>");
  expect(idOf(taken[1]?.raw)).toBe(idOf(taken[0]?.raw));
});

it("R206 a mail server that refuses or is away is a failure that the caller hears of", async () => {
  const refusing = mailerOn(port);
  await expect(refusing.send({ ...mail, dedupeKey: "x", subject: "refuse", text: "x" })).rejects.toThrow(/no room/);
  refusing.close();
  const away = mailerOn(9);
  await expect(away.send({ ...mail, dedupeKey: "y", subject: "y", text: "y" })).rejects.toThrow(/ECONNREFUSED/);
  away.close();
});
