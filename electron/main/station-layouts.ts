import { existsSync, rmSync } from 'node:fs';
import type { Fingerprint, Layout, StationLayout } from '#shared/layout.ts';
import { readLayout, writeLayout } from './layout-file.ts';
import { placed } from './place-screens.ts';

export interface LayoutFiles {
  readonly own: string;
  /** The file of its own was given: it holds, whatever the site says. */
  readonly fixed: boolean;
  /** Copy of what the site last said, so that a wall comes up with it before its core runs. */
  readonly ofSite: string;
}

/** Which layout a station shows: of a file that it was given, else of its site, else of its own file. */
export class StationLayouts {
  readonly #files: LayoutFiles;
  #told: StationLayout | undefined;

  constructor(files: LayoutFiles) {
    this.#files = files;
  }

  /** The layout to begin with. Throws, naming the field, where the file is not a layout. */
  read(): Promise<Layout> {
    return readLayout(this.#bySite ? this.#files.ofSite : this.#files.own);
  }

  /** Keeps what the station shows, with the displays that it learned of. */
  keep(layout: Layout): Promise<void> {
    return writeLayout(this.#bySite ? this.#files.ofSite : this.#files.own, layout);
  }

  /** The site says something, or nothing any more. Gives the layout to show from now on; undefined: what is shown stays. */
  async told(said: StationLayout | undefined, displays: readonly Fingerprint[]): Promise<Layout | undefined> {
    if (this.#files.fixed) return undefined;
    const before = this.#bySite;
    this.#told = said;
    if (said) {
      const layout = placed(said, displays);
      await writeLayout(this.#files.ofSite, layout);
      return layout;
    }
    rmSync(this.#files.ofSite, { force: true });
    return before ? readLayout(this.#files.own) : undefined;
  }

  /** Displays came or went: what the site says, on those that are there now; undefined where it says nothing. */
  rearranged(displays: readonly Fingerprint[]): Layout | undefined {
    return this.#told && placed(this.#told, displays);
  }

  get #bySite(): boolean {
    return !this.#files.fixed && (this.#told !== undefined || existsSync(this.#files.ofSite));
  }
}
