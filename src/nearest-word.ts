/** More changes than this are another word. */
const MAX_DISTANCE = 2;

const MAX_LETTERS = 40;

/** The word that was most likely meant; undefined if none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = MAX_DISTANCE + 1;
  for (const candidate of words) {
    const changes = distance(lettersOf(word).slice(0, MAX_LETTERS), lettersOf(candidate));
    if (changes >= least) continue;
    best = candidate;
    least = changes;
  }
  return best;
}

/** `half_sizes`, `half-sizes` and `halfSizes` are one word in the spelling of three languages. */
function lettersOf(word: string): string {
  return word.replace(/[_-]/g, "").toLowerCase();
}

/** Letters to insert, delete or replace (Levenshtein), a row of the table at a time. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    above = row;
  }
  return above[b.length] as number;
}
