/** The right panel: what changed, what ran, what is planned, and how things stand. */
import { X } from "lucide-react";
import { useLiveSelect } from "~/data/index.ts";
import { IconButton, type Tab, Tabs } from "~/ui/index.ts";
import { Changes } from "./changes/changes.tsx";
import { useFileCount } from "./changes/use-patch.ts";
import { Details } from "./details/details.tsx";
import { Plan } from "./plan/plan.tsx";
import { done } from "./plan/progress.ts";
import "./style.css";
import { type PanelTab, usePanelTab } from "./tab.ts";
import { Terminal } from "./terminal/terminal.tsx";

export interface PanelProps {
  sessionId: string;
  onClose: () => void;
}

export function Panel({ sessionId, onClose }: PanelProps) {
  const tab = usePanelTab((state) => state.tab);
  const plan = useLiveSelect(sessionId, (live) => live.view.plan);
  const files = useFileCount(sessionId);
  const tabs: Tab<PanelTab>[] = [
    {
      value: "changes",
      label: "Changes",
      extra: files > 0 ? <Count>{files}</Count> : null,
      content: <Changes key={sessionId} sessionId={sessionId} />,
    },
    { value: "terminal", label: "Terminal", content: <Terminal key={sessionId} sessionId={sessionId} /> },
    {
      value: "plan",
      label: "Plan",
      extra: plan.length > 0 ? <Count>{`${done(plan)}/${plan.length}`}</Count> : null,
      content: <Plan plan={plan} />,
    },
    { value: "details", label: "Details", content: <Details key={sessionId} sessionId={sessionId} /> },
  ];
  return (
    <Tabs
      label="Session"
      value={tab}
      onChange={(next) => usePanelTab.setState({ tab: next })}
      tabs={tabs}
      aside={<IconButton label="Close panel" keys="]" icon={<X aria-hidden />} onClick={onClose} />}
    />
  );
}

/** Seen beside the tab's name; the name that is spoken stays the one word. */
function Count({ children }: { children: number | string }) {
  return (
    <span aria-hidden className="rounded bg-hover px-1 text-[11px] leading-4 font-normal text-muted">
      {children}
    </span>
  );
}
