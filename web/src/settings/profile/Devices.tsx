/** The browsers that are signed in as oneself: since when, from where, and how to end it. */
import type { BrowserInfo } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { accountKeys, useBrowsers } from "~/data/account.ts";
import { coordinator, refresh } from "~/data/index.ts";
import { signOut } from "~/shell/sign-out.ts";
import { Badge, Button, Confirm, Plain, plain, Time, toast } from "~/ui/index.ts";
import { Removal } from "../Removal.tsx";
import { Rows } from "../Rows.tsx";
import { Block } from "./Block.tsx";

export function Devices() {
  const query = useBrowsers();
  return (
    <Block
      title="Devices"
      about="Where you are signed in. One that you don't know is not yours: sign it out, and change the password."
      action={<Everywhere />}
    >
      <Rows
        label="Devices"
        query={query}
        keyOf={(browser) => browser.id}
        row={(browser) => <Row browser={browser} />}
        empty={<p className="px-3.5 py-3 text-muted">This is the only way in at the moment.</p>}
      />
    </Block>
  );
}

function Row({ browser }: { browser: BrowserInfo }) {
  const name = browser.device ?? "Unknown browser";
  const Icon = /android|iphone|ipad|ios|mobile/i.test(name) ? Smartphone : Monitor;
  return (
    <>
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1 basis-32">
        <div className="flex flex-wrap items-center gap-2">
          <Plain text={name} limit={80} className="font-medium" />
          {browser.current && <Badge tone="ok">this one</Badge>}
        </div>
        <p className="text-small text-muted">
          {browser.current ? (
            "in use now"
          ) : (
            <>
              used <Time at={browser.last_seen_at} />
            </>
          )}{" "}
          · signed in <Time at={browser.created_at} />
          {browser.by_link && " by a link"}
          {browser.address && (
            <>
              {" "}
              from <Plain text={browser.address} limit={60} />
            </>
          )}
        </p>
      </div>
      {!browser.current && (
        <Removal
          verb="Sign out"
          name={plain(name, 60)}
          description="It is signed out at once, and what is open there ends. Sessions go on."
          action="Sign out"
          remove={() => coordinator.auth.signOutBrowser(browser.id)}
          touches={[accountKeys.browsers]}
        />
      )}
    </>
  );
}

function Everywhere() {
  const [asking, setAsking] = useState(false);
  const [here, setHere] = useState(false);
  const leave = useMutation({
    mutationFn: () =>
      here
        ? signOut(() => coordinator.auth.signOutEverywhere({ include_current: true }))
        : coordinator.auth.signOutEverywhere(),
    onSuccess: () => {
      if (here) return;
      refresh(accountKeys.browsers);
      toast.ok("Your other browsers are signed out");
    },
    onError: (error) => toast.error(error, { title: "Nothing was signed out" }),
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button
        onClick={() => {
          setHere(false);
          setAsking(true);
        }}
      >
        Sign out everywhere
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Sign out everywhere?"
        description="All your other browsers are signed out at once. API keys and running sessions go on."
        action="Sign out"
        busy={leave.isPending}
        onConfirm={() => leave.mutate()}
      >
        <label className="flex items-start gap-2 pointer-coarse:min-h-10">
          <input
            type="checkbox"
            className="mt-1 accent-(--accent)"
            checked={here}
            onChange={(event) => setHere(event.target.checked)}
          />
          Also in this browser
        </label>
      </Confirm>
    </>
  );
}
