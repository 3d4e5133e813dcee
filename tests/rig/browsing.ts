interface Seen {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** A browser as far as addresses and cookies go: keeps those of each origin, follows redirects within one. */
export class Browsing {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Opens an address as a page, or posts a form to it; redirects are not followed. */
  async open(address: string | URL, form?: URLSearchParams): Promise<Seen> {
    const url = new URL(address);
    const jar = this.#jar(url.origin);
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET', redirect: 'manual', ...(form ? { body: form } : {}),
      headers: { accept: 'text/html,*/*;q=0.8', cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split(/=(.*)/s) as [string, string];
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return { url, status: response.status, text: await response.text(), headers: response.headers };
  }

  /** Follows redirects as long as they stay at an origin; the page there, or the address elsewhere unopened. */
  async follow(address: string, origin: string, form?: URLSearchParams): Promise<Seen> {
    let seen = await this.open(address, form);
    for (let to = seen.headers.get('location'); to !== null; to = seen.headers.get('location')) {
      const url = new URL(to, seen.url);
      if (url.origin !== origin) return { ...seen, url, text: '' };
      seen = await this.open(url);
    }
    return seen;
  }

  cookie(origin: string, name: string): string | undefined {
    return this.#jar(origin).get(name);
  }

  #jar(origin: string): Map<string, string> {
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    return jar;
  }
}
