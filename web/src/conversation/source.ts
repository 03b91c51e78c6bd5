/** What every part of one conversation asks the rest of the app: the live view, what can be done, where to go. */
import type { ModelList } from "@agent-coordinator/client";
import { createContext, useContext } from "react";
import { type LiveState, type SessionActions, useLiveSelect, useMe, useModels } from "~/data/index.ts";

export type Reply = Parameters<SessionActions["permission"]>[1];

export interface Source {
  sessionId: string;
  actions: SessionActions;
  attachmentUrl: (promptId: string, index: number) => string;
  openProviders: () => void;
}

export const SourceContext = createContext<Source | null>(null);

export function useSource(): Source {
  const source = useContext(SourceContext);
  if (source === null) throw new Error("A conversation stands inside a source.");
  return source;
}

/** A part of the live view; draws again only when that part is another. */
export function useView<Picked>(pick: (live: LiveState) => Picked): Picked {
  return useLiveSelect(useSource().sessionId, pick);
}

/** The id of who looks. */
export function useMyId(): string | undefined {
  return useMe().data?.user.id;
}

export function useModelList(): ModelList | undefined {
  return useModels().data;
}
