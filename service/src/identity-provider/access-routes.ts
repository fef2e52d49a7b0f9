/** `/oidc/recover` (forgotten password) and `/oidc/enrol` (first access): open to anybody, hence counted by address. R206. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isMinor } from "../rules/index.ts";
import {
  confirmPage,
  credentialsPage,
  enrolPage,
  type FormState,
  newPasswordPage,
  recoverPage,
} from "./account-pages.ts";
import { accountStringsOf, type Fault } from "./account-strings.ts";
import { loginFaults, passwordFaults } from "./credential-policy.ts";
import type { Enrolment } from "./enrolment.ts";
import type { EnrolmentLetters } from "./enrolment-letters.ts";
import { dateTyped } from "./form-fields.ts";
import type { LoginAttempts } from "./login-attempts.ts";
import { typedCode } from "./one-time-code.ts";
import { bodyOf, isFromElsewhere, languageOf, seeOther, sendExpired, sendPage } from "./page-requests.ts";
import { statementPage } from "./pages.ts";
import type { Recovery } from "./recovery.ts";
import { stringsOf } from "./strings.ts";

export interface AccessParts {
  readonly recovery: Recovery;
  readonly letters: EnrolmentLetters;
  readonly enrolment: Enrolment;
  /** What one network address may try: codes to guess, mails to cause. */
  readonly byAddress: LoginAttempts;
  readonly addressOf: (request: FastifyRequest) => string | undefined;
  readonly majorityAge: number;
  readonly isDemo: boolean;
  readonly now: () => Date;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
