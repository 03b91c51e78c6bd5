/**
 * Inline Markdown as React elements. There is no way from here to markup: HTML is shown as the text it is, pictures
 * are links, and a link is one only when its address may be followed.
 */
import type { Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";
import { plain, plainLines } from "~/ui/plain.ts";
import { decode } from "./entities.ts";
import { safeHref, shownTarget } from "./links.ts";

interface InlineProps {
  tokens: Token[] | undefined;
  /** Inside a link there is no other. */
  linked?: boolean;
}

export function Inline({ tokens, linked = false }: InlineProps) {
  return tokens?.map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line have no other name and keep their order
    <Fragment key={at}>{one(token, linked)}</Fragment>
  ));
}

function one(token: Token, linked: boolean): ReactNode {
  switch (token.type) {
    case "text":
      return token.tokens ? <Inline tokens={token.tokens} linked={linked} /> : text(token.text as string);
    case "escape":
      return plainLines(token.text as string);
    case "strong":
      return (
        <strong>
          <Inline tokens={token.tokens} linked={linked} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Inline tokens={token.tokens} linked={linked} />
        </em>
      );
    case "del":
      return (
        <del>
          <Inline tokens={token.tokens} linked={linked} />
        </del>
      );
    case "codespan":
      return <code dir="auto">{plain(token.text as string, 20_000)}</code>;
    case "br":
      return <br />;
    case "link":
      return link(token as Tokens.Link, linked);
    case "image":
      return image(token as Tokens.Image, linked);
    case "checkbox":
      return <input type="checkbox" checked={token.checked === true} readOnly disabled aria-label="Done" />;
    default:
      return plainLines(token.raw);
  }
}

function text(raw: string): string {
  return plainLines(decode(raw));
}

function link(token: Tokens.Link, linked: boolean): ReactNode {
  const href = safeHref(decode(token.href));
  const words = <Inline tokens={token.tokens} linked />;
  if (linked) return words;
  if (href === null)
    return <span title={`Not a link that can be followed: ${shownTarget(token.href)}`}>{words}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={shownTarget(href)}>
      {words}
    </a>
  );
}

/** A picture from elsewhere is never loaded: its words are a link to it. */
function image(token: Tokens.Image, linked: boolean): ReactNode {
  const href = safeHref(decode(token.href));
  const words = text(token.text) || "Picture";
  if (href === null || linked) return <span>{words}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={shownTarget(href)}>
      Picture: {words}
    </a>
  );
}
