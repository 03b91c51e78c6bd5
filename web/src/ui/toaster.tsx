/** Draws the toasts that wait. Lazy: see `toast.ts`. */
import { useEffect, useState } from "react";
import { toast as draw, Toaster as Sonner } from "sonner";
import { useWaitingToasts } from "./toast.ts";

export function Toaster() {
  const list = useWaitingToasts((state) => state.list);
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  useEffect(() => {
    if (!ready || list.length === 0) return;
    for (const { tone, title, detail, action } of list) {
      const options = {
        description: detail,
        duration: tone === "bad" ? 8000 : 3500,
        ...(action ? { action: { label: action.label, onClick: action.run } } : {}),
      };
      if (tone === "bad") draw.error(title, options);
      else draw.success(title, options);
    }
    useWaitingToasts.setState({ list: [] });
  }, [ready, list]);
  const style = {
    "--normal-bg": "var(--raised)",
    "--normal-border": "var(--line-strong)",
    "--normal-text": "var(--text)",
    "--border-radius": "6px",
    fontFamily: "inherit",
  };
  return (
    <Sonner
      position="top-center"
      offset={{ top: 56 }}
      mobileOffset={{ top: 56 }}
      closeButton
      style={style as React.CSSProperties}
      toastOptions={{
        classNames: {
          description: "!text-muted",
          title: "!font-medium",
          success: "[&_[data-icon]]:!text-ok",
          error: "[&_[data-icon]]:!text-bad",
          actionButton: "!bg-accent !text-accent-text",
          toast: "!shadow-none !text-[13px]",
        },
      }}
    />
  );
}
