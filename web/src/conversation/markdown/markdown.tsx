/** Markdown of the agent, block by block; only what changed is made again. */
import type { Token, Tokens } from "marked";
import { memo, useRef } from "react";
import { plainLines } from "~/ui/plain.ts";
import { Scrollable } from "../scrollable.tsx";
import { Code } from "./code.tsx";
import { Inline } from "./inline.tsx";
import { LongText } from "./long-text.tsx";
import { type Block, Splitter } from "./split.ts";

interface MarkdownProps {
  text: string;
  /** More is to come. */
  streaming?: boolean;
}

export const Markdown = memo(function Markdown({ text, streaming = false }: MarkdownProps) {
  const splitter = useRef<Splitter>(null);
  splitter.current ??= new Splitter();
  const blocks = splitter.current.update(text, streaming);
  return (
    <div className="c-prose" dir="auto">
      {blocks.map((block, at) => (
        <BlockView key={block.key} block={block} open={streaming && at === blocks.length - 1} />
      ))}
    </div>
  );
});

const BlockView = memo(function BlockView({ block, open }: { block: Block; open: boolean }) {
  return <One token={block.token} open={open} />;
});

function One({ token, open = false }: { token: Token; open?: boolean }) {
  switch (token.type) {
    case "heading":
      return <Heading token={token as Tokens.Heading} />;
    case "paragraph":
      return (
        <p dir="auto">
          <Inline tokens={token.tokens} />
        </p>
      );
    case "text":
      return token.tokens ? <Inline tokens={token.tokens} /> : plainLines(token.raw);
    case "checkbox":
      return <Inline tokens={[token]} />;
    case "code":
      return (
        <Code text={token.text as string} language={(token.lang as string | undefined) ?? ""} open={open} />
      );
    case "list":
      return <List token={token as Tokens.List} />;
    case "blockquote":
      return (
        <blockquote dir="auto">
          <Nested tokens={token.tokens} />
        </blockquote>
      );
    case "table":
      return <Table token={token as Tokens.Table} />;
    case "hr":
      return <hr />;
    case "space":
    case "def":
      return null;
    default:
      return <LongText text={token.raw} />;
  }
}

function Nested({ tokens }: { tokens: Token[] | undefined }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: blocks inside a block have no other name and keep their order
  return tokens?.map((token, at) => <One key={at} token={token} />);
}

/**
 * A message is a part of a page that has its own title. Which levels it uses is the model's mood, and levels that jump
 * lead screen readers astray: all are of one level here, and differ for the eye alone.
 */
function Heading({ token }: { token: Tokens.Heading }) {
  return (
    <h2 dir="auto" data-depth={Math.min(token.depth, 3)}>
      <Inline tokens={token.tokens} />
    </h2>
  );
}

function List({ token }: { token: Tokens.List }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: items keep their order
  const items = token.items.map((item, at) => <Item key={at} item={item} />);
  if (!token.ordered) return <ul dir="auto">{items}</ul>;
  const start = typeof token.start === "number" ? token.start : 1;
  return (
    <ol dir="auto" start={start}>
      {items}
    </ol>
  );
}

const Item = memo(
  function Item({ item }: { item: Tokens.ListItem }) {
    return (
      <li className={item.task ? "c-task" : undefined}>
        <Nested tokens={item.tokens} />
      </li>
    );
  },
  (before, after) => before.item.raw === after.item.raw && before.item.loose === after.item.loose,
);

function Table({ token }: { token: Tokens.Table }) {
  return (
    <Scrollable label="Table" className="c-table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their order
              <th key={at} scope="col" dir="auto" style={{ textAlign: cell.align ?? undefined }}>
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their order
            <Row key={at} row={row} text={row.map((cell) => cell.text).join("|")} />
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}

const Row = memo(
  function Row({ row }: { row: Tokens.TableCell[]; text: string }) {
    return (
      <tr>
        {row.map((cell, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their order
          <td key={at} dir="auto" style={{ textAlign: cell.align ?? undefined }}>
            <Inline tokens={cell.tokens} />
          </td>
        ))}
      </tr>
    );
  },
  (before, after) => before.text === after.text && before.row.length === after.row.length,
);
