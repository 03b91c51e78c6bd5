// @vitest-environment jsdom
import type { AuditQuery, AuditRecord } from "@agent-coordinator/client";
import { afterEach, expect, test } from "vitest";
import { hearAudit, isAskedFor, withRecord } from "./audit.ts";
import { keys, queryClient } from "./client.ts";

function record(seq: number, more: Partial<AuditRecord> = {}): AuditRecord {
  return {
    org_id: "org_1",
    seq,
    at: "2026-11-24T12:00:00Z",
    actor: { type: "user", user_id: "usr_1", name: "ada@acme.dev", api_key_id: "key_1" },
    action: "api_key.create",
    outcome: "allowed",
    target: "key_2",
    hash: "00",
    ...more,
  };
}

const pages = (next: string | null, ...seqs: number[]) => ({
  pages: [{ items: seqs.map((seq) => record(seq)), next_cursor: next }],
  pageParams: [""],
});

afterEach(() => queryClient.clear());

test("a record is one that is asked for, as the server would say", () => {
  const fits: AuditQuery[] = [
    {},
    { actor: "usr_1" },
    { actor: "key_1" },
    { action: "api_key." },
    { target: "key_2", outcome: "allowed" },
    { since: "2026-11-24T12:00:00Z", until: "2026-11-24T12:00:01Z" },
  ];
  const misses: AuditQuery[] = [
    { actor: "usr_2" },
    { action: "api_key.r" },
    { target: "key_1" },
    { outcome: "denied" },
    { since: "2026-11-24T12:00:01Z" },
    { until: "2026-11-24T12:00:00Z" },
  ];
  expect(fits.map((query) => isAskedFor(record(1), query))).toEqual(fits.map(() => true));
  expect(misses.map((query) => isAskedFor(record(1), query))).toEqual(misses.map(() => false));
  expect(isAskedFor(record(1, { actor: { type: "operator" } }), { actor: "operator" })).toBe(true);
});

test("a new record goes to its place, once", () => {
  const seqs = (data: ReturnType<typeof pages>) =>
    data.pages.flatMap(({ items }) => items.map(({ seq }) => seq));
  expect(seqs(withRecord(pages(null, 3, 1), record(4)) as ReturnType<typeof pages>)).toEqual([4, 3, 1]);
  expect(seqs(withRecord(pages(null, 3, 1), record(2)) as ReturnType<typeof pages>)).toEqual([3, 2, 1]);
  expect(seqs(withRecord(pages(null, 3), record(3)) as ReturnType<typeof pages>)).toEqual([3]);
  expect(seqs(withRecord(pages(null), record(1)) as ReturnType<typeof pages>)).toEqual([1]);
  // Older than what was read so far: it comes with its page.
  expect(seqs(withRecord(pages("c", 3), record(2)) as ReturnType<typeof pages>)).toEqual([3]);
});

test("each open list hears what belongs to it", () => {
  const denied = [...keys.audit, { outcome: "denied" }];
  const all = [...keys.audit, {}];
  queryClient.setQueryData(denied, pages(null));
  queryClient.setQueryData(all, pages(null));
  hearAudit(record(7) as unknown as Record<string, unknown>);
  hearAudit({ nonsense: true });
  const count = (key: unknown[]) =>
    queryClient.getQueryData<ReturnType<typeof pages>>(key)?.pages[0]?.items.length;
  expect([count(all), count(denied)]).toEqual([1, 0]);
});
