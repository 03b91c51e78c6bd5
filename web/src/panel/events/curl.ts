/** Requests to repeat in a shell. The key is named, never written out. */

/** Fetches one event. */
export function curlEvent(server: string, sessionId: string, seq: number): string {
  return curl(`${server}/v1/sessions/${encodeURIComponent(sessionId)}/events?after=${seq - 1}&limit=1`);
}

export function curl(url: string): string {
  return `curl -sS -H "Authorization: Bearer $COORDINATOR_API_KEY" ${quoted(url)}`;
}

/** As one word of a shell, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
