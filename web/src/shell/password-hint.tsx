/** Who came in by a link alone is told, calmly and once, how to come back without one. */
import { Link, useRouterState } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import { useMe } from "../data/index.ts";
import { IconButton } from "../ui/index.ts";
import { remember, remembered } from "./storage.ts";

export function PasswordHint({ onNavigate }: { onNavigate?: () => void }) {
  const me = useMe();
  const key = `password-hint:${me.data?.user.id ?? ""}`;
  const there = useRouterState({ select: (state) => state.location.pathname === "/settings/profile" });
  const [dismissed, setDismissed] = useState(false);
  if (me.data?.has_password !== false || me.data.api_key_id || there || dismissed || remembered(key))
    return null;
  return (
    <aside aria-label="Password" className="mx-2 mb-2 rounded-control border border-line bg-bg px-3 py-2">
      <div className="flex items-start gap-1">
        <p className="flex-1 font-medium">You signed in with a link</p>
        <IconButton
          size="small"
          label="Not now"
          icon={<X aria-hidden />}
          className="-mt-0.5 -mr-1.5"
          onClick={() => {
            remember(key, "dismissed");
            setDismissed(true);
          }}
        />
      </div>
      <p className="text-muted">
        It works once.{" "}
        <Link
          to="/settings/$section"
          params={{ section: "profile" }}
          onClick={() => onNavigate?.()}
          className="text-accent underline underline-offset-2"
        >
          Set a password
        </Link>{" "}
        to come back without one.
      </p>
    </aside>
  );
}
