/** A browser reduced to what a sign-in needs: cookies with their paths, redirections, forms. */

interface Cookie {
  readonly value: string;
  readonly path: string;
}

export interface Page {
  readonly status: number;
  readonly url: string;
  readonly html: string;
  readonly headers: Headers;
}

export class Browser {
  readonly #cookies: Map<string, Cookie>;
  readonly #origin: string;
  readonly #scope: string;

  /** @param scope path below which redirections are followed; @param cookies those of a former visit */
  constructor(origin: string, scope = "/oidc/", cookies: ReadonlyMap<string, Cookie> = new Map()) {
    this.#origin = origin;
    this.#scope = scope;
    this.#cookies = new Map(cookies);
  }

  /** What the browser kept under these names. */
  cookies(names: readonly string[]): ReadonlyMap<string, Cookie> {
    return new Map([...this.#cookies].filter(([key]) => names.includes(key.split(";")[0] ?? "")));
  }

  get(address: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    return this.#follow(address, { headers });
  }

  /** What a page's own program sends to an address. */
  post(address: string, values: Readonly<Record<string, string>>): Promise<Page> {
    return this.#follow(address, { method: "POST", body: new URLSearchParams(values) });
  }

  /** Posts the form whose action ends with `name`, its hidden fields and these values. */
  submit(page: Page, name: string, values: Readonly<Record<string, string>> = {}): Promise<Page> {
    const form = [...page.html.matchAll(/<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)].find(
      ([, action = ""]) => action.endsWith(name),
    );
    if (!form) throw new Error(`no form ${name} on ${page.url}:\n${page.html.slice(0, 2000)}`);
    const body = new URLSearchParams();
    for (const [input] of (form[2] ?? "").matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      body.set(/name="([^"]*)"/.exec(input)?.[1] ?? "", /value="([^"]*)"/.exec(input)?.[1] ?? "");
    }
    for (const [key, value] of Object.entries(values)) body.set(key, value);
    return this.#follow(new URL(form[1] ?? "", page.url).href, { method: "POST", body });
  }

  /** Follows redirections as long as they stay on the provider; stops at the application's address. */
  async #follow(address: string, init: RequestInit): Promise<Page> {
    let url = new URL(address, this.#origin);
    let request = init;
    for (let hop = 0; hop < 10; hop += 1) {
      const response = await fetch(url, {
        ...request,
        redirect: "manual",
        headers: this.#headers(url, request.headers),
      });
      this.#keep(response);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { status: response.status, url: url.href, html: await response.text(), headers: response.headers };
      }
      url = new URL(location, url);
      request = {};
      if (url.origin !== this.#origin || !url.pathname.startsWith(this.#scope))
        return { status: response.status, url: url.href, html: "", headers: response.headers };
    }
    throw new Error("too many redirections");
  }

  #headers(url: URL, given: RequestInit["headers"]): Headers {
    const headers = new Headers({ "accept-language": "en", accept: "text/html", ...(given as Record<string, string>) });
    const cookies = [...this.#cookies].filter(([, cookie]) => url.pathname.startsWith(cookie.path));
    if (cookies.length > 0)
      headers.set("cookie", cookies.map(([key, { value }]) => `${key.split(";")[0]}=${value}`).join("; "));
    return headers;
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const [name = "", value = ""] = pair.split("=");
      const path = attributes.find((one) => one.toLowerCase().startsWith("path="))?.slice(5) ?? "/";
      const expires = attributes.find((one) => one.startsWith("expires="))?.slice(8);
      const key = `${name};${path}`;
      if (value === "" || (expires !== undefined && new Date(expires).getTime() < Date.now()))
        this.#cookies.delete(key);
      else this.#cookies.set(key, { value, path });
    }
  }
}
