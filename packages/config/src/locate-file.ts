import { cosmiconfig } from 'cosmiconfig';

/**
 * The first of these places in a folder that can be read, by cosmiconfig's rules. cosmiconfig only
 * locates: its loader returns nothing of the file, so that no `$import` is followed.
 */
export async function locateFile(
  folder: string,
  places: readonly string[],
): Promise<string | undefined> {
  if (places.length === 0) return undefined;
  const found = await inRootFolder(() =>
    cosmiconfig('remand', {
      searchPlaces: [...places],
      searchStrategy: 'none',
      // An empty file is a mistake to be told, not one to be passed over.
      ignoreEmptySearchPlaces: false,
      cache: false,
      loaders: {
        default: nothing,
        noExt: nothing,
        '.yaml': nothing,
        '.yml': nothing,
        '.json': nothing,
      },
    }),
  ).search(folder);
  return found?.filepath;
}

const nothing = () => ({});

/**
 * cosmiconfig's constructor looks for `.config/config.*` in the working folder and runs what it
 * finds, so that anybody who can write there could run a program. In `/` only root can.
 */
function inRootFolder<Made>(make: () => Made): Made {
  const before = workingFolder();
  process.chdir('/');
  try {
    return make();
  } finally {
    if (before !== undefined) process.chdir(before);
  }
}

function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // It was deleted; there is nothing to go back to.
    return undefined;
  }
}
