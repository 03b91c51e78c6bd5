/** One row of the transcript. It is drawn again only when it shows something else. */
import type { Entry } from "@agent-coordinator/client";
import { memo } from "react";
import { Markdown } from "../markdown/markdown.tsx";
import { Permission } from "../requests/permission.tsx";
import { QuestionCard } from "../requests/question.tsx";
import { ToolCard } from "../tools/card.tsx";
import { ToolGroup } from "../tools/group.tsx";
import { End } from "./end.tsx";
import { EgressDenied, Notice, TakenBack } from "./notice.tsx";
import { Preparation } from "./preparation.tsx";
import { Prompt } from "./prompt.tsx";
import { Reasoning } from "./reasoning.tsx";
import type { Row } from "./rows.ts";

export const RowView = memo(function RowView({ row }: { row: Row }) {
  switch (row.kind) {
    case "prompt":
      return <Prompt turn={row.turn} first={row.first} newModel={row.newModel} waiting={row.waiting} />;
    case "entry":
      return <EntryView entry={row.entry} since={row.since} newest={row.newest} />;
    case "group":
      return (
        <div className="py-1">
          <ToolGroup id={row.key} entries={row.entries} />
        </div>
      );
    case "end":
      return <End turn={row.turn} last={row.last} waiting={row.waiting} />;
    case "preparation":
      return <Preparation id={row.key} phases={row.phases} ready={row.ready} gone={row.gone} />;
    case "egress":
      return <EgressDenied row={row.row} />;
    case "taken back":
      return <TakenBack turn={row.turn} />;
  }
});

function EntryView({ entry, since, newest }: { entry: Entry; since: string | null; newest: boolean }) {
  switch (entry.kind) {
    case "text":
      return (
        <div className="py-1.5">
          <Markdown text={entry.text} streaming={!entry.committed} />
        </div>
      );
    case "reasoning":
      return <Reasoning entry={entry} since={since} live={newest} />;
    case "tool":
      return (
        <div className="py-1">
          <ToolCard entry={entry} newest={newest} />
        </div>
      );
    case "permission":
      return <Permission entry={entry} />;
    case "question":
      return <QuestionCard entry={entry} />;
    case "notice":
      return <Notice entry={entry} />;
  }
}
