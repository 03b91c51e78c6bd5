// @vitest-environment jsdom
import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { usePageTitle, useWaitingCount } from "./title.ts";

function Page({ name, waiting }: { name: string; waiting: number }) {
  usePageTitle(name);
  useWaitingCount(waiting);
  return null;
}

test("the tab's title follows the page and the count, with odd characters visible", () => {
  const { rerender, unmount } = render(<Page name="One" waiting={0} />);
  expect(document.title).toBe("One · agent-coordinator");
  rerender(<Page name={"T\u202ewo"} waiting={3} />);
  expect(document.title).toBe("(3) T\\u{202e}wo · agent-coordinator");
  unmount();
  expect(document.title).toBe("(3) agent-coordinator");
});
