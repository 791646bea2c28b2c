import { ConfigError } from '@remand/api';
import { rcError } from '@remand/config';
import { createExplainer, type Explainer } from '@remand/kernel';
import { bundled } from './bundled.ts';
import { importPlugin } from './import-plugin.ts';
import { allProblems, openRc, type RcChoice } from './open-rc.ts';
import { refuseProblems } from './refuse-problems.ts';
import { withUsualSources } from './usual-sources.ts';

/** What `remand explain` asks, and where its answers come from. */
export interface RcExplainer extends Explainer {
  readonly maxLineBytes: number;
}

/**
 * The detection of an rc file, without a daemon; its state is only looked at.
 * @throws ConfigError for a missing or wrong rc file
 */
export async function openExplainer(choice: RcChoice): Promise<RcExplainer> {
  const rc = await openRc(choice);
  const { settings } = await withUsualSources(refuseProblems(rc));
  const explainer = await createExplainer({
    config: settings.kernel,
    bundled,
    importModule: importPlugin,
    stateFolder: settings.state.path,
  }).catch((error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    throw rcError(allProblems(rc, error.problems), rc.locate);
  });
  return {
    maxLineBytes: settings.kernel.maxLineBytes,
    state: explainer.state,
    explain: (line) => explainer.explain(line),
    close: () => explainer.close(),
  };
}
