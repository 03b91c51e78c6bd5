/** Answers of a server that a test plays. */

export function problem(status: number, code: string, more: Record<string, unknown> = {}): Response {
  const body = {
    type: `/problems/${code}`,
    title: code,
    status,
    detail: `It is ${code}.`,
    request_id: "req_1",
    ...more,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}
