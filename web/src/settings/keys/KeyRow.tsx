/** A key with its scopes, its owner, its use, and what can be done with it. */
import type { ApiKeyInfo } from "@agent-coordinator/client";
import { Bot } from "lucide-react";
import { useState } from "react";
import { coordinator, keys } from "~/data/index.ts";
import { Badge, Button, Plain, Time, useNow } from "~/ui/index.ts";
import { Removal } from "../Removal.tsx";
import { When } from "../When.tsx";
import { KeyChange } from "./KeyChange.tsx";
import { KeyRotation } from "./KeyRotation.tsx";
import { stateOf } from "./state.ts";

export interface Owner {
  kind: "you" | "person" | "account";
  name: string;
}

export function KeyRow({ item, owner, all }: { item: ApiKeyInfo; owner: Owner; all: readonly ApiKeyInfo[] }) {
  const state = stateOf(item, useNow());
  const over = state === "revoked" || state === "expired";
  return (
    <>
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Plain text={item.name} className={over ? "font-medium text-muted" : "font-medium"} />
          {state === "replaced" && <Badge tone="warn">replaced</Badge>}
          {over && <Badge>{state}</Badge>}
          {item.scopes.length ? (
            item.scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)
          ) : (
            <Badge>all scopes</Badge>
          )}
          {item.rate_per_s && <Badge>{item.rate_per_s} a second</Badge>}
        </div>
        <p className="text-small text-muted">
          <code>{item.hint}…</code>
          {owner.kind !== "you" && (
            <>
              {" · "}
              {owner.kind === "account" && <Bot aria-hidden className="mr-1 inline size-3.5 align-[-2px]" />}
              {owner.kind === "account" && <span className="sr-only">Service account </span>}
              <Plain text={owner.name} limit={120} />
            </>
          )}
          {" · "}made <Time at={item.created_at} /> ·{" "}
          {item.last_used_at ? (
            <>
              used <Time at={item.last_used_at} />
            </>
          ) : (
            "never used"
          )}
          {!over && state !== "replaced" && item.expires_at && (
            <>
              {" · "}ends <When at={item.expires_at} />
            </>
          )}
        </p>
        <Rotation item={item} all={all} state={state} />
      </div>
      {!over && <Doings item={item} owner={owner} replaced={state === "replaced"} />}
    </>
  );
}

/** What it has to do with another key, in the place of which it was made or that was made in its place. */
function Rotation({ item, all, state }: { item: ApiKeyInfo; all: readonly ApiKeyInfo[]; state: string }) {
  const now = useNow();
  const before = all.find(({ id }) => id === item.replaces);
  if (state === "replaced" && item.expires_at) {
    return (
      <p className="text-small text-warn">
        A new key is in its place. This old key works until <When at={item.expires_at} />.
      </p>
    );
  }
  if (state === "works" && before?.expires_at && stateOf(before, now) === "replaced") {
    return (
      <p className="text-small text-muted">
        In the place of <code>{before.hint}…</code>: the old key works until <When at={before.expires_at} />.
      </p>
    );
  }
  return null;
}

function Doings({ item, owner, replaced }: { item: ApiKeyInfo; owner: Owner; replaced: boolean }) {
  const [doing, setDoing] = useState<"change" | "rotate" | null>(null);
  const close = () => setDoing(null);
  // Both keys of a rotation have the same name.
  const called = replaced ? `${item.name} (the old key)` : item.name;
  return (
    <div className="flex flex-wrap gap-1.5">
      <Button size="small" onClick={() => setDoing("change")} aria-label={`Change ${called}`}>
        Change
      </Button>
      {!replaced && owner.kind !== "person" && (
        <Button size="small" onClick={() => setDoing("rotate")} aria-label={`Rotate ${called}`}>
          Rotate
        </Button>
      )}
      <Removal
        verb="Revoke"
        name={called}
        description="Whatever uses this key is refused from now on. It can't be undone."
        action="Revoke key"
        remove={() => coordinator.apiKeys.revoke(item.id)}
        touches={[keys.apiKeys]}
      />
      {doing === "change" && <KeyChange item={item} onClose={close} />}
      {doing === "rotate" && <KeyRotation item={item} onClose={close} />}
    </div>
  );
}
