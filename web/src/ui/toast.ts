/**
 * Short words about what just happened. The library that draws them is fetched with the first one, so a page that
 * never fails never pays for it.
 */
import { create } from "zustand";
import { explain } from "./explain.ts";

export interface Toast {
  id: number;
  tone: "ok" | "bad";
  title: string;
  detail?: string | undefined;
  action?: { label: string; run: () => void } | undefined;
}

interface Waiting {
  list: Toast[];
}

/** What has not been drawn yet. */
export const useWaitingToasts = create<Waiting>(() => ({ list: [] }));

let last = 0;

function push(toast: Omit<Toast, "id">): void {
  last += 1;
  const id = last;
  useWaitingToasts.setState(({ list }) => ({ list: [...list, { ...toast, id }].slice(-5) }));
}

export const toast = {
  /** Something was done. */
  ok(title: string, more: Pick<Toast, "detail" | "action"> = {}): void {
    push({ tone: "ok", title, ...more });
  },
  /** Something failed: says what and what to do. */
  error(error: unknown, more: Pick<Toast, "action"> & { title?: string } = {}): void {
    const { title, detail, next } = explain(error);
    const lines = [more.title ? (detail ?? title) : detail !== title ? detail : null, next];
    push({
      tone: "bad",
      title: more.title ?? title,
      detail: lines.filter(Boolean).join(" ") || undefined,
      action: more.action,
    });
  },
};
