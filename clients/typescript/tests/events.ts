/** Events for tests, numbered as they are made. */
import type { Delta, LiveItem, SessionEvent } from "../src/index.ts";

export class Log {
  readonly events: SessionEvent[] = [];

  add(type: string, data: Record<string, unknown> = {}, promptId?: string): SessionEvent {
    const seq = this.events.length + 1;
    const at = new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString();
    const event: SessionEvent = { seq, type, at, data };
    if (promptId !== undefined) event.prompt_id = promptId;
    this.events.push(event);
    return event;
  }

  /** A session with a turn that runs. */
  static running(promptId = "prm_1"): Log {
    const log = new Log();
    const author = { user_id: "usr_1", name: "Ada" };
    log.add("session.created", {
      title: null,
      agent: "a",
      model: "m",
      permissions: "allow",
      created_by: author,
    });
    log.add("prompt.queued", { text: "do it", author, position: 0 }, promptId);
    log.add("prompt.started", { model: "m" }, promptId);
    return log;
  }
}

export function text(messageId: string, partId: string, words: string): Record<string, unknown> {
  return { message_id: messageId, part_id: partId, text: words };
}

export function delta(part: string, offset: number, words: string, kind: Delta["kind"] = "text"): Delta {
  return { message_id: "m", part_id: part, kind, offset, text: words };
}

export function asItem(event: SessionEvent): LiveItem {
  return { kind: "event", event };
}
