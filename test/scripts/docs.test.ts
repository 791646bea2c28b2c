import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const pages = globSync(['README.md', 'docs/**/*.md', '{packages,plugins}/*/README.md'], {
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

  it('has every page in its index', () => {
    const linked = linksOf('docs/index.md').map((target) => join('docs', target));
    const unlisted = pages.filter(
      (page) =>
        !linked.includes(page) && !/^(?:README|docs\/index|docs\/decisions\/.*)\.?/.test(page),
    );

    expect(unlisted).toEqual([]);
  });
});
