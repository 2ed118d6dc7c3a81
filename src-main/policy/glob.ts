/** Patterns in which `*` stands for any characters, also none, and every other character for itself. */

/** Never goes back further than to the last `*`: at most the product of both lengths in steps. */
export function globMatches(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let starText = 0;
  while (inText < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern;
      starText = inText;
      inPattern += 1;
    } else if (pattern[inPattern] === text[inText]) {
      inPattern += 1;
      inText += 1;
    } else if (star !== -1) {
      starText += 1;
      inText = starText;
      inPattern = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}
