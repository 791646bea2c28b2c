import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = globSync(['README.md', 'docs/**/*.md', '{packages,plugins}/*/{README,docs/*}.md'], {
  cwd: root,
}).sort();

/** The targets of a page's links that lie in this repository, without their anchors. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

describe('the documentation', () => {
  it.each(pages)('%s leads nowhere that is not there', (page) => {
    const missing = linksOf(page).filter(
      (target) => !existsSync(resolve(root, dirname(page), target)),
    );

    expect(missing).toEqual([]);
  });

  it('leads from its index to every page', () => {
    const reached = new Set(['docs/index.md']);
    for (const page of reached) {
      for (const target of linksOf(page)) {
        const next = join(dirname(page), target);
        if (pages.includes(next)) reached.add(next);
      }
    }
    const unreached = pages.filter(
      (page) => !reached.has(page) && !/^(?:README\.md|docs\/decisions\/)/.test(page),
    );

    expect(unreached).toEqual([]);
  });
});
