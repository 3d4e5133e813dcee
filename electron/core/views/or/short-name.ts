/** About what an hour's bar holds at 1u. */
const MOST = 14;

/**
 * A procedure as a bar of the wall names it: the site's own short name; else what stands before the first comma,
 * bracket or joining word, cut between words where it is still long. Ends in an ellipsis where a word itself is cut.
 */
export function shortName(procedure: string, names: Readonly<Record<string, string>>): string {
  const own = names[procedure];
  if (own !== undefined) return own;
  const [head = ''] = procedure.trim().split(/\s*[,;(/]|\s+(?:with|of|and|for)\s+/);
  if (head.length <= MOST) return head;
  const words = head.slice(0, MOST + 1);
  const end = words.lastIndexOf(' ');
  return end >= 3 ? words.slice(0, end) : `${head.slice(0, MOST - 1)}…`;
}