type ById = (id: string, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Faults of each field, without the fields that have none. */
function faultsOf(given: Readonly<Record<string, readonly Fault[]>>): FormState["faults"] | undefined {
  const some = Object.entries(given).filter(([, faults]) => faults.length > 0);
  return some.length > 0 ? Object.fromEntries(some) : undefined;
}

const required = (text: string): readonly Fault[] => (text === "" ? ["missing"] : []);

export function registerAccess(scope: FastifyInstance, parts: AccessParts): void {
  const { recovery, letters, enrolment, byAddress, isDemo } = parts;

  const isLocked = async (request: FastifyRequest) => {
    const address = parts.addressOf(request);
    return address !== undefined && (await byAddress.isLocked(address));
  };
  const count = async (request: FastifyRequest) => {
    const address = parts.addressOf(request);
    if (address !== undefined) await byAddress.fail(address);
  };
  const post = (path: string, handle: Handler) =>
    scope.post(path, async (request, reply) =>
      isFromElsewhere(request) ? sendExpired(request, reply) : handle(request, reply),
    );
  const byId =
    (handle: ById): Handler =>
    async (request, reply) => {
      const { id } = request.params as { id: string };
      return /^[\w-]{32}$/.test(id) ? handle(id, request, reply) : sendExpired(request, reply);
    };

  scope.get("/oidc/recover", async (request, reply) => sendPage(reply, 200, recoverPage(languageOf(request), {})));
  post("/oidc/recover", async (request, reply) => {
    const locale = languageOf(request);
    const login = (bodyOf(request).get("login") ?? "").trim().slice(0, 80);
    const faults = faultsOf({ login: required(login) });
    if (faults) return sendPage(reply, 422, recoverPage(locale, { faults }));
    if (await isLocked(request)) {
      return sendPage(reply, 429, recoverPage(locale, { values: { login }, error: stringsOf(locale).locked }));
    }
    await count(request);
    return seeOther(reply, `/oidc/recover/${await recovery.begin(login)}?lang=${locale}`);
  });
  scope.get(
    "/oidc/recover/:id",
    byId(async (id, request, reply) => sendPage(reply, 200, newPasswordPage(languageOf(request), id, {}, isDemo))),
  );
  post(
    "/oidc/recover/:id",
    byId(async (id, request, reply) => {
      const locale = languageOf(request);
      const words = accountStringsOf(locale);
      const form = bodyOf(request);
      const [code, password] = [typedCode(form.get("code")), form.get("password") ?? ""];
      const written = form.get("birthDate") ?? "";
      const values = { birthDate: written };
      const refuse = (status: number, state: FormState) =>
        sendPage(reply, status, newPasswordPage(locale, id, { values, ...state }, isDemo));
      const faults = faultsOf({
        code: required(code),
        birthDate: required(written),
        password: passwordFaults(password, ""),
        repeat: password === form.get("repeat") ? [] : ["password-repeat"],
      });
      if (faults) return refuse(422, { faults });
      if (await isLocked(request)) return refuse(429, { error: stringsOf(locale).locked });
      const account = await recovery.check(id, code, dateTyped(written));
      if (!account) {
        await count(request);
        return refuse(401, { error: words.recoverWrong });
      }
      const own = faultsOf({ password: passwordFaults(password, account.login) });
      if (own) return refuse(422, { faults: own });
      await recovery.complete(id, account, password);
      return sendPage(
        reply,
        200,
        statementPage(locale, () => ({ title: words.recoverDoneTitle, lead: words.recoverDoneLead })),
      );
    }),
  );

  scope.get("/oidc/enrol", async (request, reply) => sendPage(reply, 200, enrolPage(languageOf(request), {})));
  post("/oidc/enrol", async (request, reply) => {
    const locale = languageOf(request);
    const words = accountStringsOf(locale);
    const form = bodyOf(request);
    const said = (name: string) => (form.get(name) ?? "").trim().slice(0, 60);
    const values = { nir: said("nir"), card: said("card"), birthDate: said("birthDate") };
    const birthDate = dateTyped(values.birthDate);
    const refuse = (status: number, state: FormState) =>
      sendPage(reply, status, enrolPage(locale, { values, ...state }));
    const faults = faultsOf({
      nir: required(values.nir),
      card: required(values.card),
      birthDate: required(birthDate ?? ""),
      code: required(said("code")),
    });
    if (faults) return refuse(422, { faults });
    if (await isLocked(request)) return refuse(429, { error: words.enrolSpent });
    const invited = await letters.check({
      nir: values.nir,
      cardSerialNumber: values.card,
      birthDate: birthDate ?? "",
      code: said("code"),
    });
    if (!invited) {
      await count(request);
      return refuse(401, { error: words.enrolWrong });
    }
    // R9.
    if (isMinor(invited.birthDate, parts.majorityAge, parts.now())) return refuse(403, { error: words.enrolMinor });
    const begun = await enrolment.begin(invited);
    if (begun === "exists") return refuse(409, { error: words.enrolExists });
    return seeOther(reply, `/oidc/enrol/${begun.id}?lang=${locale}`);
  });
  scope.get(
    "/oidc/enrol/:id",
    byId(async (id, request, reply) => {
      const state = await enrolment.find(id);
      if (!state) return sendExpired(request, reply);
      const locale = languageOf(request);
      const page = state === "confirm" ? confirmPage(locale, id, {}, isDemo) : credentialsPage(locale, id, {});
      return sendPage(reply, 200, page);
    }),
  );
  post(
    "/oidc/enrol/:id",
    byId(async (id, request, reply) => {
      const locale = languageOf(request);
      const form = bodyOf(request);
      const login = (form.get("login") ?? "").trim();
      const email = (form.get("email") ?? "").trim();
      const password = form.get("password") ?? "";
      const refuse = (status: number, faults: FormState["faults"]) =>
        sendPage(reply, status, credentialsPage(locale, id, { values: { login, email }, ...(faults && { faults }) }));
      const isEmail = email.length <= 200 && /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$/.test(email);
      const faults = faultsOf({
        login: loginFaults(login),
        password: passwordFaults(password, login),
        repeat: password === form.get("repeat") ? [] : ["password-repeat"],
        email: isEmail ? [] : ["email-invalid"],
      });
      if (faults) return refuse(422, faults);
      const outcome = await enrolment.choose(id, { login, password, email, locale });
      if (outcome === "login-taken") {
        await count(request);
        return refuse(409, { login: ["login-taken"] });
      }
      if (outcome === "expired") return sendExpired(request, reply);
      return seeOther(reply, `/oidc/enrol/${id}?lang=${locale}`);
    }),
  );
  post(
    "/oidc/enrol/:id/confirm",
    byId(async (id, request, reply) => {
      const locale = languageOf(request);
      const words = accountStringsOf(locale);
      const outcome = await enrolment.confirm(id, typedCode(bodyOf(request).get("code")), locale);
      if (outcome === "wrong") {
        return sendPage(reply, 401, confirmPage(locale, id, { error: words.confirmWrong }, isDemo));
      }
      if (outcome === "expired") return sendExpired(request, reply);
      const link = { href: "/", text: words.openRecord };
      return sendPage(
        reply,
        200,
        statementPage(locale, () => ({ title: words.enrolDoneTitle, lead: words.enrolDoneLead, link })),
      );
    }),
  );
}
